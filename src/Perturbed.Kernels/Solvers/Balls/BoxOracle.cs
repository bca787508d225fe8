using System;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// A box: y*(θ)_i is the upper bound of coordinate i where θ_i &gt; 0 and its lower bound where θ_i ≤ 0. With −1 and 1
/// it is the sign, the ℓ∞ ball.
/// </summary>
/// <remarks>θ_i = 0 takes the lower bound. Cost O(d) a row. Paper: Appendix B.</remarks>
public sealed class BoxOracle : IOracle
{
    private readonly double[] lower;
    private readonly double[] upper;

    /// <summary>The box {lower ≤ y ≤ upper}.</summary>
    /// <param name="lower">The lower bounds, at least one, finite. They are copied.</param>
    /// <param name="upper">The upper bounds, as many, finite, none below its lower bound. They are copied.</param>
    /// <exception cref="ArgumentNullException">An array is null.</exception>
    /// <exception cref="ArgumentException">
    /// No bounds, lengths that disagree, a bound that is not finite, or one above the other (the coordinate is named).
    /// </exception>
    public BoxOracle(double[] lower, double[] upper)
    {
        ArgumentNullException.ThrowIfNull(lower);
        ArgumentNullException.ThrowIfNull(upper);
        if (lower.Length == 0) throw new ArgumentOutOfRangeException(nameof(lower), "lower has length 0; it must have at least 1 entry.");
        if (upper.Length != lower.Length)
            throw new ArgumentException($"upper has length {upper.Length}; lower has length {lower.Length}.", nameof(upper));
        for (var i = 0; i < lower.Length; i++)
        {
            if (!double.IsFinite(lower[i]))
                throw new ArgumentException($"lower[{i}] is {lower[i]}; expected a finite number.", nameof(lower));
            if (!double.IsFinite(upper[i]) || upper[i] < lower[i])
                throw new ArgumentException(
                    $"upper[{i}] is {upper[i]}; expected a finite number of at least lower[{i}] = {lower[i]}.", nameof(upper));
        }

        this.lower = (double[])lower.Clone();
        this.upper = (double[])upper.Clone();
    }

    /// <inheritdoc/>
    public string Name => "box";

    /// <inheritdoc/>
    public int Dimension => lower.Length;

    /// <inheritdoc/>
    public int SolutionDimension => Dimension;

    /// <inheritdoc/>
    public bool DependsOnInstance => false;

    /// <summary>Whether every coordinate of <paramref name="y"/> is at one of its bounds.</summary>
    /// <param name="y">A point, of the dimension d.</param>
    /// <returns>True exactly for the vertices.</returns>
    /// <exception cref="ArgumentException"><paramref name="y"/> has another length.</exception>
    public bool IsSolution(ReadOnlySpan<double> y)
    {
        RowShape.Point(y, Dimension);
        for (var i = 0; i < y.Length; i++)
            if (y[i] != lower[i] && y[i] != upper[i]) return false;
        return true;
    }

    /// <inheritdoc/>
    public ISolver CreateSolver() => new Solver(lower, upper);

    private sealed class Solver(double[] lower, double[] upper) : ISolver
    {
        public void Solve(ReadOnlySpan<double> thetas, Span<double> solutions, Span<double> values)
        {
            var dimension = lower.Length;
            var rows = RowShape.Rows(thetas, dimension, solutions, dimension, values);
            ref var low = ref MemoryMarshal.GetArrayDataReference(lower);
            ref var high = ref MemoryMarshal.GetArrayDataReference(upper);
            for (var row = 0; row < rows; row++)
            {
                var theta = thetas.Slice(row * dimension, dimension);
                var y = solutions.Slice(row * dimension, dimension);
                ref var from = ref MemoryMarshal.GetReference(theta);
                ref var to = ref MemoryMarshal.GetReference(y);
                var i = 0;
                for (; i <= dimension - Lanes.Width; i += Lanes.Width)
                {
                    var positive = Vector512.GreaterThan(Vector512.LoadUnsafe(ref from, (nuint)i), Vector512<double>.Zero);
                    var chosen = Vector512.ConditionalSelect(
                        positive, Vector512.LoadUnsafe(ref high, (nuint)i), Vector512.LoadUnsafe(ref low, (nuint)i));
                    chosen.StoreUnsafe(ref to, (nuint)i);
                }

                for (; i < dimension; i++) y[i] = theta[i] > 0.0 ? upper[i] : lower[i];
                if (!values.IsEmpty) values[row] = Lanes.Dot(y, theta);
            }
        }
    }
}
