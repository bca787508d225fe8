using System;
using System.Collections.Generic;
using System.IO;
using Perturbed.Functional.CSharp;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Sample;

/// <summary>A network that learns to rank, in TorchSharp's own idiom.</summary>
public static class Program
{
    /// <summary>Trains, saves, loads and tells how many ranks are right.</summary>
    /// <returns>0 if at least nine ranks in ten are right.</returns>
    public static int Main() => Run(Console.Out);

    /// <summary>The same with another output.</summary>
    /// <param name="output">Where the report goes.</param>
    /// <returns>0 if at least nine ranks in ten are right.</returns>
    public static int Run(TextWriter output)
    {
        manual_seed(1);
        using var inputs = randn(256, 8);
        using var weights = randn(8, 5);
        using var ranks = Ranks(inputs.matmul(weights));

        using var model = Sequential(("hidden", Linear(8, 32)), ("relu", ReLU()), ("scores", Linear(32, 5)));
        var steps = Train(model, Batches(inputs, ranks));

        var file = Path.GetTempFileName();
        model.save(file);
        using var loaded = Sequential(("hidden", Linear(8, 32)), ("relu", ReLU()), ("scores", Linear(32, 5)));
        loaded.load(file);
        File.Delete(file);

        using var evaluation = no_grad();
        using var found = Ranks(loaded.forward(inputs));
        using var right = found.eq(ranks).to_type(ScalarType.Float32).mean();
        var share = right.item<float>();

        // The layer itself stands in a network too: soft ranks between 1 and 5.
        using var layer = new PerturbedMaximizer(Oracle.Ranking(5).Perturb(Noise.Gaussian, epsilon: 1.0, samples: 4));
        using var soft = layer.forward(loaded.forward(inputs.narrow(0, 0, 1)));
        output.WriteLine($"{100 * share:F1} % of ranks right after {steps} steps; soft ranks of the first row: {string.Join(" ", soft.data<float>().ToArray())}");
        return share >= 0.9 ? 0 : 1;
    }

    private static long Train(Module<Tensor, Tensor> model, IEnumerable<(Tensor Inputs, Tensor Ranks)> batches)
    {
        // guide: begin
        var softRank = Oracle.Ranking(5).Perturb(Noise.Gaussian, epsilon: 1.0, samples: 4).WithKey(Key.Create(7));
        using var loss = new FenchelYoungLoss(softRank);
        using var optimizer = torch.optim.Adam(model.parameters(), 0.01);
        foreach (var (inputs, ranks) in batches)
        {
            using var scope = torch.NewDisposeScope();
            optimizer.zero_grad();
            loss.forward(model.forward(inputs), ranks).backward();
            optimizer.step();
        }
        // guide: end
        return loss.Step;
    }

    private static IEnumerable<(Tensor Inputs, Tensor Ranks)> Batches(Tensor inputs, Tensor ranks)
    {
        for (var epoch = 0; epoch < 60; epoch++)
        {
            for (var start = 0; start < 256; start += 32)
            {
                using var rows = inputs.narrow(0, start, 32);
                using var targets = ranks.narrow(0, start, 32);
                yield return (rows, targets);
            }
        }
    }

    private static Tensor Ranks(Tensor scores) => scores.argsort(1).argsort(1).to_type(ScalarType.Float32) + 1;
}
