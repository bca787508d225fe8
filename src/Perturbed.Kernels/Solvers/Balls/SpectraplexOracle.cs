using System;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// The spectraplex {Y ∈ R^{n×n} : Y ⪰ 0, tr Y = 1}, the trace-norm ball of the positive semi-definite cone: y*(θ) =
/// vvᵀ with the leading eigenvector of θ. F(θ) = λ₁(θ).
/// </summary>
/// <remarks>
/// θ and y are row-major. Y is symmetric, so only the symmetric part (θ + θᵀ)/2 counts, and λ₁ is its largest
/// eigenvalue, which may be negative. The value is within 1e-12 of λ₁ relative to the norm of θ; up to n = 32, where
/// λ₁ belongs to entries much smaller than that, Jacobi's rotations find it, and it is usually accurate relative to
/// the terms of ⟨y, θ⟩. Where λ₁ is a multiple eigenvalue one vector of its space is returned, the same every time; θ
/// = 0 gives v = e₀. The set has infinitely many extreme points. Cost O(n²·s) a row with s ≤ n Lanczos steps.
/// </remarks>
public sealed class SpectraplexOracle : IOracle
{
    /// <summary>The spectraplex of n × n matrices.</summary>
    /// <param name="size">The order n, from 1 to 4096.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="size"/> is not in 1..4096.</exception>
    public SpectraplexOracle(int size)
    {
        Size = RowShape.Dimension(size, nameof(size));
        if (size > 4096) throw new ArgumentOutOfRangeException(nameof(size), size, $"size is {size}; it may be at most 4096.");
    }

    /// <inheritdoc/>
    public string Name => "spectraplex";

    /// <summary>The order n.</summary>
    public int Size { get; }

    /// <inheritdoc/>
    public int Dimension => Size * Size;

    /// <inheritdoc/>
    public int SolutionDimension => Dimension;

    /// <inheritdoc/>
    public bool DependsOnInstance => false;

    /// <summary>Whether <paramref name="y"/> is vvᵀ with ‖v‖ = 1, to 1e-9.</summary>
    /// <param name="y">A point, of the dimension n².</param>
    /// <returns>True for the extreme points, up to rounding.</returns>
    /// <exception cref="ArgumentException"><paramref name="y"/> has another length.</exception>
    public bool IsSolution(ReadOnlySpan<double> y)
    {
        RowShape.Point(y, Dimension);
        var trace = 0.0;
        for (var i = 0; i < Size; i++)
        {
            trace += y[i * Size + i];
            for (var j = 0; j < i; j++)
                if (!(Math.Abs(y[i * Size + j] - y[j * Size + i]) <= AtomicNorm.Tolerance)) return false;
        }

        return Math.Abs(trace - 1.0) <= AtomicNorm.Tolerance && RankOne.IsOfNorm(y, Size, 1.0);
    }

    /// <inheritdoc/>
    public ISolver CreateSolver() => new Solver(Size);

    private sealed class Solver : ISolver
    {
        // Jacobi's method costs O(n³) a sweep.
        private const int LargestGraded = 32;

        // Below it the eigenvector belongs to entries too small for an accuracy relative to the norm.
        private const double LeastSize = 0.1;

        private readonly int n;
        private readonly double[] matrix;
        private readonly double[] vector;
        private readonly LeadingEigenvector eigenvector;
        private readonly SymmetricJacobi? graded;

        public Solver(int n)
        {
            this.n = n;
            matrix = new double[n * n];
            vector = new double[n];
            eigenvector = new LeadingEigenvector(n, Apply);
            if (n <= LargestGraded) graded = new SymmetricJacobi(n);
        }

        public void Solve(ReadOnlySpan<double> thetas, Span<double> solutions, Span<double> values)
        {
            var rows = RowShape.Rows(thetas, n * n, solutions, n * n, values);
            for (var row = 0; row < rows; row++)
            {
                var theta = thetas.Slice(row * n * n, n * n);
                var y = solutions.Slice(row * n * n, n * n);
                Find(theta);
                for (var i = 0; i < n; i++)
                    for (var j = 0; j < n; j++) y[i * n + j] = vector[i] * vector[j];
                if (!values.IsEmpty) values[row] = Lanes.Dot(y, theta);
            }
        }

        private void Find(ReadOnlySpan<double> theta)
        {
            for (var i = 0; i < n; i++)
                for (var j = 0; j < n; j++) matrix[i * n + j] = 0.5 * theta[i * n + j] + 0.5 * theta[j * n + i];
            var scale = Lanes.LargestMagnitude(matrix);
            if (scale == 0.0)
            {
                Array.Clear(vector);
                vector[0] = 1.0;
                return;
            }

            for (var at = 0; at < matrix.Length; at++) matrix[at] /= scale;
            eigenvector.Find(vector);
            if (graded is not null && Size() < LeastSize) graded.Find(matrix, vector);
        }

        /// <summary>
        /// Σ|θ_ij||v_i||v_j|, the size of the terms of the value, for θ scaled to a largest entry of 1.
        /// </summary>
        private double Size()
        {
            var size = 0.0;
            for (var i = 0; i < n; i++)
                for (var j = 0; j < n; j++) size += Math.Abs(matrix[i * n + j] * vector[i] * vector[j]);
            return size;
        }

        private void Apply(double[] x, double[] product)
        {
            for (var i = 0; i < n; i++) product[i] = Lanes.Dot(matrix.AsSpan(i * n, n), x);
        }
    }
}
