using System;

namespace Perturbed.Functional.CSharp;

/// <summary>Random permutations as functions of a key.</summary>
public static class Permutation
{
    /// <summary>A permutation of 0 .. n − 1, each of the n! with the same probability (Fisher-Yates, no modulo
    /// bias).</summary>
    /// <param name="n">How many, at least 0.</param>
    /// <param name="key">The same key gives the same permutation.</param>
    /// <returns>An array that holds each of 0 .. n − 1 once; O(n).</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="n"/> is negative.</exception>
    public static int[] Create(int n, Key key) => Functional.Permutation.create(n, key);

    /// <summary>The inverse permutation: <c>inverse[p[i]] = i</c>.</summary>
    /// <param name="permutation">Each of 0 .. n − 1 once.</param>
    /// <returns>The inverse; O(n).</returns>
    /// <exception cref="ArgumentException">An entry is out of range or occurs twice.</exception>
    public static int[] Inverse(int[] permutation) => Functional.Permutation.inverse(permutation);
}
