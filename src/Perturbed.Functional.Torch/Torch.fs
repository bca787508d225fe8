namespace Perturbed.Functional

open TorchSharp

/// <summary>Perturbed optimizers on TorchSharp tensors: made here, composed with <c>|&gt;</c>, differentiated by
/// autograd.</summary>
/// <remarks>What each function computes, its shapes, errors and cost stand with the members of
/// <c>TensorOperator</c>.</remarks>
[<RequireQualifiedAccess>]
module Torch =

    /// <summary>A perturbed solver in tensor operations, which works where θ lives: y*_ε(θ) = E y*(θ + εZ).</summary>
    /// <param name="solver">The solver.</param>
    /// <param name="noise">Gaussian, Gumbel (standard or centred), logistic, Laplace, Cauchy or Student's t, of
    /// independent coordinates.</param>
    /// <param name="epsilon">ε, positive, in the unit of θ.</param>
    /// <param name="samples">M, at least 1; the standard error falls as 1/√M.</param>
    /// <returns>An operator with key 0 and leave-one-out derivatives.</returns>
    /// <exception cref="T:System.ArgumentException">A null argument, another noise, ε ≤ 0 or not finite, M &lt;
    /// 1.</exception>
    /// <remarks>Berthet et al. 2020, Definitions 2.1 and 3.1.</remarks>
    let perturb (solver: TensorSolver) (noise: INoise) (epsilon: float) (samples: int) : TensorOperator =
        TensorOperator.Of(solver, noise, epsilon, samples)

    /// <summary>The same with another baseline in the derivatives.</summary>
    /// <param name="varianceReduction">The baseline; each keeps the derivatives unbiased.</param>
    /// <param name="solver">The solver.</param>
    /// <param name="noise">The noise, as in <c>perturb</c>.</param>
    /// <param name="epsilon">ε, positive, in the unit of θ.</param>
    /// <param name="samples">M, at least 1.</param>
    /// <returns>An operator with key 0.</returns>
    /// <exception cref="T:System.ArgumentException">As <c>perturb</c>.</exception>
    let perturbWith
        (varianceReduction: VarianceReduction)
        (solver: TensorSolver)
        (noise: INoise)
        (epsilon: float)
        (samples: int)
        : TensorOperator =
        let kind =
            match varianceReduction with
            | VarianceReduction.None -> CSharp.VarianceReduction.None
            | VarianceReduction.Baseline -> CSharp.VarianceReduction.Baseline
            | VarianceReduction.LeaveOneOut -> CSharp.VarianceReduction.LeaveOneOut

        TensorOperator.Of(solver, noise, epsilon, samples, kind)

    /// <summary>An operator of the core, with all its options, on tensors.</summary>
    /// <param name="smoothed">The operator.</param>
    /// <returns>The operator on tensors.</returns>
    let ofSmoothed (smoothed: Smoothed) : TensorOperator = TensorOperator.Of smoothed

    /// <summary>The operator with another key: other noise, independent of this one's.</summary>
    /// <param name="key">The key of the noise.</param>
    /// <param name="operator">The operator.</param>
    /// <returns>A copy.</returns>
    let withKey (key: Key) (operator: TensorOperator) : TensorOperator = operator.WithKey key

    /// <summary>The operator with another noise scale, as in a schedule over training.</summary>
    /// <param name="epsilon">ε, positive, in the unit of θ.</param>
    /// <param name="operator">The operator.</param>
    /// <returns>A copy.</returns>
    /// <exception cref="T:System.ArgumentOutOfRangeException">ε ≤ 0 or not finite.</exception>
    let withEpsilon (epsilon: float) (operator: TensorOperator) : TensorOperator = operator.WithEpsilon epsilon

    /// <summary>The operator with another number of samples.</summary>
    /// <param name="samples">M, at least 1.</param>
    /// <param name="operator">The operator.</param>
    /// <returns>A copy.</returns>
    /// <exception cref="T:System.ArgumentOutOfRangeException">M &lt; 1.</exception>
    let withSamples (samples: int) (operator: TensorOperator) : TensorOperator = operator.WithSamples samples

    /// <summary>The operator whose samples are drawn by another design.</summary>
    /// <param name="sampling">Any design that the noise allows for an oracle of the core; independent samples or
    /// antithetic pairs for a solver in tensor operations.</param>
    /// <param name="operator">The operator.</param>
    /// <returns>A copy.</returns>
    /// <exception cref="T:System.ArgumentException">A design that the noise or the solver does not allow.</exception>
    let withSampling (sampling: SamplingDesign) (operator: TensorOperator) : TensorOperator =
        operator.WithDesign sampling

    /// <summary>The operator for a batch whose rows are the given instances of the data: each is solved by the problem
    /// of its instance (<c>Oracle.perInstance</c>).</summary>
    /// <param name="instances">One number a row, at least 0; copied.</param>
    /// <param name="operator">The operator.</param>
    /// <returns>A copy, for batches of as many rows. A solver in tensor operations has one problem for all of them and
    /// stays as it is.</returns>
    /// <exception cref="T:System.ArgumentException">As <c>TensorOperator.WithInstances</c>.</exception>
    let withInstances (instances: int[]) (operator: TensorOperator) : TensorOperator = operator.WithInstances instances

    /// <summary>The operator whose losses do not look whether targets are in conv(Y).</summary>
    /// <param name="operator">The operator.</param>
    /// <returns>A copy.</returns>
    /// <remarks>As <c>TensorOperator.WithUncheckedTargets</c>.</remarks>
    let withUncheckedTargets (operator: TensorOperator) : TensorOperator = operator.WithUncheckedTargets()

    /// <summary>y*_ε(θ) of every row.</summary>
    /// <param name="theta">θ: any leading dimensions, the last of size d; finite.</param>
    /// <param name="operator">The operator.</param>
    /// <returns>The leading dimensions of θ and the solution's k.</returns>
    /// <exception cref="T:System.ArgumentException">As <c>TensorOperator.Maximizer</c>.</exception>
    let maximizer (theta: Tensor) (operator: TensorOperator) : Tensor = operator.Maximizer theta

    /// <summary>F_ε(θ) of every row.</summary>
    /// <param name="theta">θ: any leading dimensions, the last of size d; finite.</param>
    /// <param name="operator">The operator.</param>
    /// <returns>The leading dimensions of θ.</returns>
    /// <exception cref="T:System.ArgumentException">As <c>TensorOperator.Maximum</c>.</exception>
    let maximum (theta: Tensor) (operator: TensorOperator) : Tensor = operator.Maximum theta

    /// <summary>The Fenchel-Young loss L_ε(θ; y) of every row, with gradient ȳ − y.</summary>
    /// <param name="theta">θ: any leading dimensions, the last of size d; finite.</param>
    /// <param name="target">y, of the shape of θ; in conv(Y), where the operator is one of the core.</param>
    /// <param name="operator">The operator.</param>
    /// <returns>The leading dimensions of θ.</returns>
    /// <exception cref="T:System.ArgumentException">As <c>TensorOperator.FenchelYoung</c>.</exception>
    let fenchelYoung (theta: Tensor) (target: Tensor) (operator: TensorOperator) : Tensor =
        operator.FenchelYoung(theta, target)
