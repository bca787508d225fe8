using System;

namespace Perturbed.Kernels;

/// <summary>
/// The eigenvector of the largest eigenvalue of a symmetric matrix by Jacobi's rotations, which keep what is small
/// beside large entries.
/// </summary>
/// <remarks>
/// A rotation changes an entry by amounts of its own row and column, so that small blocks of a graded matrix are
/// rounded to their own size, where the error of other methods is relative to the norm of the whole matrix. Cost O(n³)
/// a sweep, some six to ten sweeps. Source: Demmel and Veselić 1992.
/// </remarks>
internal sealed class SymmetricJacobi(int n)
{
    private const int MostSweeps = 60;

    private readonly double[] vectors = new double[n * n];

    /// <summary>
    /// Writes the eigenvector, of norm 1; of equal eigenvalues the one of the lowest place. The matrix is overwritten.
    /// </summary>
    public void Find(double[] matrix, Span<double> vector)
    {
        Array.Clear(vectors);
        for (var i = 0; i < n; i++) vectors[i * n + i] = 1.0;
        for (var sweep = 0; sweep < MostSweeps; sweep++)
        {
            var isDone = true;
            for (var p = 0; p < n; p++)
                for (var q = p + 1; q < n; q++) isDone &= !Rotate(matrix, p, q);
            if (isDone) break;
        }

        var best = 0;
        for (var i = 1; i < n; i++)
            if (matrix[i * n + i] > matrix[best * n + best]) best = i;
        var squares = 0.0;
        for (var i = 0; i < n; i++) squares += vectors[i * n + best] * vectors[i * n + best];
        for (var i = 0; i < n; i++) vector[i] = vectors[i * n + best] / Math.Sqrt(squares);
    }

    /// <summary>
    /// Makes entry (p, q) 0; false where it is so already, or below the rounding of both its diagonal entries.
    /// </summary>
    private bool Rotate(double[] matrix, int p, int q)
    {
        var off = matrix[p * n + q];
        var (a, b) = (matrix[p * n + p], matrix[q * n + q]);
        if (off == 0.0) return false;
        var least = 1e-17 * Math.Min(Math.Abs(a), Math.Abs(b));
        var isNegligible = Math.Abs(off) <= least;
        var cotangent = (b - a) / (2.0 * off);
        var tangent = double.IsInfinity(cotangent)
            ? 0.0
            : Math.CopySign(1.0, cotangent) / (Math.Abs(cotangent) + Math.Sqrt(cotangent * cotangent + 1.0));
        if (isNegligible) tangent = 0.0;
        var cosine = 1.0 / Math.Sqrt(tangent * tangent + 1.0);
        var sine = tangent * cosine;
        matrix[p * n + p] = a - tangent * off;
        matrix[q * n + q] = b + tangent * off;
        matrix[p * n + q] = matrix[q * n + p] = 0.0;
        if (sine == 0.0) return false;
        for (var i = 0; i < n; i++)
        {
            var (x, y) = (vectors[i * n + p], vectors[i * n + q]);
            (vectors[i * n + p], vectors[i * n + q]) = (cosine * x - sine * y, sine * x + cosine * y);
            if (i == p || i == q) continue;
            (x, y) = (matrix[i * n + p], matrix[i * n + q]);
            matrix[i * n + p] = matrix[p * n + i] = cosine * x - sine * y;
            matrix[i * n + q] = matrix[q * n + i] = sine * x + cosine * y;
        }

        return true;
    }
}
