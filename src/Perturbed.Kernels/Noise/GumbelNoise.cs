using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// The Gumbel law of maxima: ν(z) = x + e⁻ˣ with x = z + c, ∇ν = 1 − e⁻ˣ, ∇²ν = e⁻ˣ, mean γ − c, I = 1.
/// </summary>
/// <remarks>
/// z = −log(−log u) − c, with c = 0 (<see cref="Standard"/>) or c = γ, Euler's constant (<see cref="Centred"/>).
/// Number n takes u from number n of <see cref="Uniform32"/>; the logarithms are taken in single precision, with an
/// absolute error below 1e-6, and z + c is between −3.10 and 22.2, outside of which the law has a mass of 5e-10: both
/// far below the statistical error of any M that can be run. On the simplex it makes the perturbed maximizer the
/// softmax. Paper: Section 2, Example 1.
/// </remarks>
public sealed partial class GumbelNoise : IndependentNoise, ICoordinateLaw
{
    private const double Euler = 0.57721566490153286;
    private readonly double shift;

    private GumbelNoise(string name, double shift)
    {
        Name = name;
        this.shift = shift;
    }

    /// <summary>The standard Gumbel noise, of mean γ = 0.5772….</summary>
    public static GumbelNoise Standard { get; } = new("gumbel", 0);

    /// <summary>The Gumbel noise less its mean.</summary>
    public static GumbelNoise Centred { get; } = new("centred gumbel", Euler);

    /// <summary>c.</summary>
    internal double Shift => shift;

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override bool IsSymmetric => false;

    /// <inheritdoc/>
    public override double CoordinateMean => Euler - shift;

    /// <summary>1: E exp(tZ) is Γ(1 − t), up to the shift.</summary>
    public override double ExponentialRate => 1;

    /// <inheritdoc/>
    public override double FisherInformation => 1;

    /// <inheritdoc/>
    public double Density(double z)
    {
        var hazard = Math.Exp(-(z + shift));
        return hazard > 1e3 ? 0 : hazard * Math.Exp(-hazard);
    }

    /// <inheritdoc/>
    public double Cdf(double z) => Math.Exp(-Math.Exp(-(z + shift)));

    /// <inheritdoc/>
    public double Survival(double z) => -Precise.ExpM1(-Math.Exp(-(z + shift)));

    /// <inheritdoc/>
    public double Resolution(double distance) => 1;

    private protected override void Fill(Key key, uint row, long first, Span<double> z) =>
        Uniform32Groups.Fill(new DoubleLogarithm(Vector512.Create(shift)), key, row, first, z);

    private protected override void FillScores(Key key, uint row, long first, Span<double> score) =>
        Uniform32Groups.Fill(default(OneLessExponential), key, row, first, score);

    private protected override void Scores(ReadOnlySpan<double> z, Span<double> score) =>
        Maps.Apply(new ScoreMap(Vector512.Create(shift)), z, score);

    private protected override void Curvatures(ReadOnlySpan<double> z, Span<double> curvature) =>
        Maps.Apply(new CurvatureMap(Vector512.Create(shift)), z, curvature);

    /// <summary>The sixteen numbers z of given log u.</summary>
    internal void Finish(Vector512<float> logarithms, ref double destination) =>
        Store(-SingleElementary.Log(-logarithms), Vector512.Create(shift), ref destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<float> z, Vector512<double> shift, ref double destination)
    {
        (Vector512.WidenLower(z) - shift).StoreUnsafe(ref destination);
        (Vector512.WidenUpper(z) - shift).StoreUnsafe(ref destination, 8);
    }

    private readonly struct DoubleLogarithm(Vector512<double> shift) : IUniform32Rule
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Write(Vector512<int> first, Vector512<int> second, ref double destination)
        {
            SingleElementary.LogsOfUniforms(first | Vector512<int>.One, second | Vector512<int>.One, out var log0, out var log1);
            SingleElementary.Logs(-log0, -log1, out var z0, out var z1);
            Store(-z0, shift, ref destination);
            Store(-z1, shift, ref Unsafe.Add(ref destination, 16));
        }
    }

    // 1 − e⁻ˣ with x = −log(−log u): the second logarithm is not needed, and the shift is none of it.
    private readonly struct OneLessExponential : IUniform32Rule
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Write(Vector512<int> first, Vector512<int> second, ref double destination)
        {
            SingleElementary.LogsOfUniforms(first | Vector512<int>.One, second | Vector512<int>.One, out var log0, out var log1);
            StoreScores(log0, ref destination);
            StoreScores(log1, ref Unsafe.Add(ref destination, 16));
        }
    }

    /// <summary>The scores 1 + log u of given log u.</summary>
    internal static void Scores(ReadOnlySpan<float> logarithms, Span<double> scores)
    {
        ref var from = ref MemoryMarshal.GetReference(logarithms);
        ref var to = ref MemoryMarshal.GetReference(scores);
        var i = 0;
        for (; i <= scores.Length - 16; i += 16) StoreScores(Vector512.LoadUnsafe(ref from, (nuint)i), ref Unsafe.Add(ref to, i));
        for (; i < scores.Length; i++) scores[i] = 1.0 + logarithms[i];
    }

    /// <summary>sum[i] += Σ_m weights[m]·(1 + log u_m[i]) of given log u.</summary>
    internal static void AddScores(ReadOnlySpan<double> weights, ReadOnlySpan<float> logarithms, Span<double> sum) =>
        Columns.Add(default(Columns.Weights), default(OneMore), logarithms, weights, sum);

    private readonly struct OneMore : Columns.INumbers<float>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<double> Eight(ref float row, nint place) =>
            Vector512<double>.One + Vector512.WidenLower(Vector256.LoadUnsafe(ref row, (nuint)place).ToVector512Unsafe());

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static double One(ref float row, nint place) => 1.0 + Unsafe.Add(ref row, place);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreScores(Vector512<float> logarithms, ref double destination)
    {
        (Vector512<double>.One + Vector512.WidenLower(logarithms)).StoreUnsafe(ref destination);
        (Vector512<double>.One + Vector512.WidenUpper(logarithms)).StoreUnsafe(ref destination, 8);
    }

    private readonly struct ScoreMap(Vector512<double> shift) : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<double> Of(Vector512<double> z) => -Elementary.ExpM1(-(z + shift));
    }

    private readonly struct CurvatureMap(Vector512<double> shift) : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<double> Of(Vector512<double> z) => Elementary.Exp(-(z + shift));
    }
}
