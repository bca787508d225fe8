using System;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// The travelling salesman on a complete graph, exact: θ = −cost of each edge, and y*(θ) marks the edges of the best
/// round trip.
/// </summary>
/// <remarks>
/// The edges are the upper triangle row by row: (0,1), (0,2), …, (1,2), …; d = n(n − 1)/2. Costs may have any sign. Of
/// equal tours one is chosen by a rule: from city 0 backward, at each city the lowest number that keeps the tour
/// optimal. By Held and Karp's dynamic program over sets of cities, eight rows at once: cost O(n²·2ⁿ). Paper: Appendix
/// B.
/// </remarks>
public sealed class TourOracle : IOracle
{
    /// <summary>The largest number of cities.</summary>
    public const int LargestCities = 12;

    /// <summary>Tours of n cities.</summary>
    /// <param name="cities">n, from 3 to 12; for more there is <see cref="TourHeuristicOracle"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="cities"/> is not in 3..12.</exception>
    public TourOracle(int cities)
    {
        if (cities < 3 || cities > LargestCities)
            throw new ArgumentOutOfRangeException(
                nameof(cities), cities,
                $"cities is {cities}; it must be from 3 to {LargestCities}; for more there is tsp-heuristic, TourHeuristicOracle, "
                    + "and, exact, OrToolsOracle.tsp of Perturbed.Functional.OrTools, whose asymmetricTsp has a cost for each direction.");
        Cities = cities;
    }

    /// <inheritdoc/>
    public string Name => "tsp";

    /// <summary>The number n of cities.</summary>
    public int Cities { get; }

    /// <inheritdoc/>
    public int Dimension => Tour.Edges(Cities);

    /// <inheritdoc/>
    public int SolutionDimension => Dimension;

    /// <inheritdoc/>
    public bool DependsOnInstance => false;

    /// <summary>Whether the ones of <paramref name="y"/> are the edges of a cycle through all cities.</summary>
    /// <param name="y">A point, of the dimension n(n − 1)/2.</param>
    /// <returns>True exactly for the tours.</returns>
    /// <exception cref="ArgumentException"><paramref name="y"/> has another length.</exception>
    public bool IsSolution(ReadOnlySpan<double> y)
    {
        RowShape.Point(y, Dimension);
        return Tour.IsTour(y, Cities);
    }

    /// <inheritdoc/>
    public ISolver CreateSolver() => new HeldKarpSolver(Cities, Name);
}
