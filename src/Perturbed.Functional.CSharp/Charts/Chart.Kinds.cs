using System;
using Perturbed.Functional.Charts;

namespace Perturbed.Functional.CSharp;

public sealed partial class Chart
{
    /// <summary>Lines with bands or bars of errors.</summary>
    /// <param name="title">The title.</param>
    /// <param name="x">The horizontal axis.</param>
    /// <param name="y">The vertical axis.</param>
    /// <param name="curves">The curves, with one finite point or more.</param>
    /// <returns>A chart 640 wide.</returns>
    /// <exception cref="ArgumentException">There is nothing to draw.</exception>
    public static Chart Lines(string title, Axis x, Axis y, params Curve[] curves) =>
        new(LineChartModule.chart(new(
            Crossing.NotNull(title), Crossing.NotNull(x).Core, Crossing.NotNull(y).Core, ChartCores.Curves(curves))));

    /// <summary>A matrix as colours, dark to bright.</summary>
    /// <param name="title">The title.</param>
    /// <param name="valueTitle">What the numbers are, with their unit.</param>
    /// <param name="values">1 to 128 rows and columns, finite.</param>
    /// <returns>A chart 480 wide.</returns>
    /// <exception cref="ArgumentException">No value, too many, or one that is not finite.</exception>
    public static Chart HeatMap(string title, string valueTitle, double[,] values) =>
        new(HeatMapModule.chart(HeatMapModule.create(Crossing.NotNull(title), Crossing.NotNull(valueTitle), Crossing.NotNull(values))));

    /// <summary>Who is assigned to whom: the probabilities, and frames around the assignment without noise.</summary>
    /// <param name="rows">The number of rows, at least 1.</param>
    /// <param name="columns">The number of columns, at least 1.</param>
    /// <param name="solution">y*(θ), of length rows·columns, row by row.</param>
    /// <param name="probabilities">y*_ε(θ), of length rows·columns, row by row.</param>
    /// <returns>A heat map.</returns>
    /// <exception cref="ArgumentException">A wrong length, or a value that is not finite.</exception>
    public static Chart OfAssignment(int rows, int columns, double[] solution, double[] probabilities) =>
        new(HeatMapModule.chart(MatrixChart.assignment(rows, columns, Crossing.NotNull(solution), Crossing.NotNull(probabilities))));

    /// <summary>How often each item has each rank, from the distribution of a ranking operator.</summary>
    /// <param name="distribution">The solutions with their probabilities, one or more, the most frequent first.</param>
    /// <returns>A heat map: rows are items, columns ranks; the most frequent ranking has frames.</returns>
    /// <exception cref="ArgumentException">No solution.</exception>
    public static Chart OfRankings(SolutionFrequency[] distribution) =>
        new(HeatMapModule.chart(MatrixChart.rankings(ChartCores.Frequencies(distribution))));

    /// <summary>How often each pair of letters is aligned, with frames around the pairs of the alignment without noise.</summary>
    /// <param name="first">The first sequence, n ≥ 1 letters: the rows.</param>
    /// <param name="second">The second sequence, m ≥ 1 letters: the columns.</param>
    /// <param name="solution">y*(θ), of length 3·n·m.</param>
    /// <param name="probabilities">y*_ε(θ), of length 3·n·m.</param>
    /// <param name="kind">Whether the solutions are of <see cref="Oracle.Alignment"/> or of <see cref="Oracle.LocalAlignment"/>.</param>
    /// <returns>A heat map, with the alignment below as text.</returns>
    /// <exception cref="ArgumentException">A wrong length, a value that is not finite, or a solution that is no alignment.</exception>
    public static Chart OfAlignment(
        string first, string second, double[] solution, double[] probabilities, AlignmentKind kind = AlignmentKind.Global) =>
        new(HeatMapModule.chart(AlignmentChart.pairs(
            kind, Crossing.NotNull(first), Crossing.NotNull(second), Crossing.NotNull(solution), Crossing.NotNull(probabilities))));

    /// <summary>The costs of a grid with the shortest path, and the probability of each cell.</summary>
    /// <param name="rows">Rows of the grid, at least 1.</param>
    /// <param name="columns">Its columns, at least 1.</param>
    /// <param name="costs">−θ, of length rows·columns, row by row, finite.</param>
    /// <param name="solution">y*(θ): the cells of the path are 1, from the first cell to the last.</param>
    /// <param name="probabilities">y*_ε(θ), of length rows·columns.</param>
    /// <returns>Two maps.</returns>
    /// <exception cref="ArgumentException">A wrong length, a number that is not finite, or a solution that is no path.</exception>
    public static Chart OfGridPath(int rows, int columns, double[] costs, double[] solution, double[] probabilities) =>
        new(MapChart.chart("Shortest path", GridChart.paths(
            rows, columns, Crossing.NotNull(costs), Crossing.NotNull(solution), Crossing.NotNull(probabilities))));

    /// <summary>An undirected graph with weights: trees, forests, matchings, clusters of points.</summary>
    /// <param name="positions">Where its nodes are; y grows upwards.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="solution">y*(θ), a number for each edge: those above 0 are dashed.</param>
    /// <param name="weights">y*_ε(θ), a number for each edge, at least 0: the width of its line.</param>
    /// <returns>A chart 480 wide.</returns>
    /// <exception cref="ArgumentException">A wrong length, or a number that is not finite.</exception>
    public static Chart OfGraph((double X, double Y)[] positions, Graph graph, double[] solution, double[] weights) =>
        new(GraphChartModule.chart(GraphChartModule.ofGraph(
            ChartCores.Positions(positions), Crossing.NotNull(graph), Crossing.NotNull(solution), Crossing.NotNull(weights))));

    /// <summary>A directed graph with weights: shortest paths and flows.</summary>
    /// <param name="positions">Where its nodes are; y grows upwards.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="solution">y*(θ), a number for each edge: those above 0 are dashed.</param>
    /// <param name="weights">y*_ε(θ), a number for each edge, at least 0: the width of its line.</param>
    /// <returns>A chart 480 wide.</returns>
    /// <exception cref="ArgumentException">A wrong length, or a number that is not finite.</exception>
    public static Chart OfGraph((double X, double Y)[] positions, Digraph graph, double[] solution, double[] weights) =>
        new(GraphChartModule.chart(GraphChartModule.ofDigraph(
            ChartCores.Positions(positions), Crossing.NotNull(graph), Crossing.NotNull(solution), Crossing.NotNull(weights))));
}
