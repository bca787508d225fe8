using System;

namespace Perturbed.Kernels;

/// <summary>
/// The eigenvector of the largest eigenvalue of a symmetric matrix, by Lanczos' method with full reorthogonalisation.
/// </summary>
/// <remarks>
/// The iteration starts at one fixed vector that no vector of whole numbers is orthogonal to, and ends when the
/// residual is below 1e-13 of the matrix, or when the basis spans the space, so it needs no gap between the
/// eigenvalues: at a tie it returns the part of the start in their space. Everything is summed in a fixed order.
/// Source: Golub and Van Loan, Matrix Computations, chapter 10.
/// </remarks>
internal sealed class LeadingEigenvector
{
    private const double Tolerance = 1e-13;

    private readonly int n;
    private readonly Action<double[], double[]> apply;
    private readonly double[] start;
    private readonly double[] basis;
    private readonly double[] current;
    private readonly double[] next;
    private readonly double[] diagonal;
    private readonly double[] offDiagonal;
    private readonly double[] coefficients;
    private readonly double[] pivots;

    /// <summary>
    /// For matrices of order n, of which <paramref name="apply"/> writes the product with its first argument into its
    /// second.
    /// </summary>
    public LeadingEigenvector(int n, Action<double[], double[]> apply)
    {
        this.n = n;
        this.apply = apply;
        start = new double[n];
        basis = new double[n * n];
        current = new double[n];
        next = new double[n];
        diagonal = new double[n];
        offDiagonal = new double[n];
        coefficients = new double[n];
        pivots = new double[n];

        // Roots of primes and 1 are independent over the rationals: a start that an eigenvector is orthogonal to would
        // never find it. No entry is near 0.
        for (var (i, number) = (0, 2); i < n; number++)
        {
            if (!IsPrime(number)) continue;
            start[i] = (i % 3 == 1 ? -1.0 : 1.0) * (0.5 + Math.Sqrt(number) % 1.0);
            i++;
        }

        Scale(start, 1.0 / Math.Sqrt(Lanes.Dot(start, start)));
    }

    /// <summary>Writes the eigenvector, of norm 1, of a matrix other than 0.</summary>
    public void Find(Span<double> vector)
    {
        start.CopyTo(current, 0);
        var size = 0.0;
        for (var k = 0; ; k++)
        {
            var row = basis.AsSpan(k * n, n);
            current.CopyTo(row);
            apply(current, next);
            diagonal[k] = Lanes.Dot(row, next);

            // Twice is enough to make the new vector orthogonal to working precision.
            for (var pass = 0; pass < 2; pass++)
                for (var i = k; i >= 0; i--) Subtract(next, Lanes.Dot(basis.AsSpan(i * n, n), next), basis.AsSpan(i * n, n));
            var norm = Math.Sqrt(Lanes.Dot(next, next));
            offDiagonal[k] = norm;
            size = Math.Max(size, Math.Abs(diagonal[k]) + norm);
            var isLast = k == n - 1 || norm <= Tolerance * size;

            // The small eigenproblem costs less than the products, but not so little as to solve it every time.
            if (isLast || k % 3 == 2)
            {
                Combine(k + 1, size);
                if (isLast || norm * Math.Abs(coefficients[k]) <= Tolerance * size)
                {
                    Gather(k + 1, vector);
                    return;
                }
            }

            for (var i = 0; i < n; i++) current[i] = next[i] / norm;
        }
    }

    private void Gather(int k, Span<double> vector)
    {
        vector.Clear();
        for (var i = 0; i < k; i++) Subtract(vector, -coefficients[i], basis.AsSpan(i * n, n));
        Scale(vector, 1.0 / Math.Sqrt(Lanes.Dot(vector, vector)));
    }

    /// <summary>
    /// The leading eigenvector of the tridiagonal matrix of order k, by inverse iteration just above its eigenvalue.
    /// </summary>
    private void Combine(int k, double size)
    {
        // x·I − T is positive definite above the largest eigenvalue, so elimination needs no exchanges.
        Approach(Descend(k, size), size, k);
        for (var i = 0; i < k; i++) coefficients[i] = start[i];
        for (var step = 0; step < 3; step++)
        {
            for (var i = 1; i < k; i++) coefficients[i] += offDiagonal[i - 1] / pivots[i - 1] * coefficients[i - 1];
            coefficients[k - 1] /= pivots[k - 1];
            for (var i = k - 2; i >= 0; i--) coefficients[i] = (coefficients[i] + offDiagonal[i] * coefficients[i + 1]) / pivots[i];
            var part = coefficients.AsSpan(0, k);
            Scale(part, 1.0 / Lanes.LargestMagnitude(part));
            Scale(part, 1.0 / Math.Sqrt(Lanes.Dot(part, part)));
        }
    }

    /// <summary>
    /// Computes the pivots of a number just above the largest eigenvalue, which is near <paramref name="guess"/>.
    /// </summary>
    private void Approach(double guess, double size, int k)
    {
        var (low, high) = (guess, guess + 2e-16 * size);
        for (var step = 8e-16 * size; !IsAbove(high, k); step *= 4.0) (low, high) = (high, guess + step);

        // Where two eigenvalues are close Laguerre's steps lose digits and pass both; inverse iteration must separate
        // them.
        if (high - guess <= 1e-14 * size) return;
        while (high - low > 1e-15 * size)
        {
            var middle = 0.5 * low + 0.5 * high;
            if (IsAbove(middle, k)) high = middle;
            else low = middle;
        }

        IsAbove(high, k);
    }

    /// <summary>
    /// The largest eigenvalue of the tridiagonal matrix of order k: Laguerre's iteration, which falls to it from above
    /// without passing it.
    /// </summary>
    /// <remarks>
    /// A handful of steps where bisection takes fifty-five, which made most of the cost of small matrices.
    /// </remarks>
    private double Descend(int k, double size)
    {
        var x = 2.0 * size;
        for (var step = 0; step < 100; step++)
        {
            // The pivots of x·I − T with their first two derivatives give those of the logarithm of its determinant.
            var (slope, curvature) = (0.0, 0.0);
            var (pivot, first, second) = (1.0, 0.0, 0.0);
            for (var i = 0; i < k; i++)
            {
                var square = i > 0 ? offDiagonal[i - 1] * offDiagonal[i - 1] : 0.0;
                var inverse = 1.0 / pivot;
                var ratio = first * inverse;
                (pivot, first, second) = (
                    x - diagonal[i] - square * inverse,
                    1.0 + square * ratio * inverse,
                    square * inverse * (second * inverse - 2.0 * ratio * ratio));
                if (pivot <= 0.0) return x;
                slope += first / pivot;
                curvature += first / pivot * (first / pivot) - second / pivot;
            }

            var root = Math.Sqrt(Math.Max((k - 1) * (k * curvature - slope * slope), 0.0));
            var fall = k / (slope + root);
            x -= fall;
            if (fall <= 2e-16 * size) return x;
        }

        return x;
    }

    /// <summary>
    /// Whether a number is above every eigenvalue: all pivots of its LDLᵀ factorisation are positive.
    /// </summary>
    private bool IsAbove(double x, int k)
    {
        for (var i = 0; i < k; i++)
        {
            pivots[i] = x - diagonal[i] - (i > 0 ? offDiagonal[i - 1] * offDiagonal[i - 1] / pivots[i - 1] : 0.0);
            if (pivots[i] <= 0.0) return false;
        }

        return true;
    }

    private static bool IsPrime(int number)
    {
        for (var divisor = 2; divisor * divisor <= number; divisor++)
            if (number % divisor == 0) return false;
        return true;
    }

    private static void Subtract(Span<double> target, double factor, ReadOnlySpan<double> x)
    {
        for (var i = 0; i < target.Length; i++) target[i] -= factor * x[i];
    }

    private static void Scale(Span<double> target, double factor)
    {
        for (var i = 0; i < target.Length; i++) target[i] *= factor;
    }
}
