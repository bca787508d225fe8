using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// The maximum: y*(θ) = e_i with i = argmax_i θ_i, over the vertices of the simplex. F(θ) = max_i θ_i.
/// </summary>
/// <remarks>
/// Of equal largest entries the one with the lowest index is chosen. Cost O(d) a row. Paper: Section 5.1 and Appendix
/// B.
/// </remarks>
public sealed class ArgmaxOracle : IOracle
{
    /// <summary>The maximum of d numbers.</summary>
    /// <param name="dimension">The dimension d, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="dimension"/> is below 1.</exception>
    public ArgmaxOracle(int dimension) => Dimension = RowShape.Dimension(dimension, nameof(dimension));

    /// <inheritdoc/>
    public string Name => "argmax";

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <inheritdoc/>
    public int SolutionDimension => Dimension;

    /// <inheritdoc/>
    public bool DependsOnInstance => false;

    /// <summary>Whether <paramref name="y"/> is one-hot: a single 1, and 0 elsewhere.</summary>
    /// <param name="y">A point, of the dimension d.</param>
    /// <returns>True exactly for the vertices of the simplex.</returns>
    /// <exception cref="ArgumentException"><paramref name="y"/> has another length.</exception>
    public bool IsSolution(ReadOnlySpan<double> y)
    {
        RowShape.Point(y, Dimension);
        return TopKOracle.IsHot(y, 1);
    }

    /// <inheritdoc/>
    public ISolver CreateSolver() => new Solver(Dimension);

    private sealed class Solver(int dimension) : ISolver
    {
        public void Solve(ReadOnlySpan<double> thetas, Span<double> solutions, Span<double> values)
        {
            var rows = RowShape.Rows(thetas, dimension, solutions, dimension, values);
            solutions.Clear();
            ref var theta = ref MemoryMarshal.GetReference(thetas);
            ref var y = ref MemoryMarshal.GetReference(solutions);
            for (nint row = 0, start = 0; row < rows; row++, start += dimension)
            {
                var best = start + Best(ref Unsafe.Add(ref theta, start), thetas.Length - (int)start);
                Unsafe.Add(ref y, best) = 1.0;
                if (!values.IsEmpty) values[(int)row] = Unsafe.Add(ref theta, best);
            }
        }

        /// <summary>
        /// The first largest entry of the row at <paramref name="row"/>, where <paramref name="readable"/> numbers may
        /// be read.
        /// </summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private int Best(ref double row, int readable)
        {
            if (dimension > 2 * Lanes.Width) return BestOfMany(ref row, dimension);
            if (dimension >= Lanes.Width) return BestOfTwoVectors(ref row, dimension);
            return readable >= Lanes.Width ? BestOfOneVector(ref row, dimension) : BestOfFew(ref row, dimension);
        }

        private static int BestOfFew(ref double row, int dimension)
        {
            var best = 0;
            for (var i = 1; i < dimension; i++)
                if (Unsafe.Add(ref row, i) > Unsafe.Add(ref row, best)) best = i;
            return best;
        }

        // A vector read past the end of a short row contains the next row, whose lanes are masked out: a scalar scan
        // costs a mispredicted branch.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static int BestOfOneVector(ref double row, int dimension)
        {
            var inside = Vector512.LessThan(Lanes.Indices, Vector512.Create((long)dimension)).AsDouble();
            var v = Vector512.ConditionalSelect(inside, Vector512.LoadUnsafe(ref row), Vector512.Create(double.NegativeInfinity));
            return BitOperations.TrailingZeroCount(Vector512.Equals(v, Vector512.Create(Lanes.Max(v))).ExtractMostSignificantBits());
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static int BestOfTwoVectors(ref double row, int dimension)
        {
            var head = Vector512.LoadUnsafe(ref row);
            var tail = Vector512.LoadUnsafe(ref row, (nuint)(dimension - Lanes.Width));
            var max = Vector512.Create(Lanes.Max(Vector512.MaxNative(head, tail)));
            var hits = Vector512.Equals(head, max).ExtractMostSignificantBits()
                | (Vector512.Equals(tail, max).ExtractMostSignificantBits() << (dimension - Lanes.Width));
            return BitOperations.TrailingZeroCount(hits);
        }

        private static int BestOfMany(ref double row, int dimension)
        {
            var last = dimension - Lanes.Width;
            var a = Vector512.LoadUnsafe(ref row, (nuint)last);
            var b = a;
            var c = a;
            var d = a;
            var i = 0;
            for (; i <= dimension - 4 * Lanes.Width; i += 4 * Lanes.Width)
            {
                a = Vector512.MaxNative(a, Vector512.LoadUnsafe(ref row, (nuint)i));
                b = Vector512.MaxNative(b, Vector512.LoadUnsafe(ref row, (nuint)(i + Lanes.Width)));
                c = Vector512.MaxNative(c, Vector512.LoadUnsafe(ref row, (nuint)(i + 2 * Lanes.Width)));
                d = Vector512.MaxNative(d, Vector512.LoadUnsafe(ref row, (nuint)(i + 3 * Lanes.Width)));
            }

            for (; i < last; i += Lanes.Width) a = Vector512.MaxNative(a, Vector512.LoadUnsafe(ref row, (nuint)i));
            var max = Vector512.Create(Lanes.Max(Vector512.MaxNative(Vector512.MaxNative(a, b), Vector512.MaxNative(c, d))));
            for (i = 0; i < last; i += Lanes.Width)
            {
                var hits = Vector512.Equals(Vector512.LoadUnsafe(ref row, (nuint)i), max).ExtractMostSignificantBits();
                if (hits != 0) return i + BitOperations.TrailingZeroCount(hits);
            }

            var tail = Vector512.Equals(Vector512.LoadUnsafe(ref row, (nuint)last), max).ExtractMostSignificantBits();
            return last + BitOperations.TrailingZeroCount(tail);
        }
    }
}
