using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>Good tours by nearest neighbours, 2-opt and Or-opt.</summary>
/// <remarks>
/// A move is made where the gains it adds exceed those it removes, decided without rounding error and by these four or
/// six numbers alone: tours get strictly better, so that the search ends, and an edge of any size elsewhere changes no
/// decision.
/// </remarks>
internal sealed class LocalTourSolver(int cities, int starts) : ISolver
{
    /// <summary>8 units of rounding.</summary>
    private const double Roundoff = 1.0 / (1L << 50);

    private readonly int dimension = Tour.Edges(cities);
    private readonly double[] gain = new double[cities * cities];
    private readonly int[] spare = new int[cities];
    private readonly int[] best = new int[cities];
    private readonly bool[] visited = new bool[cities];
    private int[] tour = new int[cities];
    private int[] moved = new int[cities];
    private double largest;

    public void Solve(ReadOnlySpan<double> thetas, Span<double> solutions, Span<double> values)
    {
        var rows = RowShape.Rows(thetas, dimension, solutions, dimension, values);
        solutions.Clear();
        for (var row = 0; row < rows; row++)
        {
            var theta = thetas.Slice(row * dimension, dimension);
            var y = solutions.Slice(row * dimension, dimension);
            Tour.Fill(theta, cities, gain);
            largest = Lanes.LargestMagnitude(theta);
            var most = double.NegativeInfinity;
            for (var start = 0; start < starts; start++)
            {
                FollowNearest(start);
                while (TwoOpt() || OrOpt())
                {
                }

                var value = Value();
                if (start > 0 && value <= most) continue;
                most = value;
                tour.CopyTo(best, 0);
            }

            for (var i = 0; i < cities; i++) y[Tour.Edge(cities, best[i], best[(i + 1) % cities])] = 1.0;
            if (!values.IsEmpty) values[row] = Lanes.Dot(y, theta);
        }
    }

    private double Gain(int a, int b) => gain[a * cities + b];

    private double Value()
    {
        var total = Gain(tour[cities - 1], tour[0]);
        for (var i = 1; i < cities; i++) total += Gain(tour[i - 1], tour[i]);
        return total;
    }

    private void FollowNearest(int start)
    {
        Array.Clear(visited);
        tour[0] = start;
        visited[start] = true;
        for (var i = 1; i < cities; i++)
        {
            var nearest = -1;
            for (var next = 0; next < cities; next++)
                if (!visited[next] && (nearest < 0 || Gain(tour[i - 1], next) > Gain(tour[i - 1], nearest))) nearest = next;
            tour[i] = nearest;
            visited[nearest] = true;
        }
    }

    /// <summary>Reverses stretches as long as that helps; whether it ever did.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private bool TwoOpt()
    {
        var improved = false;
        ref var gains = ref MemoryMarshal.GetArrayDataReference(gain);
        ref var city = ref MemoryMarshal.GetArrayDataReference(tour);
        for (nint i = 0; i < cities - 2; i++)
        {
            nint b = Unsafe.Add(ref city, i + 1), c = Unsafe.Add(ref city, i + 2);
            ref var fromA = ref Unsafe.Add(ref gains, (nint)Unsafe.Add(ref city, i) * cities);
            ref var fromB = ref Unsafe.Add(ref gains, b * cities);

            // The last edge leads back to the first city, which the first edge starts from.
            var end = i == 0 ? cities - 1 : cities;
            for (var j = i + 2; j < end; j++)
            {
                nint d = Unsafe.Add(ref city, j + 1 < cities ? j + 1 : 0);
                var (ac, bd) = (Unsafe.Add(ref fromA, c), Unsafe.Add(ref fromB, d));
                var (ab, cd) = (Unsafe.Add(ref fromA, b), Unsafe.Add(ref gains, c * cities + d));
                c = d;
                if (ac + bd < ab + cd || !ExactSum.IsMore(ac, bd, ab, cd)) continue;
                Array.Reverse(tour, (int)i + 1, (int)(j - i));
                improved = true;
                b = Unsafe.Add(ref city, i + 1);
                fromB = ref Unsafe.Add(ref gains, b * cities);
            }
        }

        return improved;
    }

    /// <summary>
    /// Moves one to three consecutive cities elsewhere, in either direction; true where one move helped.
    /// </summary>
    private bool OrOpt()
    {
        for (var length = 1; length <= Math.Min(3, cities - 3); length++)
            for (var start = 0; start < cities; start++)
                if (Move(start, length)) return true;
        return false;
    }

    private bool Move(int start, int length)
    {
        // Turned so that the stretch comes first, the tour has no special cases at its ends.
        tour.AsSpan(start).CopyTo(spare);
        tour.AsSpan(0, start).CopyTo(spare.AsSpan(cities - start));
        var (head, tail, first, last) = (spare[0], spare[length - 1], spare[length], spare[cities - 1]);
        var freed = Gain(last, first) - Gain(last, head) - Gain(tail, first);
        var size = Math.Abs(Gain(last, first)) + Math.Abs(Gain(last, head)) + Math.Abs(Gain(tail, first));
        var most = Roundoff * (size + 2.0 * largest + largest);
        for (var at = length; (at = NextPlace(at, head, tail, freed, most)) < cities - 1; at++)
        {
            var (a, b) = (spare[at], spare[at + 1]);
            var joined = Math.Max(Gain(a, head) + Gain(tail, b), Gain(a, tail) + Gain(head, b));
            var won = freed + joined - Gain(a, b);

            // Five roundings, none above twice the sum of these sizes.
            var doubt = Roundoff * (size + Math.Abs(joined) + Math.Abs(Gain(a, b)));
            if (won < -doubt) continue;
            var isTurned = ExactSum.IsMore(Gain(a, tail), Gain(head, b), Gain(a, head), Gain(tail, b));
            if (!(won > doubt) && Sign(last, first, head, tail, a, b, isTurned) <= 0) continue;
            var to = 0;
            for (var i = length; i <= at; i++) moved[to++] = spare[i];
            for (var i = 0; i < length; i++) moved[to++] = spare[isTurned ? length - 1 - i : i];
            for (var i = at + 1; i < cities; i++) moved[to++] = spare[i];
            (tour, moved) = (moved, tour);
            return true;
        }

        return false;
    }

    /// <summary>
    /// The first place from one on where moving the stretch may gain, by an error bound for all places.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private int NextPlace(int from, int head, int tail, double freed, double doubt)
    {
        ref var gains = ref MemoryMarshal.GetArrayDataReference(gain);
        ref var city = ref MemoryMarshal.GetArrayDataReference(spare);
        ref var fromHead = ref Unsafe.Add(ref gains, (nint)head * cities);
        ref var fromTail = ref Unsafe.Add(ref gains, (nint)tail * cities);
        nint at = from, a = Unsafe.Add(ref city, at);
        for (; at < cities - 1; at++)
        {
            nint b = Unsafe.Add(ref city, at + 1);
            var straight = Unsafe.Add(ref fromHead, a) + Unsafe.Add(ref fromTail, b);
            var turned = Unsafe.Add(ref fromTail, a) + Unsafe.Add(ref fromHead, b);
            var won = freed + double.MaxNative(straight, turned) - Unsafe.Add(ref gains, a * cities + b);
            if (!(won < -doubt)) break;
            a = b;
        }

        return (int)at;
    }

    /// <summary>
    /// The sign of the gain of taking head to tail from between last and first and to put it between a and b.
    /// </summary>
    private int Sign(int last, int first, int head, int tail, int a, int b, bool isTurned)
    {
        var (near, far) = isTurned ? (tail, head) : (head, tail);
        Span<double> terms =
            [Gain(last, first), -Gain(last, head), -Gain(tail, first), Gain(a, near), Gain(far, b), -Gain(a, b)];
        return ExactSum.Sign(terms);
    }
}
