using System;
using System.IO;
using System.Xml.Linq;
using Xunit;

namespace Perturbed.Functional.CSharp.Tests;

public class ChartTests
{
    private static readonly double[] Theta = [1.0, 0.4, 1.9];
    private static readonly Smoothed Soft = Oracle.Ranking(3).Perturb(Noise.Gaussian, 1.0, 200);

    private static void IsPicture(Chart chart, string title)
    {
        Assert.Equal(title, chart.Title);
        var root = XElement.Parse(chart.Svg());
        Assert.Equal("svg", root.Name.LocalName);
        Assert.Equal(chart.Svg(), chart.Svg());
    }

    [Fact]
    public void Results_of_the_facade_become_charts_in_a_line()
    {
        IsPicture(Chart.OfDistribution(Soft.Distribution(Theta)), "Distribution of solutions");
        IsPicture(Chart.OfRankings(Soft.Distribution(Theta)), "Rankings");
        IsPicture(Chart.OfJacobian(Soft.Jacobian(Theta)), "Jacobian");
        IsPicture(Chart.OfPermutahedron(Soft, Theta, 0.1, 1.0, 10.0), "Permutahedron");
        Assert.StartsWith("Perturbed maximizer; F_ε(θ) = ", Chart.OfEstimate(Soft.Estimate(Theta)).Title, StringComparison.Ordinal);
        IsPicture(Chart.OfGraph([(0, 0), (1, 0), (0, 1)], Graph.Complete(3), [1, 1, 0], [0.9, 0.8, 0.3]), "Edges");
        IsPicture(Chart.OfAssignment(2, 2, [1, 0, 0, 1], [0.7, 0.3, 0.3, 0.7]), "Assignment");
    }

    [Fact]
    public void A_chart_of_F_sharp_has_the_same_bytes()
    {
        var core = Perturb.perturb(OracleModule.ranking(3), Functional.Noise.gaussian, 1.0, 200);
        var there = Functional.Charts.ChartModule.svg(Functional.Charts.ChartModule.ofDistribution(SmoothedModule.distribution(Theta, core)));
        Assert.Equal(there, Chart.OfDistribution(Soft.Distribution(Theta)).Svg());
    }

    [Fact]
    public void Lines_are_drawn_from_tuples_and_saved()
    {
        var lines = Chart.Lines(
            "Error",
            Axis.Logarithmic("M").Between(10, 1000),
            Axis.Linear("standard error"),
            Curve.Through("a", [(10, 1), (1000, 0.1)]),
            Curve.WithDeviation("b", [(10, 2, 0.1), (1000, 0.2, 0.1)]));
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.html");
        try
        {
            lines.WithWidth(360).WithDescription("two lines").Save(path);
            Assert.Contains("<desc>two lines</desc>", File.ReadAllText(path), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void What_cannot_be_drawn_is_refused() =>
        Assert.Contains("NaN", Assert.Throws<ArgumentException>(() => Chart.OfJacobian(new[,] { { double.NaN } })).Message, StringComparison.Ordinal);
}
