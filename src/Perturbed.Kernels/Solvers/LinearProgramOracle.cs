using System;
using Perturbed.Functional;

namespace Perturbed.Kernels;

/// <summary>A linear program: y*(θ) = argmax ⟨y, θ⟩ over {y : A y ≤ b, y ≥ 0}, by a dense simplex method for modest sizes.</summary>
/// <remarks>
/// The first feasible basis is found once, when the oracle is made; every solve starts from it, so an answer depends on θ alone. Pivots go by the steepest
/// coefficient, and by Bland's rule as soon as one brings no gain, so no program cycles. The answer is a vertex, computed from its tight constraints by
/// elimination: exact to rounding, and to the last bit where the arithmetic is (integer data of small determinants). Of several optimal vertices the
/// one where the pivots end wins, the same every time. Entries of A are told from 0 at 1e-10 of the largest of their row. Cost O(M·d) a pivot, and O(k³)
/// at the end for k tight constraints. Paper: Appendix B.
/// </remarks>
public sealed class LinearProgramOracle : IOracle
{
    /// <summary>The largest number of entries of A.</summary>
    public const int LargestSize = 1 << 22;

    private readonly double[] a;
    private readonly double[] b;
    private readonly SimplexDictionary start;

    /// <summary>The program of the given constraints.</summary>
    /// <param name="a">A, M × d, finite, with at least one row and one column. It is copied.</param>
    /// <param name="b">b, of length M, finite, of any sign. It is copied.</param>
    /// <exception cref="ArgumentNullException">An array is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A has no row or no column, or more than 2^22 entries.</exception>
    /// <exception cref="ArgumentException">Lengths disagree, an entry is not finite, or no y satisfies the constraints (the parameter is <paramref name="b"/>).</exception>
    public LinearProgramOracle(double[,] a, double[] b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        Constraints = a.GetLength(0);
        Dimension = a.GetLength(1);
        if (Constraints == 0 || Dimension == 0 || a.LongLength > LargestSize)
            throw new ArgumentOutOfRangeException(
                nameof(a), $"a is {Constraints} × {Dimension}; it must have at least one row and one column, and at most {LargestSize} entries.");
        if (b.Length != Constraints) throw new ArgumentException($"b has length {b.Length}; a has {Constraints} rows.", nameof(b));
        this.a = new double[Constraints * Dimension];
        for (var i = 0; i < Constraints; i++)
        {
            if (!double.IsFinite(b[i])) throw new ArgumentException($"b[{i}] is {b[i]}; expected a finite number.", nameof(b));
            for (var j = 0; j < Dimension; j++)
                this.a[i * Dimension + j] = double.IsFinite(a[i, j])
                    ? a[i, j]
                    : throw new ArgumentException($"a[{i}, {j}] is {a[i, j]}; expected a finite number.", nameof(a));
        }

        this.b = (double[])b.Clone();
        start = new SimplexDictionary(this.a, this.b, Dimension);
        var excess = start.MakeFeasible();
        if (excess > 0.0)
            throw new ArgumentException(
                $"The program is infeasible: no y ≥ 0 has A y ≤ b; with every bound raised by {excess} of its row's largest coefficient there is one.", nameof(b));
    }

    /// <inheritdoc/>
    public string Name => "linear-program";

    /// <summary>The number M of constraints.</summary>
    public int Constraints { get; }

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <inheritdoc/>
    public int SolutionDimension => Dimension;

    /// <inheritdoc/>
    public bool DependsOnInstance => false;

    /// <summary>Whether <paramref name="y"/> satisfies the constraints, and its tight ones determine it, to 1e-9 of the numbers involved.</summary>
    /// <param name="y">A point, of the dimension d.</param>
    /// <returns>True for the vertices.</returns>
    /// <exception cref="ArgumentException"><paramref name="y"/> has another length.</exception>
    public bool IsSolution(ReadOnlySpan<double> y)
    {
        RowShape.Point(y, Dimension);
        return new VertexSystem(a, b, Dimension).IsVertex(y);
    }

    /// <inheritdoc/>
    public ISolver CreateSolver() => new SimplexSolver(start, new VertexSystem(a, b, Dimension), Name);
}
