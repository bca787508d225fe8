using System;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// The nuclear-norm ball {Y ∈ R^{m×n} : Σσ_i(Y) ≤ r}: y*(θ) = r·u₁v₁ᵀ with the leading singular pair of the matrix θ.
/// F(θ) = r·σ₁(θ).
/// </summary>
/// <remarks>
/// θ and y are row-major. The value is within 1e-12 of σ₁ in relative terms; the error of the pair itself grows as the
/// gap to σ₂ shrinks. Where σ₁ = σ₂ one pair of their space is returned, the same every time; θ = 0 gives r at the
/// entry (0, 0). The set has infinitely many extreme points. Cost O(m·n·s) a row with s ≤ min(m, n) Lanczos steps,
/// usually some ten to thirty. Paper: Appendix B.
/// </remarks>
public sealed class NuclearBallOracle : IOracle
{
    /// <summary>The ball of m × n matrices.</summary>
    /// <param name="rows">The number m of rows, at least 1.</param>
    /// <param name="columns">The number n of columns, at least 1.</param>
    /// <param name="radius">The radius r, positive and finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A size is below 1, the matrix has more than 2^24 entries, or r is not positive and finite.
    /// </exception>
    public NuclearBallOracle(int rows, int columns, double radius)
    {
        Rows = RowShape.Dimension(rows, nameof(rows));
        Columns = RowShape.Dimension(columns, nameof(columns));
        if ((long)rows * columns > 1 << 24)
            throw new ArgumentOutOfRangeException(
                nameof(columns), columns, $"The matrix has {rows} × {columns} entries; it may have at most {1 << 24}.");
        Radius = AtomicNorm.Radius(radius);
    }

    /// <inheritdoc/>
    public string Name => "nuclear-ball";

    /// <summary>The number m of rows.</summary>
    public int Rows { get; }

    /// <summary>The number n of columns.</summary>
    public int Columns { get; }

    /// <summary>The radius r.</summary>
    public double Radius { get; }

    /// <inheritdoc/>
    public int Dimension => Rows * Columns;

    /// <inheritdoc/>
    public int SolutionDimension => Dimension;

    /// <inheritdoc/>
    public bool DependsOnInstance => false;

    /// <summary>Whether <paramref name="y"/> is a matrix of rank one and norm r, to 1e-9.</summary>
    /// <param name="y">A point, of the dimension m·n.</param>
    /// <returns>True for the extreme points, up to rounding.</returns>
    /// <exception cref="ArgumentException"><paramref name="y"/> has another length.</exception>
    public bool IsSolution(ReadOnlySpan<double> y)
    {
        RowShape.Point(y, Dimension);
        return RankOne.IsOfNorm(y, Columns, Radius);
    }

    /// <inheritdoc/>
    public ISolver CreateSolver() => new Solver(Rows, Columns, Radius);

    private sealed class Solver : ISolver
    {
        private readonly int m;
        private readonly int n;
        private readonly double radius;
        private readonly double[] matrix;
        private readonly double[] left;
        private readonly double[] right;
        private readonly LeadingEigenvector eigenvector;

        public Solver(int m, int n, double radius)
        {
            (this.m, this.n, this.radius) = (m, n, radius);
            matrix = new double[m * n];
            left = new double[m];
            right = new double[n];
            eigenvector = n <= m ? new LeadingEigenvector(n, ApplyRight) : new LeadingEigenvector(m, ApplyLeft);
        }

        public void Solve(ReadOnlySpan<double> thetas, Span<double> solutions, Span<double> values)
        {
            var rows = RowShape.Rows(thetas, m * n, solutions, m * n, values);
            for (var row = 0; row < rows; row++)
            {
                var theta = thetas.Slice(row * m * n, m * n);
                var y = solutions.Slice(row * m * n, m * n);
                var scale = Lanes.LargestMagnitude(theta);
                if (scale == 0.0)
                {
                    y.Clear();
                    y[0] = radius;
                }
                else
                {
                    for (var i = 0; i < matrix.Length; i++) matrix[i] = theta[i] / scale;
                    FindPair();
                    for (var i = 0; i < m; i++)
                        for (var j = 0; j < n; j++) y[i * n + j] = radius * left[i] * right[j];
                }

                if (!values.IsEmpty) values[row] = Lanes.Dot(y, theta);
            }
        }

        private void FindPair()
        {
            if (n <= m)
            {
                eigenvector.Find(right);
                Product(right, left);
                Normalise(left);
            }
            else
            {
                eigenvector.Find(left);
                TransposedProduct(left, right);
                Normalise(right);
            }
        }

        private void ApplyRight(double[] x, double[] product)
        {
            Product(x, left);
            TransposedProduct(left, product);
        }

        private void ApplyLeft(double[] x, double[] product)
        {
            TransposedProduct(x, right);
            Product(right, product);
        }

        private void Product(double[] x, double[] product)
        {
            for (var i = 0; i < m; i++) product[i] = Lanes.Dot(matrix.AsSpan(i * n, n), x);
        }

        private void TransposedProduct(double[] x, double[] product)
        {
            Array.Clear(product);
            for (var i = 0; i < m; i++)
            {
                var row = matrix.AsSpan(i * n, n);
                for (var j = 0; j < row.Length; j++) product[j] += x[i] * row[j];
            }
        }

        private static void Normalise(double[] x)
        {
            var norm = Math.Sqrt(Lanes.Dot(x, x));
            for (var i = 0; i < x.Length; i++) x[i] /= norm;
        }
    }
}
