namespace Perturbed.Functional

/// <summary>How noise enters θ.</summary>
[<RequireQualifiedAccess>]
type Perturbation =
    /// θ + εZ. Paper: Definition 2.1.
    | Additive
    /// θ ⊙ exp(εZ − ε²/2): every entry keeps its sign, and under Gaussian noise its mean.
    | Multiplicative

/// <summary>What is subtracted from the solutions in a score-function derivative. Every choice leaves the estimate
/// unbiased.</summary>
[<RequireQualifiedAccess>]
type VarianceReduction =
    /// Nothing: (1/M) Σ y_m ∇ν(z_m)ᵀ / ε.
    | None
    /// The unperturbed solution: (1/M) Σ (y_m − y*(θ)) ∇ν(z_m)ᵀ / ε, for one solve more.
    | Baseline
    /// <summary>For each sample the mean of the others: 1/(M−1) Σ (y_m − ȳ) ∇ν(z_m)ᵀ / ε. One sample has no others:
    /// y*(θ) takes their place. Of samples in dependent groups (<c>SamplingDesign</c>) the whole group is left out;
    /// one group has no others.</summary>
    | LeaveOneOut
