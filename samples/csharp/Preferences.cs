using System;
using System.Linq;
using System.Threading;
using Perturbed.Functional.CSharp;

namespace Samples;

/// <summary>What do users want? Weights of features from what they took, with confidence intervals.</summary>
/// <remarks>
/// Each user saw 12 items with 4 features each and took 3 of them; the target is the 0/1 vector of those. The utility of
/// an item is ⟨features, weights⟩ plus noise of scale 1, which is the user's own taste.
/// </remarks>
internal static class Preferences
{
    private const int Items = 12, Taken = 3;
    private static readonly double[] Hidden = [1.0, -0.75, 0.5, 0.0];

    public static void Run(CancellationToken cancellation)
    {
        var data = Decisions(users: 2000, Key.Create(11));
        var train = data.Take([.. Enumerable.Range(0, 1000)]);
        var test = data.Take([.. Enumerable.Range(1000, 1000)]);

        // One weight for each feature, shared by all items; the smoothed top 3 has the noise that decided.
        var model = Model.Shared(Items, Hidden.Length);
        var top = Oracle.TopK(Taken, Items).Perturb(Noise.Gumbel, epsilon: 1.0, samples: 10);
        var config = new TrainingConfig(epochs: 30, batchSize: 25, Optimizer.Adam(), Schedule.Cosine(0.1, epochs: 30), Key.Create(1))
        {
            Cancellation = cancellation,
        };
        var weights = model.Train(config, Loss.FenchelYoung(top), train).Parameters;
        var errors = StandardErrors(top.WithSamples(200), model, train, weights);

        Output.Line("weights that decided", Hidden);
        Output.Line("weights learned", weights);
        Output.Line("standard errors", errors);
        Output.Line("intervals that hold", string.Join(' ', Hidden.Select((w, i) => Math.Abs(weights[i] - w) <= 1.96 * errors[i])));

        var predicted = Oracle.TopK(Taken, Items).Solve(model.Predict(weights, test.Inputs));
        Output.Line("items taken as predicted", Metrics.Mean((y, p) => y.Zip(p, (a, b) => a * b).Sum() / Taken, test.Targets, predicted));
        Output.Line("by chance", (double)Taken / Items);
    }

    // √diag of A⁻¹ B A⁻¹: A = Σ Xᵀ J X, the curvature of the loss, and B = Σ g gᵀ of the users' gradients g = Xᵀ (y*_ε − y).
    private static double[] StandardErrors(Smoothed smoothed, Model model, Examples data, double[] weights)
    {
        var n = weights.Length;
        var theta = model.Predict(weights, data.Inputs);
        var mean = smoothed.Maximizer(theta);
        double[,] curvature = new double[n, n], spread = new double[n, n];
        for (var user = 0; user < data.Count; user++)
        {
            double[] g = [.. Enumerable.Range(0, n).Select(f => Enumerable.Range(0, Items).Sum(i =>
                data.Inputs[user, i * n + f] * (mean[user, i] - data.Targets[user, i])))];
            for (var at = 0; at < n * n; at++) spread[at / n, at % n] += g[at / n] * g[at % n];
        }
        for (var k = 0; k < n; k++)
        {
            // How all smoothed decisions move with weight k: a difference on common noise.
            double[,] Moved(double step) =>
                smoothed.Maximizer(model.Predict([.. weights.Select((w, f) => f == k ? w + step : w)], data.Inputs));
            var (above, below) = (Moved(0.1), Moved(-0.1));
            for (var user = 0; user < data.Count; user++)
                for (var at = 0; at < Items * n; at++)
                    curvature[at % n, k] += data.Inputs[user, at] * (above[user, at / n] - below[user, at / n]) / 0.2;
        }
        // A column of A⁻¹ for each weight.
        double[][] inverse = [.. Enumerable.Range(0, n).Select(k => Solve(curvature, k))];
        double Variance(double[] row) => Enumerable.Range(0, n * n).Sum(at => row[at / n] * spread[at / n, at % n] * row[at % n]);
        return [.. inverse.Select(row => Math.Sqrt(Variance(row)))];
    }

    // a x = e_k by Gauss and Jordan; a is positive definite, so that no pivot is 0.
    private static double[] Solve(double[,] a, int k)
    {
        var n = a.GetLength(0);
        var (m, x) = ((double[,])a.Clone(), new double[n]);
        x[k] = 1.0;
        for (var p = 0; p < n; p++)
        {
            for (var row = 0; row < n; row++)
            {
                if (row == p) continue;
                var factor = m[row, p] / m[p, p];
                for (var column = p; column < n; column++) m[row, column] -= factor * m[p, column];
                x[row] -= factor * x[p];
            }
        }
        return [.. x.Select((value, i) => value / m[i, i])];
    }

    private static Examples Decisions(int users, Key key)
    {
        var features = Noise.Gaussian.Sample(Items * Hidden.Length, users, key.Fold(0));
        var utilities = Model.Shared(Items, Hidden.Length).Predict(Hidden, features);
        var taste = Noise.Gumbel.Sample(Items, users, key.Fold(1));
        for (var user = 0; user < users; user++)
            for (var i = 0; i < Items; i++)
                utilities[user, i] += taste[user, i];
        return new Examples(features, Oracle.TopK(Taken, Items).Solve(utilities));
    }
}
