using System;
using System.Linq;
using Xunit;

namespace Perturbed.Functional.CSharp.Tests;

public class InstanceTests
{
    private static readonly Oracle[] Each =
        [Oracle.FiniteSet(new double[,] { { 1, 0, 0 }, { 0, 1, 0 } }), Oracle.FiniteSet(new double[,] { { 1, 0, 0 }, { 0, 0, 1 } })];

    private static readonly Smoothed Many = Oracle.PerInstance(Each).Perturb(Noise.Gaussian, 1.0, 50);
    private static readonly Examples Two = new(new double[,] { { 1 }, { 1 } }, new double[,] { { 0, 1, 0 }, { 0, 0, 1 } });

    [Fact]
    public void Training_solves_each_row_by_the_oracle_of_its_instance()
    {
        var own = Loss.FenchelYoung(Many);
        var steps = 0;
        var loss = Loss.Create(batch =>
        {
            var answer = own.Evaluate(batch);
            var row = batch.Instances[0];
            steps++;
            Assert.Equal(1, batch.Count);
            Assert.Equal(1.0, batch.Targets[0, 1 + row]);
            var alone = Each[row].Perturb(Noise.Gaussian, 1.0, 50, batch.Key).FenchelYoungLoss(
                [batch.Theta[0, 0], batch.Theta[0, 1], batch.Theta[0, 2]], [0, 1 - row, row]);
            Assert.Equal(alone.Loss.Value, answer.Value, 12);
            return answer;
        });
        var settings = new TrainingConfig(10, 1, Optimizer.Adam(), Schedule.Constant(0.2), Key.Create(5));
        var trained = Model.Linear(1, 3).Train(settings, loss, Two);
        Assert.Equal(20, steps);
        Assert.All(trained.History, epoch => Assert.InRange(epoch.Loss, -0.5, 2.0));
    }

    [Fact]
    public void Instances_go_with_rows_and_operators()
    {
        var taken = Two.WithWeights([2, 3]).Take([1, 0, 1]);
        Assert.Equal([1, 0, 1], taken.Instances);
        Assert.Equal([3, 2, 3], taken.Weights);
        Assert.Equal([5, 6], Two.WithInstances([5, 6]).Instances);
        Assert.Null(Many.Instances);
        var second = Many.WithInstances([1]);
        Assert.Equal([1], second.Instances!);
        Assert.Equal(Each[1].Perturb(Noise.Gaussian, 1.0, 50).Maximizer([1, 2, 3]), second.Maximizer([1, 2, 3]));
        Assert.Equal(new double[,] { { 0, 0, 1 } }, Oracle.PerInstance(Each).Solve(new double[,] { { 0, 5, 1 } }, [1]));
    }

    [Fact]
    public void The_gradient_of_a_loss_agrees_with_finite_differences()
    {
        var batch = new LossBatch(Key.Create(1), new double[,] { { 2 }, { -1 } }, new double[,] { { 0 }, { 1 } });
        Assert.InRange(Loss.Squared.Discrepancy(batch), 0.0, 1e-8);
        var doubled = Loss.Create(b =>
        {
            var (value, gradient) = Loss.Squared.Evaluate(b);
            return (2 * value, gradient);
        });
        Assert.Equal(0.5, doubled.Discrepancy(batch), 1e-8);
    }

    [Fact]
    public void A_batch_has_a_weighted_mean()
    {
        var batch = new LossBatch(Key.Create(1), new double[,] { { 1 }, { 2 } }, new double[,] { { 0 }, { 0 } });
        var (value, gradient) = batch.WithTheta(new double[,] { { 3 }, { 4 } }).WithTargets(new double[,] { { 1 }, { 1 } }).Mean([2, 4],
            new double[,] { { 1 }, { 3 } });
        Assert.Equal(3.0, value);
        Assert.Equal(new double[,] { { 0.5 }, { 1.5 } }, gradient);
        Assert.Contains("oracles[1]", Assert.Throws<ArgumentNullException>(() => Oracle.PerInstance(Each[0], null!)).Message);
    }
}
