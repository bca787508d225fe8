using System;
using System.Linq;
using Xunit;

namespace Perturbed.Functional.CSharp.Tests;

public class ErrorTests
{
    private static readonly double[,] NoRows = new double[0, 3];
    private static readonly double[] Theta = [0.5, 0.3, 0.2];
    private static readonly Smoothed Op = Oracle.Argmax(3).Perturb(Noise.Gumbel, 1.0, 20);
    private static readonly TrainingConfig Settings = new(1, 2, Optimizer.Sgd, Schedule.Constant(0.1));
    private static readonly Examples Examples = new(new double[4, 3], new double[4, 3]);

    public static TheoryData<string> Wrong => new(Cases.Select(c => c.Name));

    private static readonly (string Name, string Parameter, Action Call)[] Cases =
    [
        ("argmax of dimension 0", "dimension", () => Oracle.Argmax(0)),
        ("top 4 of 3", "k", () => Oracle.TopK(4, 3)),
        ("top k of dimension 0", "dimension", () => Oracle.TopK(0, 0)),
        ("ranking of dimension 0", "dimension", () => Oracle.Ranking(0)),
        ("ranking of an empty vector", "reference", () => Oracle.Ranking([])),
        ("ranking of NaN", "reference", () => Oracle.Ranking([double.NaN])),
        ("grid without rows", "rows", () => Oracle.GridPath(0, 3, GridMoves.Eight, NegativeCosts.Reject)),
        ("grid without columns", "columns", () => Oracle.GridPath(3, 0, GridMoves.Eight, NegativeCosts.Reject)),
        ("empty finite set", "solutions", () => Oracle.FiniteSet(NoRows)),
        ("function of dimension 0", "dimension", () => Oracle.OfFunction(0, y => y)),
        ("empty name", "name", () => Oracle.Argmax(3).WithName(" ")),
        ("no oracles", "oracles", () => Oracle.PerInstance()),
        ("oracles of two dimensions", "oracles", () => Oracle.PerInstance(Oracle.Argmax(2), Oracle.Argmax(3))),
        ("product of nothing", "oracles", () => Oracle.Product()),
        ("restriction to no coordinate", "free", () => Oracle.Argmax(3).Restrict([], Theta)),
        ("restriction to a coordinate that is not there", "free", () => Oracle.Argmax(3).Restrict([3], Theta)),
        ("offset of two entries", "offset", () => Oracle.Argmax(3).WithOffset([1, 2])),
        ("offsets of another number", "offsets", () => Oracle.FiniteSet(new double[,] { { 1 } }, [])),
        ("maximizer of dimension 0", "dimension", () => Oracle.Generalised(0, y => y, y => y, _ => 0)),
        ("check on no directions", "directions", () => Oracle.Argmax(3).Check(0)),
        ("check on short rows", "thetas", () => Oracle.Argmax(3).Check(new double[1, 2])),
        ("l1 ball of radius 0", "radius", () => Oracle.L1Ball(3, 0)),
        ("box out of order", "upper", () => Oracle.Box([1], [0])),
        ("sign of dimension 0", "dimension", () => Oracle.Sign(0)),
        ("a group left out", "groups", () => Oracle.GroupBall([0, 2])),
        ("nuclear ball without rows", "rows", () => Oracle.NuclearBall(0, 3)),
        ("spectraplex of order 0", "size", () => Oracle.Spectraplex(0)),
        ("assignment without columns", "columns", () => Oracle.Assignment(3, 0)),
        ("a tree that cannot be", "graph", () => Oracle.SpanningTree(new Graph(3, [0], [1]))),
        ("a forest of too many trees", "components", () => Oracle.SpanningForest(Graph.Complete(3), 4)),
        ("a target out of reach", "target", () => Oracle.ShortestPath(new Digraph(3, [0, 2], [1, 1]), 0, 2, NegativeEdges.Reject)),
        ("paths of a grid without columns", "columns", () => Oracle.GridEdgePath(3, 0, GridMoves.Four, NegativeEdges.Reject)),
        ("a cut of one node from itself", "target", () => Oracle.MinimumCut(new Digraph(2, [0], [1]), 0, 0, NegativeCosts.Reject)),
        ("marginals of two sums", "columnMarginals", () => Oracle.Transport([1, 1], [1])),
        ("a flow without capacities", "capacities", () => Oracle.Flow(new Digraph(2, [0], [1]), [], 0, 1)),
        ("a matching of less than nobody", "rowLimits", () => Oracle.BMatching([-1], [1])),
        ("bounds out of order", "upper", () => Oracle.LinearProgram(new[,] { { 1.0 } }, [1], [1], [0])),
        ("knapsack of no items", "weights", () => Oracle.Knapsack([], 3)),
        ("capacities of another number", "capacities", () => Oracle.MultiKnapsack(new[,] { { 1, 2 } }, [1, 2])),
        ("tour of two cities", "cities", () => Oracle.Tsp(2)),
        ("heuristic without a start", "starts", () => Oracle.TspHeuristic(5, 0)),
        ("alignment of nothing", "second", () => Oracle.Alignment(3, 0)),
        ("scores of no sequence", "first", () => Alignment.Scores(null!, "A", (_, _) => 0, 0, 0)),
        ("no alignment", "y", () => Alignment.Render("A", "A", [0, 0, 0])),
        ("program of two lengths", "b", () => Oracle.LinearProgram(new[,] { { 1.0 } }, [])),
        ("solve of a short theta", "theta", () => Oracle.Argmax(3).Solve([1.0])),
        ("solve of NaN rows", "thetas", () => Oracle.Argmax(1).Solve(new[,] { { double.NaN } })),
        ("epsilon 0", "epsilon", () => Oracle.Argmax(3).Perturb(Noise.Gaussian, 0, 10)),
        ("no samples", "samples", () => Oracle.Argmax(3).Perturb(Noise.Gaussian, 1, 0)),
        ("noise of another dimension", "noise", () => Oracle.Argmax(3).Perturb(Noise.GaussianWith(new[,] { { 1.0 } }), 1, 10)),
        ("covariance that is not positive definite", "covariance", () => Noise.GaussianWith(new[,] { { -1.0 } })),
        ("degrees of freedom 0", "degreesOfFreedom", () => Noise.StudentT(0)),
        ("kappa 0", "kappa", () => Noise.SumOfGamma(0)),
        ("no terms", "terms", () => Noise.SumOfGamma(1, 0)),
        ("tau 0", "tau", () => Noise.SumOfGamma(1, 10, 0)),
        ("negative Fisher information", "fisherInformation", () => Noise.OfQuantile("x", u => u, z => z, 0, -1, true)),
        ("negative number of noise samples", "samples", () => Noise.Gaussian.Sample(3, -1, default)),
        ("negative number of keys", "count", () => default(Key).Split(-1)),
        ("WithSamples(0)", "samples", () => Op.WithSamples(0)),
        ("WithEpsilon(NaN)", "epsilon", () => Op.WithEpsilon(double.NaN)),
        ("WithEpsilons of a wrong length", "epsilons", () => Op.WithEpsilons([1.0])),
        ("WithThreads(0)", "threads", () => Op.WithThreads(0)),
        ("WithCacheBytes(-1)", "bytes", () => Op.WithCacheBytes(-1)),
        ("nothing exact of a function", "smoothed", () => Oracle.OfFunction(3, y => y).Perturb(Noise.Gaussian, 1, 10).Exact()),
        ("WithFirstRow(-1)", "row", () => Op.WithFirstRow(-1)),
        ("no Sobol sequence", "sampling", () => Op.WithSampling(SamplingDesign.Sobol(0))),
        ("orthogonal directions of Gumbel noise", "sampling",
            () => Oracle.Argmax(3).Perturb(Noise.Gumbel, 1, 10).WithSampling(SamplingDesign.Orthogonal)),
        ("an enum out of range", "varianceReduction", () => Op.WithVarianceReduction((VarianceReduction)9)),
        ("a formula out of range", "formula", () => Op.JacobianBy(Theta, (DerivativeFormula)9)),
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
        ("infinite F_eps", "smoothed", () => Oracle.Argmax(3).Perturb(Noise.Cauchy, 1, 10).Maximum(Theta)),
        ("smoothing to dimension 0", "valueDimension", () => SmoothedFunction.Create(3, 0, x => x, Noise.Gaussian, 1, 10)),
        ("offset of a wrong length", "offset", () => Differentiable.Affine(new double[2, 2], [1.0])),
        ("metric of two lengths", "predicted", () => Metrics.Spearman([1, 2], [1.0])),
        ("cost ratio of two lengths", "predicted", () => Metrics.CostRatio([1, 2], [1, 2], [1.0])),
        ("cost ratio of NaN", "optimal", () => Metrics.CostRatio([1, 2], [double.NaN, 1], [1, 1])),
        ("cost ratio of nothing", "optimal", () => Metrics.CostRatio([], [], [])),
        ("cost ratio without cost", "optimal", () => Metrics.CostRatio([1, 2], [0, 0], [1, 1])),
        ("no permutation", "permutation", () => Permutation.Inverse([0, 0])),
        ("rate 0", "rate", () => Schedule.Constant(0)),
        ("warm-up of no length", "epochs", () => Schedule.Constant(1).WarmUp(0)),
        ("momentum 1", "momentum", () => Optimizer.Momentum(1)),
        ("beta2 of 1", "beta2", () => Optimizer.Adam(beta2: 1)),
        ("negative decay", "lambda", () => Optimizer.Sgd.WithPenalty(-1)),
        ("model without inputs", "inputs", () => Model.Linear(0, 3)),
        ("parameters of a wrong length", "parameters", () => Model.Linear(3, 3).Predict([1.0], new double[1, 3])),
        ("inputs of a wrong width", "inputs", () => Model.Linear(3, 3).Predict(new double[9], new double[1, 2])),
        ("targets of other rows", "targets", () => _ = new Examples(new double[2, 3], new double[1, 3])),
        ("row out of range", "indices", () => Examples.Take([9])),
        ("batches of 0 rows", "config.BatchSize", () => Model.Linear(3, 3).Train(Settings with { BatchSize = 0 }, Loss.Squared, Examples)),
        ("examples of a wrong width", "examples", () => Model.Linear(2, 3).Train(Settings, Loss.Squared, Examples)),
        ("no patience", "stopping.Patience",
            () => Model.Linear(3, 3).Train(new(0, Goal.Minimise, _ => 0), Settings, Loss.Squared, Examples)),
        ("one fold", "folds", () => CrossValidation.Folds(1, 10)),
        ("fewer rows than folds", "rows", () => CrossValidation.Folds(5, 4)),
        ("no candidates", "candidates", () => CrossValidation.Select<double>(new(2), Goal.Minimise, [], 4, (_, _) => 0)),
        ("one label", "setting", () => new ArtificialRanking(3, 3, 1, 0).Generate(default)),
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
        var broken = Oracle.OfFunction(2, theta => theta[0] > 50 ? throw new InvalidOperationException("no solution")
            : theta).WithName("broken");
        var error = Assert.Throws<OracleException>(() => broken.Perturb(Noise.Gaussian, 1,
            10).Maximizer(new double[,] { { 0, 0 }, { 100, 0 } }));
        Assert.Equal(("broken", 1), (error.Oracle, error.Row));
        Assert.IsType<InvalidOperationException>(error.InnerException);
    }
}
