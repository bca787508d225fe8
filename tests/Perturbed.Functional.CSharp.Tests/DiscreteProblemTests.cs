using System;
using System.Linq;
using Xunit;

namespace Perturbed.Functional.CSharp.Tests;

public class DiscreteProblemTests
{
    private static readonly Graph Complete = Graph.Complete(4);

    // Edges (0,1), (0,2), (0,3), (1,2), (1,3), (2,3): nodes 0 and 1 are close, 2 and 3 are close.
    private static readonly double[] Similarities = [5, 1, 2, 3, 0, 4];

    [Fact]
    public void Balls_and_boxes_answer_with_their_extreme_point()
    {
        Assert.Equal([0, -2, 0], Oracle.L1Ball(3, 2).Solve([1, -3, 2]));
        Assert.Equal([-1, 5], Oracle.Box([-1, 0], [1, 5]).Solve([-2, 3]));
        Assert.Equal([0, 1], Oracle.UnitBox(2).Solve([-2, 3]));
        Assert.Equal([-1, 1], Oracle.Sign(2).Solve([-2, 3]));
        AssertNear([0, 6, 8], Oracle.GroupBall([0, 1, 1], 10).Solve([4, 3, 4]));
        AssertNear([0, 2, 0, 0], Oracle.NuclearBall(2, 2, 2).Solve([0, 3, 1, 0]));
        AssertNear([0.5, 0.5, 0.5, 0.5], Oracle.Spectraplex(2).Solve([0, 1, 1, 0]));
    }

    [Fact]
    public void A_ball_has_radius_one_where_none_is_given()
    {
        Assert.Equal([0, -1, 0], Oracle.L1Ball(3).Solve([1, -3, 2]));
        AssertNear([0, 0.6, 0.8], Oracle.GroupBall([0, 1, 1]).Solve([4, 3, 4]));
        AssertNear([0, 1, 0, 0], Oracle.NuclearBall(2, 2).Solve([0, 3, 1, 0]));
    }

    [Fact]
    public void An_assignment_is_of_rows_to_columns() =>
        Assert.Equal([0, 0, 1, 1, 0, 0], Oracle.Assignment(2, 3).Solve([2, 0, 3, 4, 1, 0]));

    [Fact]
    public void Trees_forests_and_clusters_take_the_heaviest_edges()
    {
        Assert.Equal([1, 0, 0, 1, 0, 1], Oracle.SpanningTree(Complete).Solve(Similarities));
        Assert.Equal([1, 0, 0, 0, 0, 1], Oracle.SpanningForest(Complete, 2).Solve(Similarities));
        double[] matrix = [1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1];
        Assert.Equal([1, 0, 0, 0, 0, 1, .. matrix], Oracle.Clusters(Complete, 2).Solve(Similarities));
    }

    [Fact]
    public void Link_constraints_come_before_weights()
    {
        var constraints = new LinkConstraints([(1, 3)], [(0, 1)]);
        double[] edges = [0, 0, 0, 0, 1, 1];
        Assert.Equal(edges, Oracle.ConstrainedForest(Complete, 2, constraints).Solve(Similarities));
        Assert.Equal(edges, Oracle.Clusters(Complete, 2, constraints).Solve(Similarities).Take(6));
    }

    [Fact]
    public void A_partial_loss_is_trained_by_labels_of_some_nodes()
    {
        var constraints = LinkConstraints.OfLabels(0, 1, -1, 0);
        Assert.Equal([(0, 3)], constraints.MustLink.ToArray());
        Assert.Equal([(0, 1)], constraints.CannotLink.ToArray());
        Assert.Contains("labels[1] is -2", Assert.Throws<ArgumentException>(() => LinkConstraints.OfLabels(0, -2)).Message);
        var restricted = Oracle.ConstrainedForest(Complete, 2, constraints);
        var smoothed = Oracle.SpanningForest(Complete, 2).Perturb(Noise.Gaussian, 0.5, 50);
        var (loss, gradient) = smoothed.PartialFenchelYoungLoss(Similarities, restricted);
        Assert.True(loss.Value > 0);
        Assert.Equal(gradient, smoothed.PartialFenchelYoungGradient(Similarities, restricted));
        var (value, pullback) = smoothed.PartialFenchelYoungDifferentiable(restricted).Pullback(Similarities);
        Assert.Equal(loss.Value, value);
        Assert.Equal(gradient, pullback(1.0));
        var thetas = new double[1, 6];
        Buffer.BlockCopy(Similarities, 0, thetas, 0, 6 * sizeof(double));
        Assert.Equal(loss.Value, smoothed.PartialFenchelYoungLoss(thetas, Oracle.PerInstance(restricted)).Losses[0].Value);
        var batch = new LossBatch(smoothed.Key, thetas, new double[1, 1]);
        Assert.Equal(loss.Value, Loss.PartialFenchelYoung(restricted, smoothed).Evaluate(batch).Value, 12);
    }

    [Fact]
    public void A_path_marks_the_edges_of_least_total_cost()
    {
        var graph = new Digraph(4, [0, 0, 1, 2, 3], [1, 2, 3, 3, 0]);
        var oracle = Oracle.ShortestPath(graph, 0, 3, NegativeEdges.Allow);
        Assert.Equal([0, 1, 0, 1, 0], oracle.Solve([-2, -1, -2, -1, -5]));
        Assert.Equal((PolytopeKind.Paths, 0, 3), (oracle.Polytope.Kind, oracle.Polytope.Source, oracle.Polytope.Target));
        Assert.Same(graph, oracle.Polytope.Digraph);
        var direct = new Digraph(4, [0, 1, 2, 0], [1, 2, 3, 3]);
        var within = Oracle.ShortestPathWithin(direct, 0, 3, 2);
        Assert.Equal([0, 0, 0, 1], within.Solve([1, 1, 1, -5]));
        Assert.Equal((PolytopeKind.PathsWithin, 0, 3, 2),
            (within.Polytope.Kind, within.Polytope.Source, within.Polytope.Target, within.Polytope.Edges));
        // Moves of a 2 × 2 grid: right and down from the first cell, down from the second, right from the third.
        Assert.Equal([0, 1, 0, 1], Oracle.RightDownEdgePath(2, 2).Solve([-2, -1, -1, -1]));
    }

    [Fact]
    public void A_cut_marks_the_edges_of_least_total_capacity()
    {
        var graph = new Digraph(4, [0, 0, 1, 2], [1, 2, 3, 3]);
        var oracle = Oracle.MinimumCut(graph, 0, 3, NegativeCosts.Reject);
        Assert.Equal([0, 1, 1, 0], oracle.Solve([-3, -1, -2, -4]));
        Assert.Equal((PolytopeKind.Cuts, 0, 3), (oracle.Polytope.Kind, oracle.Polytope.Source, oracle.Polytope.Target));
        Assert.Same(graph, oracle.Polytope.Digraph);
    }

    [Fact]
    public void A_transport_plan_has_its_row_and_column_sums()
    {
        var oracle = Oracle.Transport([2, 1], [1, 2]);
        Assert.Equal([0, 2, 1, 0], oracle.Solve([-1, 0, 0, -1]));
        Assert.Equal(PolytopeKind.TransportPlans, oracle.Polytope.Kind);
        Assert.Equal([2, 1], oracle.Polytope.RowMarginals!);
        Assert.Equal([1, 2], oracle.Polytope.ColumnMarginals!);
    }

    [Fact]
    public void A_flow_takes_the_edges_that_gain_most_within_their_capacities()
    {
        var graph = new Digraph(3, [0, 0, 1], [1, 2, 2]);
        var oracle = Oracle.Flow(graph, [3, 1, 2], 0, 2);
        Assert.Equal([2, 1, 2], oracle.Solve([1, 1, 0]));
        Assert.Equal((PolytopeKind.Flows, 0, 2), (oracle.Polytope.Kind, oracle.Polytope.Source, oracle.Polytope.Target));
        Assert.Equal([3, 1, 2], oracle.Polytope.Capacities!);
        Assert.Same(graph, oracle.Polytope.Digraph);
    }

    [Fact]
    public void A_b_matching_keeps_its_limits()
    {
        var oracle = Oracle.BMatching([2, 1], [1, 1, 1]);
        Assert.Equal([1, 0, 1, 0, 1, 0], oracle.Solve([3, 1, 2, 2, 3, -1]));
        Assert.Equal(PolytopeKind.LimitedMatchings, oracle.Polytope.Kind);
        Assert.Equal([2, 1], oracle.Polytope.RowLimits!);
        Assert.Equal([1, 1, 1], oracle.Polytope.ColumnLimits!);
    }

    [Fact]
    public void Knapsacks_fill_their_capacities()
    {
        Assert.Equal([0, 1, 1], Oracle.Knapsack([4, 3, 2], 5).Solve([4, 3, 2]));
        Assert.Equal([1, 0, 0], Oracle.MultiKnapsack(new[,] { { 4, 3, 2 }, { 1, 2, 2 } }, [5, 3]).Solve([4, 3, 2]));
    }

    [Fact]
    public void A_tour_visits_the_corners_of_a_square_in_turn()
    {
        double[] costs = [1, 1.4, 1, 1, 1.4, 1];
        double[] theta = [.. costs.Select(c => -c)];
        Assert.Equal([1, 0, 1, 1, 0, 1], Oracle.Tsp(4).Solve(theta));
        Assert.Equal([1, 0, 1, 1, 0, 1], Oracle.TspHeuristic(4).Solve(theta));
        Assert.Equal([1, 0, 1, 1, 0, 1], Oracle.TspHeuristic(4, 4).Solve(theta));
    }

    [Fact]
    public void Alignments_are_scored_and_printed_by_their_letters()
    {
        static double[] Scores(string first, string second) =>
            Alignment.Scores(first, second, (a, b) => a == b ? 2 : -1, opening: -1.5, extension: -0.5);
        var whole = Oracle.Alignment(5, 4).Solve(Scores("GATTA", "GTTA"));
        Assert.Equal("GATTA\n| |||\nG-TTA", Alignment.Render("GATTA", "GTTA", whole));
        var stretch = Oracle.LocalAlignment(5, 4).Solve(Scores("GATTA", "CTTA"));
        Assert.Equal("TTA\n|||\nTTA", Alignment.Render("GATTA", "CTTA", stretch, AlignmentKind.Local));
    }

    [Fact]
    public void A_linear_program_answers_with_a_vertex() =>
        AssertNear([3, 1], Oracle.LinearProgram(new double[,] { { 1, 1 }, { 1, 0 } }, [4, 3]).Solve([2, 1]));

    [Fact]
    public void A_linear_program_keeps_its_bounds()
    {
        var oracle = Oracle.LinearProgram(new double[,] { { 1, 1 } }, [4], [-1, -2], [3, double.PositiveInfinity]);
        AssertNear([3, 1], oracle.Solve([2, 1]));
        AssertNear([-1, -2], oracle.Solve([-2, -1]));
        Assert.Equal([-1, -2], oracle.Polytope.Lower!);
        Assert.Equal([3, double.PositiveInfinity], oracle.Polytope.Upper!);
    }

    [Fact]
    public void The_polytope_of_a_program_is_known_by_kind_and_data()
    {
        var knapsack = Oracle.Knapsack([4, 3, 2], 5).Polytope;
        Assert.Equal(PolytopeKind.Knapsack, knapsack.Kind);
        Assert.Equal(new[,] { { 4, 3, 2 } }, knapsack.Weights);
        Assert.Equal([5], knapsack.Capacities!);
        Assert.Equal((PolytopeKind.Tours, 5), (Oracle.Tsp(5).Polytope.Kind, Oracle.Tsp(5).Polytope.Cities));
        var local = Oracle.LocalAlignment(2, 3).Polytope;
        Assert.Equal((PolytopeKind.Alignments, 2, 3, AlignmentKind.Local), (local.Kind, local.Rows, local.Columns, local.Alignment));
        var program = Oracle.LinearProgram(new double[,] { { 1, 1 } }, [4]).Polytope;
        Assert.Equal(PolytopeKind.Inequalities, program.Kind);
        Assert.Equal(new double[,] { { 1, 1 } }, program.A);
        Assert.Equal([4], program.B!);
    }

    [Fact]
    public void The_polytope_is_known_by_kind_and_data()
    {
        var l1 = Oracle.L1Ball(3, 2).Polytope;
        Assert.Equal((PolytopeKind.L1Ball, 2), (l1.Kind, l1.Radius));
        var box = Oracle.Box([-1, 0], [1, 5]).Polytope;
        Assert.Equal(PolytopeKind.Box, box.Kind);
        Assert.Equal([-1, 0], box.Lower!);
        Assert.Equal([1, 5], box.Upper!);
        var group = Oracle.GroupBall([0, 1, 1], 10).Polytope;
        Assert.Equal((PolytopeKind.GroupBall, 10), (group.Kind, group.Radius));
        Assert.Equal([0, 1, 1], group.Groups!);
        var nuclear = Oracle.NuclearBall(2, 3, 4).Polytope;
        Assert.Equal((PolytopeKind.NuclearBall, 2, 3, 4), (nuclear.Kind, nuclear.Rows, nuclear.Columns, nuclear.Radius));
        var spectraplex = Oracle.Spectraplex(3).Polytope;
        Assert.Equal((PolytopeKind.Spectraplex, 3, 3), (spectraplex.Kind, spectraplex.Rows, spectraplex.Columns));
        var matchings = Oracle.Assignment(2, 3).Polytope;
        Assert.Equal((PolytopeKind.Matchings, 2, 3), (matchings.Kind, matchings.Rows, matchings.Columns));
        var forests = Oracle.SpanningForest(Complete, 2).Polytope;
        Assert.Equal((PolytopeKind.SpanningForests, 2), (forests.Kind, forests.Components));
        Assert.Same(Complete, forests.Graph);
    }

    private static void AssertNear(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-11);
    }
}
