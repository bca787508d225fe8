namespace Perturbed.Functional.CSharp;

/// <summary>The two formulas of Berthet et al. 2020, Proposition 3.1, for the derivative of y*_ε, the second
/// derivative of F_ε.</summary>
public enum DerivativeFormula
{
    /// <summary>From solutions: J = E[y*(θ+εZ) ∇ν(Z)ᵀ]/ε, for every noise with a score. The default: far less
    /// variance.</summary>
    OfMaximizer,

    /// <summary>From optimal values: y*_ε = E[F(θ+εZ) ∇ν(Z)]/ε and J = E[F(θ+εZ)(∇ν∇νᵀ − ∇²ν)]/ε², for additive noise
    /// with a curvature.</summary>
    OfMaximum,
}
