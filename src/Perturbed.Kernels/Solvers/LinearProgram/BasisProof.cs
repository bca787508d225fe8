using System;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Perturbed.Kernels;

/// <summary>
/// Proves from the data, with bounds on every rounding, that a basis which a search proposed is feasible, and what its
/// vertex is.
/// </summary>
/// <remarks>
/// The dictionary holds an approximate inverse R of the block A of tight rows and basic entries of y. With E = I − R A
/// and α = ‖E‖ &lt; 1, A⁻¹ = (I − E)⁻¹ R, so |A⁻¹ v| ≤ |R v| + α/(1 − α) ‖R v‖. Residuals in twice the precision,
/// multiplied by R, refine the vertex until the bound shows that each entry is the double nearest to it. Such a vertex
/// does not depend on the pivots before, nor on which of several bases describes it. Source: Higham, Accuracy and
/// Stability, chapters 12 and 15.
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

    /// <summary>
    /// The entries of y that are not 0 at the vertex: those of the block first, then those at a bound.
    /// </summary>
    private readonly int[] variables;
    private readonly int[] variableRows;
    private readonly int[] tightRows;
    private readonly int[] tightColumns;

    /// <summary>∞ for rows that are tight, and beyond the rows, 0 for the others.</summary>
    private readonly double[] allowances;
    private readonly bool[] isExact;

    /// <summary>
    /// R by its rows, R by its columns, and A by its columns with those of the other entries after it.
    /// </summary>
    private readonly double[] inverse, inverseColumns, block;
    private readonly double[] right;
    private readonly double[] point;
    private readonly double[] residuals, doubts, corrections, spreads, rests;
    private int size;
    private int active;
    private double norm;

    public BasisProof(ScaledProgram program)
    {
        (this.program, stride) = (program, program.Stride);
        var most = Math.Min(program.Rows, program.Dimension);
        blockStride = Round(most);
        (variables, variableRows, tightRows, tightColumns) = (new int[program.Dimension], new int[most], new int[most], new int[most]);
        (allowances, isExact) = (new double[program.RowStride], new bool[program.Dimension]);
        (inverse, inverseColumns) = (new double[most * blockStride], new double[most * blockStride]);
        (block, right, point) = (new double[program.Dimension * blockStride], new double[blockStride], new double[stride]);
        (residuals, doubts, corrections) = (new double[blockStride], new double[blockStride], new double[blockStride]);
        (spreads, rests) = (new double[blockStride], new double[blockStride]);
        (multipliers, widest) = (new double[blockStride], new double[blockStride]);
        (priced, sizes, remnants) = (new double[stride], new double[stride], new double[stride]);
        (magnitudes, margins) = (new double[stride], new double[stride]);
    }

    /// <summary>
    /// Whether the basis is proved feasible, and its vertex known to the last bit; <see cref="Write"/> gives it.
    /// </summary>
    public bool Prove(SimplexDictionary basis) => program.IsExact && Gather(basis) && BoundNorm() && FindVertex() && RowsHold();

    /// <summary>
    /// The vertex, in the scale of the caller; false where that loses bits, beyond the range of doubles.
    /// </summary>
    public bool Write(Span<double> y)
    {
        var isWhole = true;
        for (var j = 0; j < y.Length; j++)
        {
            var exponent = program.ColumnExponents[j];
            y[j] = (exponent == 0 ? point[j] : Math.ScaleB(point[j], exponent)) + 0.0;
            isWhole &= exponent == 0 || (double.IsFinite(y[j]) && Math.ScaleB(y[j], -exponent) == point[j]);
        }

        return isWhole;
    }

    private bool Gather(SimplexDictionary basis)
    {
        var d = program.Dimension;
        var tight = 0;
        (size, active) = (0, 0);
        var basic = basis.Basic;
        var nonbasic = basis.Nonbasic;
        var isFlipped = basis.IsFlipped;
        for (var row = 0; row < basic.Length; row++)
        {
            allowances[row] = 0.0;
            if (basic[row] >= d) continue;
            if (size == tightRows.Length) return false;
            (variables[size], variableRows[size]) = (basic[row], row);
            size++;
        }

        active = size;
        allowances.AsSpan(program.Rows).Fill(double.PositiveInfinity);
        for (var column = 0; column < nonbasic.Length; column++)
        {
            var variable = nonbasic[column];
            if (variable < d)
            {
                point[variable] = isFlipped[variable] ? program.Upper[variable] : program.Lower[variable];
                isExact[variable] = true;
                if (point[variable] != 0.0) variables[active++] = variable;
            }
            else if (variable < d + program.Rows)
            {
                if (tight == size) return false;
                (tightRows[tight], tightColumns[tight]) = (variable - d, column);
                (allowances[variable - d], right[tight]) = (double.PositiveInfinity, program.B[variable - d]);
                tight++;
            }
        }

        // Otherwise the auxiliary variable is basic.
        if (size != tight) return false;
        right.AsSpan(size, Round(size) - size).Clear();
        for (var i = 0; i < size; i++)
        {
            var from = basis.Coefficients(variableRows[i]);
            var sign = isFlipped[variables[i]] ? -1.0 : 1.0;
            for (var t = 0; t < size; t++)
            {
                var entry = sign * from[tightColumns[t]];
                (inverse[i * blockStride + t], inverseColumns[t * blockStride + i]) = (entry, entry);
            }

            for (var t = size; t < Round(size); t++) (inverse[i * blockStride + t], inverseColumns[i * blockStride + t]) = (0.0, 0.0);
        }

        for (var i = 0; i < active; i++)
        {
            var from = program.Columns.AsSpan(variables[i] * program.RowStride, program.RowStride);
            var to = block.AsSpan(i * blockStride, Round(size));
            for (var t = 0; t < size; t++) to[t] = from[tightRows[t]];
            to[size..].Clear();
        }

        return true;
    }

    /// <summary>α, with what rounding may hide of it; exactly 0 where all is short and R is the inverse.</summary>
    private bool BoundNorm()
    {
        norm = 0.0;
        var rounded = 1.0;
        ref var r = ref MemoryMarshal.GetArrayDataReference(inverseColumns);
        for (var first = 0; first < size; first += Lanes.Width)
        {
            var (error, terms) = (Vector512<double>.Zero, Vector512<double>.Zero);
            for (var j = 0; j < size; j++)
            {
                var own = block.AsSpan(j * blockStride, size);
                var sum = Vector512.Equals(Lanes.Indices, Vector512.Create((long)(j - first))).AsDouble() & Vector512.Create(1.0);
                var at = (nuint)first;
                foreach (var factor in own)
                {
                    var product = Vector512.Create(factor) * Vector512.LoadUnsafe(ref r, at);
                    sum -= product;
                    terms += Vector512.Abs(product);
                    at += (nuint)blockStride;
                }

                error += Vector512.Abs(sum);
            }

            (norm, rounded) = (Math.Max(norm, Lanes.Max(error)), Math.Max(rounded, Lanes.Max(terms) + 1.0));
        }

        if (size == 0 || (norm == 0.0 && rounded < LargestShort && AreShort(inverse) && AreShort(block))) return true;
        norm = (norm + (size + 4) * Unit * rounded) * 1.01;
        return norm < LargestNorm;
    }

    private bool AreShort(double[] square)
    {
        for (var i = 0; i < size; i++)
            if (!AreShort(square.AsSpan(i * blockStride, size))) return false;
        return true;
    }

    /// <summary>
    /// Whether numbers are multiples of 2^-10, so that products of three are multiples of 2^-30, and sums of such up
    /// to <see cref="LargestShort"/> are not rounded.
    /// </summary>
    private static bool AreShort(ReadOnlySpan<double> numbers)
    {
        foreach (var x in numbers)
            if (x * 1024.0 != Math.Round(x * 1024.0)) return false;
        return true;
    }

    private static int Round(int length) => (length + Lanes.Width - 1) / Lanes.Width * Lanes.Width;
}
