using System;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// The 0/1 knapsack of several constraints: y*(θ) = argmax ⟨y, θ⟩ over y ∈ {0, 1}^d with W y ≤ c, by branch and bound.
/// </summary>
/// <remarks>
/// θ_i is the gain of item i; an item of gain ≤ 0 is never taken. Exact: the cost is exponential in d at worst.
/// Problems that a depth-first search does not finish in some thousands of nodes go on in a search with the linear
/// relaxation, which takes milliseconds to a second for 50 items and 5 constraints, and looks at the token of
/// <see cref="ISolver.Cancellation"/>. Selections count as equal where the rounding of their own terms hides which is
/// better. Of equal ones the answer is the first of a search that takes items before it leaves them, in falling order
/// of gain per share of the capacities (ties: lowest index).
/// </remarks>
public sealed class MultiKnapsackOracle : IOracle
{
    /// <summary>The largest number of items.</summary>
    public const int LargestDimension = 64;

    private readonly int[,] weights;
    private readonly int[] capacities;

    /// <summary>Items with a weight in each of K constraints.</summary>
    /// <param name="weights">
    /// W, K × d, none negative; at least one constraint, and from 1 to 64 items. They are copied.
    /// </param>
    /// <param name="capacities">c, of length K, none negative. They are copied.</param>
    /// <exception cref="ArgumentNullException">An array is null.</exception>
    /// <exception cref="ArgumentException">
    /// A size out of range, lengths that disagree, or a negative number (its place is named).
    /// </exception>
    public MultiKnapsackOracle(int[,] weights, int[] capacities)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(capacities);
        var (constraints, items) = (weights.GetLength(0), weights.GetLength(1));
        if (constraints == 0 || items == 0 || items > LargestDimension)
            throw new ArgumentOutOfRangeException(
                nameof(weights),
                $"weights is {constraints} × {items}; it must have at least one row, and from 1 to {LargestDimension} columns.");
        if (capacities.Length != constraints)
            throw new ArgumentException($"capacities has length {capacities.Length}; weights has {constraints} rows.", nameof(capacities));
        for (var k = 0; k < constraints; k++)
        {
            if (capacities[k] < 0)
                throw new ArgumentException($"capacities[{k}] is {capacities[k]}; it must be at least 0.", nameof(capacities));
            for (var i = 0; i < items; i++)
                if (weights[k, i] < 0)
                    throw new ArgumentException($"weights[{k}, {i}] is {weights[k, i]}; it must be at least 0.", nameof(weights));
        }

        this.weights = (int[,])weights.Clone();
        this.capacities = (int[])capacities.Clone();
    }

    /// <inheritdoc/>
    public string Name => "multi-knapsack";

    /// <summary>The number K of constraints.</summary>
    public int Constraints => capacities.Length;

    /// <inheritdoc/>
    public int Dimension => weights.GetLength(1);

    /// <inheritdoc/>
    public int SolutionDimension => Dimension;

    /// <inheritdoc/>
    public bool DependsOnInstance => false;

    /// <summary>Whether <paramref name="y"/> is 0 or 1 in every entry and its items fit every constraint.</summary>
    /// <param name="y">A point, of the dimension d.</param>
    /// <returns>True exactly for the feasible selections, all of which are vertices.</returns>
    /// <exception cref="ArgumentException"><paramref name="y"/> has another length.</exception>
    public bool IsSolution(ReadOnlySpan<double> y)
    {
        RowShape.Point(y, Dimension);
        foreach (var entry in y)
            if (entry != 0.0 && entry != 1.0) return false;
        for (var k = 0; k < Constraints; k++)
        {
            var load = 0L;
            for (var i = 0; i < y.Length; i++)
                if (y[i] == 1.0) load += weights[k, i];
            if (load > capacities[k]) return false;
        }

        return true;
    }

    /// <inheritdoc/>
    public ISolver CreateSolver() => new MultiKnapsackSolver(weights, capacities);
}
