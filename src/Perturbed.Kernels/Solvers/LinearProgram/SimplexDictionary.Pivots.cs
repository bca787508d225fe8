using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Perturbed.Kernels;

/// <content>The exchange of a basic and a nonbasic variable, and flips.</content>
internal sealed partial class SimplexDictionary
{
    /// <summary>Writes the coefficients of a column to <see cref="factors"/>.</summary>
    // Here and below by whole vectors, because reading a vector soon after a store of one of its numbers stalls.
    private void Gather(int column)
    {
        ref var from = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(coefficients), column);
        ref var to = ref MemoryMarshal.GetArrayDataReference(factors);
        nint step = stride;
        for (nuint i = 0; i < (nuint)factors.Length; i += Lanes.Width, from = ref Unsafe.Add(ref from, Lanes.Width * step))
            Vector512.Create(
                from, Unsafe.Add(ref from, step), Unsafe.Add(ref from, 2 * step), Unsafe.Add(ref from, 3 * step),
                Unsafe.Add(ref from, 4 * step), Unsafe.Add(ref from, 5 * step), Unsafe.Add(ref from, 6 * step),
                Unsafe.Add(ref from, 7 * step))
                .StoreUnsafe(ref to, i);
    }

    /// <summary>
    /// Exchanges the basic variable of a row with the nonbasic one of the column in <see cref="factors"/>.
    /// </summary>
    private void Pivot(int row, int column)
    {
        var inverse = 1.0 / coefficients[row * stride + column];
        var constant = constants[row] * inverse;
        StepConstants(constant, false);
        (basic[row], nonbasic[column]) = (nonbasic[column], basic[row]);
        (constants[row], rowWidths[row]) = (constant, widths[basic[row]]);
        Clip(row);
        StepGains(row, column, inverse);
        Eliminate(row, column);
    }

    /// <summary>
    /// Divides a row by its pivot, takes its multiple from the gains, and notes whether the new nonbasic variable can
    /// move.
    /// </summary>
    private void StepGains(int row, int column, double inverse)
    {
        ref var own = ref coefficients[row * stride];
        ref var gain = ref MemoryMarshal.GetArrayDataReference(gains);
        ref var size = ref MemoryMarshal.GetArrayDataReference(terms);
        ref var mask = ref MemoryMarshal.GetArrayDataReference(movable);
        var times = Vector512.Create(gains[column]);
        var isMovable = Vector512.Create(CanMove(nonbasic[column]) ? -1L : 0L);
        for (nuint j = 0; j < (nuint)stride; j += Lanes.Width)
        {
            var isHere = Vector512.Equals(Lanes.Indices, Vector512.Create(column - (long)j));
            var isOwn = isHere.AsDouble();
            var divided = Vector512.ConditionalSelect(isOwn, Vector512<double>.One, Vector512.LoadUnsafe(ref own, j));
            divided *= Vector512.Create(inverse);
            var product = times * divided;
            divided.StoreUnsafe(ref own, j);
            (Vector512.AndNot(Vector512.LoadUnsafe(ref gain, j), isOwn) - product).StoreUnsafe(ref gain, j);
            (Vector512.AndNot(Vector512.LoadUnsafe(ref size, j), isOwn) + Vector512.Abs(product)).StoreUnsafe(ref size, j);
            Vector512.ConditionalSelect(isHere, isMovable, Vector512.LoadUnsafe(ref mask, j)).StoreUnsafe(ref mask, j);
        }
    }

    /// <summary>Takes the multiples of a row by <see cref="factors"/> from the others, in the column from 0.</summary>
    // Compiled on its own, as the loop that takes most of the time.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private void Eliminate(int row, int column)
    {
        ref var own = ref coefficients[row * stride];
        ref var factor = ref MemoryMarshal.GetArrayDataReference(factors);
        ref var to = ref MemoryMarshal.GetArrayDataReference(coefficients);
        var pivot = Unsafe.Add(ref own, column);
        for (nint i = 0; i < rows; i++, to = ref Unsafe.Add(ref to, stride))
        {
            var times = Unsafe.Add(ref factor, i);
            if (times == 0.0 || i == row) continue;
            var vector = Vector512.Create(times);
            for (nuint j = 0; j < (nuint)stride; j += Lanes.Width)
                (Vector512.LoadUnsafe(ref to, j) - vector * Vector512.LoadUnsafe(ref own, j)).StoreUnsafe(ref to, j);
            Unsafe.Add(ref to, column) = 0.0 - times * pivot;
        }
    }

    /// <summary>
    /// Takes the multiples of a step by <see cref="factors"/> from the constants, and clips the changed ones, or all.
    /// </summary>
    private void StepConstants(double step, bool clipsAll)
    {
        ref var constant = ref MemoryMarshal.GetArrayDataReference(constants);
        ref var width = ref MemoryMarshal.GetArrayDataReference(rowWidths);
        ref var factor = ref MemoryMarshal.GetArrayDataReference(factors);
        for (nuint i = 0; i < (nuint)constants.Length; i += Lanes.Width)
        {
            var (old, most) = (Vector512.LoadUnsafe(ref constant, i), Vector512.LoadUnsafe(ref width, i));
            var times = Vector512.LoadUnsafe(ref factor, i);
            var moved = old - times * Vector512.Create(step);
            var clipped = Vector512.ConditionalSelect(Vector512.GreaterThan(moved, most), most, moved);
            clipped = Vector512.ConditionalSelect(Vector512.LessThan(moved, Vector512<double>.Zero), Vector512<double>.Zero, clipped);
            if (!clipsAll) clipped = Vector512.ConditionalSelect(Vector512.Equals(times, Vector512<double>.Zero), old, clipped);
            clipped.StoreUnsafe(ref constant, i);
        }
    }

    /// <summary>Moves the nonbasic variable of the column in <see cref="factors"/> to its other bound.</summary>
    private void FlipColumn(int column)
    {
        StepConstants(widths[nonbasic[column]], true);
        for (var i = 0; i < rows; i++) coefficients[i * stride + column] = -factors[i];
        gains[column] = -gains[column];
        isFlipped[nonbasic[column]] ^= true;
    }

    /// <summary>Writes a basic variable as its distance from its other bound.</summary>
    private void FlipRow(int row)
    {
        foreach (ref var coefficient in Row(row)) coefficient = -coefficient;
        constants[row] = rowWidths[row] - constants[row];
        isFlipped[basic[row]] ^= true;
    }

    // Out of bounds only by rounding, but for the first pivot of all, whose row is the most negative.
    private void Clip(int i)
    {
        if (constants[i] < 0.0) constants[i] = 0.0;
        else if (constants[i] > rowWidths[i]) constants[i] = rowWidths[i];
    }

    // A loop of its own, because rows are short and a call of the platform's costs more.
    private static void Subtract(Span<double> target, double factor, ReadOnlySpan<double> x)
    {
        ref var to = ref MemoryMarshal.GetReference(target);
        ref var from = ref MemoryMarshal.GetReference(x);
        var times = Vector512.Create(factor);
        for (nuint j = 0; j < (nuint)target.Length; j += Lanes.Width)
            (Vector512.LoadUnsafe(ref to, j) - times * Vector512.LoadUnsafe(ref from, j)).StoreUnsafe(ref to, j);
    }

    private static void AddSizes(Span<double> target, double factor, ReadOnlySpan<double> x)
    {
        ref var to = ref MemoryMarshal.GetReference(target);
        ref var from = ref MemoryMarshal.GetReference(x);
        var times = Vector512.Create(factor);
        for (nuint j = 0; j < (nuint)target.Length; j += Lanes.Width)
            (Vector512.LoadUnsafe(ref to, j) + Vector512.Abs(times * Vector512.LoadUnsafe(ref from, j))).StoreUnsafe(ref to, j);
    }
}
