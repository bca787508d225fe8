using System.IO;
using System.Linq;
using Perturbed.Functional.CSharp;

namespace Samples;

/// <summary>The program of docs/tutorial.md.</summary>
internal static class Tutorial
{
    public static void Run()
    {
        // 2. A decision with a gradient.
        var softRank = Oracle.Ranking(4).Perturb(Noise.Gaussian, epsilon: 1.0, samples: 1000);
        double[] scores = [0.5, 2.0, 0.4, -1.0];
        Output.Line("ranks", Oracle.Ranking(4).Solve(scores));
        Output.Line("smoothed ranks", softRank.Maximizer(scores));

        // 3. Data.
        var all = new ArtificialRanking(rows: 600, features: 5, labels: 4, noise: 0.5).Generate(Key.Create(7)).Examples;
        var train = all.Take([.. Enumerable.Range(0, 400)]);
        var test = all.Take([.. Enumerable.Range(400, 200)]);
        Output.Line("customers", train.Count, test.Count);

        // 4. Train.
        var model = Model.Affine(inputs: 5, outputs: 4);
        var loss = Loss.FenchelYoung(softRank.WithSamples(10));
        var config = new TrainingConfig(epochs: 40, batchSize: 32, Optimizer.Adam(), Schedule.Cosine(0.1, epochs: 40), Key.Create(1));
        var trained = model.Train(config, loss, train);
        Output.Line("loss, first and last epoch", trained.History[0].Loss, trained.History[^1].Loss);
        var theta = model.Predict(trained.Parameters, test.Inputs);
        var learned = model.Predict(trained.Parameters, train.Inputs);
        Output.Line("Spearman", Metrics.Mean(Metrics.Spearman, test.Targets, theta));
        Output.Line("Spearman, customers learned from", Metrics.Mean(Metrics.Spearman, train.Targets, learned));

        // 5. Look.
        double[] customer = [.. Enumerable.Range(0, 4).Select(label => theta[0, label])];
        Output.Line("smoothed ranks of the first customer", softRank.Maximizer(customer));
        foreach (var (solution, probability) in softRank.Distribution(customer).Take(3))
            Output.Line($"  ranks {string.Join(' ', solution)}", probability);
        var page = Path.Combine(Path.GetTempPath(), "training.html");
        Chart.OfHistory(trained.History).Save(page);

        // 6. Save, load, predict.
        var path = Path.Combine(Path.GetTempPath(), "ranking.json");
        new SavedModel(model, trained.Parameters).Save(path);
        var loaded = SavedModel.Load(path).Predict(test.Inputs);
        Output.Line("loaded", loaded.Cast<double>().SequenceEqual(theta.Cast<double>()).ToString());
    }
}
