namespace Perturbed.Functional

open System
open Perturbed.Kernels

/// Whole numbers, uniforms and normals that are functions of (key, index), outside the domain of the noise.
module internal Draw =

    let private words (key: Key) (index: int) (attempt: int) : struct (uint64 * uint64) =
        let struct (a, b, c, d) =
            Philox.Block(key.Value, uint32 index, uint32 attempt, 0u, Philox.ShuffleDomain)

        struct (uint64 a ||| (uint64 b <<< 32), uint64 c ||| (uint64 d <<< 32))

    /// A number of 0 .. bound − 1, each with the same probability: Lemire, "Fast random integer generation in an
    /// interval" (ACM TOMACS 2019), with the rejection that removes the last bias.
    let below (bound: uint64) (key: Key) (index: int) : uint64 =
        let threshold = (0UL - bound) % bound

        let rec go attempt =
            let struct (first, second) = words key index attempt
            let mutable low = 0UL
            let high = Math.BigMul(first, bound, &low)

            if low >= threshold then
                high
            else
                let high = Math.BigMul(second, bound, &low)
                if low >= threshold then high else go (attempt + 1)

        go 0

    /// 2⁻⁵³, the spacing of the uniforms.
    [<Literal>]
    let private unit53 = 1.1102230246251565e-16

    /// Two independent standard normals: Box and Muller (1958) on uniforms of (0, 1] and [0, 1) with 53 bits.
    let normalPair (key: Key) (index: int) : struct (float * float) =
        let struct (first, second) = words key index 0
        let radius = sqrt (-2.0 * log (float ((first >>> 11) + 1UL) * unit53))
        let angle = 2.0 * Math.PI * (float (second >>> 11) * unit53)
        struct (radius * cos angle, radius * sin angle)

    /// Standard normals, number i from block i/2.
    let normals (count: int) (key: Key) : float[] =
        let draws = Array.zeroCreate<float> count

        for pair in 0 .. (count + 1) / 2 - 1 do
            let struct (a, b) = normalPair key pair
            draws[2 * pair] <- a

            if 2 * pair + 1 < count then
                draws[2 * pair + 1] <- b

        draws

/// Random permutations as functions of a key.
[<RequireQualifiedAccess>]
module Permutation =

    /// <summary>A permutation of 0 .. n − 1, each of the n! with the same probability (Fisher-Yates, no modulo
    /// bias).</summary>
    /// <param name="n">How many, at least 0.</param>
    /// <param name="key">The same key gives the same permutation.</param>
    /// <returns>An array that holds each of 0 .. n − 1 once; O(n).</returns>
    /// <exception cref="T:System.ArgumentOutOfRangeException"><paramref name="n"/> is negative.</exception>
    let create (n: int) (key: Key) : int[] =
        ArgumentOutOfRangeException.ThrowIfNegative(n, nameof n)
        let order = Array.init n id

        for i in n - 1 .. -1 .. 1 do
            let j = int (Draw.below (uint64 i + 1UL) key i)
            let held = order[i]
            order[i] <- order[j]
            order[j] <- held

        order

    /// <summary>The inverse permutation: <c>inverse[p[i]] = i</c>.</summary>
    /// <param name="permutation">Each of 0 .. n − 1 once.</param>
    /// <returns>The inverse; O(n).</returns>
    /// <exception cref="T:System.ArgumentException">An entry is out of range or occurs twice.</exception>
    let inverse (permutation: int[]) : int[] =
        Check.notNull (nameof permutation) permutation
        let n = permutation.Length
        let back = Array.create n -1

        permutation
        |> Array.iteri (fun i p ->
            if p < 0 || p >= n then
                invalidArg (nameof permutation) $"permutation[{i}] is {p}; it must lie in 0 .. {n - 1}."

            if back[p] >= 0 then
                invalidArg
                    (nameof permutation)
                    $"permutation[{i}] is {p}, as is permutation[{back[p]}]; each must occur once."

            back[p] <- i)

        back
