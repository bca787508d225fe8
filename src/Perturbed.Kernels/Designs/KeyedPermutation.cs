using System;
using System.Numerics;

namespace Perturbed.Kernels;

/// <summary>
/// A permutation of 0 … n − 1 that is a function of a few random words, so that each image costs O(1) and nothing is
/// stored.
/// </summary>
/// <remarks>
/// Four rounds (eight for up to 256 numbers) of x ← (x ⊕ a)·b mod 2ᵏ and x ← x ⊕ (x ≫ s), b odd, permute 0 … 2ᵏ − 1,
/// 2ᵏ ≥ n; they are repeated while the image is at least n, which permutes the rest (cycle walking; less than two
/// repetitions on average). A random rotation by words of their own makes the image of each number uniform for any
/// rounds.
/// </remarks>
internal readonly struct KeyedPermutation
{
    internal const int Words = 5;

    // A round mixes few numbers less, so they take twice as many rounds.
    private const uint Few = 255;

    private readonly uint size, mask, rotation;
    private readonly int shift;
    private readonly ulong first, second, third, fourth;

    /// <summary>The permutation of 0 … <paramref name="size"/> − 1 with the given random words.</summary>
    internal KeyedPermutation(int size, ReadOnlySpan<ulong> words)
    {
        this.size = (uint)size;
        var bits = 32 - BitOperations.LeadingZeroCount((uint)size - 1);
        mask = bits == 0 ? 0 : uint.MaxValue >> (32 - bits);
        shift = Math.Max(1, bits / 2);
        (first, second, third, fourth) = (words[0], words[1], words[2], words[3]);
        rotation = (uint)Math.BigMul(words[4], (ulong)size, out _);
    }

    /// <summary>The image of <paramref name="x"/>, which is below the size.</summary>
    internal uint Of(uint x)
    {
        do
        {
            x = Round(Round(Round(Round(x, first), second), third), fourth);
            if (mask > Few) continue;
            x = Round(Round(Round(Round(x, Other(first)), Other(second)), Other(third)), Other(fourth));
        }
        while (x >= size);
        var turned = (ulong)x + rotation;
        return (uint)(turned >= size ? turned - size : turned);
    }

    // The other bits of a word: a few numbers use few bits of it.
    private static ulong Other(ulong word) => BitOperations.RotateRight(word, 16);

    private uint Round(uint x, ulong word)
    {
        x = ((x ^ (uint)word) * ((uint)(word >> 32) | 1)) & mask;
        return x ^ (x >> shift);
    }
}
