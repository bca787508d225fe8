using System;

namespace Perturbed.Kernels;

/// <summary>Vertices of {A y ≤ b, l ≤ y ≤ u} out of their tight constraints, by elimination with exchanges of rows.</summary>
internal sealed class VertexSystem
{
    private readonly double[] a;
    private readonly double[] b;
    private readonly double[] lower;
    private readonly double[] upper;
    private readonly int d;
    private readonly int[] columns;
    private readonly double[] matrix;
    private readonly double[] right;

    public VertexSystem(double[] a, double[] b, double[] lower, double[] upper)
    {
        (this.a, this.b, this.lower, this.upper, d) = (a, b, lower, upper, lower.Length);
        var most = Math.Min(b.Length, d);
        columns = new int[d];
        matrix = new double[most * most];
        right = new double[most];
    }

    /// <summary>The vertex of a basis: the nonbasic ones of y at their bounds, and the equations of the rows whose slack is nonbasic in the others; the order of both is their own, so the bits are too.</summary>
    public void Solve(ReadOnlySpan<bool> isBasic, ReadOnlySpan<bool> isFlipped, Span<double> y)
    {
        var (k, isShifted) = (0, false);
        for (var j = 0; j < d; j++)
        {
            if (isBasic[j]) columns[k++] = j;
            y[j] = isBasic[j] ? 0.0 : isFlipped[j] ? upper[j] : lower[j];
            isShifted |= y[j] != 0.0;
        }

        var row = 0;
        for (var i = 0; i < b.Length; i++)
        {
            if (isBasic[d + i]) continue;
            for (var j = 0; j < k; j++) matrix[row * k + j] = a[i * d + columns[j]];
            right[row++] = isShifted ? Slack(i, y) : b[i];
        }

        for (var step = 0; step < k; step++) Eliminate(matrix, right, step, k, k);
        for (var i = k - 1; i >= 0; i--)
        {
            var sum = right[i];
            for (var j = i + 1; j < k; j++) sum -= matrix[i * k + j] * right[j];
            right[i] = sum / matrix[i * k + i];

            // A basic variable may be at a bound, and rounding may put it a trifle beyond.
            y[columns[i]] = Math.Clamp(right[i], lower[columns[i]], upper[columns[i]]) + 0.0;
        }
    }

    /// <summary>Whether a point is feasible and has as many independent tight constraints as coordinates.</summary>
    public bool IsVertex(ReadOnlySpan<double> y)
    {
        var k = 0;
        var size = 1.0;
        foreach (var entry in y) size = Math.Max(size, Math.Abs(entry));
        for (var j = 0; j < d; j++)
        {
            var slack = 1e-9 * size;
            if (!(y[j] >= lower[j] - slack && y[j] <= upper[j] + slack && double.IsFinite(y[j]))) return false;
            if (y[j] > lower[j] + slack && y[j] < upper[j] - slack) columns[k++] = j;
        }

        var tight = 0;
        var system = new double[b.Length * k];
        for (var i = 0; i < b.Length; i++)
        {
            var (slack, scale, largest) = (Slack(i, y), Math.Abs(b[i]), 0.0);
            for (var j = 0; j < d; j++)
            {
                scale = Math.Max(scale, Math.Abs(a[i * d + j]) * size);
                largest = Math.Max(largest, Math.Abs(a[i * d + j]));
            }

            if (slack < -1e-9 * scale) return false;
            if (slack > 1e-9 * scale || largest == 0.0) continue;
            for (var j = 0; j < k; j++) system[tight * k + j] = a[i * d + columns[j]] / largest;
            tight++;
        }

        if (tight < k) return false;
        for (var step = 0; step < k; step++)
            if (Eliminate(system, new double[tight], step, k, tight) < 1e-9) return false;
        return true;
    }

    /// <summary>What row i leaves: b_i − Σ a_ij y_j.</summary>
    private double Slack(int i, ReadOnlySpan<double> y)
    {
        var slack = b[i];
        for (var j = 0; j < d; j++) slack -= a[i * d + j] * y[j];
        return slack;
    }

    /// <summary>One step of elimination on an n × k matrix; the size of the pivot.</summary>
    private static double Eliminate(double[] matrix, double[] right, int step, int k, int n)
    {
        var pivot = step;
        for (var i = step + 1; i < n; i++)
            if (Math.Abs(matrix[i * k + step]) > Math.Abs(matrix[pivot * k + step])) pivot = i;
        if (pivot != step)
        {
            for (var j = step; j < k; j++)
                (matrix[step * k + j], matrix[pivot * k + j]) = (matrix[pivot * k + j], matrix[step * k + j]);
            (right[step], right[pivot]) = (right[pivot], right[step]);
        }

        var size = Math.Abs(matrix[step * k + step]);
        if (size == 0.0) return 0.0;
        for (var i = step + 1; i < n; i++)
        {
            var factor = matrix[i * k + step] / matrix[step * k + step];
            if (factor == 0.0) continue;
            for (var j = step + 1; j < k; j++) matrix[i * k + j] -= factor * matrix[step * k + j];
            right[i] -= factor * right[step];
        }

        return size;
    }
}
