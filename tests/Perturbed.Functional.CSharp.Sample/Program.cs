using System;
using System.Globalization;
using System.Linq;
using Perturbed.Functional.CSharp;

namespace Sample;

/// <summary>A tour in three stops: a smoothed ranking, a solver of one's own, and a model trained through a ranking.</summary>
public static class Program
{
    public static void Main()
    {
        SmoothedRanking();
        BlackBoxSolver();
        FenchelYoungTraining();
    }

    // A ranking jumps; its smoothing has a gradient everywhere.
    private static void SmoothedRanking()
    {
        double[] theta = [2.0, -1.0, 0.3, 4.1, 0.9];
        double[] target = [4, 1, 3, 5, 2];

        var softRank = Oracle.Ranking(5).Perturb(Noise.Gaussian, epsilon: 0.5, samples: 1000);
        double[] mean = softRank.Maximizer(theta);
        var (loss, gradient) = softRank.FenchelYoungLoss(theta, target);

        Print("soft ranks", mean);
        Print("loss", loss.Value);
        Print("its gradient", gradient);
    }

    // Any function from values to a best choice will do: here a knapsack, solved by trying every subset.
    private static void BlackBoxSolver()
    {
        double[] weights = [3, 4, 5, 9, 4];
        double[] values = [3, 4, 4, 10, 4];
        const double capacity = 11;

        double[] Knapsack(double[] theta) =>
            Enumerable.Range(0, 1 << theta.Length)
                .Select(subset => theta.Select((_, i) => (double)(subset >> i & 1)).ToArray())
                .Where(y => y.Zip(weights, (take, weight) => take * weight).Sum() <= capacity)
                .MaxBy(y => y.Zip(theta, (take, value) => take * value).Sum())!;

        var knapsack = Oracle.OfFunction(5, Knapsack).WithName("knapsack");
        var softKnapsack = knapsack.Perturb(Noise.Gaussian, epsilon: 1.0, samples: 2000, key: Key.Create(1));

        // How does the expected weight of the sack move with the value of each item?
        var (taken, pullback) = softKnapsack.Pullback(values);
        Print("knapsack", knapsack.Solve(values));
        Print("soft knapsack", taken);
        Print("gradient of its weight", pullback(weights));
    }

    // Learn to rank from features: the loss needs solves and no derivative of the solver.
    private static void FenchelYoungTraining()
    {
        var data = new ArtificialRanking(rows: 400, features: 5, labels: 4, noise: 0.5).Generate(Key.Create(7));
        var train = data.Examples.Take([.. Enumerable.Range(0, 300)]);
        var test = data.Examples.Take([.. Enumerable.Range(300, 100)]);

        var model = Model.Affine(inputs: 5, outputs: 4);
        var loss = Loss.FenchelYoung(Oracle.Ranking(4).Perturb(Noise.Gaussian, epsilon: 1.0, samples: 4));
        var settings = new TrainingConfig(epochs: 20, batchSize: 32, Optimizer.Adam(), Schedule.Cosine(0.1, epochs: 20), Key.Create(1));
        var (parameters, history) = model.Train(settings, loss, train);

        Print("loss of the first epoch", history[0].Loss);
        Print("loss of the last epoch", history[^1].Loss);
        Print("Spearman on unseen rows", Metrics.Mean(Metrics.Spearman, test.Targets, model.Predict(parameters, test.Inputs)));
    }

    private static void Print(string what, params double[] numbers) =>
        Console.WriteLine($"{what}: {string.Join(' ', numbers.Select(x => x.ToString("0.000", CultureInfo.InvariantCulture)))}");
}
