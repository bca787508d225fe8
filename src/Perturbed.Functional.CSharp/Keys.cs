namespace Perturbed.Functional.CSharp;

/// <summary>Keys of random streams: values, derived by splitting and folding, never advanced.</summary>
/// <remarks>A key is made by <see cref="Key.Create"/>; <c>Keys.Create</c> is the same. Philox4x32-10, Salmon et al., SC 2011.</remarks>
public static class Keys
{
    /// <summary>The key with the given 64 bits.</summary>
    /// <param name="seed">Any number; different seeds give independent streams.</param>
    /// <returns>A key; 0 gives the key of an operator that was given none.</returns>
    public static Key Create(ulong seed) => Key.Create(seed);

    /// <summary>The key derived from a key and a number, such as a step, an epoch or a fold.</summary>
    /// <param name="key">The key to derive from; it stays as it is.</param>
    /// <param name="data">Any number; different numbers give independent keys.</param>
    /// <returns>A key independent of <paramref name="key"/>; the one that <see cref="Key.Fold"/> gives for the same number.</returns>
    public static Key Fold(this Key key, int data) => KeyModule.fold(data, key);

    /// <summary>Independent keys derived from one: key number i is <c>key.Fold(i)</c>.</summary>
    /// <param name="key">The key to derive from; it stays as it is.</param>
    /// <param name="count">How many, at least 0.</param>
    /// <returns><paramref name="count"/> keys.</returns>
    /// <exception cref="System.ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public static Key[] Split(Key key, int count) => KeyModule.split(count, key);
}
