namespace Perturbed.Functional

open System

/// What an operator on tensors is made of.
[<RequireQualifiedAccess>]
type internal TensorOperatorForm =
    | OfOracle of Smoothed
    | OfSolver of PerturbedSolver

[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module internal TensorOperatorForm =

    let private baselineOf (varianceReduction: CSharp.VarianceReduction) : VarianceReduction =
        match varianceReduction with
        | CSharp.VarianceReduction.None -> VarianceReduction.None
        | CSharp.VarianceReduction.Baseline -> VarianceReduction.Baseline
        | CSharp.VarianceReduction.LeaveOneOut -> VarianceReduction.LeaveOneOut
        | other ->
            raise (
                ArgumentOutOfRangeException(
                    nameof varianceReduction,
                    other,
                    $"varianceReduction is {other}; it must be a member of the enum."
                )
            )

    // A perturbed solver in tensor operations with key 0 and independent samples.
    let create
        (solver: TensorSolver)
        (noise: INoise)
        (epsilon: float)
        (samples: int)
        (varianceReduction: CSharp.VarianceReduction)
        : TensorOperatorForm =
        TensorNoise.require noise
        Arguments.requireEpsilon epsilon
        Arguments.requirePositive (nameof samples) samples

        TensorOperatorForm.OfSolver
            {
                Solver = solver
                Noise = noise
                Epsilon = epsilon
                Samples = samples
                VarianceReduction = baselineOf varianceReduction
                Sampling = SamplingDesign.Independent
                Key = Key.create 0UL
            }

    // A module of a shuffled batch may not leave open which instance each row is.
    let requireOneProblem (form: TensorOperatorForm) : unit =
        match form with
        | TensorOperatorForm.OfOracle op when op.Oracle.InstanceCount > 0 && op.Instances.IsNone ->
            invalidArg
                "instances"
                $"The oracle '{op.Oracle.Name}' has a problem for each instance, and no instances were given: \
                  `forward` takes one for each row."
        | _ -> ()

    // Solver, noise, ε and M in a line.
    let describe (form: TensorOperatorForm) : string =
        match form with
        | TensorOperatorForm.OfOracle op -> op.ToString()
        | TensorOperatorForm.OfSolver op ->
            let design =
                if op.Sampling = SamplingDesign.Antithetic then
                    "antithetic "
                else
                    ""

            $"perturbed {op.Solver}: {op.Noise.Name} noise, epsilon {op.Epsilon}, {op.Samples} {design}samples"
