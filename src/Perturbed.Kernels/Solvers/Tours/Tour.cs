using System;

namespace Perturbed.Kernels;

/// <summary>
/// Round trips as indicators of edges: the edge (i, j), i &lt; j, stands at its place in the upper triangle read row
/// by row.
/// </summary>
internal static class Tour
{
    public static int Edges(int cities) => cities * (cities - 1) / 2;

    public static int Edge(int cities, int a, int b)
    {
        var (i, j) = a < b ? (a, b) : (b, a);
        return i * cities - i * (i + 1) / 2 + j - i - 1;
    }

    /// <summary>Copies the gains of the edges into a symmetric matrix.</summary>
    public static void Fill(ReadOnlySpan<double> theta, int cities, Span<double> matrix)
    {
        var edge = 0;
        for (var i = 0; i < cities; i++)
            for (var j = i + 1; j < cities; j++, edge++) matrix[i * cities + j] = matrix[j * cities + i] = theta[edge];
    }

    /// <summary>Whether the ones of y are the edges of one cycle through all cities.</summary>
    public static bool IsTour(ReadOnlySpan<double> y, int cities)
    {
        foreach (var entry in y)
            if (entry != 0.0 && entry != 1.0) return false;
        for (var i = 0; i < cities; i++)
        {
            var degree = 0;
            for (var j = 0; j < cities; j++)
                if (j != i && y[Edge(cities, i, j)] == 1.0) degree++;
            if (degree != 2) return false;
        }

        // With two edges at every city, following edges closes a cycle; it must have all cities.
        var (before, city) = (-1, 0);
        for (var step = 1; step <= cities; step++)
        {
            var next = 0;
            while (next < cities && (next == city || next == before || y[Edge(cities, city, next)] == 0.0)) next++;
            if ((next == 0) != (step == cities)) return false;
            (before, city) = (city, next);
        }

        return true;
    }
}
