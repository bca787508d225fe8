using System;
using System.Collections.Generic;
using MathNet.Numerics;

namespace Perturbed.Kernels;

/// <summary>
/// The density of X = Σ Gamma(a, 1/i) over i = 1..s, through its derivatives: with ν = −log f, the score ν' and the
/// curvature ν''.
/// </summary>
/// <remarks>
/// Moschopoulos (Annals of the Institute of Statistical Mathematics 37, 1985): X is a mixture, with weights p_k, of
/// Gamma(ρ + k, 1/s), ρ = as, so that with y = sx ν'(x) = s − (ρ − 1 + E[k|x])/x and ν''(x) = (ρ − 1 + E[k|x] −
/// Var[k|x])/x². The weights obey p_{k+1} = Σ_i a c_i A_i / (k + 1), where c_i = 1 − i/s and A_i ← p_{k+1} + c_i A_i
/// starts at p_0. Since p_{k+1}/p_k is at most (g + (1 − 1/s)k)/(k + 1) with g = a Σ c_i, the terms past the largest
/// fall faster than a geometric series, and the sum stops where that bounds its rest by 2e-17 of it. Beyond x =
/// 60·max(1, a·max(1, a)·H_s) the density is e⁻ˣ x^(a−1) Σ_j (1 − a)_j μ_j x⁻ʲ up to a factor, where μ_j is the j-th
/// coefficient of Π_{i&lt;s} (1 − t/i)^−a; twelve terms leave less than 1e-10.
/// </remarks>
internal sealed class GammaMixture
{
    private const int Order = 12;
    private const double Large = 1e200;
    private readonly double a, rho, limit;
    private readonly int s;
    private readonly double[] ratios;
    private readonly double[] tail;

    internal GammaMixture(double shape, int terms)
    {
        (a, s, rho) = (shape, terms, shape * terms);
        var harmonic = 0.0;
        for (var i = 1; i <= s; i++) harmonic += 1.0 / i;
        limit = 60 * Math.Max(1, a * Math.Max(1, a) * harmonic);
        ratios = Ratios();
        tail = Tail();
    }

    /// <summary>ν'(x) and ν''(x) for x above 0; cost O(sx + 1).</summary>
    internal (double Score, double Curvature) At(double x)
    {
        if (double.IsNaN(x) || x < 0) return (double.NaN, double.NaN);
        if (x > limit) return Beyond(x);
        var (_, mean, variance) = Sums(s * x);
        return (s - (rho - 1 + mean) / x, (rho - 1 + mean - variance) / (x * x));
    }

    /// <summary>
    /// E[ν'(X)²] by the trapezoidal rule in log x, whose error falls exponentially with the step; infinite where ρ is
    /// at most 2.
    /// </summary>
    internal double FisherInformation()
    {
        if (rho <= 2) return double.PositiveInfinity;
        const double step = 1.0 / 64;
        var start = Math.Log(1e-9 / s);
        // The density of log X is p_0 y^ρ e⁻ʸ Σ_k (p_k/p_0) y^k/(ρ)_k / Γ(ρ), with p_0 = Π (i/s)^a.
        var logConstant = -SpecialFunctions.GammaLn(rho);
        for (var i = 1; i <= s; i++) logConstant += a * Math.Log((double)i / s);
        double mass = 0, information = 0;
        for (var j = 0; ; j++)
        {
            var t = start + j * step;
            var x = Math.Exp(t);
            if (x > limit) break;
            var (log, mean, _) = Sums(s * x);
            var score = s - (rho - 1 + mean) / x;
            var weight = Math.Exp(logConstant + log - s * x + rho * (t + Math.Log(s)));
            // Left of the start the density is a power of x: the rest of the rule is a geometric series.
            mass += j == 0 ? weight / OneLessExp(rho * step) : weight;
            information += (j == 0 ? weight / OneLessExp((rho - 2) * step) : weight) * score * score;
        }
        return information / mass;
    }

    /// <summary>1 − e⁻ᵗ without cancellation.</summary>
    private static double OneLessExp(double t) => 2 * Math.Exp(-t / 2) * Math.Sinh(t / 2);

    /// <summary>
    /// The logarithm of Σ_k (p_k/p_0) y^k/(ρ)_k, and the mean and the variance of k under these weights.
    /// </summary>
    private (double Log, double Mean, double Variance) Sums(double y)
    {
        double term = 1, sum = 1, first = 0, second = 0, log = 0;
        for (var k = 1; k <= ratios.Length; k++)
        {
            term *= y * ratios[k - 1];
            sum += term;
            first += k * term;
            var weighted = (double)k * k * term;
            second += weighted;
            // The first comparison spares most terms the divisions of the bound.
            if (weighted <= 1e-10 * second && Negligible(term, k, Growth(y, k), second)) break;
            if (term <= Large) continue;
            log += Math.Log(Large);
            (term, sum, first, second) = (term / Large, sum / Large, first / Large, second / Large);
        }
        var mean = first / sum;
        return (log + Math.Log(sum), mean, second / sum - mean * mean);
    }

    /// <summary>
    /// A bound on the growth from the term k to the next, and from every later term to the one after it.
    /// </summary>
    private double Growth(double y, double k)
    {
        var last = 1 - 1.0 / s;
        return y * Math.Max((a * (s - 1) / 2 + last * k) / (k + 1), last) / (rho + k);
    }

    /// <summary>
    /// Whether Σ j² term_j over j above k is below 2e-17 of the sum up to k, given that terms grow by less than
    /// <paramref name="next"/> each.
    /// </summary>
    private static bool Negligible(double term, double k, double next, double second) =>
        next < 1 && term * (k + 1) * (k + 1) * next <= 1e-17 * (1 - next) * (1 - next) * (1 - next) * second;

    /// <summary>p_k / (p_{k−1}(ρ + k − 1)) for k = 1, 2, …, as far as the largest argument needs.</summary>
    private double[] Ratios()
    {
        var list = new List<double>();
        var relative = new double[s];
        Array.Fill(relative, 1);
        double term = 1, second = 0, y = s * limit;
        for (var k = 1; ; k++)
        {
            var grown = 0.0;
            for (var i = 1; i <= s; i++) grown += (1 - (double)i / s) * relative[i - 1];
            grown *= a / k;
            if (grown == 0) break;
            for (var i = 1; i <= s; i++) relative[i - 1] = 1 + (1 - (double)i / s) * relative[i - 1] / grown;
            var ratio = grown / (rho + k - 1);
            list.Add(ratio);
            if (Negligible(term, k - 1, Growth(y, k - 1), second)) break;
            term *= y * ratio;
            second += (double)k * k * term;
            if (term > Large) (term, second) = (term / Large, second / Large);
        }
        return [.. list];
    }

    /// <summary>(1 − a)_j μ_j for j = 0 … 12, with jμ_j = Σ_{l=1..j} (a Σ_{i&lt;s} i⁻ˡ) μ_{j−l}.</summary>
    private double[] Tail()
    {
        var powers = new double[Order + 1];
        for (var l = 1; l <= Order; l++)
            for (var i = 1; i < s; i++) powers[l] += a * Math.Pow(i, -l);
        var mu = new double[Order + 1];
        var coefficients = new double[Order + 1];
        (mu[0], coefficients[0]) = (1, 1);
        var pochhammer = 1.0;
        for (var j = 1; j <= Order; j++)
        {
            for (var l = 1; l <= j; l++) mu[j] += powers[l] * mu[j - l] / j;
            pochhammer *= j - a;
            coefficients[j] = pochhammer * mu[j];
        }
        return coefficients;
    }

    private (double Score, double Curvature) Beyond(double x)
    {
        double h = 0, first = 0, second = 0;
        for (var j = Order; j >= 0; j--)
        {
            var term = tail[j] * Math.Pow(x, -j);
            h += term;
            first -= j * term;
            second += j * (j + 1.0) * term;
        }
        var slope = first / h;
        return (1 - (a - 1 + slope) / x, (a - 1 - second / h + slope * slope) / (x * x));
    }
}
