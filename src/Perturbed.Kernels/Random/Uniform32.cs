using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// The stream of uniform numbers of 32 bits that belongs to a key and a batch row, for noise in single precision.
/// </summary>
/// <remarks>
/// Number n lies in the group g = n / 32, half h = (n mod 32) / 16, place l = n mod 16, and is u = (x | 1)·2⁻³² of the
/// output x = X[2h + l mod 2] of the Philox block number b = 8g + l / 2, whose counter words are (b low, b high, row,
/// <see cref="Philox.NoiseDomain"/>): never 0 or 1, and symmetric about ½. The outputs are those of
/// <see cref="Uniforms"/>, two for each number there.
/// </remarks>
public static class Uniform32
{
    /// <summary>
    /// Fills <paramref name="u"/> with the numbers <paramref name="first"/>, <paramref name="first"/> + 1, … of the
    /// stream of (key, row), exactly.
    /// </summary>
    /// <param name="key">The stream's key.</param>
    /// <param name="row">The batch row.</param>
    /// <param name="first">The number of the first uniform, at least 0.</param>
    /// <param name="u">
    /// Destination, of any length. A number does not depend on where the span starts or ends. Cost O(length); nothing
    /// is allocated.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="first"/> is negative, or the last number's is above 2⁶³ − 1.
    /// </exception>
    public static void Fill(Key key, uint row, long first, Span<double> u) => Uniform32Groups.Fill(default(Rule), key, row, first, u);

    private readonly struct Rule : IUniform32Rule
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Write(Vector512<int> first, Vector512<int> second, ref double destination)
        {
            Store(first, ref destination);
            Store(second, ref Unsafe.Add(ref destination, 16));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Store(Vector512<int> uniforms, ref double destination)
        {
            var (low, high) = Vector512.Widen((uniforms | Vector512<int>.One).AsUInt32());
            (Vector512.ConvertToDouble(low) * Vector512.Create(1 / 4294967296.0)).StoreUnsafe(ref destination);
            (Vector512.ConvertToDouble(high) * Vector512.Create(1 / 4294967296.0)).StoreUnsafe(ref destination, 8);
        }
    }
}
