using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// The Cauchy law: ν(z) = log(1 + z²), ∇ν = 2z/(1 + z²), ∇²ν = 2(1 − z²)/(1 + z²)², I = 1/2; it has no mean.
/// </summary>
/// <remarks>
/// z = tan π(u − ½) = −cos πu / sin πu. The perturbed maximizer exists, the perturbed maximum is infinite.
/// </remarks>
public sealed partial class CauchyNoise : IndependentNoise, ICoordinateLaw
{
    private CauchyNoise()
    {
    }

    /// <summary>The one standard Cauchy noise.</summary>
    public static CauchyNoise Standard { get; } = new();

    /// <inheritdoc/>
    public override string Name => "cauchy";

    /// <inheritdoc/>
    public override bool IsSymmetric => true;

    /// <inheritdoc/>
    public override double CoordinateMean => double.NaN;

    /// <summary>1: the tails fall as 1/z².</summary>
    public override double MomentOrder => 1;

    /// <summary>0: a power tail has no exponential moment.</summary>
    public override double ExponentialRate => 0;

    /// <inheritdoc/>
    public override double FisherInformation => 0.5;

    /// <inheritdoc/>
    public double Density(double z) => 1 / (Math.PI * (1 + z * z));

    /// <inheritdoc/>
    public double Cdf(double z) => Math.Atan2(1, -z) / Math.PI;

    /// <inheritdoc/>
    public double Survival(double z) => Cdf(-z);

    /// <inheritdoc/>
    public double Resolution(double distance) => Math.Max(1, distance);

    private protected override void Fill(Key key, uint row, long first, Span<double> z) =>
        Groups.Fill(default(QuantileRule<Quantile>), key, row, first, z);

    private protected override void Scores(ReadOnlySpan<double> z, Span<double> score) => Maps.Apply(new PowerTail.ScoreMap(1), z, score);

    private protected override void Curvatures(ReadOnlySpan<double> z, Span<double> curvature) =>
        Maps.Apply(new PowerTail.CurvatureMap(1), z, curvature);

    private readonly struct Quantile : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<double> Of(Vector512<double> u)
        {
            Elementary.SinCosOfTurns(Vector512.Create(0.5) * u, out var sine, out var cosine);
            return -cosine / sine;
        }
    }
}
