using System;
using System.Globalization;
using System.IO;
using System.Linq;
using Xunit;

namespace Perturbed.Functional.CSharp.Tests;

public class SampleTests
{
    private static ILookup<string, double[]> Run()
    {
        var console = Console.Out;
        using var printed = new StringWriter();
        Console.SetOut(printed);
        try
        {
            Sample.Program.Main();
        }
        finally
        {
            Console.SetOut(console);
        }
        return printed.ToString()
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line => line.Split(": "))
            .ToLookup(parts => parts[0], parts => Array.ConvertAll(parts[1].Split(' '), x => double.Parse(x, CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void The_sample_prints_what_the_core_computes_and_learns_to_rank()
    {
        var printed = Run();
        double[] Line(string what) => Assert.Single(printed[what]);

        // The ranking, against the core, to the three decimals printed.
        double[] theta = [2.0, -1.0, 0.3, 4.1, 0.9];
        var core = Perturb.perturb(OracleModule.ranking(5), Functional.Noise.gaussian, 0.5, 1000);
        var expected = SmoothedModule.maximizer(theta, core);
        Assert.Equal(expected, Line("soft ranks"), (a, b) => Math.Abs(a - b) <= 0.00051);
        double[] target = [4, 1, 3, 5, 2];
        Assert.Equal(expected.Zip(target, (y, t) => y - t), Line("its gradient"), (a, b) => Math.Abs(a - b) <= 0.00051);
        Assert.True(Line("loss")[0] > 0);

        // The knapsack: {1, 2, 5} weighs 11 and is worth 11; no other subset that fits is worth more.
        Assert.Equal([1, 1, 0, 0, 1], Line("knapsack"));
        Assert.Equal(5, Line("soft knapsack").Length);
        Assert.All(Line("soft knapsack"), share => Assert.InRange(share, 0, 1));
        Assert.Equal(5, Line("gradient of its weight").Length);

        // The rows that were not seen, ranked by the weights that made them: what a learnt model can hope for. Six standard errors of
        // that mean, over 100 rows, leave a false alarm a probability of about 1e-9 where the learnt model is as good.
        var setting = new ArtificialRanking(400, 5, 4, 0.5);
        var unseen = setting.Generate(Key.Create(7)).Examples.Take([.. Enumerable.Range(300, 100)]);
        var truth = Model.Linear(5, 4).Predict(setting.Weights(Key.Create(7)), unseen.Inputs);
        var scores = Metrics.Rows(Metrics.Spearman, unseen.Targets, truth);
        var error = Math.Sqrt(scores.Sum(s => Math.Pow(s - scores.Average(), 2)) / 99 / 100);
        Assert.True(Line("Spearman on unseen rows")[0] > scores.Average() - 6 * error);
        Assert.True(Line("loss of the last epoch")[0] < Line("loss of the first epoch")[0]);
    }
}
