using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MathNet.Numerics.LinearAlgebra;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// The normal law of mean 0 and a covariance Σ: ν(z) = ½zᵀΣ⁻¹z, ∇ν(z) = Σ⁻¹z, ∇²ν = Σ⁻¹, M_μ² = tr Σ⁻¹.
/// </summary>
/// <remarks>
/// z = Ln with Cholesky's Σ = LLᵀ and the sample n of <see cref="GaussianNoise"/> of the same number. A sample, score
/// or curvature costs O(d²).
/// </remarks>
public sealed partial class CorrelatedGaussianNoise : INoise
{
    private const double Asymmetry = 1e-12;
    private readonly int d;
    private readonly double scoreNorm;

    /// <summary>L, row-major, and Lᵀ, row-major: so that both triangular solutions read rows.</summary>
    private readonly double[] lower, upper;

    /// <summary>The noise with the given covariance.</summary>
    /// <param name="covariance">
    /// Σ, d × d, symmetric up to rounding (1e-12 of the scale (Σ_ii Σ_jj)^½) and positive definite.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="covariance"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="covariance"/> is empty, not square, not finite, not symmetric or not positive definite.
    /// </exception>
    public CorrelatedGaussianNoise(double[,] covariance)
    {
        ArgumentNullException.ThrowIfNull(covariance);
        Validate(covariance);
        d = covariance.GetLength(0);
        var symmetric = Matrix<double>.Build.Dense(d, d, (i, j) => 0.5 * covariance[i, j] + 0.5 * covariance[j, i]);
        var factor = Factor(symmetric);
        lower = factor.ToRowMajorArray();
        upper = factor.Transpose().ToRowMajorArray();
        var trace = 0.0;
        var column = new double[d];
        for (var i = 0; i < d; i++)
        {
            Array.Clear(column);
            column[i] = 1;
            Solve(column);
            trace += column[i];
        }
        scoreNorm = Math.Sqrt(trace);
    }

    /// <inheritdoc/>
    public string Name => "correlated gaussian";

    /// <inheritdoc/>
    public int Dimension => d;

    /// <inheritdoc/>
    public bool IsSymmetric => true;

    /// <inheritdoc/>
    public bool HasMean => true;

    /// <inheritdoc/>
    public double MomentOrder => double.PositiveInfinity;

    /// <inheritdoc/>
    public double ExponentialRate => double.PositiveInfinity;

    /// <inheritdoc/>
    public bool HasCurvature => true;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">
    /// <paramref name="dimension"/> is not the noise's, or the length of <paramref name="z"/> no multiple of it.
    /// </exception>
    public void Sample(Key key, uint row, long firstSample, int dimension, Span<double> z)
    {
        Check(dimension);
        GaussianNoise.Standard.Sample(key, row, firstSample, dimension, z);
        Transform(z);
    }

    /// <inheritdoc/>
    /// <remarks><paramref name="score"/> may be the span <paramref name="z"/> itself.</remarks>
    /// <exception cref="ArgumentException">A length or the dimension disagrees.</exception>
    public void Score(ReadOnlySpan<double> z, int dimension, Span<double> score)
    {
        Check(dimension);
        RowShape.Rows(z.Length, d, nameof(z));
        RowShape.Same(score.Length, z.Length, nameof(score), nameof(z));
        z.CopyTo(score);
        for (var start = 0; start < z.Length; start += d) Solve(score.Slice(start, d));
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">
    /// <paramref name="dimension"/> is not the noise's, or the length of <paramref name="score"/> no multiple of it.
    /// </exception>
    public void SampleScores(Key key, uint row, long firstSample, int dimension, Span<double> score)
    {
        // Σ⁻¹Ln = L⁻ᵀn: half of the score is already there.
        Check(dimension);
        GaussianNoise.Standard.Sample(key, row, firstSample, dimension, score);
        for (var start = 0; start < score.Length; start += d) SolveTransposed(score.Slice(start, d));
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A length disagrees.</exception>
    public void Curvature(ReadOnlySpan<double> z, ReadOnlySpan<double> v, Span<double> product)
    {
        RowShape.Same(v.Length, d, nameof(v), "one sample of the noise");
        RowShape.Rows(z.Length, d, nameof(z));
        RowShape.Same(product.Length, z.Length, nameof(product), nameof(z));
        if (product.IsEmpty) return;
        var first = product[..d];
        v.CopyTo(first);
        Solve(first);
        for (var start = d; start < product.Length; start += d) first.CopyTo(product.Slice(start, d));
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The length of <paramref name="mean"/> is not the dimension.</exception>
    public void Mean(Span<double> mean)
    {
        RowShape.Same(mean.Length, d, nameof(mean), "one sample of the noise");
        mean.Clear();
    }

    /// <summary>M_μ = (tr Σ⁻¹)^½.</summary>
    /// <param name="dimension">The noise's dimension d.</param>
    /// <returns>M_μ.</returns>
    /// <exception cref="ArgumentException"><paramref name="dimension"/> is not the noise's.</exception>
    public double ScoreNorm(int dimension)
    {
        Check(dimension);
        return scoreNorm;
    }

    private void Check(int dimension)
    {
        if (dimension != d)
            throw new ArgumentException(
                RowShape.Text($"dimension is {dimension}; the covariance of the noise has dimension {d}."), nameof(dimension));
    }

    /// <summary>Σ⁻¹x in place: Ly = x, then Lᵀx = y.</summary>
    private void Solve(Span<double> x)
    {
        for (var i = 0; i < d; i++) x[i] = (x[i] - Dot(lower.AsSpan(i * d, i), x[..i])) / lower[i * d + i];
        SolveTransposed(x);
    }

    /// <summary>L⁻ᵀx in place.</summary>
    private void SolveTransposed(Span<double> x)
    {
        for (var i = d - 1; i >= 0; i--)
            x[i] = (x[i] - Dot(upper.AsSpan(i * d + i + 1, d - 1 - i), x[(i + 1)..])) / upper[i * d + i];
    }

    /// <summary>A scalar product that adds in one order on every machine.</summary>
    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        ref var left = ref MemoryMarshal.GetReference(a);
        ref var right = ref MemoryMarshal.GetReference(b);
        var sum = Vector512<double>.Zero;
        var i = 0;
        for (; i + 8 <= a.Length; i += 8)
            sum = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref left, (nuint)i), Vector512.LoadUnsafe(ref right, (nuint)i), sum);
        var four = sum.GetLower() + sum.GetUpper();
        var two = four.GetLower() + four.GetUpper();
        var total = two[0] + two[1];
        for (; i < a.Length; i++) total = Math.FusedMultiplyAdd(a[i], b[i], total);
        return total;
    }

    private static void Validate(double[,] covariance)
    {
        var (rows, columns) = (covariance.GetLength(0), covariance.GetLength(1));
        if (rows != columns || rows == 0)
            throw new ArgumentException(
                RowShape.Text($"covariance is {rows} × {columns}; it must be square and not empty."), nameof(covariance));
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var (below, above) = (covariance[i, j], covariance[j, i]);
                if (!double.IsFinite(below) || !double.IsFinite(above))
                    throw new ArgumentException(
                        RowShape.Text($"covariance[{i}, {j}] is {below} and covariance[{j}, {i}] is {above}; they must be finite."),
                        nameof(covariance));
                var scale = Math.Sqrt(Math.Abs(covariance[i, i])) * Math.Sqrt(Math.Abs(covariance[j, j]));
                if (Math.Abs(below - above) > Asymmetry * scale)
                    throw new ArgumentException(
                        RowShape.Text($"covariance[{i}, {j}] is {below} and covariance[{j}, {i}] is {above}; it must be symmetric."),
                        nameof(covariance));
            }
        }
    }

    private static Matrix<double> Factor(Matrix<double> symmetric)
    {
        try
        {
            return symmetric.Cholesky().Factor;
        }
        catch (ArgumentException e)
        {
            var smallest = symmetric.Evd(Symmetricity.Symmetric).EigenValues.Real().Minimum();
            throw new ArgumentException(
                RowShape.Text($"covariance has the eigenvalue {smallest:g6}; it must be positive definite."), "covariance", e);
        }
    }
}
