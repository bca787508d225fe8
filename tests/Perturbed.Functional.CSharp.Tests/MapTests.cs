using System;
using Xunit;

namespace Perturbed.Functional.CSharp.Tests;

public class MapTests
{
    private static readonly double[,] Matrix = { { 1, 2 }, { 3, -1 }, { 0.5, 0.25 } };
    private static readonly double[] X = [0.3, -0.7];

    [Fact]
    public void Maps_compose_by_the_chain_rule()
    {
        var map = Differentiable.Affine(Matrix, [1, 2, 3])
            .Then(Differentiable.Elementwise(Math.Sin, Math.Cos))
            .Then(Differentiable.Scale(2))
            .Then(Differentiable.Identity<double[]>());
        Assert.Equal(2 * Math.Sin(0.3 - 1.4 + 1), map.Apply(X)[0], 12);
        // Central differences are off by O(h²) = 1e-10 and rounding of 1e-11.
        Assert.True(map.Discrepancy(X) < 1e-8);
    }

    [Fact]
    public void A_user_s_own_map_may_share_work_between_value_and_pullback()
    {
        var apart = Differentiable.Create<double[], double>(x => x[0] * x[1], (x, c) => [c * x[1], c * x[0]]);
        var together = Differentiable.Create<double[], double>(x => (x[0] * x[1], c => [c * x[1], c * x[0]]));
        var (value, gradient) = apart.ValueAndGradient(X);
        Assert.Equal(-0.21, value, 12);
        Assert.Equal([-0.7, 0.3], gradient);
        Assert.Equal(gradient, together.ValueAndGradient(X).Gradient);
    }

    [Fact]
    public void A_map_of_a_row_becomes_a_map_of_a_batch()
    {
        var rows = Differentiable.Linear(Matrix).Rows();
        var (value, back) = rows.Pullback(new double[,] { { 1, 0 }, { 0, 1 } });
        Assert.Equal(new double[,] { { 1, 3, 0.5 }, { 2, -1, 0.25 } }, value);
        Assert.Equal(new double[,] { { 1, 2 }, { 3, -1 } }, back(new double[,] { { 1, 0, 0 }, { 0, 1, 0 } }));
    }

    [Fact]
    public void A_smoothed_oracle_composes_with_other_maps()
    {
        var op = Oracle.Ranking(3).Perturb(Noise.Gaussian, 1, 50);
        var composed = Differentiable.Linear(Matrix).Then(op.Differentiable());
        var (value, back) = composed.Pullback(X);
        var theta = Differentiable.Linear(Matrix).Apply(X);
        Assert.Equal(op.Maximizer(theta), value);
        var inner = op.Pullback(theta).Pullback([1, 0, 0]);
        Assert.Equal(Differentiable.Linear(Matrix).Pullback(X).Pullback(inner), back([1, 0, 0]));
    }
}
