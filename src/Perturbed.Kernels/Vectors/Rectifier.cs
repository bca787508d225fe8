using System;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Perturbed.Kernels;

/// <summary>The rectifier max(x, 0) of a layer of a network, forward with the layer's offset and back.</summary>
public static class Rectifier
{
    /// <summary>values[r, i] ← max(values[r, i] + offset[i], 0) for every row r.</summary>
    /// <param name="values">n × w, row-major; changed in place.</param>
    /// <param name="offset">w numbers; an empty offset is an error unless values are empty too.</param>
    /// <exception cref="ArgumentException">
    /// The length of <paramref name="values"/> is no multiple of the offset's.
    /// </exception>
    public static void Forward(Span<double> values, ReadOnlySpan<double> offset) => Add(values, offset, 0.0);

    /// <summary>values[r, i] ← values[r, i] + offset[i] for every row r.</summary>
    /// <param name="values">n × w, row-major; changed in place.</param>
    /// <param name="offset">w numbers; an empty offset is an error unless values are empty too.</param>
    /// <exception cref="ArgumentException">
    /// The length of <paramref name="values"/> is no multiple of the offset's.
    /// </exception>
    public static void Offset(Span<double> values, ReadOnlySpan<double> offset) => Add(values, offset, double.NegativeInfinity);

    /// <summary>cotangent[i] ← 0 wherever output[i] ≤ 0: the pullback of the rectifier, 0 at its kink.</summary>
    /// <param name="output">What the rectifier gave.</param>
    /// <param name="cotangent">Of the same length; changed in place.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Back(ReadOnlySpan<double> output, Span<double> cotangent)
    {
        if (output.Length != cotangent.Length)
            throw new ArgumentException($"cotangent has length {cotangent.Length}; output has length {output.Length}.", nameof(cotangent));
        ref var y = ref MemoryMarshal.GetReference(output);
        ref var g = ref MemoryMarshal.GetReference(cotangent);
        var i = 0;
        for (; i <= output.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            var on = Vector.GreaterThan(Vector.LoadUnsafe(ref y, (nuint)i), Vector<double>.Zero);
            Vector.ConditionalSelect(on, Vector.LoadUnsafe(ref g, (nuint)i), Vector<double>.Zero).StoreUnsafe(ref g, (nuint)i);
        }

        for (; i < output.Length; i++)
            if (!(output[i] > 0.0)) cotangent[i] = 0.0;
    }

    // Vector.Max keeps NaN, so that a network that diverges shows it.
    private static void Add(Span<double> values, ReadOnlySpan<double> offset, double least)
    {
        var w = offset.Length;
        if (w == 0 ? values.Length > 0 : values.Length % w != 0)
            throw new ArgumentException($"values has length {values.Length}; it must be a multiple of the {w} offsets.", nameof(values));
        ref var b = ref MemoryMarshal.GetReference(offset);
        var floor = new Vector<double>(least);
        for (var start = 0; start < values.Length; start += w)
        {
            var row = values.Slice(start, w);
            ref var x = ref MemoryMarshal.GetReference(row);
            var i = 0;
            for (; i <= w - Vector<double>.Count; i += Vector<double>.Count)
                Vector.Max(Vector.LoadUnsafe(ref x, (nuint)i) + Vector.LoadUnsafe(ref b, (nuint)i), floor).StoreUnsafe(ref x, (nuint)i);
            for (; i < w; i++) row[i] = Math.Max(row[i] + offset[i], least);
        }
    }
}
