using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// The Laplace law: ν(z) = |z|, ∇ν = sign z, mean 0, I = 1. Its ν has a kink at 0, so it has no curvature.
/// </summary>
/// <remarks>z = log 2u below ½ and −log 2(1 − u) above.</remarks>
public sealed partial class LaplaceNoise : IndependentNoise, ICoordinateLaw
{
    private LaplaceNoise()
    {
    }

    /// <summary>The one standard Laplace noise.</summary>
    public static LaplaceNoise Standard { get; } = new();

    /// <inheritdoc/>
    public override string Name => "laplace";

    /// <inheritdoc/>
    public override bool IsSymmetric => true;

    /// <summary>False: ν(z) = |z| has a kink at 0.</summary>
    public override bool HasCurvature => false;

    /// <inheritdoc/>
    public override double CoordinateMean => 0;

    /// <summary>1: E exp(tZ) = 1/(1 − t²).</summary>
    public override double ExponentialRate => 1;

    /// <inheritdoc/>
    public override double FisherInformation => 1;

    /// <inheritdoc/>
    public double Density(double z) => 0.5 * Math.Exp(-Math.Abs(z));

    /// <inheritdoc/>
    public double Cdf(double z) => z < 0 ? Density(z) : 1 - Density(z);

    /// <inheritdoc/>
    public double Survival(double z) => Cdf(-z);

    /// <inheritdoc/>
    public double Resolution(double distance) => 1;

    private protected override void Fill(Key key, uint row, long first, Span<double> z) =>
        Groups.Fill(default(QuantileRule<Quantile>), key, row, first, z);

    private protected override void Scores(ReadOnlySpan<double> z, Span<double> score) => Maps.Apply(default(ScoreMap), z, score);

    private protected override void Curvatures(ReadOnlySpan<double> z, Span<double> curvature) =>
        throw new NotSupportedException(
            "The Laplace noise has no curvature: its ν(z) = |z| has a kink at 0. Use a formula with the score alone.");

    private readonly struct Quantile : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<double> Of(Vector512<double> u)
        {
            var other = Vector512<double>.One - u;
            var below = Vector512.LessThan(u, other);
            var size = Elementary.Log(Vector512.Create(2.0) * Vector512.ConditionalSelect(below, u, other));
            return Vector512.ConditionalSelect(below, size, -size);
        }
    }

    private readonly struct ScoreMap : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<double> Of(Vector512<double> z) =>
            Vector512.ConditionalSelect(Vector512.Equals(z, Vector512<double>.Zero), z, Vector512.CopySign(Vector512<double>.One, z));
    }
}
