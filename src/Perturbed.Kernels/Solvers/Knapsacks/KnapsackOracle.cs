using System;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// The 0/1 knapsack: y*(θ) = argmax ⟨y, θ⟩ over y ∈ {0, 1}^d with Σ w_i y_i ≤ c, by dynamic programming over the
/// weight.
/// </summary>
/// <remarks>
/// θ_i is the gain of item i; an item of gain ≤ 0 is never taken. Of equal solutions the one is chosen that leaves out
/// the item of the highest index in which they differ. Exact. Cost O(d·c/g) for eight rows at once, where g is the
/// greatest common divisor of the weights. Paper: Appendix B.
/// </remarks>
public sealed class KnapsackOracle : IOracle
{
    private const long LargestTable = 1L << 28;

    private readonly int[] weights;
    private readonly int[] scaled;
    private readonly int scaledCapacity;

    /// <summary>Items of the given weights in a sack of the given capacity.</summary>
    /// <param name="weights">w, at least one, none negative. They are copied.</param>
    /// <param name="capacity">c, at least 0.</param>
    /// <exception cref="ArgumentNullException"><paramref name="weights"/> is null.</exception>
    /// <exception cref="ArgumentException">There is no item, or a weight is negative (the item is named).</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The capacity is negative, or d·(c/g + 1) is above 2^28.
    /// </exception>
    public KnapsackOracle(int[] weights, int capacity)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (weights.Length == 0)
            throw new ArgumentOutOfRangeException(nameof(weights), "weights has length 0; it must have at least 1 entry.");
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        var (divisor, total) = (0, 0L);
        for (var i = 0; i < weights.Length; i++)
        {
            if (weights[i] < 0) throw new ArgumentException($"weights[{i}] is {weights[i]}; it must be at least 0.", nameof(weights));
            if (weights[i] > capacity) continue;
            total += weights[i];
            divisor = Gcd(divisor, weights[i]);
        }

        this.weights = (int[])weights.Clone();
        Capacity = capacity;

        // A capacity beyond the sum of the weights changes nothing, and only multiples of the common divisor can be
        // filled.
        divisor = Math.Max(divisor, 1);
        scaledCapacity = (int)Math.Min(total, capacity) / divisor;
        scaled = Array.ConvertAll(weights, w => w > capacity ? int.MaxValue : w / divisor);
        if ((long)weights.Length * (scaledCapacity + 1) > LargestTable)
            throw new ArgumentOutOfRangeException(
                nameof(capacity), capacity,
                $"capacity is {capacity}; {weights.Length} items need "
                + $"a table of {(long)weights.Length * (scaledCapacity + 1)} entries, and it may have {LargestTable}.");
    }

    /// <inheritdoc/>
    public string Name => "knapsack";

    /// <summary>The capacity c.</summary>
    public int Capacity { get; }

    /// <inheritdoc/>
    public int Dimension => weights.Length;

    /// <inheritdoc/>
    public int SolutionDimension => Dimension;

    /// <inheritdoc/>
    public bool DependsOnInstance => false;

    /// <summary>Whether <paramref name="y"/> is 0 or 1 in every entry and its items fit.</summary>
    /// <param name="y">A point, of the dimension d.</param>
    /// <returns>True exactly for the feasible selections, all of which are vertices.</returns>
    /// <exception cref="ArgumentException"><paramref name="y"/> has another length.</exception>
    public bool IsSolution(ReadOnlySpan<double> y)
    {
        RowShape.Point(y, Dimension);
        var load = 0L;
        for (var i = 0; i < y.Length; i++)
        {
            if (y[i] == 1.0) load += weights[i];
            else if (y[i] != 0.0) return false;
        }

        return load <= Capacity;
    }

    /// <inheritdoc/>
    public ISolver CreateSolver() => new KnapsackSolver(scaled, scaledCapacity, Name);

    private static int Gcd(int a, int b) => b == 0 ? a : Gcd(b, a % b);
}
