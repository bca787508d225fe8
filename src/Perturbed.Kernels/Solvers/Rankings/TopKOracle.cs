using System;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// The top k: y*(θ) has a 1 at each of the k largest entries of θ, over the vertices of {0 ≤ y ≤ 1, Σ y = k}. F(θ) is
/// their sum.
/// </summary>
/// <remarks>Of equal entries those with the lowest indices are chosen. Cost O(d) a row. Paper: Appendix B.</remarks>
public sealed class TopKOracle : IOracle
{
    private readonly int k;

    /// <summary>The k largest of d numbers.</summary>
    /// <param name="dimension">The dimension d, at least 1.</param>
    /// <param name="k">How many to choose, from 0 to d.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="dimension"/> is below 1, or <paramref name="k"/> is not in 0..d.
    /// </exception>
    public TopKOracle(int dimension, int k)
    {
        Dimension = RowShape.Dimension(dimension, nameof(dimension));
        if (k < 0 || k > dimension)
            throw new ArgumentOutOfRangeException(nameof(k), k, $"k is {k}; it must be from 0 to the dimension {dimension}.");
        this.k = k;
    }

    /// <inheritdoc/>
    public string Name => "top-k";

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <summary>How many entries are chosen.</summary>
    public int K => k;

    /// <inheritdoc/>
    public int SolutionDimension => Dimension;

    /// <inheritdoc/>
    public bool DependsOnInstance => false;

    /// <summary>Whether <paramref name="y"/> has k entries 1, and 0 elsewhere.</summary>
    /// <param name="y">A point, of the dimension d.</param>
    /// <returns>True exactly for the vertices.</returns>
    /// <exception cref="ArgumentException"><paramref name="y"/> has another length.</exception>
    public bool IsSolution(ReadOnlySpan<double> y)
    {
        RowShape.Point(y, Dimension);
        return IsHot(y, k);
    }

    /// <inheritdoc/>
    public ISolver CreateSolver() => new Solver(Dimension, k);

    internal static bool IsHot(ReadOnlySpan<double> y, int k)
    {
        var ones = 0;
        foreach (var entry in y)
        {
            if (entry == 1.0) ones++;
            else if (entry != 0.0) return false;
        }

        return ones == k;
    }

    private sealed class Solver(int dimension, int k) : ISolver
    {
        private readonly Threshold threshold = new(dimension, k);

        public void Solve(ReadOnlySpan<double> thetas, Span<double> solutions, Span<double> values)
        {
            var rows = RowShape.Rows(thetas, dimension, solutions, dimension, values);
            if (k == 0) solutions.Clear();
            if (k == dimension) solutions.Fill(1.0);
            for (var row = 0; row < rows; row++)
            {
                var theta = thetas.Slice(row * dimension, dimension);
                var y = solutions.Slice(row * dimension, dimension);
                if (k > 0 && k < dimension) Mark(theta, threshold.Find(theta), y);
                if (!values.IsEmpty) values[row] = Lanes.Dot(y, theta);
            }
        }

        /// <summary>
        /// Marks the entries that reach the threshold; entries equal to it may be too many, and then the last of them
        /// go.
        /// </summary>
        private void Mark(ReadOnlySpan<double> theta, double level, Span<double> y)
        {
            ref var from = ref MemoryMarshal.GetReference(theta);
            ref var to = ref MemoryMarshal.GetReference(y);
            var threshold = Vector512.Create(level);
            var counts = Vector512<double>.Zero;
            var i = 0;
            for (; i <= dimension - Lanes.Width; i += Lanes.Width)
            {
                var reached = Vector512.GreaterThanOrEqual(Vector512.LoadUnsafe(ref from, (nuint)i), threshold);
                var ones = Vector512.ConditionalSelect(reached, Vector512<double>.One, Vector512<double>.Zero);
                ones.StoreUnsafe(ref to, (nuint)i);
                counts += ones;
            }

            var count = (int)Vector512.Sum(counts);
            for (; i < dimension; i++)
            {
                y[i] = theta[i] >= level ? 1.0 : 0.0;
                if (theta[i] >= level) count++;
            }

            for (i = dimension - 1; count > k; i--)
            {
                if (theta[i] != level) continue;
                y[i] = 0.0;
                count--;
            }
        }
    }
}
