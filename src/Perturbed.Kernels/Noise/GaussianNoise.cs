using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MathNet.Numerics;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>The standard normal law: ν(z) = z²/2, ∇ν(z) = z, ∇²ν = 1, mean 0, I = 1.</summary>
/// <remarks>
/// Box and Muller's transformation within a group of 32 <see cref="Uniform32"/>, in single precision: with u₁ from
/// number 32g + l and u₂ from number 32g + 16 + l, l below 16, and r = (−2 log u₁)^½, number 32g + l is r·cos 2πu₂ and
/// number 32g + 16 + l is r·sin 2πu₂. The relative error of a number is below 5e-7, and the largest |z| is (64 log
/// 2)^½ = 6.66, which the normal law exceeds with probability 3e-11: both far below the statistical error of any M
/// that can be run.
/// </remarks>
public sealed partial class GaussianNoise : IndependentNoise, ICoordinateLaw
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

    /// <summary>∞: E exp(tZ) = exp(t²/2).</summary>
    public override double ExponentialRate => double.PositiveInfinity;

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

    private protected override void Fill(Key key, uint row, long first, Span<double> z) =>
        Uniform32Groups.Fill(default(Polar), key, row, first, z);

    private protected override void FillScores(Key key, uint row, long first, Span<double> score) => Fill(key, row, first, score);

    private protected override void Scores(ReadOnlySpan<double> z, Span<double> score) => z.CopyTo(score);

    private protected override void Curvatures(ReadOnlySpan<double> z, Span<double> curvature) => curvature.Fill(1);

    /// <summary>Sixteen pairs of numbers of sixteen pairs of 32-bit numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Pairs(Vector512<int> first, Vector512<int> second, out Vector512<float> even, out Vector512<float> odd)
    {
        var radius = Vector512.Sqrt(Vector512.Create(-2.0f) * SingleElementary.LogOfUniform(first | Vector512<int>.One));
        SingleElementary.SinCosOfTurns(second | Vector512<int>.One, out var sine, out var cosine);
        even = cosine * radius;
        odd = sine * radius;
    }

    private readonly struct Polar : IUniform32Rule
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Write(Vector512<int> first, Vector512<int> second, ref double destination)
        {
            Pairs(first, second, out var even, out var odd);
            SingleElementary.Store(even, ref destination);
            SingleElementary.Store(odd, ref Unsafe.Add(ref destination, 16));
        }
    }
}
