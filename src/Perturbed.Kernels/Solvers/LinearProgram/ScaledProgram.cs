using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Perturbed.Kernels;

/// <summary>
/// A program {A y ≤ b, l ≤ y ≤ u} with rows and columns multiplied by powers of two, which rounds nothing, and without
/// rows that another row implies by itself.
/// </summary>
/// <remarks>
/// Rows are scaled to a largest entry in [1, 2). Columns are scaled too where entries of a row differ by more than
/// 2^20: by geometric means, in turn with the rows (Curtis and Reid's aim, by the cheaper rule of Fourer 1982). Of
/// rows that are multiples of each other by powers of two, the one of the least right side is kept.
/// </remarks>
internal sealed partial class ScaledProgram
{
    private const int WidestUnscaled = 20;
    private const int Passes = 4;

    /// <summary>
    /// No scaled number but 0 is smaller, so that products lose nothing below the least normal double.
    /// </summary>
    public const double Least = 1e-140;

    /// <summary>No scaled number is larger, so that no product overflows.</summary>
    public const double Most = 1e140;

    private readonly double[] a;
    private readonly int[] rowExponents;
    private readonly int[] kept;
    private readonly bool isColumnScaled;

    public ScaledProgram(double[] a, double[] b, double[] lower, double[] upper)
    {
        (this.a, OriginalB, OriginalLower, OriginalUpper) = (a, b, lower, upper);
        Dimension = lower.Length;
        Stride = (Dimension + Lanes.Width) / Lanes.Width * Lanes.Width;
        ColumnExponents = new int[Dimension];
        rowExponents = new int[b.Length];
        Equilibrate();
        isColumnScaled = Array.Exists(ColumnExponents, exponent => exponent != 0);
        IsExact = true;
        Lower = ScaleAll(lower);
        Upper = ScaleAll(upper);
        var scaled = new double[b.Length * Stride];
        var right = new double[b.Length];
        for (var i = 0; i < b.Length; i++)
        {
            for (var j = 0; j < Dimension; j++) scaled[i * Stride + j] = Scale(a[i * Dimension + j], rowExponents[i] + ColumnExponents[j]);
            right[i] = Scale(b[i], rowExponents[i]);
        }

        kept = Keep(scaled, right);
        Rows = kept.Length;
        RowStride = (Rows + Lanes.Width - 1) / Lanes.Width * Lanes.Width;
        (A, B, Opposite) = (new double[Rows * Stride], new double[RowStride], new int[Rows]);
        Columns = new double[Dimension * RowStride];
        for (var i = 0; i < Rows; i++)
        {
            scaled.AsSpan(kept[i] * Stride, Stride).CopyTo(A.AsSpan(i * Stride, Stride));
            for (var j = 0; j < Dimension; j++) Columns[j * RowStride + i] = A[i * Stride + j];
            B[i] = right[kept[i]];
        }

        PairOpposites();
    }

    /// <summary>The number of rows that are kept.</summary>
    public int Rows { get; }

    /// <summary>The number d of columns.</summary>
    public int Dimension { get; }

    /// <summary>The length of a row in memory: whole vectors, 0 beyond the columns, at least one of them.</summary>
    public int Stride { get; }

    /// <summary>The scaled rows.</summary>
    public double[] A { get; }

    /// <summary>The length of a column in memory: whole vectors, 0 beyond the rows.</summary>
    public int RowStride { get; }

    /// <summary>The scaled columns.</summary>
    public double[] Columns { get; }

    /// <summary>The scaled right sides, 0 beyond the rows.</summary>
    public double[] B { get; }

    /// <summary>The scaled lower bounds.</summary>
    public double[] Lower { get; }

    /// <summary>The scaled upper bounds.</summary>
    public double[] Upper { get; }

    /// <summary>
    /// For each row the row that makes an equation or a strip of it, −1 where there is none or the two contradict each
    /// other.
    /// </summary>
    public int[] Opposite { get; }

    /// <summary>y_j is the scaled y_j times 2 to this.</summary>
    public int[] ColumnExponents { get; }

    /// <summary>
    /// Whether every scaled number is well within the range of doubles; otherwise nothing is proved in them.
    /// </summary>
    public bool IsExact { get; private set; }

    /// <summary>l as it was given.</summary>
    public double[] OriginalLower { get; }

    /// <summary>u as it was given.</summary>
    public double[] OriginalUpper { get; }

    private double[] OriginalB { get; }

    /// <summary>The scaled row i is the row as it was given times 2 to this.</summary>
    public int RowExponent(int i) => rowExponents[kept[i]];

    /// <summary>A row as it was given.</summary>
    public ReadOnlySpan<double> OriginalRow(int i) => a.AsSpan(kept[i] * Dimension, Dimension);

    /// <summary>The right side of a row as it was given.</summary>
    public double OriginalRight(int i) => OriginalB[kept[i]];

    /// <summary>
    /// Scales θ, and all of it by a power of two where it is far from 1; false where entries leave the range of
    /// <see cref="Least"/> and <see cref="Most"/>.
    /// </summary>
    public bool ScaleTheta(ReadOnlySpan<double> theta, Span<double> scaled)
    {
        if (isColumnScaled)
            for (var j = 0; j < theta.Length; j++) scaled[j] = Math.ScaleB(theta[j], ColumnExponents[j]);
        else theta.CopyTo(scaled);
        ref var x = ref MemoryMarshal.GetReference(scaled);
        var isWithin = !isColumnScaled || AreAllKept(theta, scaled);
        for (nuint j = 0; j < (nuint)scaled.Length; j += Lanes.Width)
        {
            var size = Vector512.Abs(Vector512.LoadUnsafe(ref x, j));
            var isFair = Vector512.GreaterThan(size, Vector512.Create(Least)) & Vector512.LessThan(size, Vector512.Create(Most));
            isWithin &= (isFair | Vector512.Equals(size, Vector512<double>.Zero)).AsInt64() == Vector512<long>.AllBitsSet;
        }

        return isWithin || ShiftTheta(theta, scaled);
    }

    private static bool AreAllKept(ReadOnlySpan<double> theta, ReadOnlySpan<double> scaled)
    {
        for (var j = 0; j < theta.Length; j++)
            if (theta[j] != 0.0 && scaled[j] == 0.0) return false;
        return true;
    }

    private bool ShiftTheta(ReadOnlySpan<double> theta, Span<double> scaled)
    {
        var most = int.MinValue;
        for (var j = 0; j < theta.Length; j++)
            if (theta[j] != 0.0) most = Math.Max(most, Math.ILogB(theta[j]) + ColumnExponents[j]);
        var isWithin = true;
        for (var j = 0; j < theta.Length; j++)
        {
            scaled[j] = Math.ScaleB(theta[j], ColumnExponents[j] - most);
            isWithin &= theta[j] == 0.0 || Math.Abs(scaled[j]) > Least;
        }

        return isWithin;
    }

    private int[] Keep(double[] scaled, double[] right)
    {
        var found = new List<int>();
        var seen = new Dictionary<int, List<int>>();
        for (var i = 0; i < right.Length; i++)
        {
            var row = scaled.AsSpan(i * Stride, Stride);
            var hash = Hash(row, 1.0);
            if (!seen.TryGetValue(hash, out var alike)) seen[hash] = alike = [];
            var known = IsExact
                ? alike.FindIndex(at => AreEqual(scaled.AsSpan(found[at] * Stride, Stride), scaled.AsSpan(i * Stride, Stride), 1.0))
                : -1;
            if (known < 0)
            {
                alike.Add(found.Count);
                found.Add(i);
            }
            else if (right[i] < right[found[alike[known]]])
            {
                found[alike[known]] = i;
            }
        }

        return [.. found];
    }

    private void PairOpposites()
    {
        var seen = new Dictionary<int, List<int>>();
        for (var i = 0; i < Rows; i++)
        {
            Opposite[i] = -1;
            var hash = Hash(A.AsSpan(i * Stride, Stride), 1.0);
            if (!seen.TryGetValue(hash, out var alike)) seen[hash] = alike = [];
            alike.Add(i);
        }

        for (var i = 0; i < Rows && IsExact; i++)
        {
            if (!seen.TryGetValue(Hash(A.AsSpan(i * Stride, Stride), -1.0), out var alike)) continue;
            foreach (var other in alike)
                if (B[i] >= -B[other] && AreEqual(A.AsSpan(i * Stride, Stride), A.AsSpan(other * Stride, Stride), -1.0))
                    Opposite[i] = other;
        }
    }

    private static int Hash(ReadOnlySpan<double> row, double sign)
    {
        var hash = default(HashCode);
        foreach (var x in row) hash.Add(sign * x + 0.0);
        return hash.ToHashCode();
    }

    private static bool AreEqual(ReadOnlySpan<double> first, ReadOnlySpan<double> second, double sign)
    {
        for (var j = 0; j < first.Length; j++)
            if (first[j] != sign * second[j]) return false;
        return true;
    }
}
