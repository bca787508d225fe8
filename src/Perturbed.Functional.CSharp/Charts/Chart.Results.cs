using System;
using Perturbed.Functional.Charts;

namespace Perturbed.Functional.CSharp;

public sealed partial class Chart
{
    /// <summary>The probabilities of solutions, from <c>Smoothed.Distribution</c>: at most the first 16.</summary>
    /// <param name="distribution">One solution or more, from <see cref="Smoothed.Distribution(double[])"/>.</param>
    /// <returns>Bars of p_θ(y) with standard errors.</returns>
    /// <exception cref="ArgumentException">There is no solution.</exception>
    public static Chart OfDistribution(SolutionFrequency[] distribution) =>
        new(ChartModule.ofDistribution(ChartCores.Frequencies(distribution)));

    /// <summary>The perturbed maximizer y*_ε(θ) with standard errors, from <c>Smoothed.Estimate</c>; the title tells F_ε(θ).</summary>
    /// <param name="estimate">An estimate of 1 to 60 coordinates, from <see cref="Smoothed.Estimate(double[])"/>.</param>
    /// <returns>Bars with whiskers.</returns>
    /// <exception cref="ArgumentException">Too many coordinates.</exception>
    public static Chart OfEstimate(Estimate estimate) => new(ChartModule.ofEstimate(ChartCores.Estimate(estimate)));

    /// <summary>Numbers with errors, by coordinate, such as the result of <c>Smoothed.JacobianVector</c>.</summary>
    /// <param name="title">The title.</param>
    /// <param name="axis">What the numbers are, with their unit.</param>
    /// <param name="vector">1 to 60 finite numbers with standard errors; NaN for none.</param>
    /// <returns>Bars with whiskers.</returns>
    /// <exception cref="ArgumentException">No number or too many, or one that is infinite.</exception>
    public static Chart OfUncertain(string title, string axis, Uncertain<double[]> vector) =>
        new(ChartModule.ofUncertain(Crossing.NotNull(title), Crossing.NotNull(axis), ChartCores.Uncertain(vector)));

    /// <summary>A Jacobian ∂y*_ε/∂θ, from <c>Smoothed.Jacobian</c>: blue below 0, red above.</summary>
    /// <param name="jacobian">1 to 128 rows and columns, finite, from <see cref="Smoothed.Jacobian(double[])"/>.</param>
    /// <returns>A heat map.</returns>
    /// <exception cref="ArgumentException">No entry, too many, or one that is not finite.</exception>
    public static Chart OfJacobian(double[,] jacobian) => new(ChartModule.ofJacobian(Crossing.NotNull(jacobian)));

    /// <summary>A Jacobian with standard errors, from <c>Smoothed.JacobianBy</c>: they are told where a pointer rests.</summary>
    /// <param name="jacobian">1 to 128 rows and columns, finite.</param>
    /// <returns>A heat map.</returns>
    /// <exception cref="ArgumentException">No entry, too many, or one that is not finite.</exception>
    public static Chart OfJacobian(Uncertain<double[,]> jacobian) => new(ChartModule.ofUncertainJacobian(ChartCores.Uncertain(jacobian)));

    /// <summary>The mean loss over the epochs of a training, from <c>Trained.History</c>.</summary>
    /// <param name="history">The records, from <see cref="Trained.History"/>; one or more has a finite loss.</param>
    /// <returns>A line.</returns>
    /// <exception cref="ArgumentException">There is nothing to draw.</exception>
    public static Chart OfHistory(EpochRecord[] history) => new(ChartModule.ofHistory(ChartCores.Records(history)));

    /// <summary>The simplex with y*(θ) and y*_ε(θ) for several ε, of <see cref="Oracle.Argmax"/> of dimension 3.</summary>
    /// <param name="smoothed">The operator; its own ε does not count.</param>
    /// <param name="theta">θ, of length 3.</param>
    /// <param name="epsilons">The ε, positive.</param>
    /// <returns>A polytope with a path from the vertex to the middle.</returns>
    /// <exception cref="ArgumentException">Solutions that are not of the simplex, or what the maximizer refuses.</exception>
    public static Chart OfSimplex(Smoothed smoothed, double[] theta, params double[] epsilons) =>
        new(ChartModule.ofSimplex(Crossing.NotNull(epsilons), Crossing.NotNull(theta), Crossing.NotNull(smoothed).Core));

    /// <summary>The permutahedron of 1, 2, 3 with y*(θ) and y*_ε(θ) for several ε, of <see cref="Oracle.Ranking(int)"/> of dimension 3.</summary>
    /// <param name="smoothed">The operator; its own ε does not count.</param>
    /// <param name="theta">θ, of length 3.</param>
    /// <param name="epsilons">The ε, positive.</param>
    /// <returns>A polytope with a path from the vertex to the middle.</returns>
    /// <exception cref="ArgumentException">Solutions that are not of the permutahedron, or what the maximizer refuses.</exception>
    public static Chart OfPermutahedron(Smoothed smoothed, double[] theta, params double[] epsilons) =>
        new(ChartModule.ofPermutahedron(Crossing.NotNull(epsilons), Crossing.NotNull(theta), Crossing.NotNull(smoothed).Core));
}
