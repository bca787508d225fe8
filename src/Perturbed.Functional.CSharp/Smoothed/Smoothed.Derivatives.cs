using System;
using Microsoft.FSharp.Core;

namespace Perturbed.Functional.CSharp;

public sealed partial class Smoothed
{
    /// <summary>The Jacobian ∂y*_ε/∂θ = E[y*(θ + εZ) ∇ν(Z)ᵀ]/ε.</summary>
    /// <param name="theta">θ, of the oracle's dimension d, finite.</param>
    /// <returns>k × d; entry (i, j) estimates ∂y_i/∂θ_j. In expectation symmetric and positive semi-definite: it is
    /// ∇²F_ε. Cost: O(M·k·d) beside the solves.</returns>
    /// <exception cref="ArgumentException">A bad θ, or a zero in θ under multiplicative noise.</exception>
    /// <remarks>Berthet et al. 2020, Proposition 3.1.</remarks>
    public double[,] Jacobian(double[] theta) => SmoothedModule.jacobian(theta, Core);

    /// <summary>The Jacobian ∂y*_ε/∂θ of every row.</summary>
    /// <param name="thetas">B × d, finite; B = 0 is legal.</param>
    /// <returns>B × k × d.</returns>
    /// <exception cref="ArgumentException">A wrong shape, NaN or ∞ (the row is named), or a zero in θ under
    /// multiplicative noise.</exception>
    /// <remarks>Berthet et al. 2020, Proposition 3.1.</remarks>
    public double[,,] Jacobian(double[,] thetas) => Batch.jacobian(thetas, Core);

    /// <summary>The samples of every row with their scores, as automatic differentiation by another library needs
    /// them.</summary>
    /// <param name="thetas">B × d, finite; B = 0 is legal.</param>
    /// <returns>ȳ, and for each sample y_m − c_m, z_m and ∇ν(z_m), in B·M·(k + 2d) numbers. Cost: M solves a row, and
    /// one at θ itself for the baseline y*(θ).</returns>
    /// <exception cref="ArgumentException">A wrong shape, NaN or ∞ (the row is named), noise without a score, a zero in
    /// θ under multiplicative noise, or more numbers than an array holds.</exception>
    /// <remarks>The vector-Jacobian product is gᵀJ = Σ_m ⟨g, y_m − c_m⟩ ∇ν(z_m) / (n ε), and the Jacobian-vector product
    /// J u = Σ_m (y_m − c_m) ⟨∇ν(z_m), u / ε⟩ / n; under multiplicative noise ε θ takes the place of ε. The sums differ
    /// from those of <see cref="Pullback(double[,])"/> by rounding alone. Berthet et al. 2020, Proposition 3.1.</remarks>
    public Draws Draws(double[,] thetas) => new(Batch.draws(thetas, Core));

    /// <summary>The Jacobian ∂y*_ε/∂θ by a formula of Proposition 3.1, with the standard error of each
    /// entry.</summary>
    /// <param name="theta">θ, of the oracle's dimension d, finite.</param>
    /// <param name="formula">From solutions (k × d), or from optimal values (d × d, additive noise with a
    /// curvature).</param>
    /// <returns>Entry (i, j) estimates ∂y_i/∂θ_j. Cost: O(M·k·d) beside the solves.</returns>
    /// <exception cref="ArgumentException">A bad θ; a formula that does not hold for the noise; a zero in θ under
    /// multiplicative noise.</exception>
    /// <remarks>Berthet et al. 2020, Proposition 3.1.</remarks>
    public Uncertain<double[,]> JacobianBy(double[] theta, DerivativeFormula formula = DerivativeFormula.OfMaximizer) =>
        new(SmoothedModule.jacobianBy(formula.ToCore(nameof(formula)), theta, Core));

    /// <summary>The vector-Jacobian product gᵀ ∂y*_ε/∂θ, with standard errors.</summary>
    /// <param name="theta">θ, of the oracle's dimension d, finite.</param>
    /// <param name="cotangent">g, of the dimension k: the gradient of a loss with respect to y.</param>
    /// <returns>The gradient with respect to θ, of the dimension d. Cost: O(M·(k + d)) beside the solves.</returns>
    /// <exception cref="ArgumentException">A bad θ or g, or a zero in θ under multiplicative noise.</exception>
    public Uncertain<double[]> VectorJacobian(double[] theta, double[] cotangent) =>
        new(SmoothedModule.vectorJacobian(cotangent, theta, Core));

    /// <summary>The vector-Jacobian product of every row, with standard errors.</summary>
    /// <param name="thetas">B × d, finite; B = 0 is legal.</param>
    /// <param name="cotangents">B × k: row r is the gradient of a loss with respect to row r of y.</param>
    /// <returns>B × d.</returns>
    /// <exception cref="ArgumentException">A wrong shape, NaN or ∞ (the row is named), or a zero in θ under
    /// multiplicative noise.</exception>
    public Uncertain<double[,]> VectorJacobian(double[,] thetas, double[,] cotangents) =>
        new(Batch.vectorJacobian(cotangents, thetas, Core));

    /// <summary>The Jacobian-vector product (∂y*_ε/∂θ)·u, with standard errors.</summary>
    /// <param name="theta">θ, of the oracle's dimension d, finite.</param>
    /// <param name="tangent">u, of the dimension d: a direction in θ.</param>
    /// <returns>The directional derivative of y*_ε, of the dimension k. Cost: O(M·(k + d)) beside the
    /// solves.</returns>
    /// <exception cref="ArgumentException">A bad θ or u, or a zero in θ under multiplicative noise.</exception>
    public Uncertain<double[]> JacobianVector(double[] theta, double[] tangent) =>
        new(SmoothedModule.jacobianVector(tangent, theta, Core));

    /// <summary>The Jacobian-vector product of every row, with standard errors.</summary>
    /// <param name="thetas">B × d, finite; B = 0 is legal.</param>
    /// <param name="tangents">B × d: row r is a direction in row r of θ.</param>
    /// <returns>B × k.</returns>
    /// <exception cref="ArgumentException">A wrong shape, NaN or ∞ (the row is named), or a zero in θ under
    /// multiplicative noise.</exception>
    public Uncertain<double[,]> JacobianVector(double[,] thetas, double[,] tangents) =>
        new(Batch.jacobianVector(tangents, thetas, Core));

    /// <summary>The Hessian-vector product ∇²F_ε(θ)·v by a formula of Proposition 3.1, with standard errors.</summary>
    /// <param name="theta">θ, of the oracle's dimension d, finite.</param>
    /// <param name="vector">v, of the dimension d.</param>
    /// <param name="formula">From solutions, or from optimal values: E[F(θ+εZ)(∇ν∇νᵀ − ∇²ν)v]/ε².</param>
    /// <returns>∇²F_ε(θ)·v, of the dimension d. Cost: O(M·d) beside the solves.</returns>
    /// <exception cref="ArgumentException">A bad θ or v; multiplicative noise; a formula that needs a curvature the
    /// noise lacks.</exception>
    /// <remarks>Berthet et al. 2020, Proposition 3.1.</remarks>
    public Uncertain<double[]> HessianVector(
        double[] theta, double[] vector, DerivativeFormula formula = DerivativeFormula.OfMaximizer) =>
        new(SmoothedModule.hessianVectorBy(formula.ToCore(nameof(formula)), vector, theta, Core));

    /// <summary>The Hessian-vector product ∇²F_ε·v of every row by a formula of Proposition 3.1, with standard
    /// errors.</summary>
    /// <param name="thetas">B × d, finite; B = 0 is legal.</param>
    /// <param name="vectors">B × d: row r is the vector of row r.</param>
    /// <param name="formula">From solutions, or from optimal values.</param>
    /// <returns>B × d.</returns>
    /// <exception cref="ArgumentException">A wrong shape, NaN or ∞ (the row is named), multiplicative noise, or a
    /// formula that needs a curvature the noise lacks.</exception>
    /// <remarks>Berthet et al. 2020, Proposition 3.1.</remarks>
    public Uncertain<double[,]> HessianVector(
        double[,] thetas, double[,] vectors, DerivativeFormula formula = DerivativeFormula.OfMaximizer) =>
        new(Batch.hessianVectorBy(formula.ToCore(nameof(formula)), vectors, thetas, Core));

    /// <summary>The gradient of F_ε out of optimal values alone, E[F(θ + εZ) ∇ν(Z)]/ε, with standard errors: another
    /// estimate of y*_ε.</summary>
    /// <param name="theta">θ, of the oracle's dimension d, finite.</param>
    /// <returns>An estimate of ∇F_ε(θ), of the dimension d, of more variance than
    /// <see cref="Maximizer(double[])"/>.</returns>
    /// <exception cref="ArgumentException">A bad θ, noise without a mean, or a zero in θ under multiplicative
    /// noise.</exception>
    /// <remarks>Berthet et al. 2020, Proposition 3.1, first formula.</remarks>
    public Uncertain<double[]> MaximizerOfMaximum(double[] theta) => new(SmoothedModule.maximizerOfMaximum(theta, Core));

    /// <summary>y*_ε(θ) and its pullback g ↦ gᵀ ∂y*_ε/∂θ, from one set of solves.</summary>
    /// <param name="theta">θ, of the oracle's dimension d, finite.</param>
    /// <returns>The maximizer (k) and the function from a cotangent g (k) to the gradient with respect to θ (d), which
    /// may be called any number of times.</returns>
    /// <exception cref="ArgumentException">A bad θ or g; in the pullback a zero in θ under multiplicative
    /// noise.</exception>
    /// <remarks>Solutions are kept between the passes while they fit <see cref="CacheBytes"/>, and solved again from
    /// the replayed noise beyond: same bits.</remarks>
    public (double[] Value, Func<double[], double[]> Pullback) Pullback(double[] theta) =>
        Crossing.Pullback(SmoothedModule.pullback(theta, Core));

    /// <summary>y*_ε of every row and the pullback of the batch, from one set of solves.</summary>
    /// <param name="thetas">B × d, finite; B = 0 is legal.</param>
    /// <returns>B × k, and the function from cotangents (B × k) to gradients with respect to θ (B × d).</returns>
    /// <exception cref="ArgumentException">A wrong shape, NaN or ∞ (the row is named); in the pullback a zero in θ
    /// under multiplicative noise.</exception>
    public (double[,] Value, Func<double[,], double[,]> Pullback) Pullback(double[,] thetas) =>
        Crossing.Pullback(Batch.pullback(thetas, Core));

    /// <summary>y*_ε of every row, whether its samples agree, and the pullback of the batch, from one set of
    /// solves.</summary>
    /// <param name="thetas">B × d, finite; B = 0 is legal.</param>
    /// <returns>B × k; whether all M ≥ 2 samples of each row have one solution, so that its estimated gradient is 0;
    /// and the pullback, as of <see cref="Pullback(double[,])"/>.</returns>
    /// <exception cref="ArgumentException">A wrong shape, NaN or ∞ (the row is named); in the pullback a zero in θ
    /// under multiplicative noise.</exception>
    public (double[,] Value, bool[] SamplesAgree, Func<double[,], double[,]> Pullback) PullbackWithAgreement(double[,] thetas) =>
        Views.Pullback(Batch.pullbackWithAgreement(thetas, Core));

    /// <summary>The operator as a differentiable map θ ↦ y*_ε(θ), to be composed with
    /// <see cref="Differentiable{TInput, TOutput}.Then"/>.</summary>
    /// <returns>A map of one θ (d) to the maximizer (k), with the pullback of
    /// <see cref="Pullback(double[])"/>.</returns>
    public Differentiable<double[], double[]> Differentiable() =>
        new(FuncConvert.FromFunc((double[] theta) => SmoothedModule.differentiable(Core, theta)));

    /// <summary>The operator on batches as a differentiable map Θ ↦ y*_ε of every row.</summary>
    /// <returns>A map of B × d to B × k, with the pullback of <see cref="Pullback(double[,])"/>.</returns>
    public Differentiable<double[,], double[,]> DifferentiableBatch() =>
        new(FuncConvert.FromFunc((double[,] thetas) => Batch.differentiable(Core, thetas)));
}
