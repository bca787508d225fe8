using System;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using Xunit;

namespace Perturbed.Functional.CSharp.Tests;

/// <summary>The C# of the README compiles, and computes what its F# does.</summary>
public class ReadmeTests
{
    [Fact]
    public void The_example_has_the_bits_of_the_core()
    {
        // README: begin
        var softRank = Oracle.Ranking(5).Perturb(Noise.Gaussian, epsilon: 0.5, samples: 1000);
        double[] theta = [2.0, -1.0, 0.3, 4.1, 0.9];
        double[] mean = softRank.Maximizer(theta);
        var (loss, gradient) = softRank.FenchelYoungLoss(theta, [4.0, 1.0, 2.0, 5.0, 3.0]);
        // README: end
        var core = Perturb.perturb(OracleModule.ranking(5), Functional.Noise.gaussian, 0.5, 1000);
        Assert.Equal(SmoothedModule.maximizer(theta, core), mean);
        var expected = FenchelYoung.valueAndGradient(theta, [4.0, 1.0, 2.0, 5.0, 3.0], core);
        Assert.Equal(expected.Item1.Value, loss.Value);
        Assert.Equal(expected.Item2, gradient);
    }

    [Fact]
    public void The_example_is_the_one_above()
    {
        var page = Between(Read("README.md"), "```csharp", "```");
        Assert.Equal("using Perturbed.Functional.CSharp;", page[0]);
        var own = Between(Read("tests/Perturbed.Functional.CSharp.Tests/ReadmeTests.cs"), "// README: begin", "// README: end");
        Assert.Equal(page.Skip(2), own);
    }

    private static string[] Read(string file) => File.ReadAllLines(Path.Combine(Path.GetDirectoryName(Here())!, "../..", file));

    private static string[] Between(string[] lines, string first, string last) =>
        [.. lines.Select(line => line.Trim()).SkipWhile(line => line != first).Skip(1).TakeWhile(line => line != last)];

    private static string Here([CallerFilePath] string path = "") => path;
}
