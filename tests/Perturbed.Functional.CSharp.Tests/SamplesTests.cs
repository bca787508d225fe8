using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using Xunit;

namespace Perturbed.Functional.CSharp.Tests;

/// <summary>The samples of samples/csharp do what their lines say.</summary>
public class SamplesTests
{
    private static ILookup<string, string> Run(string name)
    {
        var (output, errors) = (Console.Out, Console.Error);
        using var printed = new StringWriter();
        Console.SetOut(printed);
        Console.SetError(TextWriter.Null);
        try
        {
            Samples.Program.Main([name]);
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(errors);
        }
        return printed.ToString()
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(line => line[0] != '#')
            .Select(line => line.Split(": "))
            .ToLookup(parts => parts[0], parts => parts[1]);
    }

    private static double[] Numbers(ILookup<string, string> printed, string what) =>
        Array.ConvertAll(Assert.Single(printed[what]).Split(' '), x => double.Parse(x, CultureInfo.InvariantCulture));

    [Fact]
    public void The_tutorial_shows_the_lines_of_its_sample_in_their_order()
    {
        var root = Path.Combine(Path.GetDirectoryName(Here())!, "..", "..");
        var sample = File.ReadAllLines(Path.Combine(root, "samples", "csharp", "Tutorial.cs"));
        var code = sample.SkipWhile(line => !line.Contains("Run()")).Select(line => line.Trim())
            .Where(line => line.EndsWith(';') || line.StartsWith("foreach"));
        var isInside = false;
        var shown = new List<string>();
        foreach (var line in File.ReadAllLines(Path.Combine(root, "docs", "tutorial.md")))
        {
            if (line.StartsWith("```"))
                isInside = line == "```csharp";
            else if (isInside)
                shown.Add(line.Trim());
        }
        Assert.Equal(code, shown);
    }

    [Fact]
    public void The_tutorial_learns_and_its_saved_model_predicts_the_same()
    {
        var printed = Run("tutorial");
        Assert.Equal([3, 4, 2, 1], Numbers(printed, "ranks"));
        Assert.InRange(Numbers(printed, "Spearman")[0], 0.7, 1.0);
        Assert.Equal("True", Assert.Single(printed["loaded"]));
    }

    private static string Here([CallerFilePath] string path = "") => path;

    [Fact]
    public void Ranking_from_features_learns_and_its_saved_model_predicts_the_same()
    {
        var printed = Run("ranking");
        // The weights that made the data reach 0.8 on such rows; an untrained model has 0.
        Assert.InRange(Numbers(printed, "Spearman, test")[0], 0.7, 1.0);
        Assert.Equal("True", Assert.Single(printed["loaded model predicts the same"]));
        Assert.Equal(10.0, Numbers(printed, "smoothed ranks").Sum(), 0.0021);
    }

    [Fact]
    public void Top_k_recommendation_beats_chance_and_its_probabilities_are_ordered()
    {
        var printed = Run("top-k");
        Assert.InRange(Numbers(printed, "precision at 3")[0], 4 * Numbers(printed, "precision by chance")[0], 1.0);
        var probabilities = Numbers(printed, "their probabilities");
        Assert.Equal(probabilities.OrderDescending(), probabilities);
        Assert.Equal(3, Numbers(printed, "most frequent set").Length);
    }

    [Fact]
    public void Preferences_are_recovered_within_their_standard_errors()
    {
        var printed = Run("preferences");
        var (hidden, learned) = (Numbers(printed, "weights that decided"), Numbers(printed, "weights learned"));
        var errors = Numbers(printed, "standard errors");
        // Four normal numbers beyond four standard errors: once in 4,000 keys, and the key is fixed.
        Assert.All(Enumerable.Range(0, hidden.Length), i => Assert.InRange((learned[i] - hidden[i]) / errors[i], -4, 4));
        Assert.All(errors, error => Assert.InRange(error, 0.01, 0.1));
        Assert.InRange(Numbers(printed, "items taken as predicted")[0], 1.5 * Numbers(printed, "by chance")[0], 1.0);
    }

    [Fact]
    public void Learned_assignment_finds_the_ratios_of_the_weights_that_decided()
    {
        var printed = Run("assignment");
        Assert.Equal(
            Numbers(printed, "weights that decided, scaled"),
            Numbers(printed, "weights learned, scaled"),
            (expected, learned) => Math.Abs(expected - learned) < 0.1);
        Assert.InRange(Numbers(printed, "pairs as in unseen decisions")[0], 0.8, 1.0);
        Assert.InRange(Numbers(printed, "value, share of the best")[0], 0.99, 1.0);
    }

    [Fact]
    public void An_own_solver_is_checked_smoothed_and_explained()
    {
        var printed = Run("own-solver");
        Assert.Equal("True", Assert.Single(printed["check passed"]));
        Assert.Equal([1, 0, 1, 0, 1, 0, 1, 0], Numbers(printed, "bookings taken"));
        // Means of 1,000 samples, and θ after 300 noisy steps.
        Assert.Equal(
            Numbers(printed, "past bookings, mean"),
            Numbers(printed, "explained by θ, mean"),
            (past, explained) => Math.Abs(past - explained) < 0.1);
    }
}
