namespace Perturbed.Functional

/// <summary>The two ways Proposition 3.1 writes a derivative as an expectation.</summary>
[<RequireQualifiedAccess>]
type DerivativeFormula =
    /// From solutions: J = E[y*(θ+εZ) ∇ν(Z)ᵀ]/ε. The default: far less variance.
    | OfMaximizer
    /// From optimal values: y*_ε = E[F(θ+εZ) ∇ν(Z)]/ε and J = E[F(θ+εZ)(∇ν∇νᵀ − ∇²ν)]/ε².
    | OfMaximum
