using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// The logistic law: ν(z) = z + 2 log(1 + e⁻ᶻ), ∇ν = tanh(z/2), ∇²ν = ½ sech²(z/2), mean 0, I = 1/3.
/// </summary>
/// <remarks>z = log(u/(1 − u)): the law of the difference of two independent Gumbel numbers.</remarks>
public sealed partial class LogisticNoise : IndependentNoise, ICoordinateLaw
{
    private LogisticNoise()
    {
    }

    /// <summary>The one standard logistic noise.</summary>
    public static LogisticNoise Standard { get; } = new();

    /// <inheritdoc/>
    public override string Name => "logistic";

    /// <inheritdoc/>
    public override bool IsSymmetric => true;

    /// <inheritdoc/>
    public override double CoordinateMean => 0;

    /// <summary>1: E exp(tZ) = Γ(1 + t) Γ(1 − t).</summary>
    public override double ExponentialRate => 1;

    /// <inheritdoc/>
    public override double FisherInformation => 1.0 / 3;

    /// <inheritdoc/>
    public double Density(double z)
    {
        var e = Math.Exp(-Math.Abs(z));
        return e / ((1 + e) * (1 + e));
    }

    /// <inheritdoc/>
    public double Cdf(double z)
    {
        var e = Math.Exp(-Math.Abs(z));
        return (z < 0 ? e : 1) / (1 + e);
    }

    /// <inheritdoc/>
    public double Survival(double z) => Cdf(-z);

    /// <inheritdoc/>
    public double Resolution(double distance) => 1;

    private protected override void Fill(Key key, uint row, long first, Span<double> z) =>
        Groups.Fill(default(QuantileRule<Quantile>), key, row, first, z);

    private protected override void Scores(ReadOnlySpan<double> z, Span<double> score) => Maps.Apply(default(ScoreMap), z, score);

    private protected override void Curvatures(ReadOnlySpan<double> z, Span<double> curvature) =>
        Maps.Apply(default(CurvatureMap), z, curvature);

    private readonly struct Quantile : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<double> Of(Vector512<double> u) => Elementary.Log(u / (Vector512<double>.One - u));
    }

    /// <summary>tanh(|z|/2) = −expm1(−|z|) / (2 + expm1(−|z|)), with the sign of z.</summary>
    private readonly struct ScoreMap : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<double> Of(Vector512<double> z)
        {
            var e = Elementary.ExpM1(-Vector512.Abs(z));
            return Vector512.CopySign(e / (Vector512.Create(2.0) + e), z);
        }
    }

    private readonly struct CurvatureMap : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<double> Of(Vector512<double> z)
        {
            var e = Elementary.Exp(-Vector512.Abs(z));
            var sum = Vector512<double>.One + e;
            return (e + e) / (sum * sum);
        }
    }
}
