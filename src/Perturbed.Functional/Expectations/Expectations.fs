namespace Perturbed.Functional

/// y (rows × k), whether the samples of each row agree, and the function that carries cotangents (rows × k) back to θ
/// (rows × d).
[<NoEquality; NoComparison>]
type internal Pullback =
    {
        Value: float[]
        SamplesAgree: bool[]
        Back: float[] -> float[]
    }

/// F_ε with its errors, ∇F_ε (rows × d), whether the samples of each row agree, and how many of them were left out.
[<Struct; NoEquality; NoComparison>]
type internal ValuesAndGradients =
    {
        Values: Uncertain<float[]>
        Gradients: float[]
        SamplesAgree: bool[]
        Counts: SampleCounts
    }

/// <summary>Where the expectations of an operator come from: Monte Carlo, or exact forms; the public modules use
/// nothing else.</summary>
/// <remarks>Answers are flat, row by row. Standard errors are empty where they are not asked for, and 0 where the
/// answer is exact.</remarks>
[<AbstractClass>]
type internal Expectations() =
    /// The groups of the samples that answers rest on; none where answers are exact.
    abstract Draws: SampleGroups voption
    /// Argument errors for settings that have no such expectations.
    abstract Check: unit -> unit
    default _.Check() = ()
    /// y*_ε (rows × k).
    abstract Maximizer: batch: ThetaBatch -> float[]
    /// F_ε (rows).
    abstract Maximum: batch: ThetaBatch -> float[]
    /// F_ε and y*_ε with their errors.
    abstract Estimate: batch: ThetaBatch -> Estimate[]
    /// E y (rows × k) with its errors.
    abstract SolutionMoments: batch: ThetaBatch -> Uncertain<float[]>
    /// ∇F_ε (rows × d), of an oracle with d = k.
    abstract Gradient: batch: ThetaBatch -> float[]
    /// F_ε and ∇F_ε of an oracle with d = k and noise with a mean.
    abstract ValueAndGradient: batch: ThetaBatch -> ValuesAndGradients
    /// ∂y*_ε/∂θ (rows × k × d).
    abstract Jacobian: batch: ThetaBatch * formula: DerivativeFormula * withErrors: bool -> Uncertain<float[]>
    /// Jᵀg (rows × d).
    abstract VectorJacobian: batch: ThetaBatch * cotangents: float[] * withErrors: bool -> Uncertain<float[]>
    /// J u (rows × k).
    abstract JacobianVector: batch: ThetaBatch * tangents: float[] * withErrors: bool -> Uncertain<float[]>

    /// ∇²F_ε v (rows × d).
    abstract HessianVector:
        batch: ThetaBatch * vectors: float[] * formula: DerivativeFormula * withErrors: bool -> Uncertain<float[]>

    /// ∇F_ε out of optimal values (rows × d).
    abstract MaximizerOfMaximum: batch: ThetaBatch * withErrors: bool -> Uncertain<float[]>
    /// y*_ε and its derivative, from one set of solves.
    abstract Pullback: batch: ThetaBatch -> Pullback
    /// The covariance of a solution drawn from p_θ, or a matrix that spans the same space (k × k), of one row with its
    /// mean.
    abstract Covariance: batch: ThetaBatch * mean: float[] -> float[]
