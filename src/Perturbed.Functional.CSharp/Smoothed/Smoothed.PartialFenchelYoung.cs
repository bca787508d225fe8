using System;

namespace Perturbed.Functional.CSharp;

public sealed partial class Smoothed
{
    /// <summary>The partial Fenchel-Young loss F_ε(θ) − F_ε(θ; Y_p) and its gradient y*_ε(θ) − y*_ε(θ; Y_p), from one
    /// set of draws.</summary>
    /// <param name="theta">θ, of the oracle's dimension d, finite.</param>
    /// <param name="restricted">The oracle of Y_p, of the same dimension d: what is known of the solution.</param>
    /// <returns>The loss in the unit of θ with the standard error of the difference, and the gradient (d). M solves of
    /// each oracle.</returns>
    /// <exception cref="ArgumentException">A bad θ; oracles of different dimensions, or with solutions of another
    /// dimension than θ; noise without a mean; an exact operator.</exception>
    /// <exception cref="OracleException">An oracle failed, as a greedy search for a forest under cannot-link pairs
    /// may.</exception>
    /// <remarks>
    /// Both oracles solve the same draws, so the loss is at least 0. That Y_p ⊂ Y is not checked. Stewart, Bach,
    /// Llinares-López and Berthet 2023.
    /// </remarks>
    public (LossValue Loss, double[] Gradient) PartialFenchelYoungLoss(double[] theta, Oracle restricted) =>
        Views.Loss(PartialFenchelYoung.valueAndGradient(theta, Crossing.NotNull(restricted).Core, Core));

    /// <summary>The partial Fenchel-Young loss and the gradient of every row of a batch, from one set of
    /// draws.</summary>
    /// <param name="thetas">B × d, finite; B = 0 is legal.</param>
    /// <param name="restricted">The oracle of Y_p; with <see cref="Oracle.PerInstance"/> a set Y_p for each
    /// row.</param>
    /// <returns>B losses, and their gradients (B × d), not divided by B.</returns>
    /// <exception cref="ArgumentException">A wrong shape, NaN or ∞ (the row is named), more rows than oracles of
    /// instances; or as for one θ.</exception>
    public (LossValue[] Losses, double[,] Gradients) PartialFenchelYoungLoss(double[,] thetas, Oracle restricted) =>
        Views.Losses(PartialFenchelYoung.valueAndGradientBatch(thetas, Crossing.NotNull(restricted).Core, Core));

    /// <summary>The gradient y*_ε(θ) − y*_ε(θ; Y_p) of the partial Fenchel-Young loss, which exists for every additive
    /// noise.</summary>
    /// <param name="theta">θ, of the oracle's dimension d, finite.</param>
    /// <param name="restricted">The oracle of Y_p, of the same dimension d.</param>
    /// <returns>The gradient with respect to θ (d).</returns>
    /// <exception cref="ArgumentException">As for the loss, but noise without a mean.</exception>
    public double[] PartialFenchelYoungGradient(double[] theta, Oracle restricted) =>
        PartialFenchelYoung.gradient(theta, Crossing.NotNull(restricted).Core, Core);

    /// <summary>The partial loss as a differentiable map from θ to a number, with pullback c ↦ c (y*_ε(θ) − y*_ε(θ;
    /// Y_p)).</summary>
    /// <param name="restricted">The oracle of Y_p, of the operator's dimension d.</param>
    /// <returns>A map of θ (d) to a number.</returns>
    /// <exception cref="ArgumentException">When the map is used: as for the loss.</exception>
    public Differentiable<double[], double> PartialFenchelYoungDifferentiable(Oracle restricted) =>
        Views.PartialFenchelYoung(Crossing.NotNull(restricted).Core, Core);
}
