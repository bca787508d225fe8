using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.FSharp.Reflection;
using Perturbed.Kernels;
using Xunit;

namespace Perturbed.Functional.CSharp.Tests;

public class OracleTests
{
    private static readonly double[,] Thetas = { { 0.4, -0.3, 1.1 }, { 1.0, 0.2, 0.0 } };

    private static double[] OneHot(double[] theta) => [.. theta.Select((_, i) => i == Array.IndexOf(theta, theta.Max()) ? 1.0 : 0.0)];

    private static double[,] OneHots(double[,] thetas)
    {
        var y = new double[thetas.GetLength(0), 3];
        for (var r = 0; r < thetas.GetLength(0); r++)
        {
            var row = OneHot([thetas[r, 0], thetas[r, 1], thetas[r, 2]]);
            for (var i = 0; i < 3; i++) y[r, i] = row[i];
        }
        return y;
    }

    public static TheoryData<string> Shapes => ["array", "batch", "span", "contract", "locked"];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_black_box_of_every_shape_answers_as_the_oracle_it_repeats(string shape)
    {
        var oracle = shape switch
        {
            "array" => Oracle.OfFunction(3, OneHot),
            "batch" => Oracle.OfBatchFunction(3, OneHots),
            "span" => Oracle.OfSpanFunction(3, (theta, y) => OneHot(theta.ToArray()).CopyTo(y)),
            "contract" => Oracle.Create(new ArgmaxOracle(3)),
            _ => Oracle.OfFunction(3, OneHot).Synchronized(),
        };
        Smoothed Smooth(Oracle o) => o.Perturb(Noise.Gaussian, 0.5, 500, Key.Create(8));
        // Sums of one-hot solutions are exact. A user's solver is cut into other blocks than a built-in one, so sums of
        // reals agree to rounding
        // with those, and to the bit among users' solvers.
        Assert.Equal(Smooth(Oracle.Argmax(3)).Maximizer(Thetas), Smooth(oracle).Maximizer(Thetas));
        Assert.Equal(Smooth(Oracle.OfFunction(3, OneHot)).Jacobian(Thetas), Smooth(oracle).Jacobian(Thetas));
        Assert.Equal(Oracle.Argmax(3).Solve(Thetas), oracle.Solve(Thetas));
    }

    [Fact]
    public void Every_row_may_have_its_own_oracle()
    {
        var mixed = Oracle.PerInstance(Oracle.Argmax(3), Oracle.Ranking(3));
        Assert.Equal(new double[,] { { 0, 0, 1 }, { 3, 2, 1 } }, mixed.Solve(Thetas));
    }

    [Fact]
    public void Solutions_come_out_of_every_built_in_oracle()
    {
        Assert.Equal([1, 0, 1], Oracle.TopK(2, 3).Solve([2, 0, 1]));
        Assert.Equal([3, 1, 2], Oracle.Ranking(3).Solve([2, 0, 1]));
        Assert.Equal([9, 2, 5], Oracle.Ranking([9, 5, 2]).Solve([2, 0, 1]));
        Assert.Equal([0, 4], Oracle.FiniteSet(new double[,] { { 1, 1 }, { 0, 4 } }).Solve([1, 1]));
        Assert.Equal(
            [1, 0, 0, 1],
            Oracle.GridPath(2, 2, GridMoves.Eight, NegativeCosts.Reject).Solve([-1, -5, -5, -1]));
    }

    [Fact]
    public void Names_and_membership_travel_with_the_oracle()
    {
        var plain = Oracle.OfFunction(3, OneHot);
        var named = plain.WithName("pick").WithSolutions(y => y.Sum() == 1 && y.All(v => v is 0 or 1));
        double[] vertex = [1, 0, 0];
        Assert.Equal("pick", named.Perturb(Noise.Gaussian, 1, 10).Oracle.Name);
        Assert.Equal("pick (dimension 3)", named.ToString());
        Assert.True(named.Implementation.IsSolution(vertex));
        Assert.False(plain.Perturb(Noise.Gaussian, 1, 10).FenchelYoungLoss([0, 0, 0], vertex).Loss.IsTrueLoss);
        Assert.True(named.Perturb(Noise.Gaussian, 1, 10).FenchelYoungLoss([0, 0, 0], vertex).Loss.IsTrueLoss);
    }

    [Fact]
    public void A_point_outside_of_the_hull_is_told_why()
    {
        var outside = Oracle.Ranking(3).Membership([2, 0, 1]);
        Assert.Equal((MembershipKind.Outside, "entry 1 is 0; ranks run from 1 to 3"), (outside.Kind, outside.Reason));
        Assert.Equal(MembershipKind.Inside, Oracle.Ranking(3).Membership([2, 2, 2]).Kind);
        Assert.Equal(MembershipKind.Outside, Oracle.Ranking(3).Membership([1, 2, 3.00001]).Kind);
        Assert.Equal(MembershipKind.Inside, Oracle.Ranking(3).MembershipWithin([1, 2, 3.00001], 1e-5).Kind);
        Assert.Equal((0, 2), (Oracle.Ranking(3).InstanceCount, Oracle.PerInstance(Oracle.Ranking(3), Oracle.Ranking(3)).InstanceCount));
        Assert.Equal(string.Empty, Oracle.Ranking(3).Membership([2, 2, 2]).Reason);
        var undecided = Oracle.OfFunction(3, OneHot).Membership([7, 7, 7]);
        Assert.Equal(MembershipKind.Undecided, undecided.Kind);
        Assert.Contains("nothing is known", undecided.Reason);
        Assert.Throws<ArgumentException>(() => Oracle.Ranking(3).Membership([1, 2]));
        var op = Oracle.Ranking(3).Perturb(Noise.Gaussian, 1, 10);
        Assert.Contains("ranks run from 1 to 3", Assert.Throws<ArgumentException>(() => op.FenchelYoungLoss([0, 0, 0], [2, 0, 1])).Message);
        Assert.Equal(double.PositiveInfinity, op.KnownRegularizer([2, 0, 1]));
    }

    [Fact]
    public void Every_polytope_of_the_core_has_a_kind_of_its_name()
    {
        var cases = FSharpType.GetUnionCases(typeof(Functional.Polytope), null).Select(c => c.Name);
        Assert.Equal(cases, Enum.GetNames<PolytopeKind>());
    }

    [Fact]
    public void The_polytope_is_known_by_kind_and_data()
    {
        Assert.Equal(PolytopeKind.Simplex, Oracle.Argmax(3).Polytope.Kind);
        Assert.Equal((PolytopeKind.Hypersimplex, 2), (Oracle.TopK(2, 3).Polytope.Kind, Oracle.TopK(2, 3).Polytope.K));
        Assert.Equal([2, 5, 9], Oracle.Ranking([9, 5, 2]).Polytope.Reference!);
        var grid = Oracle.RightDownPath(2, 4).Polytope;
        Assert.Equal((PolytopeKind.GridPaths, 2, 4, GridMoves.RightDown), (grid.Kind, grid.Rows, grid.Columns, grid.Moves));
        var part = Oracle.Argmax(3).Restrict([2, 0], [0, 1, 0]).Polytope;
        Assert.Equal((PolytopeKind.Projection, PolytopeKind.Simplex), (part.Kind, part.Factors![0].Kind));
        Assert.Equal([2, 0], part.Coordinates!);
        Assert.Equal(new double[,] { { 1, 2 } }, Oracle.FiniteSet(new double[,] { { 1, 2 } }).Polytope.Solutions);
        Assert.Equal(PolytopeKind.Unknown, Oracle.OfFunction(3, OneHot).Polytope.Kind);
    }

    [Fact]
    public void The_bits_do_not_depend_on_the_threads_and_a_batch_may_be_cut()
    {
        var op = Oracle.Ranking(3).Perturb(Noise.Gaussian, 0.5, 500, Key.Create(8));
        Assert.Equal(op.WithThreads(1).Jacobian(Thetas), op.WithThreads(4).Jacobian(Thetas));
        Assert.Equal(op.WithCacheBytes(0).Pullback(Thetas).Pullback(Thetas), op.Pullback(Thetas).Pullback(Thetas));
        Assert.Equal(op.Maximum(Thetas)[1], op.WithFirstRow(1).Maximum(new double[,] { { 1.0, 0.2, 0.0 } })[0]);
    }

    [Fact]
    public void A_cancelled_token_stops_the_work()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        var op = Oracle.Argmax(3).Perturb(Noise.Gaussian, 1, 10).WithCancellation(source.Token);
        Assert.ThrowsAny<OperationCanceledException>(() => op.Maximizer([1, 2, 3]));
        Assert.ThrowsAny<OperationCanceledException>(() => op.Oracle.Solve(Thetas, source.Token));
        Assert.ThrowsAny<OperationCanceledException>(() => op.Oracle.Solve(Thetas, [0, 1], source.Token));
        Assert.ThrowsAny<OperationCanceledException>(() => op.Oracle.Check(Thetas, source.Token));
        Assert.Equal(op.Oracle.Solve(Thetas), op.Oracle.Solve(Thetas, CancellationToken.None));
    }

    private sealed class Shares : IProgress<double>
    {
        public List<double> Reported { get; } = [];

        public void Report(double value)
        {
            lock (Reported) Reported.Add(value);
        }
    }

    [Fact]
    public void An_operator_tells_how_far_it_is()
    {
        var shares = new Shares();
        var op = Oracle.Ranking(3).Perturb(Noise.Gaussian, 0.5, 100_000);
        Assert.Equal(op.Maximizer([1, 2, 3]), op.WithProgress(shares).Maximizer([1, 2, 3]));
        Assert.Equal(1.0, shares.Reported.Max());
    }

    [Fact]
    public void A_noise_shows_the_samples_that_an_operator_adds()
    {
        double[] theta = [0.4, -0.3, 1.1];
        var op = Oracle.Argmax(3).Perturb(Noise.Logistic, 0.5, 20, Key.Create(9));
        var z = Noise.Logistic.Sample(3, 20, Key.Create(9));
        var mean = Enumerable.Range(0, 20)
            .Select(m => OneHot([.. theta.Select((t, i) => t + 0.5 * z[m, i])]))
            .Aggregate(new double[3], (sum, y) => [.. sum.Zip(y, (a, b) => a + b)]);
        Assert.Equal(mean.Select(total => total / 20), op.Maximizer(theta));
    }
}
