using System;

namespace Perturbed.Functional.CSharp;

public sealed partial class Oracle
{
    /// <summary>The assignment of rows to columns of largest total: θ is the r × c matrix of gains (minus costs),
    /// row-major, and y has a 1 where a row is matched to a column; conv(Y) is the Birkhoff polytope for r =
    /// c.</summary>
    /// <param name="rows">r, at least 1.</param>
    /// <param name="columns">c, at least 1. The smaller side is matched completely.</param>
    /// <returns>An oracle of dimension r·c, exact for any sign; cost O(n³) at worst, n the larger side. Square
    /// problems start warm. Ties break the same way every time.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A side below 1, or more than 2^24 entries.</exception>
    public static Oracle Assignment(int rows, int columns) => new(OracleModule.assignment(rows, columns));

    /// <summary>The spanning tree of largest weight (θ = −cost: of smallest cost): y marks the n − 1 edges of the tree
    /// in the order of the graph's edges.</summary>
    /// <param name="graph">The graph, connected; <see cref="Graph.Complete"/> has its edges in the order of the upper
    /// triangle, row by row.</param>
    /// <returns>An oracle of one dimension an edge, exact for any sign, of cost O(edges). Of equal entries the lower
    /// index comes first.</returns>
    /// <exception cref="ArgumentException">The graph has no edge, or is not connected.</exception>
    public static Oracle SpanningTree(Graph graph) => new(OracleModule.spanningTree(graph));

    /// <summary>The spanning forest of largest weight with k trees: y marks the n − k edges of the forest. With θ the
    /// similarities of points it is their single-linkage clustering.</summary>
    /// <param name="graph">The graph, with an edge at least.</param>
    /// <param name="components">k, from the number of connected parts of the graph to the number of nodes.</param>
    /// <returns>An oracle of one dimension an edge, exact for any sign, of cost O(edges). Of equal entries the lower
    /// index comes first.</returns>
    /// <exception cref="ArgumentException">The graph has no edge, or no forest of k trees.</exception>
    public static Oracle SpanningForest(Graph graph, int components) => new(OracleModule.spanningForest(components, graph));

    /// <summary>The spanning forest of k trees under must-link and cannot-link constraints, as y over the edges
    /// alone.</summary>
    /// <param name="graph">The graph, with an edge at least.</param>
    /// <param name="components">k, from the number of connected parts of the graph to the number of nodes.</param>
    /// <param name="constraints">Must-link pairs come first, by edges inside their groups, and keep the answer exact;
    /// cannot-link pairs refuse merges: up to 10 groups of linked nodes (a node by itself is one) the answer is exact,
    /// beyond it is greedy.</param>
    /// <returns>An oracle of one dimension an edge. An <see cref="OracleException"/> where, beyond 10 groups, the
    /// pairs leave a greedy forest with more than k trees. Stewart et al. 2023.</returns>
    /// <exception cref="ArgumentException">No such forest, or constraints that contradict each other, the graph or
    /// k.</exception>
    public static Oracle ConstrainedForest(Graph graph, int components, LinkConstraints constraints) =>
        new(OracleModule.constrainedForest(constraints, components, graph));

    /// <summary>The spanning forest of k trees followed by its cluster matrix: a solution is (y, M), M_ij = 1 where
    /// nodes i and j are in one tree. Perturbed, M becomes the probability of being clustered together.</summary>
    /// <param name="graph">The graph, with an edge at least and 4096 nodes at most.</param>
    /// <param name="components">k, from the number of connected parts of the graph to the number of nodes.</param>
    /// <param name="constraints">Must-link and cannot-link pairs, as in <see cref="ConstrainedForest"/>; none where
    /// left out.</param>
    /// <returns>An oracle of one dimension an edge whose solutions have edges + n² entries; its value is that of the
    /// forest. Losses and duals, which need ⟨y, θ⟩, want <see cref="ConstrainedForest"/> instead.</returns>
    /// <exception cref="ArgumentException">No such forest, or constraints that contradict each other, the graph or
    /// k.</exception>
    public static Oracle Clusters(Graph graph, int components, LinkConstraints? constraints = null) =>
        new(OracleModule.clusters(constraints ?? LinkConstraints.None, components, graph));

    /// <summary>The shortest path in a directed graph: θ = −cost of each edge, and y marks the edges of the path;
    /// conv(Y) is the polytope of unit flows from source to target where no cycle helps.</summary>
    /// <param name="graph">The graph, built once; the oracles of a batch, one an instance, share it.</param>
    /// <param name="source">Where paths start.</param>
    /// <param name="target">Where they end, another node.</param>
    /// <param name="negativeEdges">With cycles: whether an edge of negative cost (θ &gt; 0) is an error (Dijkstra),
    /// costs 0 in the choice of the path (Dijkstra), or counts as it is (Bellman-Ford). Graphs without cycles take any
    /// sign.</param>
    /// <returns>An oracle of one dimension an edge. Cost O(edges) without cycles, O(edges log n) by Dijkstra, O(n ·
    /// edges) at worst by Bellman-Ford, where a negative cycle on the way is an <see cref="OracleException"/> that
    /// names its nodes. Ties break the same way every time.</returns>
    /// <exception cref="ArgumentException">An end that is no node, the same node twice, or a target out of
    /// reach.</exception>
    public static Oracle ShortestPath(Digraph graph, int source, int target, NegativeEdges negativeEdges) =>
        new(OracleModule.shortestPath(negativeEdges, source, target, graph));

    /// <summary>The shortest path of at most k edges in a directed graph without cycles: θ = −cost of each edge, of
    /// any sign, and y marks the edges of the path.</summary>
    /// <param name="graph">The graph, without cycles, built once; the oracles of a batch, one an instance, share
    /// it.</param>
    /// <param name="source">Where paths start.</param>
    /// <param name="target">Where they end, another node.</param>
    /// <param name="edges">k, at least the fewest edges of a path from the source to the target.</param>
    /// <returns>An oracle of one dimension an edge and cost O(k (n + edges)). Of equal paths the one of fewer edges
    /// wins, and of those the one of the first edges, seen from the target.</returns>
    /// <exception cref="ArgumentException">A graph with a cycle, an end that is no node, the same node twice, no path
    /// of at most k edges, or more than 2^22 pairs of a node and a number of edges.</exception>
    public static Oracle ShortestPathWithin(Digraph graph, int source, int target, int edges) =>
        new(OracleModule.shortestPathWithin(edges, source, target, graph));

    /// <summary>The shortest path on a grid with 4 or 8 neighbours whose moves have costs, from the top left to the
    /// bottom right: θ = −cost of each move in the order of <see cref="Digraph.Grid"/>, and y marks the moves of the
    /// path.</summary>
    /// <param name="rows">Rows of the grid, at least 1.</param>
    /// <param name="columns">Columns of the grid, at least 1; the grid has two cells or more.</param>
    /// <param name="moves">4 neighbours or 8; for right and down there is <see cref="RightDownEdgePath"/>.</param>
    /// <param name="negativeEdges">The policy for θ &gt; 0, as in <see cref="ShortestPath"/>.</param>
    /// <returns>An oracle of one dimension a move: 2(2rc − r − c) for 4 neighbours.</returns>
    /// <exception cref="ArgumentException">Moves right and down, a side below 1, or a single cell.</exception>
    public static Oracle GridEdgePath(int rows, int columns, GridMoves moves, NegativeEdges negativeEdges) =>
        new(OracleModule.gridEdgePath(moves, negativeEdges, rows, columns));

    /// <summary>The shortest path on a grid by moves right and down that have costs: θ = −cost of each move in the
    /// order of <see cref="Digraph.Grid"/>, of any sign, and y marks the moves of the path.</summary>
    /// <param name="rows">Rows of the grid, at least 1.</param>
    /// <param name="columns">Columns of the grid, at least 1; the grid has two cells or more.</param>
    /// <returns>An oracle of one dimension a move: 2rc − r − c.</returns>
    /// <exception cref="ArgumentException">A side below 1, or a single cell.</exception>
    public static Oracle RightDownEdgePath(int rows, int columns) => new(OracleModule.rightDownEdgePath(rows, columns));

    /// <summary>The minimum cut, and with it the maximum flow: θ = −capacity of each edge, y marks the edges of the
    /// cut, and −F(θ) is the value of the maximum flow, whose gradient in the capacities is y.</summary>
    /// <param name="graph">The graph, with an edge at least, shared by any number of oracles.</param>
    /// <param name="source">Where flow starts.</param>
    /// <param name="target">Where it ends, another node.</param>
    /// <param name="negativeCosts">Whether a negative capacity (θ &gt; 0) is an error, or counts as 0 in the choice of
    /// the cut: with negative ones it would be the maximum cut, which is hard.</param>
    /// <returns>An oracle of one dimension an edge, by Dinic's algorithm, O(n² · edges) at worst. Of several best
    /// cuts, the one nearest to the source.</returns>
    /// <exception cref="ArgumentException">An end that is no node, the same node twice, or a graph without
    /// edges.</exception>
    public static Oracle MinimumCut(Digraph graph, int source, int target, NegativeCosts negativeCosts) =>
        new(OracleModule.minimumCut(negativeCosts, source, target, graph));

    /// <summary>Optimal transport: θ = −cost, r × c, row-major, and y is the best plan with row sums a and column sums
    /// b, a vertex of the transport polytope U(a, b).</summary>
    /// <param name="rowMarginals">a, positive. Like b it is rounded to multiples of a power of two, at most 2⁻⁵⁰ of
    /// its sum, so that flows are exact.</param>
    /// <param name="columnMarginals">b, positive, with the sum of a to 1e-9 of it.</param>
    /// <returns>An oracle of dimension r·c, for θ of any sign, by the network simplex; rows start from the basis of
    /// the row before. Ties break the same way every time.</returns>
    /// <exception cref="ArgumentException">An empty marginal, an entry that is not positive and finite, or sums that
    /// disagree.</exception>
    public static Oracle Transport(double[] rowMarginals, double[] columnMarginals) =>
        new(OracleModule.transport(rowMarginals, columnMarginals));

    /// <summary>Flows of largest gain: θ is the gain of a unit on each edge (−cost for costs), and y the best flow 0 ≤
    /// y ≤ c from source to target, a vertex of the flow polytope.</summary>
    /// <param name="graph">The graph, with an edge at least, shared by any number of oracles.</param>
    /// <param name="capacities">c, one an edge, at least 0: whole numbers, so that flows are.</param>
    /// <param name="source">Where flow starts.</param>
    /// <param name="target">Where it ends, another node.</param>
    /// <returns>An oracle of one dimension an edge, for θ of any sign, by successive shortest paths of O(edges log n).
    /// Ties break the same way every time.</returns>
    /// <exception cref="ArgumentException">An end that is no node, the same node twice, a graph without edges, a wrong
    /// number of capacities or a negative one.</exception>
    /// <remarks>With θ = 1 on the edges out of the source and 0 elsewhere y is a maximum flow. Where capacities are
    /// what is learned or perturbed, take <see cref="MinimumCut"/>.</remarks>
    public static Oracle Flow(Digraph graph, int[] capacities, int source, int target) =>
        new(OracleModule.flow(capacities, source, target, graph));

    /// <summary>The bipartite b-matching: θ is the r × c matrix of gains, row-major, and y, of zeros and ones, the
    /// pairs of largest total with at most a_i in row i and b_j in column j.</summary>
    /// <param name="rowLimits">a, one a row, at least 0.</param>
    /// <param name="columnLimits">b, one a column, at least 0.</param>
    /// <returns>An oracle of dimension r·c, exact for any sign, by at most r·c shortest paths. Ties break the same way
    /// every time.</returns>
    /// <exception cref="ArgumentException">No rows or no columns, a negative limit, or more than 2^24
    /// entries.</exception>
    /// <remarks>Limits need not be used up, and no pair with θ &lt; 0 is taken; <see cref="Assignment"/> saturates the
    /// smaller side.</remarks>
    public static Oracle BMatching(int[] rowLimits, int[] columnLimits) => new(OracleModule.bMatching(rowLimits, columnLimits));
}
