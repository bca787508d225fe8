namespace Perturbed.Functional.CSharp

open System
open TorchSharp
open Perturbed.Functional
open Perturbed.Functional.CSharp.Interop

/// <summary>A perturbed optimizer on tensors of any floating type and device, known to autograd: an oracle or a
/// solver, its noise, ε, M and key. A value.</summary>
/// <remarks>
/// <para>An operator of the core (<c>Of</c>, <c>Torch.ofSmoothed</c>) sends θ to the CPU once a call, answers in
/// double precision with the bits of the core's noise, and returns answers and gradients on θ's device in θ's type. A
/// solver in tensor operations (<c>TensorSolver</c>, <c>Torch.perturb</c>) draws its noise and solves on θ's
/// device.</para>
/// <para>θ has any number of leading dimensions; the last is the oracle's d. Rows are numbered in row-major order;
/// each has noise of its own.</para>
/// <para>Gradients are exactly those of the estimate: of y*_ε the score-function estimate of the chosen baseline, of
/// F_ε the mean solution, of the Fenchel-Young loss ȳ − y. Second and higher derivatives of y*_ε are unbiased
/// estimates too where the noise is additive or multiplicative with a smooth density (Gaussian, Gumbel, logistic,
/// Cauchy, Student's t) and samples are independent and fit 256 MiB, or a solver in tensor operations draws them.
/// Wherever a second derivative is not known it is NaN: for other noises, the core's sampling designs, exact
/// operators, F_ε and the losses. Their gradient is y*_ε less y: differentiate <c>Maximizer</c>.</para>
/// <para>Temporaries are freed before a call returns; what autograd keeps for the backward pass goes with its graph:
/// rows × M × (d + k) numbers for <c>Maximizer</c> (or rows × k × d where that is what is kept), rows × d for the
/// others.</para>
/// <para>Berthet et al. 2020, Definitions 2.1, 3.1 and 4.1, Proposition 3.1.</para>
/// </remarks>
[<Sealed>]
type TensorOperator internal (form: TensorOperatorForm, checksTargets: bool) =

    internal new(form: TensorOperatorForm) = TensorOperator(form, true)

    member internal _.Form: TensorOperatorForm = form

    /// The key of the noise.
    member _.Key: Key =
        match form with
        | TensorOperatorForm.OfOracle op -> op.Key
        | TensorOperatorForm.OfSolver op -> op.Key

    /// The number M of samples.
    member _.SampleCount: int =
        match form with
        | TensorOperatorForm.OfOracle op -> op.Samples
        | TensorOperatorForm.OfSolver op -> op.Samples

    // A copy of either form, each changed in its own way.
    member private _.With(oracle: Smoothed -> Smoothed, solver: PerturbedSolver -> PerturbedSolver) : TensorOperator =
        match form with
        | TensorOperatorForm.OfOracle op -> TensorOperator(TensorOperatorForm.OfOracle(oracle op), checksTargets)
        | TensorOperatorForm.OfSolver op -> TensorOperator(TensorOperatorForm.OfSolver(solver op), checksTargets)

    /// <summary>The operator with another key: other noise, independent of this one's.</summary>
    /// <param name="key">The key of the noise.</param>
    /// <returns>A copy.</returns>
    member this.WithKey(key: Key) : TensorOperator =
        this.With(Smoothed.withKey key, (fun op -> { op with Key = key }))

    /// <summary>The operator with another noise scale, as in a schedule over training.</summary>
    /// <param name="epsilon">ε, positive, in the unit of θ.</param>
    /// <returns>A copy.</returns>
    /// <exception cref="T:ArgumentOutOfRangeException">ε ≤ 0 or not finite.</exception>
    member this.WithEpsilon(epsilon: float) : TensorOperator =
        this.With(
            Smoothed.withEpsilon epsilon,
            fun op ->
                Arguments.requireEpsilon epsilon
                { op with Epsilon = epsilon }
        )

    /// <summary>The operator with another number of samples.</summary>
    /// <param name="samples">M, at least 1.</param>
    /// <returns>A copy.</returns>
    /// <exception cref="T:ArgumentOutOfRangeException">M &lt; 1.</exception>
    member this.WithSamples(samples: int) : TensorOperator =
        this.With(
            Smoothed.withSamples samples,
            fun op ->
                Arguments.requirePositive (nameof samples) samples
                { op with Samples = samples }
        )

    /// <summary>The operator for a batch whose rows are the given instances of the data: each is solved by the problem
    /// of its instance (<c>Oracle.perInstance</c>).</summary>
    /// <param name="instances">One number a row, at least 0; copied.</param>
    /// <returns>A copy, for batches of as many rows. A solver in tensor operations has one problem for all of them and
    /// stays as it is.</returns>
    /// <exception cref="T:System.ArgumentException">A null argument, a negative number, or an instance that has no
    /// oracle (the row is named). When used: another number of rows.</exception>
    /// <remarks>Noise goes by the row's place in the batch, as ever.</remarks>
    member this.WithInstances(instances: int[]) : TensorOperator =
        ArgumentNullException.ThrowIfNull(instances, nameof instances)
        this.With(Smoothed.withInstances instances, id)

    // What a module of a shuffled batch may not leave open: which instance each row is.
    member internal this.RequireOneProblem() : TensorOperator =
        TensorOperatorForm.requireOneProblem form
        this

    member internal this.WithDesign(sampling: SamplingDesign) : TensorOperator =
        this.With(
            Smoothed.withSampling sampling,
            fun op ->
                SolverOperator.requireSampling sampling
                { op with Sampling = sampling }
        )

    /// <summary>The operator whose samples are drawn by another design. Leave-one-out leaves out a sample's whole
    /// group; values and derivatives stay unbiased.</summary>
    /// <param name="sampling">Any design that the noise allows for an oracle of the core; independent samples or
    /// antithetic pairs for a solver in tensor operations.</param>
    /// <returns>A copy.</returns>
    /// <exception cref="T:System.ArgumentException">A null argument, or a design that the noise or the solver does not
    /// allow.</exception>
    /// <remarks>docs/estimators.md compares the designs.</remarks>
    member this.WithSampling(sampling: CSharp.SamplingDesign) : TensorOperator =
        ArgumentNullException.ThrowIfNull(sampling, nameof sampling)
        this.WithDesign(CoreValues.ToCore sampling)

    /// <summary>
    /// The operator whose losses do not look whether targets are in conv(Y): for targets that are known to be, and are
    /// new in each step.
    /// </summary>
    /// <returns>A copy.</returns>
    /// <remarks>
    /// A target outside has a loss of +∞; without the check it has a finite number in its place. The check costs a
    /// digest of a row that passed before; of a new row about a solve for a solution; for a mean of solutions O(d) to
    /// O(d log d) in most polytopes, minimum cuts for forests, tours and paths with cycles, eigenvalues for matrix
    /// balls, and a linear program for finite sets.
    /// </remarks>
    member _.WithUncheckedTargets() : TensorOperator = TensorOperator(form, false)

    /// <summary>y*_ε(θ) = E y*(θ + εZ) of every row, by autograd differentiable in θ.</summary>
    /// <param name="theta">θ: any leading dimensions, the last of size d; finite.</param>
    /// <returns>Solutions: the leading dimensions of θ and the solution's k, on θ's device and of θ's type. Standard
    /// error: as 1/√M.</returns>
    /// <exception cref="T:System.ArgumentException">Not a floating type, a scalar, a wrong last dimension, NaN or ∞
    /// (the row is named). A solver in tensor operations does not wait for another device than the CPU to tell: there
    /// such a row's answer is NaN.</exception>
    /// <remarks>Berthet et al. 2020, Definition 3.1 and Proposition 3.1. Cost: M solves a row, and O(M·(d + k)) for
    /// the gradient.</remarks>
    member _.Maximizer(theta: Tensor) : Tensor =
        match form with
        | TensorOperatorForm.OfOracle op -> OracleOperator.maximizer op theta
        | TensorOperatorForm.OfSolver op -> SolverOperator.maximizer op theta

    /// <summary>F_ε(θ) = E max over y of ⟨y, θ + εZ⟩ of every row, with gradient ȳ (under multiplicative noise E[y ⊙
    /// factor]).</summary>
    /// <param name="theta">θ: any leading dimensions, the last of size d; finite.</param>
    /// <returns>Numbers in the unit of θ, of the shape of θ's leading dimensions. Standard error: as 1/√M.</returns>
    /// <exception cref="T:System.ArgumentException">A bad θ as in <c>Maximizer</c>, noise without a mean, or a solver
    /// that is no oracle.</exception>
    /// <remarks>Berthet et al. 2020, Definition 2.1. Cost: M solves a row.</remarks>
    member _.Maximum(theta: Tensor) : Tensor =
        match form with
        | TensorOperatorForm.OfOracle op -> OracleOperator.maximum op theta
        | TensorOperatorForm.OfSolver op -> SolverOperator.maximum op theta

    /// <summary>The Fenchel-Young loss L_ε(θ; y) = F_ε(θ) + εΩ(y) − ⟨θ, y⟩ of every row, with gradient ȳ − y in θ. The
    /// target is a constant.</summary>
    /// <param name="theta">θ: any leading dimensions, the last of size d; finite.</param>
    /// <param name="target">y, of the shape of θ and any type of real numbers, finite.</param>
    /// <returns>Losses in the unit of θ, of the shape of θ's leading dimensions. εΩ(y) is left out, a constant in θ,
    /// where it is not known: the core knows it at solutions, and a solver in tensor operations never asks. There the
    /// loss is whole for solutions under noise of mean zero.</returns>
    /// <exception cref="T:System.ArgumentException">A bad θ as in <c>Maximizer</c>, another shape of y, noise without
    /// a mean, a solver that is no oracle, or a row of y outside of the conv(Y) of an oracle of the core (of the row's
    /// own, where each instance has one), but under multiplicative noise.</exception>
    /// <remarks>
    /// An oracle of the core looks at a row of targets the first time that it sees it (<c>Oracle.membership</c>);
    /// <c>WithUncheckedTargets</c> turns that off. An inequality may be missed by 1e-9 of its terms in double precision
    /// and whole numbers, 1e-5 in single, 2⁻⁶ in half. A solver in tensor operations does not know conv(Y).
    /// Berthet et al. 2020, Definition 4.1. Cost: M solves a row, one pass.
    /// </remarks>
    member this.FenchelYoung(theta: Tensor, target: Tensor) : Tensor =
        this.FenchelYoungWhere(theta, target, (fun _ -> true))

    // The same, where only some rows count: another's target may be anywhere.
    member internal _.FenchelYoungWhere(theta: Tensor, target: Tensor, counts: int -> bool) : Tensor =
        match form with
        | TensorOperatorForm.OfOracle op ->
            OracleOperator.fenchelYoung op (fun row -> checksTargets && counts row) theta target
        | TensorOperatorForm.OfSolver op -> SolverOperator.fenchelYoung op theta target

    /// <summary>An operator of the core on tensors.</summary>
    /// <param name="smoothed">The operator, with all its options.</param>
    /// <returns>The operator on tensors.</returns>
    /// <exception cref="T:System.ArgumentNullException">A null operator.</exception>
    static member Of(smoothed: Smoothed) : TensorOperator =
        ArgumentNullException.ThrowIfNull(smoothed, nameof smoothed)
        TensorOperator(TensorOperatorForm.OfOracle smoothed)

    /// <summary>An operator of the C# facade on tensors.</summary>
    /// <param name="smoothed">The operator, with all its options.</param>
    /// <returns>The operator on tensors.</returns>
    /// <exception cref="T:System.ArgumentNullException">A null operator.</exception>
    static member Of(smoothed: CSharp.Smoothed) : TensorOperator =
        ArgumentNullException.ThrowIfNull(smoothed, nameof smoothed)
        TensorOperator(TensorOperatorForm.OfOracle(CoreValues.ToCore smoothed))

    /// <summary>A perturbed solver in tensor operations.</summary>
    /// <param name="solver">The solver.</param>
    /// <param name="noise">Gaussian, Gumbel (standard or centred), logistic, Laplace, Cauchy or Student's t, of
    /// independent coordinates.</param>
    /// <param name="epsilon">ε, positive, in the unit of θ.</param>
    /// <param name="samples">M, at least 1.</param>
    /// <param name="varianceReduction">The baseline of derivatives; each keeps them unbiased.</param>
    /// <returns>An operator with key 0. The same key gives the same noise for the same shape, type, device and version
    /// of libtorch.</returns>
    /// <exception cref="T:System.ArgumentException">A null argument, another noise, ε ≤ 0 or not finite, M &lt;
    /// 1.</exception>
    static member Of
        (solver: TensorSolver, noise: INoise, epsilon: float, samples: int, varianceReduction: CSharp.VarianceReduction)
        : TensorOperator =
        ArgumentNullException.ThrowIfNull(solver, nameof solver)
        TensorOperator(TensorOperatorForm.create solver noise epsilon samples varianceReduction)

    /// <summary>A perturbed solver in tensor operations, with leave-one-out derivatives.</summary>
    /// <param name="solver">The solver.</param>
    /// <param name="noise">Gaussian, Gumbel (standard or centred), logistic, Laplace, Cauchy or Student's t, of
    /// independent coordinates.</param>
    /// <param name="epsilon">ε, positive, in the unit of θ.</param>
    /// <param name="samples">M, at least 1.</param>
    /// <returns>An operator with key 0.</returns>
    /// <exception cref="T:System.ArgumentException">A null argument, another noise, ε ≤ 0 or not finite, M &lt;
    /// 1.</exception>
    static member Of(solver: TensorSolver, noise: INoise, epsilon: float, samples: int) : TensorOperator =
        TensorOperator.Of(solver, noise, epsilon, samples, CSharp.VarianceReduction.LeaveOneOut)

    /// Solver, noise, ε and M in a line.
    override _.ToString() = TensorOperatorForm.describe form

namespace Perturbed.Functional

/// <summary>A perturbed optimizer on tensors of any floating type and device, known to autograd: an oracle or a
/// solver, its noise, ε, M and key. A value.</summary>
type TensorOperator = Perturbed.Functional.CSharp.TensorOperator
