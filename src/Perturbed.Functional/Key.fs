namespace Perturbed.Functional

/// Keys of random streams: values, derived by splitting and folding, never advanced.
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Key =

    /// <summary>The key with the given 64 bits.</summary>
    /// <param name="seed">Any number; different seeds give independent streams.</param>
    /// <returns>A key.</returns>
    /// <example><code>
    /// Key.create 7UL = Key.create 7UL // true
    /// Key.create 7UL = (Key.create 7UL |> Key.fold 1) // false
    /// </code></example>
    let create (seed: uint64) : Key = Key.Create seed

    /// <summary>The key derived from a key and a number, such as a step, an epoch or a fold.</summary>
    /// <param name="data">Any number; different numbers give independent keys.</param>
    /// <param name="key">The key to derive from; it stays as it is.</param>
    /// <returns>A key independent of <paramref name="key"/>.</returns>
    /// <example><code>
    /// let key = Key.create 7UL
    /// let ofEpoch epoch = key |> Key.fold epoch
    /// ofEpoch 1 = ofEpoch 2 // false
    /// </code></example>
    let fold (data: int) (key: Key) : Key = key.Fold data

    /// <summary>Independent keys derived from one; key number i is <c>fold i key</c>.</summary>
    /// <param name="count">How many, at least 0.</param>
    /// <param name="key">The key to derive from; it stays as it is.</param>
    /// <returns><paramref name="count"/> keys.</returns>
    /// <exception cref="T:System.ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    /// <exception cref="T:System.ArgumentException">So many keys are more than an array or the memory
    /// holds.</exception>
    let split (count: int) (key: Key) : Key[] = key.Split count
