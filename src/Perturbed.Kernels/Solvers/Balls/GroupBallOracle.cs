using System;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// The ball of the group lasso {Σ_g ‖y_g‖₂ ≤ r}: y*(θ) = r·θ_g/‖θ_g‖ on the group g with the largest ‖θ_g‖₂, and 0
/// elsewhere. F(θ) = r·max_g ‖θ_g‖₂.
/// </summary>
/// <remarks>
/// Of equal norms, compared without rounding, the group with the lowest number is chosen; θ = 0 gives r at the first
/// coordinate of group 0. Groups of one coordinate make the ℓ1 ball, one group makes the Euclidean ball. Cost O(d) a
/// row. Paper: Appendix B.
/// </remarks>
public sealed class GroupBallOracle : IOracle
{
    private readonly int[] groups;
    private readonly int[] members;
    private readonly int[] starts;

    /// <summary>The ball of the given groups, which partition the coordinates.</summary>
    /// <param name="groups">
    /// The group of each coordinate: numbers from 0 to G − 1, each in use. They are copied.
    /// </param>
    /// <param name="radius">The radius r, positive and finite.</param>
    /// <exception cref="ArgumentNullException"><paramref name="groups"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// There is no coordinate, a number is negative, or one between them is not in use.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">r is not positive and finite.</exception>
    public GroupBallOracle(int[] groups, double radius)
    {
        ArgumentNullException.ThrowIfNull(groups);
        if (groups.Length == 0)
            throw new ArgumentOutOfRangeException(nameof(groups), "groups has length 0; it must have at least 1 entry.");
        Radius = AtomicNorm.Radius(radius);
        this.groups = (int[])groups.Clone();
        var count = 0;
        for (var i = 0; i < groups.Length; i++)
        {
            if (groups[i] < 0 || groups[i] >= groups.Length)
                throw new ArgumentException(
                    $"groups[{i}] is {groups[i]}; expected a number from 0 to {groups.Length - 1}.", nameof(groups));
            count = Math.Max(count, groups[i] + 1);
        }

        members = new int[groups.Length];
        starts = new int[count + 1];
        var filled = 0;
        for (var g = 0; g < count; g++)
        {
            starts[g] = filled;
            for (var i = 0; i < groups.Length; i++)
                if (groups[i] == g) members[filled++] = i;
            if (filled == starts[g])
                throw new ArgumentException(
                    $"groups has no coordinate of group {g}, but of group {count - 1}; expected every number from 0 on.", nameof(groups));
        }

        starts[count] = filled;
    }

    /// <inheritdoc/>
    public string Name => "group-ball";

    /// <summary>The radius r.</summary>
    public double Radius { get; }

    /// <summary>The number G of groups.</summary>
    public int Count => starts.Length - 1;

    /// <inheritdoc/>
    public int Dimension => groups.Length;

    /// <inheritdoc/>
    public int SolutionDimension => Dimension;

    /// <inheritdoc/>
    public bool DependsOnInstance => false;

    /// <summary>Whether <paramref name="y"/> is 0 outside one group and has the norm r on it, to 1e-9 of r.</summary>
    /// <param name="y">A point, of the dimension d.</param>
    /// <returns>True for the extreme points, up to rounding of their norm.</returns>
    /// <exception cref="ArgumentException"><paramref name="y"/> has another length.</exception>
    public bool IsSolution(ReadOnlySpan<double> y)
    {
        RowShape.Point(y, Dimension);
        var (group, squares) = (-1, 0.0);
        for (var i = 0; i < y.Length; i++)
        {
            if (y[i] == 0.0) continue;
            if (group >= 0 && groups[i] != group) return false;
            group = groups[i];
            squares += y[i] / Radius * (y[i] / Radius);
        }

        return Math.Abs(Math.Sqrt(squares) - 1.0) <= AtomicNorm.Tolerance;
    }

    /// <inheritdoc/>
    public ISolver CreateSolver() => new Solver(members, starts, Radius);

    private sealed class Solver(int[] members, int[] starts, double radius) : ISolver
    {
        // Sums of squares are off by a rounding for each of their operations.
        private readonly double rounding = 4.0 * (members.Length + 4) * 1.2e-16;
        private readonly Expansion difference = new();

        public void Solve(ReadOnlySpan<double> thetas, Span<double> solutions, Span<double> values)
        {
            var dimension = members.Length;
            var rows = RowShape.Rows(thetas, dimension, solutions, dimension, values);
            solutions.Clear();
            for (var row = 0; row < rows; row++)
            {
                var theta = thetas.Slice(row * dimension, dimension);
                var y = solutions.Slice(row * dimension, dimension);

                // Squares of the whole range of doubles overflow; those of numbers below 1 do not.
                var scale = Lanes.LargestMagnitude(theta);
                if (scale == 0.0) y[members[0]] = radius;
                else Mark(theta, scale, y);
                if (!values.IsEmpty) values[row] = Lanes.Dot(y, theta);
            }
        }

        private void Mark(ReadOnlySpan<double> theta, double scale, Span<double> y)
        {
            var (best, most) = (0, -1.0);
            for (var g = 0; g < starts.Length - 1; g++)
            {
                var squares = 0.0;
                for (var at = starts[g]; at < starts[g + 1]; at++)
                {
                    var entry = theta[members[at]] / scale;
                    squares += entry * entry;
                }

                var isLonger = squares > most;
                if (Math.Abs(squares - most) <= rounding * most) isLonger = IsLonger(theta, scale, g, best, isLonger);
                if (isLonger) (best, most) = (g, squares);
            }

            var norm = Math.Sqrt(most);
            for (var at = starts[best]; at < starts[best + 1]; at++) y[members[at]] = radius * (theta[members[at]] / scale / norm);
        }

        /// <summary>
        /// Whether a group's norm is larger than another's, exactly; where a square leaves the range of exact
        /// products, as their sums say.
        /// </summary>
        private bool IsLonger(ReadOnlySpan<double> theta, double scale, int group, int other, bool otherwise)
        {
            // A power of two takes no bits away.
            var unit = Math.ScaleB(1.0, -Math.ILogB(scale));
            difference.Clear();
            for (var at = starts[group]; at < starts[group + 1]; at++)
                difference.AddProduct(theta[members[at]] * unit, theta[members[at]] * unit);
            for (var at = starts[other]; at < starts[other + 1]; at++)
                difference.AddProduct(theta[members[at]] * unit, -theta[members[at]] * unit);
            return difference.IsExact ? difference.Sign > 0 : otherwise;
        }
    }
}
