namespace Perturbed.Functional.CSharp;

/// <summary>A formula of Berthet et al. 2020, Proposition 3.1, for the derivative of y*_ε, which is the second derivative of F_ε.</summary>
public enum DerivativeFormula
{
    /// <summary>Out of solutions: E[y*(θ + εZ) ∇ν(Z)ᵀ]/ε. For every noise with a score; the one of less variance.</summary>
    OfMaximizer,

    /// <summary>Out of optimal values alone: E[F(θ + εZ)(∇ν(Z)∇ν(Z)ᵀ − ∇²ν(Z))]/ε². For additive noise with a curvature.</summary>
    OfMaximum,
}
