using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MathNet.Numerics;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// Student's t with n degrees of freedom: ν(z) = ½(n + 1)·log(1 + z²/n), ∇ν = (n + 1)z/(n + z²), I = (n + 1)/(n + 3).
/// </summary>
/// <remarks>
/// Bailey's polar method (Mathematics of Computation 62, 1994): z = (n(u₁^(−2/n) − 1))^½·cos 2πu₂. Number j of the
/// noise takes the two uniforms of the Philox block number j: with group j / 8 and lane j mod 8, u₁ is of half 0 and
/// u₂ of half 1.
/// </remarks>
public sealed partial class StudentTNoise : IndependentNoise, ICoordinateLaw
{
    private readonly double n, logConstant;

    /// <summary>The noise with the given degrees of freedom.</summary>
    /// <param name="degreesOfFreedom">
    /// n, at least 1/16 (below that, a sample could be larger than the largest double) and finite.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="degreesOfFreedom"/> is below 1/16, infinite or NaN.
    /// </exception>
    public StudentTNoise(double degreesOfFreedom)
    {
        if (!(degreesOfFreedom >= 1.0 / 16 && double.IsFinite(degreesOfFreedom)))
        {
            throw new ArgumentOutOfRangeException(
                nameof(degreesOfFreedom), degreesOfFreedom,
                RowShape.Text($"degreesOfFreedom is {degreesOfFreedom}; it must be finite and at least 1/16."));
        }
        n = degreesOfFreedom;
        Name = RowShape.Text($"student-t({n})");
        logConstant = SpecialFunctions.GammaLn(0.5 * (n + 1)) - SpecialFunctions.GammaLn(0.5 * n) - 0.5 * Math.Log(n * Math.PI);
    }

    /// <summary>The degrees of freedom n.</summary>
    public double DegreesOfFreedom => n;

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override bool IsSymmetric => true;

    /// <summary>0 where n is above 1; NaN else.</summary>
    public override double CoordinateMean => n > 1 ? 0 : double.NaN;

    /// <summary>n: the tails fall as the power n + 1.</summary>
    public override double MomentOrder => n;

    /// <summary>0: a power tail has no exponential moment.</summary>
    public override double ExponentialRate => 0;

    /// <inheritdoc/>
    public override double FisherInformation => (n + 1) / (n + 3);

    /// <inheritdoc/>
    public double Density(double z)
    {
        var size = Math.Abs(z);
        // z² overflows from 1e154 on, where 1 + z²/n is z²/n to rounding; the lightest tail still has weight there.
        var log = size < 1e100 ? Math.Log(1 + size * size / n) : 2 * Math.Log(size) - Math.Log(n);
        return Math.Exp(logConstant - 0.5 * (n + 1) * log);
    }

    /// <inheritdoc/>
    public double Cdf(double z) => z < 0 ? Tail(-z) : 1 - Tail(z);

    /// <inheritdoc/>
    public double Survival(double z) => Cdf(-z);

    /// <inheritdoc/>
    public double Resolution(double distance) => Math.Max(Math.Min(1, Math.Sqrt(n)), 2 * distance / (n + 1));

    /// <summary>
    /// P(Z > z) for z ≥ 0: half the regularized incomplete beta function at n/(n + z²), and its leading power where z²
    /// overflows.
    /// </summary>
    private double Tail(double z)
    {
        const double Far = 1e100;
        return z > Far
            ? Tail(Far) * Math.Exp(-n * (Math.Log(z) - Math.Log(Far)))
            : 0.5 * SpecialFunctions.BetaRegularized(0.5 * n, 0.5, n / (n + z * z));
    }

    private protected override void Fill(Key key, uint row, long first, Span<double> z) => Groups.Fill(new Polar(n), key, row, first, z);

    private protected override void Scores(ReadOnlySpan<double> z, Span<double> score) => Maps.Apply(new PowerTail.ScoreMap(n), z, score);

    private protected override void Curvatures(ReadOnlySpan<double> z, Span<double> curvature) =>
        Maps.Apply(new PowerTail.CurvatureMap(n), z, curvature);

    private readonly struct Polar(double n) : IGroupRule
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Write(ref readonly PhiloxLanes lanes, ulong group, ref double destination)
        {
            lanes.Uniforms(16 * group, out var a1, out var a2);
            Of(a1, a2).StoreUnsafe(ref destination);
            lanes.Uniforms(16 * group + 8, out var b1, out var b2);
            Of(b1, b2).StoreUnsafe(ref destination, 8);
        }

        /// <summary>
        /// With w = −(2/n) log u₁, the radius is (n(eʷ − 1))^½ = e^(w/2)·(n(1 − e⁻ʷ))^½: the right side does not
        /// overflow early.
        /// </summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private Vector512<double> Of(Vector512<double> first, Vector512<double> second)
        {
            var w = Vector512.Create(-2 / n) * Elementary.Log(first);
            var root = Vector512.Sqrt(Vector512.Create(-n) * Elementary.ExpM1(-w));
            Elementary.SinCosOfTurns(second, out _, out var cosine);
            return Elementary.Exp(Vector512.Create(0.5) * w) * root * cosine;
        }
    }
}
