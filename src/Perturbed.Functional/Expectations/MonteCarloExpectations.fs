namespace Perturbed.Functional

open System
open Perturbed.Kernels

/// Expectations as means over M samples.
[<Sealed>]
type internal MonteCarloExpectations(s: Settings, executor: Executor) =
    inherit Expectations()

    let engine = Engine(s, executor)
    let k = s.Oracle.SolutionDimension
    let samples = float s.Samples
    let groups = Sampler.groups s

    let run (batch: ThetaBatch) (accumulator: Accumulator<'a>) : 'a =
        engine.Run(batch, ValueNone, accumulator)

    // The sums, which are the caller's own, become means.
    let means (sums: float[]) : float[] =
        for i in 0 .. sums.Length - 1 do
            sums[i] <- sums[i] / samples

        sums

    override _.Draws = ValueSome groups

    override _.Maximizer batch =
        run batch (Accumulators.solutions s) |> means

    override _.Maximum batch =
        Existence.requireMaximum s
        (run batch (Accumulators.valueMoments s)).Value

    override _.SolutionMoments batch =
        run batch (Accumulators.solutionMoments s)

    override _.Estimate batch =
        let fault = Existence.maximumFault s
        let errorFault = if fault.IsNone then Existence.maximumErrorFault s else None
        let solutions = Accumulators.solutionMoments s |> Accumulators.besideAgreement s

        let struct (values, struct (y, agree)) =
            match fault with
            | None -> Accumulator.pair (Accumulators.values s) solutions |> run batch
            | Some _ ->
                // Where F has no finite expectation, its estimate is NaN.
                let unknown = Array.create batch.Rows nan

                struct ({
                            Value = unknown
                            StandardErrors = unknown
                        },
                        run batch solutions)

        Array.init batch.Rows (fun row ->
            let errors = Array.sub y.StandardErrors (row * k) k

            {
                Maximum = values.Value[row]
                MaximumStandardError =
                    if errorFault.IsSome then
                        infinity
                    else
                        values.StandardErrors[row]
                Maximizer = Array.sub y.Value (row * k) k
                MaximizerStandardErrors =
                    // The mean of equal numbers rounds, and leaves deviations from itself.
                    if agree[row] && not (Double.IsNaN errors[0]) then
                        Array.zeroCreate k
                    else
                        errors
                Remark = Option.orElse errorFault fault
                SamplesAgree = agree[row]
            })

    override _.Gradient batch =
        if s.Perturbation = Perturbation.Multiplicative then
            Existence.requireMaximum s

        run batch (Accumulators.gradients s) |> means

    override _.ValueAndGradient batch =
        Existence.requireMaximum s
        let gradients = Accumulators.gradients s

        let withAgreement =
            match s.Perturbation with
            | Perturbation.Additive -> Accumulators.withAgreement s gradients
            | Perturbation.Multiplicative -> Accumulators.besideAgreement s gradients

        let struct (values, struct (sums, agree)) =
            Accumulator.pair (Accumulators.values s) withAgreement |> run batch

        struct ({ values with
                    StandardErrors = Existence.valueErrors s values.StandardErrors
                },
                means sums,
                agree)

    override _.Jacobian(batch, formula, withErrors) =
        Derivatives.jacobian engine batch formula withErrors

    override _.VectorJacobian(batch, cotangents, withErrors) =
        Derivatives.vectorJacobian engine batch cotangents withErrors

    override _.JacobianVector(batch, tangents, withErrors) =
        Derivatives.jacobianVector engine batch tangents withErrors

    override _.HessianVector(batch, vectors, formula, withErrors) =
        Derivatives.hessianVector engine batch vectors formula withErrors

    override _.MaximizerOfMaximum(batch, withErrors) =
        Derivatives.maximizerOfMaximum engine batch withErrors

    override _.Pullback batch =
        let cache = SolutionCache.TryCreate(batch.Rows, s, false)

        let struct (sums, agree) =
            engine.Run(batch, cache, Accumulators.solutions s |> Accumulators.withAgreement s)

        let means = means sums

        // One baseline for every call of the pullback; it costs a solve only where it is y*(θ).
        let baseline = lazy (Baseline.create s batch means [||])

        {
            // The baseline keeps the means, so the caller has a copy.
            Value = CallMemory.copy s.Memory means
            SamplesAgree = agree
            Back =
                fun cotangents ->
                    Differentiability.requireScores s batch
                    (Derivatives.vectorJacobianOn engine batch cache (baseline.Force()) cotangents false).Value
        }

    override _.Covariance(batch, mean) =
        run batch (Accumulators.scatter s mean)
        |> Array.map (fun sum -> sum / float (max 1 (s.Samples - 1)))

[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module internal MonteCarloExpectations =

    /// By an executor: `Smoothed.By` takes it as the method of an operator.
    let by (executor: Executor) (s: Settings) : Expectations = MonteCarloExpectations(s, executor)

    let create (s: Settings) : Expectations = by Executor.threads s

    /// The solutions of all samples, rows × M × k.
    let samples (s: Settings) (batch: ThetaBatch) : float[] =
        let k = s.Oracle.SolutionDimension

        if int64 batch.Rows * int64 s.Samples * int64 k > int64 Array.MaxLength then
            invalidArg
                "smoothed"
                $"{batch.Rows} × {s.Samples} samples of dimension {k} do not fit one array; `distribution` streams them."

        let target: float[] = Array.zeroCreate (batch.Rows * s.Samples * k)
        Recorders.solutions s.Samples k target |> Engine.record s batch |> ignore
        target

    /// The distinct solutions of one row.
    let distribution (s: Settings) (batch: ThetaBatch) : SolutionFrequency[] =
        let samples = float s.Samples
        let isIndependent = (Sampler.groups s).IsIndependent

        let counts = DistinctRows s.Oracle.SolutionDimension
        Recorders.distinct counts |> Engine.record s batch |> ignore

        counts.ToArray()
        |> Array.map (fun struct (solution, count) ->
            let p = float count / samples

            {
                Solution = solution
                Count = count
                Probability = p
                StandardError =
                    if isIndependent then
                        sqrt (p * (1.0 - p) / samples)
                    else
                        nan
            })
