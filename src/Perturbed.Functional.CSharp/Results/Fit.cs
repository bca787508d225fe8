using System;

namespace Perturbed.Functional.CSharp;

/// <summary>θ̂_n from n solutions drawn from p_θ, with its asymptotic covariance. Berthet et al. 2020, Proposition
/// 4.1.</summary>
public sealed record Fit
{
    private readonly Functional.Fit core;

    internal Fit(Functional.Fit core) => this.core = core;

    /// <summary>θ̂_n, the minimiser of the Fenchel-Young loss at the mean solution; on the space parallel to conv(Y),
    /// the only part of θ that solutions determine.</summary>
    public double[] Theta => core.Theta;

    /// <summary>(∇²F_ε)⁻¹ Σ_Y (∇²F_ε)⁻¹ (1/n + 1/M), d × d: Proposition 4.1, and the error of M simulated samples on
    /// top.</summary>
    public double[,] Covariance => core.Covariance;

    /// <summary>√diag of <see cref="Covariance"/>.</summary>
    public double[] StandardErrors => core.StandardErrors;

    /// <summary>max |y*_ε(θ̂_n) − Ȳ_n| on the samples used.</summary>
    public double Residual => core.Residual;

    /// <summary>The number n of solutions.</summary>
    public int Observations => core.Observations;

    /// <summary>Confidence intervals θ̂_i ± z·se_i for each coordinate.</summary>
    /// <param name="level">The coverage of each interval, in (0, 1), such as 0.95.</param>
    /// <returns>Lower and upper ends, d of them, asymptotically normal.</returns>
    /// <exception cref="ArgumentException">A level outside (0, 1).</exception>
    public (double Lower, double Upper)[] ConfidenceIntervals(double level) =>
        Array.ConvertAll(Estimation.confidenceIntervals(level, core), ends => ends.ToValueTuple());

    /// <summary>Estimate and errors, for <c>var (theta, standardErrors) = …</c>.</summary>
    /// <param name="theta">θ̂_n.</param>
    /// <param name="standardErrors">The standard error of each entry.</param>
    public void Deconstruct(out double[] theta, out double[] standardErrors) => (theta, standardErrors) = (Theta, StandardErrors);
}
