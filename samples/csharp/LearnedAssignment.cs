using System;
using System.Linq;
using System.Threading;
using Perturbed.Functional.CSharp;

namespace Samples;

/// <summary>Assign workers to jobs as in the past: learn what past decisions optimised from the decisions alone.</summary>
/// <remarks>
/// A day has 6 workers and 6 jobs. Each pair has 3 features (distance, skill, urgency), and how they were
/// weighed is not recorded. A decision is a 6 × 6 matrix of ones and zeros, row by row.
/// </remarks>
internal static class LearnedAssignment
{
    private const int Size = 6, Features = 3;
    private static readonly double[] Hidden = [-2.0, 1.0, 0.5];

    public static void Run(CancellationToken cancellation)
    {
        var matching = Oracle.Assignment(Size, Size);
        var (days, decisions) = Past(matching, rows: 400, new Random(3));
        var all = new Examples(days, decisions);
        var train = all.Take([.. Enumerable.Range(0, 200)]);
        var test = all.Take([.. Enumerable.Range(200, 200)]);

        // One weight for each feature, shared by all pairs: θ of a pair is ⟨features, w⟩.
        var model = Model.Shared(labels: Size * Size, features: Features);
        var loss = Loss.FenchelYoung(matching.Perturb(Noise.Gaussian, epsilon: 1.0, samples: 10));
        var config = new TrainingConfig(epochs: 40, batchSize: 20, Optimizer.Adam(), Schedule.Cosine(0.1, epochs: 40), Key.Create(3))
        {
            Cancellation = cancellation,
        };
        var trained = model.Train(config, loss, train);

        // Only ratios of the weights are determined by decisions.
        Output.Line("weights that decided, scaled", [.. Hidden.Select(w => w / Math.Abs(Hidden[0]))]);
        Output.Line("weights learned, scaled", [.. trained.Parameters.Select(w => w / Math.Abs(trained.Parameters[0]))]);

        var decided = matching.Solve(model.Predict(trained.Parameters, test.Inputs));
        Output.Line("pairs as in unseen decisions", Metrics.Mean(Agreement, test.Targets, decided));
        Output.Line("by chance", 1.0 / Size);

        // What a decision cost, by the hidden weights: 1 is as good as the best one.
        var value = model.Predict(Hidden, test.Inputs);
        Output.Line("value, share of the best", Total(value, decided) / Total(value, matching.Solve(value)));
    }

    private static double Agreement(double[] target, double[] solution) =>
        target.Zip(solution, (t, s) => t * s).Sum() / Size;

    private static double Total(double[,] value, double[,] decisions) =>
        value.Cast<double>().Zip(decisions.Cast<double>(), (v, y) => v * y).Sum();

    // Days with random features; decisions are best under the hidden weights and a judgement that varies.
    private static (double[,] Days, double[,] Decisions) Past(Oracle matching, int rows, Random random)
    {
        double[,] days = new double[rows, Size * Size * Features], judged = new double[rows, Size * Size];
        for (var r = 0; r < rows; r++)
        {
            for (var pair = 0; pair < Size * Size; pair++)
            {
                for (var f = 0; f < Features; f++)
                {
                    days[r, pair * Features + f] = random.NextDouble();
                    judged[r, pair] += Hidden[f] * days[r, pair * Features + f];
                }
                judged[r, pair] += 0.2 * (random.NextDouble() - 0.5);
            }
        }
        return (days, matching.Solve(judged));
    }
}
