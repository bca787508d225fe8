using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Threading;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>Best tours by Held and Karp's dynamic program on eight rows at once, one in each lane.</summary>
/// <remarks>
/// Tours start at city 0; the others are numbered from 0 here. The table has, for each set of them and each member,
/// the best path from city 0 through the set to the member. A tour is traced back by looking for the entry that gives
/// the same sum again, so no predecessors are stored.
/// </remarks>
internal sealed class HeldKarpSolver(int cities, string name) : ISolver
{
    private readonly int others = cities - 1;
    private readonly int dimension = Tour.Edges(cities);
    private readonly Aligned<double> theta = new(Tour.Edges(cities) * Lanes.Width);
    private readonly Aligned<double> edges = new(cities * cities * Lanes.Width);
    private readonly Aligned<double> table = new((1 << (cities - 1)) * (cities - 1) * Lanes.Width);
    private long batchRow;

    public CancellationToken Cancellation { get; set; }

    public void Begin(long row, ReadOnlySpan<double> theta) => batchRow = row;

    public void Solve(ReadOnlySpan<double> thetas, Span<double> solutions, Span<double> values)
    {
        var count = RowShape.Rows(thetas, dimension, solutions, dimension, values);
        solutions.Clear();
        for (var first = 0; first < count; first += Lanes.Width)
        {
            Cancellation.ThrowIfCancellationRequested();
            var lanes = Math.Min(Lanes.Width, count - first);
            Lanes.Interleave(thetas.Slice(first * dimension, lanes * dimension), dimension, theta.Span);
            Spread();
            Fill();
            for (var lane = 0; lane < lanes; lane++)
            {
                var value = Trace(lane, solutions.Slice((first + lane) * dimension, dimension));
                if (!values.IsEmpty) values[first + lane] = value;
            }
        }
    }

    /// <summary>The gains as a symmetric matrix of lanes.</summary>
    private void Spread()
    {
        var edge = 0;
        for (var i = 0; i < cities; i++)
            for (var j = i + 1; j < cities; j++, edge++)
            {
                var lanes = theta.Span.Slice(edge * Lanes.Width, Lanes.Width);
                lanes.CopyTo(edges.Span[((i * cities + j) * Lanes.Width)..]);
                lanes.CopyTo(edges.Span[((j * cities + i) * Lanes.Width)..]);
            }
    }

    // Compiled on its own, because it is slower inlined into its caller; without AggressiveOptimization, because it
    // gains by the profile.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Fill()
    {
        ref var best = ref table.First;
        ref var gain = ref edges.First;
        for (var set = 1; set < 1 << others; set++)
        {
            for (var last = set; last != 0; last &= last - 1)
            {
                nint j = BitOperations.TrailingZeroCount(last);
                ref var fromJ = ref Unsafe.Add(ref gain, (j + 1) * cities * Lanes.Width);
                var rest = set & ~(1 << (int)j);
                Vector512<double> most;
                if (rest == 0)
                {
                    most = Vector512.LoadUnsafe(ref fromJ);
                }
                else
                {
                    most = Vector512.Create(double.NegativeInfinity);
                    ref var before = ref Unsafe.Add(ref best, (nint)rest * others * Lanes.Width);
                    for (var from = rest; from != 0; from &= from - 1)
                    {
                        var i = BitOperations.TrailingZeroCount(from);
                        var walk = Vector512.LoadUnsafe(ref before, (nuint)(i * Lanes.Width))
                            + Vector512.LoadUnsafe(ref fromJ, (nuint)((i + 1) * Lanes.Width));
                        most = Vector512.MaxNative(most, walk);
                    }
                }

                most.StoreUnsafe(ref best, (nuint)(((nint)set * others + j) * Lanes.Width));
            }
        }
    }

    private double Trace(int lane, Span<double> y)
    {
        var (set, city, value) = ((1 << others) - 1, 0, double.NegativeInfinity);
        while (set != 0)
        {
            // The path goes on to city after the set; the lowest of the best members comes before it.
            var (best, found) = (double.NegativeInfinity, -1);
            for (var from = set; from != 0; from &= from - 1)
            {
                var i = BitOperations.TrailingZeroCount(from);
                var walk = table.Span[(set * others + i) * Lanes.Width + lane] + edges.Span[(city * cities + i + 1) * Lanes.Width + lane];
                if (walk > best) (best, found) = (walk, i);
            }

            // A finite value has finite parts, so that every step before it is found too.
            if (city == 0) value = FiniteValue.Require(best, name, batchRow);
            y[Tour.Edge(cities, city, found + 1)] = 1.0;
            set &= ~(1 << found);
            city = found + 1;
        }

        y[Tour.Edge(cities, city, 0)] = 1.0;
        return value;
    }
}
