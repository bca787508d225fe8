namespace Perturbed.Functional.CSharp;

/// <summary>What is subtracted from the solutions in a score-function derivative. Every choice leaves the estimate
/// unbiased.</summary>
public enum VarianceReduction
{
    /// <summary>Nothing: (1/M) Σ y_m ∇ν(z_m)ᵀ / ε.</summary>
    None,

    /// <summary>The unperturbed solution: (1/M) Σ (y_m − y*(θ)) ∇ν(z_m)ᵀ / ε, for one solve more.</summary>
    Baseline,

    /// <summary>For each sample the mean of the others: 1/(M−1) Σ (y_m − ȳ) ∇ν(z_m)ᵀ / ε. One sample has no others:
    /// y*(θ) takes their place. Of samples in dependent groups (<see cref="SamplingDesign"/>) the whole group is left
    /// out; one group has no others.</summary>
    LeaveOneOut,
}
