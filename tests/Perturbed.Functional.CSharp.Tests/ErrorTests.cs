using System;
using System.Linq;
using Xunit;

namespace Perturbed.Functional.CSharp.Tests;

public class ErrorTests
{
    private static readonly double[,] NoRows = new double[0, 3];
    private static readonly double[] Theta = [0.5, 0.3, 0.2];
    private static readonly SmoothedOracle Op = Oracles.Argmax(3).Perturb(Noises.Gumbel, 1.0, 20);
    private static readonly TrainingSettings Settings = new(1, 2, Optimizers.Sgd, Schedules.Constant(0.1));
    private static readonly ExampleSet Examples = new(new double[4, 3], new double[4, 3]);

    public static TheoryData<string> Wrong => new(Cases.Select(c => c.Name));

    private static readonly (string Name, string Parameter, Action Call)[] Cases =
    [
        ("argmax of dimension 0", "dimension", () => Oracles.Argmax(0)),
        ("top 4 of 3", "k", () => Oracles.TopK(4, 3)),
        ("top k of dimension 0", "dimension", () => Oracles.TopK(0, 0)),
        ("ranking of dimension 0", "dimension", () => Oracles.Ranking(0)),
        ("ranking of an empty vector", "reference", () => Oracles.Ranking([])),
        ("ranking of NaN", "reference", () => Oracles.Ranking([double.NaN])),
        ("grid without rows", "rows", () => Oracles.GridPath(0, 3, GridMoves.Eight, NegativeCosts.Reject)),
        ("grid without columns", "columns", () => Oracles.GridPath(3, 0, GridMoves.Eight, NegativeCosts.Reject)),
        ("empty finite set", "solutions", () => Oracles.FiniteSet(NoRows)),
        ("function of dimension 0", "dimension", () => Oracles.OfFunction(0, y => y)),
        ("empty name", "name", () => Oracles.Argmax(3).WithName(" ")),
        ("no oracles", "oracles", () => Oracles.PerInstance()),
        ("oracles of two dimensions", "oracles", () => Oracles.PerInstance(Oracles.Argmax(2), Oracles.Argmax(3))),
        ("product of nothing", "oracles", () => Oracles.Product()),
        ("restriction to no coordinate", "free", () => Oracles.Argmax(3).Restrict([], Theta)),
        ("restriction to a coordinate that is not there", "free", () => Oracles.Argmax(3).Restrict([3], Theta)),
        ("offset of two entries", "offset", () => Oracles.Argmax(3).WithOffset([1, 2])),
        ("offsets of another number", "offsets", () => Oracles.FiniteSet(new double[,] { { 1 } }, [])),
        ("maximizer of dimension 0", "dimension", () => Oracles.Generalised(0, y => y, y => y, _ => 0)),
        ("check on no directions", "directions", () => Oracles.Argmax(3).Check(0)),
        ("check on short rows", "thetas", () => Oracles.Argmax(3).Check(new double[1, 2])),
        ("l1 ball of radius 0", "radius", () => Oracles.L1Ball(3, 0)),
        ("box out of order", "upper", () => Oracles.Box([1], [0])),
        ("sign of dimension 0", "dimension", () => Oracles.Sign(0)),
        ("a group left out", "groups", () => Oracles.GroupBall([0, 2])),
        ("nuclear ball without rows", "rows", () => Oracles.NuclearBall(0, 3)),
        ("spectraplex of order 0", "size", () => Oracles.Spectraplex(0)),
        ("assignment without columns", "columns", () => Oracles.Assignment(3, 0)),
        ("a tree that cannot be", "graph", () => Oracles.SpanningTree(new Graph(3, [0], [1]))),
        ("a forest of too many trees", "components", () => Oracles.SpanningForest(Graph.Complete(3), 4)),
        ("a target out of reach", "target", () => Oracles.ShortestPath(new Digraph(3, [0, 2], [1, 1]), 0, 2, NegativeEdges.Reject)),
        ("paths of a grid without columns", "columns", () => Oracles.GridEdgePath(3, 0, GridMoves.Four, NegativeEdges.Reject)),
        ("a cut of one node from itself", "target", () => Oracles.MinimumCut(new Digraph(2, [0], [1]), 0, 0, NegativeCosts.Reject)),
        ("marginals of two sums", "columnMarginals", () => Oracles.Transport([1, 1], [1])),
        ("a flow without capacities", "capacities", () => Oracles.Flow(new Digraph(2, [0], [1]), [], 0, 1)),
        ("a matching of less than nobody", "rowLimits", () => Oracles.BMatching([-1], [1])),
        ("bounds out of order", "upper", () => Oracles.LinearProgram(new[,] { { 1.0 } }, [1], [1], [0])),
        ("knapsack of no items", "weights", () => Oracles.Knapsack([], 3)),
        ("capacities of another number", "capacities", () => Oracles.MultiKnapsack(new[,] { { 1, 2 } }, [1, 2])),
        ("tour of two cities", "cities", () => Oracles.Tsp(2)),
        ("heuristic without a start", "starts", () => Oracles.TspHeuristic(5, 0)),
        ("alignment of nothing", "second", () => Oracles.Alignment(3, 0)),
        ("scores of an empty sequence", "first", () => SequenceAlignments.Scores("", "A", (_, _) => 0, 0, 0)),
        ("no alignment", "y", () => SequenceAlignments.Render("A", "A", [0, 0, 0])),
        ("program of two lengths", "b", () => Oracles.LinearProgram(new[,] { { 1.0 } }, [])),
        ("solve of a short theta", "theta", () => Oracles.Argmax(3).Solve([1.0])),
        ("solve of NaN rows", "thetas", () => Oracles.Argmax(1).Solve(new[,] { { double.NaN } })),
        ("epsilon 0", "epsilon", () => Oracles.Argmax(3).Perturb(Noises.Gaussian, 0, 10)),
        ("no samples", "samples", () => Oracles.Argmax(3).Perturb(Noises.Gaussian, 1, 0)),
        ("noise of another dimension", "noise", () => Oracles.Argmax(3).Perturb(Noises.GaussianWith(new[,] { { 1.0 } }), 1, 10)),
        ("covariance that is not positive definite", "covariance", () => Noises.GaussianWith(new[,] { { -1.0 } })),
        ("degrees of freedom 0", "degreesOfFreedom", () => Noises.StudentT(0)),
        ("kappa 0", "kappa", () => Noises.SumOfGamma(0)),
        ("no terms", "terms", () => Noises.SumOfGamma(1, 0)),
        ("tau 0", "tau", () => Noises.SumOfGamma(1, 10, 0)),
        ("negative Fisher information", "fisherInformation", () => Noises.OfQuantile("x", u => u, z => z, 0, -1, true)),
        ("negative number of noise samples", "samples", () => Noises.Gaussian.Sample(3, -1, default)),
        ("negative number of keys", "count", () => Keys.Split(default, -1)),
        ("WithSamples(0)", "samples", () => Op.WithSamples(0)),
        ("WithEpsilon(NaN)", "epsilon", () => Op.WithEpsilon(double.NaN)),
        ("WithEpsilons of a wrong length", "epsilons", () => Op.WithEpsilons([1.0])),
        ("WithThreads(0)", "threads", () => Op.WithThreads(0)),
        ("WithCacheBytes(-1)", "bytes", () => Op.WithCacheBytes(-1)),
        ("nothing exact of a function", "smoothed", () => Oracles.OfFunction(3, y => y).Perturb(Noises.Gaussian, 1, 10).Exact()),
        ("WithFirstRow(-1)", "row", () => Op.WithFirstRow(-1)),
        ("no Sobol sequence", "sampling", () => Op.WithSampling(SampleDesign.Sobol(0))),
        ("orthogonal directions of Gumbel noise", "sampling", () => Oracles.Argmax(3).Perturb(Noises.Gumbel, 1, 10).WithSampling(SampleDesign.Orthogonal)),
        ("an enum out of range", "varianceReduction", () => Op.WithVarianceReduction((VarianceReductionKind)9)),
        ("a formula out of range", "formula", () => Op.JacobianBy(Theta, (DerivativeFormulaKind)9)),
        ("infinite theta", "theta", () => Op.Maximizer([double.PositiveInfinity, 0, 0])),
        ("batch of a wrong width", "thetas", () => Op.Maximizer(new double[2, 2])),
        ("short target", "target", () => Op.FenchelYoungLoss(Theta, [1.0])),
        ("targets of fewer rows", "targets", () => Op.FenchelYoungLoss(new double[2, 3], new double[1, 3])),
        ("short cotangent", "cotangent", () => Op.VectorJacobian(Theta, [1.0])),
        ("short cotangent of a pullback", "cotangent", () => Op.Pullback(Theta).Pullback([1.0])),
        ("tangents of fewer rows", "tangents", () => Op.JacobianVector(new double[2, 3], new double[1, 3])),
        ("short vector", "vector", () => Op.HessianVector(Theta, [1.0])),
        ("tolerance 0", "tolerance", () => Op.Regularizer(Theta, 0)),
        ("regularizer outside the polytope", "y", () => Op.Regularizer([0.5, 0.5, 0.5], 0.1)),
        ("one observation", "observations", () => Op.Fit(new double[1, 3], 0.1)),
        ("infinite F_eps", "smoothed", () => Oracles.Argmax(3).Perturb(Noises.Cauchy, 1, 10).Maximum(Theta)),
        ("smoothing to dimension 0", "valueDimension", () => SmoothedMap.OfFunction(3, 0, x => x, Noises.Gaussian, 1, 10)),
        ("offset of a wrong length", "offset", () => DifferentiableMaps.Affine(new double[2, 2], [1.0])),
        ("metric of two lengths", "predicted", () => Metric.Spearman([1, 2], [1.0])),
        ("cost ratio of two lengths", "predicted", () => Metric.CostRatio([1, 2], [1, 2], [1.0])),
        ("cost ratio of NaN", "optimal", () => Metric.CostRatio([1, 2], [double.NaN, 1], [1, 1])),
        ("cost ratio of nothing", "optimal", () => Metric.CostRatio([], [], [])),
        ("cost ratio without cost", "optimal", () => Metric.CostRatio([1, 2], [0, 0], [1, 1])),
        ("no permutation", "permutation", () => Permutations.Inverse([0, 0])),
        ("rate 0", "rate", () => Schedules.Constant(0)),
        ("warm-up of no length", "epochs", () => Schedules.Constant(1).WarmUp(0)),
        ("momentum 1", "momentum", () => Optimizers.Momentum(1)),
        ("beta2 of 1", "beta2", () => Optimizers.Adam(beta2: 1)),
        ("negative decay", "lambda", () => Optimizers.Sgd.WithPenalty(-1)),
        ("model without inputs", "inputs", () => Models.Linear(0, 3)),
        ("parameters of a wrong length", "parameters", () => Models.Linear(3, 3).Predict([1.0], new double[1, 3])),
        ("inputs of a wrong width", "inputs", () => Models.Linear(3, 3).Predict(new double[9], new double[1, 2])),
        ("targets of other rows", "targets", () => _ = new ExampleSet(new double[2, 3], new double[1, 3])),
        ("row out of range", "indices", () => Examples.Take([9])),
        ("batches of 0 rows", "config.BatchSize", () => Models.Linear(3, 3).Train(Settings with { BatchSize = 0 }, Losses.Squared, Examples)),
        ("examples of a wrong width", "examples", () => Models.Linear(2, 3).Train(Settings, Losses.Squared, Examples)),
        ("no patience", "stopping.Patience", () => Models.Linear(3, 3).Train(new(0, GoalKind.Minimise, _ => 0), Settings, Losses.Squared, Examples)),
        ("one fold", "folds", () => KFold.Folds(1, 10)),
        ("fewer rows than folds", "rows", () => KFold.Folds(5, 4)),
        ("no candidates", "candidates", () => KFold.Select<double>(new(2), GoalKind.Minimise, [], 4, (_, _) => 0)),
        ("one label", "setting", () => ArtificialRankings.Generate(new(3, 3, 1, 0), default)),
    ];

    [Theory]
    [MemberData(nameof(Wrong))]
    public void An_error_names_a_parameter_that_the_caller_knows(string what)
    {
        var (_, parameter, call) = Cases.Single(c => c.Name == what);
        Assert.Equal(parameter, Assert.ThrowsAny<ArgumentException>(call).ParamName);
    }

    [Fact]
    public void A_solver_that_throws_is_reported_with_its_name_and_the_row()
    {
        var broken = Oracles.OfFunction(2, theta => theta[0] > 50 ? throw new InvalidOperationException("no solution") : theta).WithName("broken");
        var error = Assert.Throws<OracleException>(() => broken.Perturb(Noises.Gaussian, 1, 10).Maximizer(new double[,] { { 0, 0 }, { 100, 0 } }));
        Assert.Equal(("broken", 1), (error.Oracle, error.Row));
        Assert.IsType<InvalidOperationException>(error.InnerException);
    }
}
