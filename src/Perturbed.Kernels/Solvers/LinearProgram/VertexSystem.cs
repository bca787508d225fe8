using System;
using System.Collections.Generic;

namespace Perturbed.Kernels;

/// <summary>Recognises vertices of {A y ≤ b, l ≤ y ≤ u} by their tight constraints.</summary>
/// <remarks>
/// Each constraint is judged by the terms of its own row: no other row, entry or unit of measure changes what it lets
/// pass.
/// </remarks>
internal sealed class VertexSystem(ScaledProgram program)
{
    /// <summary>
    /// What a constraint may fail by, of the sizes of its own terms, and what a pivot must exceed, of the terms it was
    /// added from.
    /// </summary>
    private const double Tolerance = 1e-9;

    /// <summary>
    /// What one operation rounds. Rows nearer to parallel than <see cref="Tolerance"/> are told in whole numbers, if
    /// the point is on them to rounding.
    /// </summary>
    private const double Rounding = 1.0 / (1L << 53);

    private readonly int d = program.Dimension;
    private readonly int[] columns = new int[program.Dimension];

    /// <summary>Whether a point is feasible and has as many independent tight constraints as coordinates.</summary>
    public bool IsVertex(ReadOnlySpan<double> y)
    {
        var point = new double[d];
        var k = 0;
        for (var j = 0; j < d; j++)
        {
            point[j] = Math.ScaleB(y[j], -program.ColumnExponents[j]);
            var (lower, upper) = (Sign(point[j], program.Lower[j]), Sign(program.Upper[j], point[j]));
            if (!double.IsFinite(y[j]) || lower < 0 || upper < 0) return false;
            if (lower > 0 && upper > 0) columns[k++] = j;
        }

        var (tight, closest) = (new List<int>(), new List<int>());
        for (var i = 0; i < program.Rows; i++)
        {
            var row = program.A.AsSpan(i * program.Stride, d);
            var (sum, terms) = (0.0, Math.Abs(program.B[i]));
            for (var j = 0; j < d; j++)
            {
                sum += row[j] * point[j];
                terms += Math.Abs(row[j] * point[j]);
            }

            var slack = program.B[i] - sum;
            if (!(slack >= -Tolerance * terms)) return false;
            if (slack <= Tolerance * terms) tight.Add(i);
            if (slack <= (d + 8) * Rounding * terms) closest.Add(i);
        }

        return (tight.Count >= k && AreIndependent(Gather(tight, k), tight.Count, k))
            || (closest.Count >= k && ExactRank.Of(Gather(closest, k), closest.Count, k) == k);
    }

    private double[] Gather(List<int> tight, int k)
    {
        var system = new double[tight.Count * k];
        for (var i = 0; i < tight.Count; i++)
            for (var j = 0; j < k; j++) system[i * k + j] = program.A[tight[i] * program.Stride + columns[j]];
        return system;
    }

    /// <summary>The sign of x − y, 0 where they agree to the tolerance.</summary>
    private static int Sign(double x, double y)
    {
        if (double.IsInfinity(x)) return 1;
        return Math.Abs(x - y) <= Tolerance * Math.Max(Math.Abs(x), Math.Abs(y)) ? 0 : x > y ? 1 : -1;
    }

    /// <summary>Whether an n × k system has rank k, by elimination with exchanges of rows.</summary>
    private static bool AreIndependent(double[] matrix, int n, int k)
    {
        var terms = Array.ConvertAll(matrix, Math.Abs);
        for (var step = 0; step < k; step++)
        {
            var pivot = -1;
            for (var i = step; i < n; i++)
            {
                var at = i * k + step;
                if (Math.Abs(matrix[at]) > Tolerance * terms[at]
                    && (pivot < 0 || Math.Abs(matrix[at]) > Math.Abs(matrix[pivot * k + step])))
                    pivot = i;
            }

            if (pivot < 0) return false;
            for (var j = step; j < k; j++)
            {
                (matrix[step * k + j], matrix[pivot * k + j]) = (matrix[pivot * k + j], matrix[step * k + j]);
                (terms[step * k + j], terms[pivot * k + j]) = (terms[pivot * k + j], terms[step * k + j]);
            }

            for (var i = step + 1; i < n; i++)
            {
                var factor = matrix[i * k + step] / matrix[step * k + step];
                for (var j = step + 1; factor != 0.0 && j < k; j++)
                {
                    matrix[i * k + j] -= factor * matrix[step * k + j];
                    terms[i * k + j] += Math.Abs(factor) * terms[step * k + j];
                }
            }
        }

        return true;
    }
}
