using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>The stream of uniform numbers in the open interval (0, 1) that belongs to a key and a batch row.</summary>
/// <remarks>
/// Number n lies in the group g = n / 16, half h = (n mod 16) / 8, lane l = n mod 8, and comes from the Philox block
/// number b = 8g + l, whose counter words are (b low, b high, row, <see cref="Philox.NoiseDomain"/>). With the block's
/// words X, its 64 bits are X[2h] | X[2h+1] ≪ 32 and the number is (bits ≫ 12 + ½)·2⁻⁵²: exact, never 0 or 1, and
/// symmetric about ½.
/// </remarks>
public static class Uniforms
{
    /// <summary>
    /// Fills <paramref name="u"/> with the numbers <paramref name="first"/>, <paramref name="first"/> + 1, … of the
    /// stream of (key, row).
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
    public static void Fill(Key key, uint row, long first, Span<double> u) => Groups.Fill(default(Rule), key, row, first, u);

    private readonly struct Rule : IGroupRule
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Write(ref readonly PhiloxLanes lanes, ulong group, ref double destination)
        {
            lanes.Uniforms(8 * group, out var first, out var second);
            first.StoreUnsafe(ref destination);
            second.StoreUnsafe(ref destination, 8);
        }
    }
}
