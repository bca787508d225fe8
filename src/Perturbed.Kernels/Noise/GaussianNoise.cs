using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MathNet.Numerics;
using Perturbed.Functional;

namespace Perturbed.Kernels;

/// <summary>The standard normal law: ν(z) = z²/2, ∇ν(z) = z, ∇²ν = 1, mean 0, I = 1.</summary>
/// <remarks>
/// Box and Muller's transformation within a group of 16 uniforms: lane l of half 0 is u₁ and lane l of half 1 is u₂, r = (−2 log u₁)^½, number
/// (g, 0, l) = r·cos 2πu₂ and number (g, 1, l) = r·sin 2πu₂. The largest |z| is (106 log 2)^½ = 8.57.
/// </remarks>
public sealed class GaussianNoise : IndependentNoise, ICoordinateLaw
{
    private GaussianNoise()
    {
    }

    /// <summary>The one standard normal noise.</summary>
    public static GaussianNoise Standard { get; } = new();

    /// <inheritdoc/>
    public override string Name => "gaussian";

    /// <inheritdoc/>
    public override bool IsSymmetric => true;

    /// <inheritdoc/>
    public override double CoordinateMean => 0;

    /// <inheritdoc/>
    public override double FisherInformation => 1;

    /// <inheritdoc/>
    public double Density(double z) => Math.Exp(-0.5 * z * z) / Math.Sqrt(2 * Math.PI);

    /// <inheritdoc/>
    public double Cdf(double z) => Survival(-z);

    /// <inheritdoc/>
    public double Survival(double z) => 0.5 * SpecialFunctions.Erfc(z * Math.Sqrt(0.5));

    /// <inheritdoc/>
    public double Resolution(double distance) => 1;

    private protected override void Fill(Key key, uint row, long first, Span<double> z) => Groups.Fill(default(BoxMuller), key, row, first, z);

    private protected override void Scores(ReadOnlySpan<double> z, Span<double> score) => z.CopyTo(score);

    private protected override void Curvatures(ReadOnlySpan<double> z, Span<double> curvature) => curvature.Fill(1);

    internal readonly struct BoxMuller : IGroupRule
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Write(ref readonly PhiloxLanes lanes, ulong group, ref double destination)
        {
            lanes.Uniforms(8 * group, out var first, out var second);
            Pair(first, second, out var cosine, out var sine);
            cosine.StoreUnsafe(ref destination);
            sine.StoreUnsafe(ref destination, 8);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal static void Pair(Vector512<double> first, Vector512<double> second, out Vector512<double> cosine, out Vector512<double> sine)
        {
            var radius = Vector512.Sqrt(Vector512.Create(-2.0) * Elementary.Log(first));
            Elementary.SinCosOfTurns(second, out sine, out cosine);
            cosine *= radius;
            sine *= radius;
        }
    }
}
