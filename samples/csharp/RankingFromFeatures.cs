using System;
using System.Linq;
using System.Threading;
using Perturbed.Functional.CSharp;

namespace Samples;

/// <summary>Learn to rank from features: train with early stopping, look at errors, save, load, predict.</summary>
/// <remarks>Each row has 5 features and a ranking of 4 labels (rank 1 is the lowest score).</remarks>
internal static class RankingFromFeatures
{
    public static void Run(string directory, CancellationToken cancellation)
    {
        // Data made by a known linear model with noise; rows of your own go into new Examples(inputs, rankings).
        var data = new ArtificialRanking(rows: 600, features: 5, labels: 4, noise: 0.5).Generate(Key.Create(7)).Examples;
        var train = data.Take([.. Enumerable.Range(0, 400)]);
        var validation = data.Take([.. Enumerable.Range(400, 100)]);
        var test = data.Take([.. Enumerable.Range(500, 100)]);

        // θ = Wx + b, and a loss that compares the smoothed ranking of θ with the ranking that was seen.
        var model = Model.Affine(inputs: 5, outputs: 4);
        var operation = Oracle.Ranking(4).Perturb(Noise.Gaussian, epsilon: 1.0, samples: 10);
        var loss = Loss.FenchelYoung(operation);

        double Score(double[] parameters, Examples examples) =>
            Metrics.Mean(Metrics.Spearman, examples.Targets, model.Predict(parameters, examples.Inputs));

        var config = new TrainingConfig(epochs: 60, batchSize: 32, Optimizer.Adam(), Schedule.Cosine(0.1, epochs: 60), Key.Create(1))
        {
            Cancellation = cancellation,
            Progress = new Lines(),
        };

        // Ten epochs without a better score on the validation rows end the training; the best epoch's parameters count.
        var stopping = new EarlyStopping(patience: 10, Goal.Maximise, parameters => Score(parameters, validation));
        var (best, trained) = model.Train(stopping, config, loss, train);
        var parameters = best?.Parameters ?? throw new OperationCanceledException("Cancelled before the first epoch.");
        Output.Line("ended by", trained.Ending.ToString());
        Output.Line("epochs", trained.History.Length.ToString());
        Output.Line("best epoch", best.Epoch.ToString());
        Output.Line("Spearman, training", Score(parameters, train));
        Output.Line("Spearman, validation", Score(parameters, validation));
        Output.Line("Spearman, test", Score(parameters, test));

        // How sure is the model of one ranking? The smoothed ranks lie inside the permutahedron, the more so the less sure it is.
        var theta = model.Predict(parameters, test.Take([0]).Inputs);
        double[] row = [.. theta.Cast<double>()];
        Output.Line("ranks seen", [.. test.Take([0]).Targets.Cast<double>()]);
        Output.Line("smoothed ranks", operation.WithSamples(1000).Maximizer(row));

        // Two files, ranking.json and ranking.npy, which F#, C# and Python read.
        var path = System.IO.Path.Combine(directory, "ranking.json");
        new SavedModel(model, parameters).Save(path);
        var loaded = SavedModel.Load(path);
        var same = loaded.Predict(test.Inputs).Cast<double>().SequenceEqual(model.Predict(parameters, test.Inputs).Cast<double>());
        Output.Line("loaded model predicts the same", same.ToString());
    }

    // Told of each epoch on the training's own thread; Progress<T> would post to another one.
    private sealed class Lines : IProgress<EpochRecord>
    {
        public void Report(EpochRecord epoch)
        {
            if (epoch.Epoch % 20 == 0)
                Console.Error.WriteLine($"epoch {epoch.Epoch}: loss {epoch.Loss:F4}");
        }
    }
}
