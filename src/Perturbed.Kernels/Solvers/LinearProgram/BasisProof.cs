using System;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Perturbed.Kernels;

/// <summary>Proves from the data, with bounds on every rounding, that a basis which a search proposed is feasible, and what its vertex is.</summary>
/// <remarks>
/// The dictionary holds an approximate inverse R of the block A of tight rows and basic entries of y. With E = I − R A and α = ‖E‖ &lt; 1, A⁻¹ = (I − E)⁻¹ R, so
/// |A⁻¹ v| ≤ |R v| + α/(1 − α) ‖R v‖. Residuals in twice the precision, multiplied by R, refine the vertex until the bound shows that each entry is the double nearest
/// to it. Such a vertex does not depend on the way to the basis, nor on which of several bases describes it. Source: Higham, Accuracy and Stability, chapters 12 and 15.
/// </remarks>
internal sealed partial class BasisProof
{
    private const double Unit = 1.0 / (1L << 53);
    private const double LargestNorm = 1e-3;
    private const int Refinements = 4;
    private const double LargestShort = 1 << 22;

    /// <summary>More than what products below the least normal double can lose together.</summary>
    private const double Underflow = 1e-290;

    private readonly ScaledProgram program;
    private readonly int stride;
    private readonly int blockStride;
    private readonly int[] variables;
    private readonly int[] variableRows;
    private readonly int[] tightRows;
    private readonly int[] tightColumns;
    private readonly bool[] isTight;
    private readonly bool[] isExact;
    private readonly double[] inverse;
    private readonly double[] block;
    private readonly double[] point;
    private readonly double[] residuals;
    private readonly double[] doubts;
    private readonly double[] line;
    private int size;
    private double norm;

    public BasisProof(ScaledProgram program)
    {
        (this.program, stride) = (program, program.Stride);
        var most = Math.Min(program.Rows, program.Dimension);
        blockStride = (most + Lanes.Width - 1) / Lanes.Width * Lanes.Width;
        (variables, variableRows, tightRows, tightColumns) = (new int[most], new int[most], new int[most], new int[most]);
        (isTight, isExact) = (new bool[program.Rows], new bool[program.Dimension]);
        (inverse, block) = (new double[most * blockStride], new double[most * blockStride]);
        (point, residuals, doubts, line) = (new double[stride], new double[blockStride], new double[blockStride], new double[blockStride]);
        (priced, sizes, multipliers, errors) = (new double[stride], new double[stride], new double[blockStride], new double[blockStride]);
        (remnants, magnitudes, margins, widest) = (new double[stride], new double[stride], new double[stride], new double[blockStride]);
    }

    /// <summary>Whether the basis is proved feasible, and its vertex known to the last bit; <see cref="Write"/> gives it.</summary>
    public bool Prove(SimplexDictionary basis) => program.IsExact && Gather(basis) && BoundNorm() && FindVertex() && RowsHold();

    /// <summary>The vertex, in the scale of the caller; false where that loses bits, beyond the range of doubles.</summary>
    public bool Write(Span<double> y)
    {
        var isWhole = true;
        for (var j = 0; j < y.Length; j++)
        {
            var exponent = program.ColumnExponents[j];
            y[j] = (exponent == 0 ? point[j] : Math.ScaleB(point[j], exponent)) + 0.0;
            isWhole &= double.IsFinite(y[j]) && (exponent == 0 || Math.ScaleB(y[j], -exponent) == point[j]);
        }

        return isWhole;
    }

    private bool Gather(SimplexDictionary basis)
    {
        var d = program.Dimension;
        var tight = 0;
        size = 0;
        Array.Clear(isTight);
        for (var column = 0; column < basis.Nonbasic.Length; column++)
        {
            var variable = basis.Nonbasic[column];
            if (variable < d)
            {
                point[variable] = basis.IsFlipped[variable] ? program.Upper[variable] : program.Lower[variable];
                isExact[variable] = true;
            }
            else if (variable < d + program.Rows)
            {
                if (tight == tightRows.Length) return false;
                (tightRows[tight], tightColumns[tight]) = (variable - d, column);
                isTight[variable - d] = true;
                tight++;
            }
        }

        for (var row = 0; row < program.Rows; row++)
        {
            if (basis.Basic[row] >= d) continue;
            if (size == tight) return false;
            (variables[size], variableRows[size]) = (basis.Basic[row], row);
            size++;
        }

        // The auxiliary variable is basic.
        if (size != tight) return false;
        for (var i = 0; i < size; i++)
        {
            var from = basis.Coefficients(variableRows[i]);
            var sign = basis.IsFlipped[variables[i]] ? -1.0 : 1.0;
            var row = program.A.AsSpan(tightRows[i] * stride, stride);
            for (var j = 0; j < size; j++)
            {
                inverse[i * blockStride + j] = sign * from[tightColumns[j]];
                block[i * blockStride + j] = row[variables[j]];
            }

            for (var j = size; j < Round(size); j++) (inverse[i * blockStride + j], block[i * blockStride + j]) = (0.0, 0.0);
        }

        return true;
    }

    /// <summary>α, with what rounding may hide of it; exactly 0 where all is whole and R is the inverse.</summary>
    private bool BoundNorm()
    {
        norm = 0.0;
        if (size == 0) return true;
        var (rounded, isIdentity) = (0.0, true);
        for (var i = 0; i < size; i++)
        {
            var (error, terms) = BlockError(i);
            isIdentity &= error == 0.0;
            norm = Math.Max(norm, error);
            rounded = Math.Max(rounded, terms);
        }

        if (isIdentity && rounded < LargestShort && AreShort(inverse) && AreShort(block)) return true;
        norm = (norm + (size + 4) * Unit * rounded) * 1.01;
        return norm < LargestNorm;
    }

    private (double Error, double Terms) BlockError(int i)
    {
        ref var b = ref MemoryMarshal.GetArrayDataReference(block);
        var own = inverse.AsSpan(i * blockStride, size);
        var (error, terms) = (Vector512<double>.Zero, Vector512<double>.Zero);
        for (var j = 0; j < Round(size); j += Lanes.Width)
        {
            var (sum, total) = (Vector512<double>.Zero, Vector512<double>.Zero);
            if (i >= j && i < j + Lanes.Width) sum = Vector512.Equals(Lanes.Indices, Vector512.Create((long)(i - j))).AsDouble() & Vector512.Create(1.0);
            var at = (nuint)j;
            foreach (var factor in own)
            {
                var product = Vector512.Create(factor) * Vector512.LoadUnsafe(ref b, at);
                sum -= product;
                total += Vector512.Abs(product);
                at += (nuint)blockStride;
            }

            error += Vector512.Abs(sum);
            terms += total;
        }

        return (Lanes.Sum(error), Lanes.Sum(terms) + 1.0);
    }

    private bool AreShort(double[] square)
    {
        for (var i = 0; i < size; i++)
            if (!AreShort(square.AsSpan(i * blockStride, size))) return false;
        return true;
    }

    /// <summary>Whether numbers are multiples of 2^-10, so that products of three are multiples of 2^-30, and sums of such up to <see cref="LargestShort"/> are not rounded.</summary>
    private static bool AreShort(ReadOnlySpan<double> numbers)
    {
        foreach (var x in numbers)
            if (x * 1024.0 != Math.Round(x * 1024.0)) return false;
        return true;
    }

    private static int Round(int length) => (length + Lanes.Width - 1) / Lanes.Width * Lanes.Width;
}
