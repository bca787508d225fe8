using System;

namespace Perturbed.Kernels;

/// <summary>
/// Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as
/// 1, 2, 3" (SC 2011).
/// </summary>
/// <remarks>
/// A bijection of 128-bit counters for every 64-bit key. This library uses the counter words as (block low, block
/// high, row, domain), so streams of different rows and purposes share no counter.
/// </remarks>
public static class Philox
{
    internal const uint M0 = 0xD2511F53, M1 = 0xCD9E8D57, W0 = 0x9E3779B9, W1 = 0xBB67AE85;

    /// <summary>The counter domain of noise.</summary>
    public const uint NoiseDomain = 0;

    /// <summary>The counter domain of derived keys.</summary>
    public const uint DeriveDomain = 1;

    /// <summary>The counter domain of shuffles and other draws outside the noise.</summary>
    public const uint ShuffleDomain = 2;

    /// <summary>
    /// The first of the 32 counter domains of sampling designs: scramblings, shifts and permutations of a group of
    /// samples.
    /// </summary>
    public const uint DesignDomain = 0x100;

    /// <summary>
    /// The first of the 2³¹ counter domains of gamma variates, which add 256·(variate) + (draw) to it.
    /// </summary>
    public const uint GammaDomain = 0x80000000;

    /// <summary>One block: the four output words of a counter under a key.</summary>
    /// <param name="key">The key, its low word first.</param>
    /// <param name="c0">Counter word 0.</param>
    /// <param name="c1">Counter word 1.</param>
    /// <param name="c2">Counter word 2.</param>
    /// <param name="c3">Counter word 3.</param>
    /// <returns>Four words of 32 bits.</returns>
    public static (uint X0, uint X1, uint X2, uint X3) Block(ulong key, uint c0, uint c1, uint c2, uint c3)
    {
        var k0 = (uint)key;
        var k1 = (uint)(key >> 32);
        for (var round = 0; round < 10; round++)
        {
            var p0 = (ulong)M0 * c0;
            var p1 = (ulong)M1 * c2;
            c0 = (uint)(p1 >> 32) ^ c1 ^ k0;
            c1 = (uint)p1;
            c2 = (uint)(p0 >> 32) ^ c3 ^ k1;
            c3 = (uint)p0;
            k0 += W0;
            k1 += W1;
        }
        return (c0, c1, c2, c3);
    }
}
