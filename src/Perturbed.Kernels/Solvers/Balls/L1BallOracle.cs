using System;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// The ℓ1 ball of radius r: y*(θ) = ±r·e_i with i = argmax_i |θ_i| and the sign of θ_i. F(θ) = r·max_i |θ_i|.
/// </summary>
/// <remarks>
/// Of equal magnitudes the one with the lowest index is chosen; a zero counts as positive. Cost O(d) a row. Paper:
/// Appendix B.
/// </remarks>
public sealed class L1BallOracle : IOracle
{
    /// <summary>The ball {Σ|y_i| ≤ r}.</summary>
    /// <param name="dimension">The dimension d, at least 1.</param>
    /// <param name="radius">The radius r, positive and finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">d is below 1, or r is not positive and finite.</exception>
    public L1BallOracle(int dimension, double radius)
    {
        Dimension = RowShape.Dimension(dimension, nameof(dimension));
        Radius = AtomicNorm.Radius(radius);
    }

    /// <inheritdoc/>
    public string Name => "l1-ball";

    /// <summary>The radius r.</summary>
    public double Radius { get; }

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <inheritdoc/>
    public int SolutionDimension => Dimension;

    /// <inheritdoc/>
    public bool DependsOnInstance => false;

    /// <summary>Whether <paramref name="y"/> is r or −r at one coordinate and 0 elsewhere.</summary>
    /// <param name="y">A point, of the dimension d.</param>
    /// <returns>True exactly for the vertices.</returns>
    /// <exception cref="ArgumentException"><paramref name="y"/> has another length.</exception>
    public bool IsSolution(ReadOnlySpan<double> y)
    {
        RowShape.Point(y, Dimension);
        var spikes = 0;
        foreach (var entry in y)
        {
            if (Math.Abs(entry) == Radius) spikes++;
            else if (entry != 0.0) return false;
        }

        return spikes == 1;
    }

    /// <inheritdoc/>
    public ISolver CreateSolver() => new Solver(Dimension, Radius);

    private sealed class Solver(int dimension, double radius) : ISolver
    {
        public void Solve(ReadOnlySpan<double> thetas, Span<double> solutions, Span<double> values)
        {
            var rows = RowShape.Rows(thetas, dimension, solutions, dimension, values);
            solutions.Clear();
            for (var row = 0; row < rows; row++)
            {
                var theta = thetas.Slice(row * dimension, dimension);
                var largest = Lanes.LargestMagnitude(theta);
                var best = 0;
                while (Math.Abs(theta[best]) != largest) best++;
                solutions[row * dimension + best] = theta[best] < 0.0 ? -radius : radius;
                if (!values.IsEmpty) values[row] = radius * largest;
            }
        }
    }
}
