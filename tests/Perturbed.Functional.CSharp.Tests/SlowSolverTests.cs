using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace Perturbed.Functional.CSharp.Tests;

public class SlowSolverTests
{
    private static readonly double[] Theta = [0.3, -0.2, 0.1];

    private static double[] OneHot(double[] theta) => [.. theta.Select(t => t == theta.Max() ? 1.0 : 0.0)];

    private static double[] SomeFail(double[] theta) =>
        theta[0] > 1 ? throw new SolveFailedException(SolveFailure.Infeasible, "far") : OneHot(theta);

    private static Smoothed Perturbed(Oracle oracle) => oracle.Perturb(Noise.Gaussian, 1.0, 200);

    private sealed class Listener : IProgress<SolveProgress>
    {
        public SolveProgress? Last { get; private set; }

        public void Report(SolveProgress value)
        {
            lock (this)
                if (Last is null || value.Done > Last.Done) Last = value;
        }
    }

    [Fact]
    public void Failed_samples_are_errors_or_left_out()
    {
        var soft = Perturbed(Oracle.OfFunction(3, SomeFail));
        var error = Assert.Throws<OracleException>(() => soft.Maximizer(Theta));
        Assert.Equal(SolveFailure.Infeasible, SolveFailedException.Of(error)!.Failure);
        Assert.True(error.Sample >= 0);
        Assert.Equal(FailurePolicy.Error, soft.Failures);
        var lenient = soft.WithFailures(FailurePolicy.LeaveOut(0.9));
        var left = lenient.Estimate(Theta).LeftOut;
        Assert.InRange(left, 1, 180);
        Assert.Equal(left, lenient.FenchelYoungLoss(Theta, [1, 0, 0]).Loss.LeftOut);
        Assert.Equal(left, lenient.VectorJacobian(Theta, [1, 0, 0]).LeftOut);
        Assert.Equal("LeaveOut 0.9", lenient.Failures.ToString());
        var listener = new Listener();
        lenient.WithSolveProgress(listener).Maximizer(Theta);
        Assert.Equal((200L, 200L, (long)left, 1.0), (listener.Last!.Done, listener.Last.Total, listener.Last.Failures, listener.Last.Share));
        Assert.True(listener.Last.StandardError > 0);
    }

    [Fact]
    public void Slow_solvers_have_the_bits_of_quick_ones()
    {
        var expected = Perturbed(Oracle.OfFunction(3, OneHot)).Maximizer(Theta);
        Oracle[] same =
        [
            Oracle.OfFunction(3, (theta, token) => OneHot(theta)),
            Oracle.OfAsyncFunction(3, 4, async (theta, token) =>
            {
                await Task.Yield();
                return OneHot(theta);
            }),
            Oracle.OfFunction(3, OneHot).WithBatchSize(5).WithRetries(2).WithTimeLimit(TimeSpan.FromHours(1)),
        ];
        Assert.All(same, oracle => Assert.Equal(expected, Perturbed(oracle).Maximizer(Theta)));
    }

    [Fact]
    public void A_function_sees_the_token_of_its_call()
    {
        using var source = new CancellationTokenSource();
        var soft = Perturbed(Oracle.OfFunction(3, (theta, token) =>
        {
            source.Cancel();
            token.ThrowIfCancellationRequested();
            return OneHot(theta);
        }));
        Assert.ThrowsAny<OperationCanceledException>(() => soft.WithCancellation(source.Token).Maximizer(Theta));
        var limited = Oracle.OfFunction(3, (theta, token) =>
        {
            token.WaitHandle.WaitOne();
            token.ThrowIfCancellationRequested();
            return theta;
        }).WithTimeLimit(TimeSpan.FromMilliseconds(50));
        Assert.Contains("timed out", Assert.Throws<OracleException>(() => limited.Solve(Theta)).Message);
    }

    [Fact]
    public void A_process_answers_lines()
    {
        using var process = new SolverProcess("sh", "-c", "while read line; do echo '{\"solutions\": [[1, 0, 0]]}'; done");
        var oracle = Oracle.OfProcess(3, process).WithBatchSize(1);
        Assert.Equal([1.0, 0, 0], oracle.Solve(Theta));
        Assert.StartsWith("process sh -c", oracle.Name);
        Assert.StartsWith("sh -c", process.ToString());
    }
}
