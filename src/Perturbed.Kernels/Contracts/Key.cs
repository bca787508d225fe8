using System;
using Perturbed.Kernels;

namespace Perturbed.Functional.CSharp;

/// <summary>
/// The root of a random stream: every number drawn is a function of (key, batch row, sample, coordinate) and of
/// nothing else.
/// </summary>
/// <remarks>
/// A key is a value. Nothing advances when it is used: the same key gives the same numbers again. Independent streams
/// come from <see cref="Split"/> and <see cref="Fold(ulong)"/>, which hash the key with Philox4x32-10 (Salmon et al.,
/// SC 2011) in a counter domain of their own, so that no derived key shares a block with the noise of its parent.
/// </remarks>
public readonly record struct Key
{
    private Key(ulong value) => Value = value;

    /// <summary>The 64 bits that key the Philox permutation.</summary>
    public ulong Value { get; }

    /// <summary>The key with the given 64 bits.</summary>
    /// <param name="seed">Any number; different seeds give independent streams.</param>
    /// <returns>A key.</returns>
    public static Key Create(ulong seed) => new(seed);

    /// <summary>The key derived from this one and a number, such as a step, an epoch or a fold.</summary>
    /// <param name="data">Any number; different numbers give independent keys.</param>
    /// <returns>A key, independent of this one and of the keys folded from other numbers.</returns>
    public Key Fold(ulong data)
    {
        var (a, b, _, _) = Philox.Block(Value, (uint)data, (uint)(data >> 32), 0u, Philox.DeriveDomain);
        return new Key(a | ((ulong)b << 32));
    }

    /// <summary>The key derived from this one and a number: <c>Fold</c> of its 64 bits, sign-extended.</summary>
    /// <param name="data">Any number; different numbers give independent keys.</param>
    /// <returns>A key, independent of this one and of the keys folded from other numbers.</returns>
    public Key Fold(int data) => Fold((ulong)(long)data);

    /// <summary>Independent keys derived from this one: key number i is <c>Fold(i)</c>.</summary>
    /// <param name="count">How many, at least 0.</param>
    /// <returns>An array of <paramref name="count"/> keys.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    /// <exception cref="ArgumentException">So many keys are more than an array or the memory holds.</exception>
    public Key[] Split(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var keys = Sizes.Zeros<Key>(nameof(count), "The array of keys", count);
        for (var i = 0; i < count; i++) keys[i] = Fold((ulong)i);
        return keys;
    }
}
