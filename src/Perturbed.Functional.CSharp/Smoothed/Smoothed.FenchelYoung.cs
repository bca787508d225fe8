using System;
using System.Diagnostics.CodeAnalysis;

namespace Perturbed.Functional.CSharp;

public sealed partial class Smoothed
{
    /// <summary>The Fenchel-Young loss L_ε(θ; y) = F_ε(θ) + εΩ(y) − ⟨θ, y⟩ and its gradient y*_ε(θ) − y, from one set
    /// of solves.</summary>
    /// <param name="theta">θ, of the oracle's dimension d, finite.</param>
    /// <param name="target">y, of the dimension d, finite: a solution, or a mean of solutions.</param>
    /// <returns>The loss in the unit of θ with its standard error, and the gradient (d).</returns>
    /// <exception cref="ArgumentException">A bad θ or y, such as a y outside of conv(Y); or noise without a mean,
    /// where only <see cref="FenchelYoungGradient(double[], double[])"/> exists.</exception>
    /// <remarks>
    /// The value is the loss itself where εΩ(y) is known (a solution of the oracle under noise with a mean; any point
    /// of the simplex under Gumbel noise) and the loss up to a constant in θ elsewhere:
    /// <see cref="LossValue.IsTrueLoss"/> says which. Berthet et al. 2020, Definition 4.1.
    /// </remarks>
    public (LossValue Loss, double[] Gradient) FenchelYoungLoss(double[] theta, double[] target) =>
        Views.Loss(FenchelYoung.valueAndGradient(theta, target, Core));

    /// <summary>The Fenchel-Young loss and the gradient of every row of a batch, from one set of solves.</summary>
    /// <param name="thetas">B × d, finite; B = 0 is legal.</param>
    /// <param name="targets">B × d, finite.</param>
    /// <returns>B losses, and their gradients (B × d), not divided by B.</returns>
    /// <exception cref="ArgumentException">A wrong shape, NaN or ∞, or a target outside of conv(Y) (the row is named),
    /// or noise without a mean.</exception>
    /// <remarks>Berthet et al. 2020, Definition 4.1.</remarks>
    public (LossValue[] Losses, double[,] Gradients) FenchelYoungLoss(double[,] thetas, double[,] targets) =>
        Views.Losses(FenchelYoung.valueAndGradientBatch(thetas, targets, Core));

    /// <summary>The Fenchel-Young loss and the gradient of every row of a batch, for targets of which the caller knows
    /// that they are in conv(Y).</summary>
    /// <param name="thetas">B × d, finite; B = 0 is legal.</param>
    /// <param name="targets">B × d, finite, each row in conv(Y): <see cref="Oracle.Membership"/> is not asked.</param>
    /// <returns>B losses, and their gradients (B × d), not divided by B. At a target outside of conv(Y) both are
    /// finite and mean nothing.</returns>
    /// <exception cref="ArgumentException">A wrong shape, NaN or ∞ (the row is named), or noise without a
    /// mean.</exception>
    public (LossValue[] Losses, double[,] Gradients) FenchelYoungLossUnchecked(double[,] thetas, double[,] targets) =>
        Views.Losses(FenchelYoung.valueAndGradientUnchecked(thetas, targets, Core));

    /// <summary>The gradient y*_ε(θ) − y of the Fenchel-Young loss, which exists for every additive noise.</summary>
    /// <param name="theta">θ, of the oracle's dimension d, finite.</param>
    /// <param name="target">y, of the dimension d, finite.</param>
    /// <returns>The gradient with respect to θ (d).</returns>
    /// <exception cref="ArgumentException">A bad θ or y, such as a y outside of conv(Y).</exception>
    public double[] FenchelYoungGradient(double[] theta, double[] target) => FenchelYoung.gradient(theta, target, Core);

    /// <summary>The gradient of the Fenchel-Young loss for every row of a batch.</summary>
    /// <param name="thetas">B × d, finite; B = 0 is legal.</param>
    /// <param name="targets">B × d, finite.</param>
    /// <returns>B × d, not divided by B.</returns>
    /// <exception cref="ArgumentException">A wrong shape, NaN or ∞, or a target outside of conv(Y) (the row is
    /// named).</exception>
    public double[,] FenchelYoungGradient(double[,] thetas, double[,] targets) => FenchelYoung.gradientBatch(thetas, targets, Core);

    /// <summary>The Fenchel-Young loss at a target as a differentiable map θ ↦ L_ε(θ; y), with pullback c ↦ c (y*_ε(θ)
    /// − y).</summary>
    /// <param name="target">y, of the dimension d, finite; checked when the map is used.</param>
    /// <returns>A map of θ (d) to a number.</returns>
    /// <exception cref="ArgumentException">When the map is used: a bad θ or y, or noise without a mean.</exception>
    public Differentiable<double[], double> FenchelYoungDifferentiable(double[] target) =>
        Views.FenchelYoung(Crossing.NotNull(target), Core);

    /// <summary>Ω and its gradient at a point of the relative interior: sup over θ of ⟨θ, y⟩ − F_1(θ), by damped
    /// Newton steps on one fixed set of noise.</summary>
    /// <param name="y">A point of the relative interior of conv(Y), of the dimension d.</param>
    /// <param name="tolerance">The largest |y*_1(θ) − y| accepted, positive; below about 1/M times the size of a
    /// solution no sample mean can go.</param>
    /// <returns>Value and gradient with standard errors; the operator's ε is not used. Cost: some tens of passes of M
    /// solves and O(d³).</returns>
    /// <exception cref="ArgumentException">y is outside, on the boundary or too near to it; the tolerance was not
    /// reached; an operator without a dual.</exception>
    /// <remarks>Berthet et al. 2020, Propositions 2.1 and 2.2.</remarks>
    public DualSolution Regularizer(double[] y, double tolerance) => new(Functional.Regularizer.solveAt(tolerance, y, Core));

    /// <summary>Ω and its gradient at a point of the relative interior, or why there is no answer, as for a point on
    /// the boundary.</summary>
    /// <param name="y">A point, of the dimension d.</param>
    /// <param name="tolerance">The largest |y*_1(θ) − y| accepted, positive.</param>
    /// <param name="solution">The solution, or null where there is none.</param>
    /// <param name="reason">Why there is none: y on the boundary or outside, a tolerance that was not reached, or
    /// fewer than 2d samples; null where there is one.</param>
    /// <returns>Whether there is a solution.</returns>
    /// <exception cref="ArgumentException">A wrong length, NaN or ∞ in y; a tolerance that is not positive; an
    /// operator without a dual.</exception>
    public bool TryRegularizer(
        double[] y,
        double tolerance,
        [NotNullWhen(true)] out DualSolution? solution,
        [NotNullWhen(false)] out string? reason) =>
        Views.Try(Functional.Regularizer.trySolve(tolerance, y, Core), out solution, out reason);

    /// <summary>εΩ(y) where it is known without computation: at a solution under noise with a mean, on the simplex
    /// under Gumbel noise, and outside of conv(Y).</summary>
    /// <param name="y">A point, of the dimension d.</param>
    /// <returns>εΩ(y) in the unit of θ; +∞ where an additive operator's polytope is known and y is outside; NaN where
    /// it is not known.</returns>
    /// <exception cref="ArgumentException">A wrong length, NaN or ∞ in y.</exception>
    public double KnownRegularizer(double[] y) => Functional.Regularizer.known(y, Core);

    /// <summary>θ̂_n and its covariance, from n solutions and no features: moment matching y*_ε(θ̂_n) = Ȳ_n.</summary>
    /// <param name="observations">n × d: one solution a row, n ≥ 2.</param>
    /// <param name="tolerance">The largest |y*_ε(θ) − Ȳ_n| accepted, positive; small against the standard error of
    /// Ȳ_n.</param>
    /// <returns>The estimate; the operator is the model that drew the solutions, and its M should exceed n. Cost: some
    /// tens of passes of M solves and O(d³).</returns>
    /// <exception cref="ArgumentException">A wrong shape, NaN or ∞; a row outside of conv(Y) (it is named); a mean
    /// solution on the boundary of conv(Y) (some coordinate never varied); a tolerance that was not
    /// reached.</exception>
    /// <remarks>Berthet et al. 2020, Proposition 4.1: √n(θ̂_n − θ_0) → N(0, (∇²F_ε)⁻¹ Σ_Y (∇²F_ε)⁻¹).</remarks>
    public Fit Fit(double[,] observations, double tolerance) => new(Estimation.fit(tolerance, observations, Core));
}
