using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>Best alignments by Gotoh's dynamic program on eight rows at once, one in each lane.</summary>
/// <remarks>
/// Point (i, j) stands after i letters of the first and j of the second sequence. It has a best score for each kind of
/// step that enters it: a pair, a letter of the first alone, a letter of the second alone. The trace back needs
/// comparisons alone, kept as a bit for each lane.
/// </remarks>
internal sealed class AlignmentSolver(int n, int m, AlignmentKind kind, string name) : ISolver
{
    private static readonly Vector512<double> Never = Vector512.Create(double.NegativeInfinity);

    private readonly bool isLocal = kind == AlignmentKind.Local;
    private readonly bool isSemiGlobal = kind == AlignmentKind.SemiGlobal;
    private readonly int dimension = 3 * n * m;
    private readonly Aligned<double> theta = new(3 * n * m * Lanes.Width);

    // The scores of a row of points; pairs of the row before are kept one column longer, for the diagonal.
    private readonly Aligned<double> pair = new((m + 1) * Lanes.Width);
    private readonly Aligned<double> first = new((m + 1) * Lanes.Width);
    private readonly Aligned<double> second = new((m + 1) * Lanes.Width);

    private readonly Marks[] marks = new Marks[(n + 1) * (m + 1)];
    private readonly double[] endValue = new double[Lanes.Width];
    private readonly long[] endPoint = new long[Lanes.Width];
    private long batchRow;

    /// <summary>The lanes of a point for which a comparison holds.</summary>
    private struct Marks
    {
        public byte FirstOverPair;
        public byte SecondOverPair;
        public byte SecondOverFirst;
        public byte FirstExtends;
        public byte SecondExtends;
        public byte Continues;
    }

    public void Begin(long row, ReadOnlySpan<double> theta) => batchRow = row;

    public void Solve(ReadOnlySpan<double> thetas, Span<double> solutions, Span<double> values)
    {
        var count = RowShape.Rows(thetas, dimension, solutions, dimension, values);
        solutions.Clear();
        for (var start = 0; start < count; start += Lanes.Width)
        {
            var lanes = Math.Min(Lanes.Width, count - start);
            Lanes.Interleave(thetas.Slice(start * dimension, lanes * dimension), dimension, theta.Span);
            Fill();
            for (var lane = 0; lane < lanes; lane++)
            {
                Trace(lane, solutions.Slice((start + lane) * dimension, dimension), null);
                if (!values.IsEmpty) values[start + lane] = endValue[lane];
            }
        }
    }

    /// <summary>The best alignment of one θ with its steps.</summary>
    public AlignmentPath Path(ReadOnlySpan<double> one, Span<double> y)
    {
        Lanes.Interleave(one, dimension, theta.Span);
        Fill();
        y.Clear();
        var steps = new List<AlignmentStep>();
        var start = Trace(0, y, steps);
        steps.Reverse();
        return new AlignmentPath(start / (m + 1), start % (m + 1), steps);
    }

    /// <summary>
    /// Fills the table of points row by row. The first row and the first column have one way to be entered, a gap at
    /// the start, and stand outside of the loop over points that have all three.
    /// </summary>
    private void Fill()
    {
        ref var scores = ref theta.First;
        ref var pairs = ref pair.First;
        ref var firsts = ref first.First;
        ref var seconds = ref second.First;
        var origin = isLocal ? Never : Vector512<double>.Zero;
        // With free gaps before it, an alignment starts anywhere on the border, and none of its steps is there.
        var border = isSemiGlobal ? Vector512<double>.Zero : Never;
        Store(ref pairs, 0, origin);
        Store(ref firsts, 0, Never);
        Store(ref seconds, 0, Never);
        marks[0] = default;
        for (var j = 1; j <= m; j++)
        {
            ref var mark = ref marks[j];
            mark = default;
            var s = Extend(ref mark.SecondExtends, j == 1 && !isSemiGlobal ? origin : Never, Load(ref seconds, j - 1), ref scores, j - 1);
            mark.SecondOverPair = mark.SecondOverFirst = Bits(s, Never);
            Store(ref pairs, j, j < m ? border : Never);
            Store(ref firsts, j, Never);
            Store(ref seconds, j, s);
        }

        var most = Vector512<double>.Zero;
        var place = Vector512.Create(-1L);
        var (free, freePlace) = (most, place);
        for (var i = 1; i <= n; i++)
        {
            // The point up and to the left of the one to come.
            var (diagonalPair, diagonalFirst, diagonalSecond) = (Load(ref pairs, 0), Load(ref firsts, 0), Load(ref seconds, 0));
            var row = (i - 1) * m;
            ref var start = ref marks[i * (m + 1)];
            start = default;
            var f = Extend(ref start.FirstExtends, isSemiGlobal ? Never : diagonalPair, diagonalFirst, ref scores, row);
            start.FirstOverPair = Bits(f, Never);
            Store(ref pairs, 0, border);
            Store(ref firsts, 0, f);
            var (leftPair, leftFirst, leftSecond) = (border, f, Never);
            var isLast = isSemiGlobal && i == n;
            for (var j = 1; j <= m; j++)
            {
                ref var mark = ref marks[i * (m + 1) + j];
                var cell = row + j - 1;
                var (upPair, upFirst, upSecond) = (Load(ref pairs, j), Load(ref firsts, j), Load(ref seconds, j));
                f = Extend(ref mark.FirstExtends, Vector512.MaxNative(upPair, upSecond), upFirst, ref scores, cell);
                var s = Extend(ref mark.SecondExtends, Vector512.MaxNative(leftPair, leftFirst), leftSecond, ref scores, cell);
                if (isLast) s = Never;
                var before = Vector512.MaxNative(Vector512.MaxNative(diagonalPair, diagonalFirst), diagonalSecond);
                if (isLocal)
                {
                    mark.Continues = Bits(before, Vector512<double>.Zero);
                    before = Vector512.MaxNative(before, Vector512<double>.Zero);
                }

                var p = before + Load(ref scores, cell);
                var better = Vector512.GreaterThan(p, most);
                most = Vector512.ConditionalSelect(better, p, most);
                place = Vector512.ConditionalSelect(better.AsInt64(), Vector512.Create((long)(i * (m + 1) + j)), place);
                mark.FirstOverPair = Bits(f, p);
                mark.SecondOverPair = Bits(s, p);
                mark.SecondOverFirst = Bits(s, f);
                (diagonalPair, diagonalFirst, diagonalSecond) = (upPair, upFirst, upSecond);
                (leftPair, leftFirst, leftSecond) = (p, f, s);
                Store(ref pairs, j, p);
                Store(ref firsts, j, f);
                Store(ref seconds, j, s);
            }

            if (!isSemiGlobal) continue;
            End(ref free, ref freePlace, leftPair, leftFirst, leftSecond, i * (m + 1) + m);
            // What comes after the end is free, so no step of the next row goes on from here.
            Store(ref pairs, m, Never);
            Store(ref firsts, m, Never);
            Store(ref seconds, m, Never);
        }

        if (isSemiGlobal)
        {
            (most, place) = (free, freePlace);
            for (var j = 1; j < m; j++)
                End(ref most, ref place, Load(ref pairs, j), Load(ref firsts, j), Load(ref seconds, j), n * (m + 1) + j);
        }
        else if (!isLocal)
        {
            most = Vector512.MaxNative(Vector512.MaxNative(Load(ref pairs, m), Load(ref firsts, m)), Load(ref seconds, m));
            place = Vector512.Create((long)marks.Length - 1);
        }

        most.CopyTo(endValue);
        place.CopyTo(endPoint);
    }

    /// <summary>The best score of a gap at a cell: opened after `before`, or the gap so far made longer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector512<double> Extend(
        ref byte extends, Vector512<double> before, Vector512<double> gap, ref double scores, int cell)
    {
        var open = before + Load(ref scores, n * m + cell);
        var extend = gap + Load(ref scores, 2 * n * m + cell);
        extends = Bits(extend, open);
        return Vector512.MaxNative(open, extend);
    }

    /// <summary>Takes a point as the end of the lanes for which it is better than the one before.</summary>
    private static void End(
        ref Vector512<double> most, ref Vector512<long> place, Vector512<double> p, Vector512<double> f, Vector512<double> s, int point)
    {
        var value = Vector512.MaxNative(Vector512.MaxNative(p, f), s);
        var better = Vector512.GreaterThan(value, most);
        most = Vector512.ConditionalSelect(better, value, most);
        place = Vector512.ConditionalSelect(better.AsInt64(), Vector512.Create((long)point), place);
    }

    /// <summary>Marks the alignment of a lane from its end to its start; the point it starts at.</summary>
    private int Trace(int lane, Span<double> y, List<AlignmentStep>? steps)
    {
        FiniteValue.Require(endValue[lane], name, batchRow);
        var point = (int)endPoint[lane];
        if (point < 0) return 0;
        var (i, j) = Math.DivRem(point, m + 1);
        var state = isLocal ? AlignmentStep.Pair : Best(marks[point], lane);
        while (isLocal || (isSemiGlobal ? i > 0 && j > 0 : i > 0 || j > 0))
        {
            steps?.Add(state);
            var mark = marks[i * (m + 1) + j];
            var cell = Math.Max(i - 1, 0) * m + Math.Max(j - 1, 0);
            if (state == AlignmentStep.Pair)
            {
                y[cell] += 1.0;
                (i, j) = (i - 1, j - 1);
                if (isLocal && !Has(mark.Continues, lane)) break;
                state = Best(marks[i * (m + 1) + j], lane);
                continue;
            }

            var isFirst = state == AlignmentStep.First;
            (i, j) = isFirst ? (i - 1, j) : (i, j - 1);
            if (Has(isFirst ? mark.FirstExtends : mark.SecondExtends, lane))
            {
                y[2 * n * m + cell] += 1.0;
                continue;
            }

            y[n * m + cell] += 1.0;
            var before = marks[i * (m + 1) + j];
            var follows = Has(isFirst ? before.SecondOverPair : before.FirstOverPair, lane);
            state = !follows ? AlignmentStep.Pair : isFirst ? AlignmentStep.Second : AlignmentStep.First;
        }

        return i * (m + 1) + j;
    }

    private static AlignmentStep Best(Marks mark, int lane)
    {
        if (Has(mark.FirstOverPair, lane)) return Has(mark.SecondOverFirst, lane) ? AlignmentStep.Second : AlignmentStep.First;
        return Has(mark.SecondOverPair, lane) ? AlignmentStep.Second : AlignmentStep.Pair;
    }

    private static bool Has(byte bits, int lane) => ((bits >> lane) & 1) != 0;

    private static byte Bits(Vector512<double> a, Vector512<double> b) => (byte)Vector512.GreaterThan(a, b).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Load(ref double from, nint at) =>
        Vector512.LoadUnsafe(ref from, (nuint)(at * Lanes.Width));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(ref double to, nint at, Vector512<double> value) =>
        value.StoreUnsafe(ref to, (nuint)(at * Lanes.Width));
}
