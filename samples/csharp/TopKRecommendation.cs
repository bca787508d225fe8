using System;
using System.Linq;
using System.Threading;
using Perturbed.Functional.CSharp;

namespace Samples;

/// <summary>Recommend 3 of 20 items, learned from what users took.</summary>
/// <remarks>A user has 8 features; the target is the 0/1 vector of the three items taken.</remarks>
internal static class TopKRecommendation
{
    private const int Features = 8, Items = 20, Taken = 3;

    public static void Run(CancellationToken cancellation)
    {
        var (users, taken) = History(rows: 1500, new Random(1));
        var all = new Examples(users, taken);
        var train = all.Take([.. Enumerable.Range(0, 1000)]);
        var test = all.Take([.. Enumerable.Range(1000, 500)]);

        // The smoothed top 3: 20 numbers between 0 and 1 whose sum is 3, the chance of each item to be among the best.
        var top = Oracle.TopK(Taken, Items).Perturb(Noise.Gumbel, epsilon: 1.0, samples: 10);
        var model = Model.Affine(Features, Items);
        var config = new TrainingConfig(epochs: 30, batchSize: 50, Optimizer.Adam(), Schedule.Constant(0.05), Key.Create(2))
        {
            Cancellation = cancellation,
        };
        var trained = model.Train(config, Loss.FenchelYoung(top), train);

        // Of the three items recommended, how many did the user take? By chance 3/20 of them.
        var theta = model.Predict(trained.Parameters, test.Inputs);
        var recommended = Oracle.TopK(Taken, Items).Solve(theta);
        Output.Line("precision at 3", Metrics.Mean(Precision, test.Targets, recommended));
        Output.Line("precision by chance", (double)Taken / Items);

        // One user: the items with their probabilities, and the sets that the noise chose most often.
        double[] scores = [.. Enumerable.Range(0, Items).Select(item => theta[0, item])];
        var probabilities = top.WithSamples(10_000).Maximizer(scores);
        var best = Enumerable.Range(0, Items).OrderByDescending(item => probabilities[item]).Take(5).ToArray();
        Output.Line("items", string.Join(' ', best));
        Output.Line("their probabilities", [.. best.Select(item => probabilities[item])]);
        var (solution, probability) = top.WithSamples(10_000).Distribution(scores)[0];
        Output.Line("most frequent set", string.Join(' ', Enumerable.Range(0, Items).Where(item => solution[item] == 1)));
        Output.Line("its probability", probability);
    }

    private static double Precision(double[] target, double[] solution) =>
        target.Zip(solution, (t, s) => t * s).Sum() / Taken;

    // Users whose taste is linear in their features, with a random part: the three best items by score are taken.
    private static (double[,] Users, double[,] Taken) History(int rows, Random random)
    {
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

        double[,] taste = new double[Features, Items];
        foreach (var (f, i) in from f in Enumerable.Range(0, Features) from i in Enumerable.Range(0, Items) select (f, i))
            taste[f, i] = Normal();

        double[,] users = new double[rows, Features], scores = new double[rows, Items];
        for (var r = 0; r < rows; r++)
        {
            for (var f = 0; f < Features; f++)
                users[r, f] = Normal();
            for (var i = 0; i < Items; i++)
                scores[r, i] = Enumerable.Range(0, Features).Sum(f => users[r, f] * taste[f, i]) + 0.5 * Normal();
        }
        return (users, Oracle.TopK(Taken, Items).Solve(scores));
    }
}
