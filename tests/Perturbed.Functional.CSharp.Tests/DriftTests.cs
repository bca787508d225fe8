using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xunit;

namespace Perturbed.Functional.CSharp.Tests;

/// <summary>A type or member of the facade has the summary of what it stands for in the core.</summary>
public partial class DriftTests
{
    // C# has members of its own for what is a union, a module or an option of F#, or another syntax to show.
    private static readonly string[] InWordsOfTheirOwn =
    [
        "NpyArray.Bytes", "NpyArray.Integers", "NpyArray.Singles", "NpyArray.Doubles",
        "StockholmAnnotation.Sequence", "StockholmAnnotation.IsPerColumn",
        "CrossValidationConfig", "CrossValidationConfig.Progress",
        "TrainingConfig", "TrainingConfig.OnEpoch", "TrainingConfig.Progress",
        "EpochRecord.RowsWhereSamplesAgree", "LossBatch.Instances", "Metrics.Mean", "Model.Train", "Schedule",
        "Optimizer.WithoutDecay", "Optimizer.WithPenalty", "Optimizer.WithDecoupledDecay",
        "Differentiable", "Differentiable`2.Then``1", "MembershipKind.Outside", "MembershipKind.Undecided",
        "Chart.Lines", "Smoothed", "Smoothed.IsMultiplicative", "Smoothed.Additive", "Smoothed.Multiplicative",
    ];

    // What the core documents, by namespace, type and name in lower case; modules without their suffix.
    private static readonly ILookup<string, XElement> Core =
        Facade.Core.Append(Facade.Charts).SelectMany(Documentation.Of).ToLookup(e => Plain(e.Key), e => e.Value);

    [GeneratedRegex(@"\(.*|Module(?=\.)|`+\d|(?<=\.)get_|^\w:|(?<=Functional\.)(CSharp|Charts)\.")]
    private static partial Regex Decoration();

    [GeneratedRegex(@"\b\p{L}+\.(?=\p{L})|`")]
    private static partial Regex Qualifier();

    private static string Plain(string id) => Decoration().Replace(id, "").ToLowerInvariant();

    // Names differ between the languages by the case of their first letter and by what qualifies them; None is null.
    private static string Words(XElement member) =>
        Qualifier().Replace(Documentation.Summary(member), "").ToLowerInvariant().Replace("; none where", "; null where");

    // The only function or property of the core that a member calls, or else the one of its name.
    private static string? Counterpart(MethodBase method)
    {
        var called = Reach.Core(method)
            .Where(m => method.IsSpecialName || !m.IsSpecialName)
            .Select(m => Plain($"{m.DeclaringType!.FullName!.Replace('+', '.')}.{m.Name}"))
            .Distinct()
            .ToList();
        return called.Count == 1 ? called[0] : called.SingleOrDefault(c => c.EndsWith("." + Plain(method.Name), StringComparison.Ordinal));
    }

    // The identifiers of the facade's types, cases and members, each with the name of its counterpart in the core.
    private static IEnumerable<(string Id, string Core)> Pairs(Type type)
    {
        yield return ($"T:{type.FullName}", Plain(type.FullName!));
        foreach (var field in type.IsEnum ? Enum.GetNames(type) : [])
            yield return ($"F:{type.FullName}.{field}", Plain($"{Regex.Replace(type.FullName!, "Kind$", "")}.{field}"));
        foreach (var property in Facade.Members(type).OfType<PropertyInfo>())
        {
            var id = $"{type.FullName}.{property.Name}";
            yield return ($"P:{id}", Counterpart(property.GetMethod!) ?? Plain(id));
        }

        foreach (var method in Facade.Written(type).Where(m => m is MethodInfo { IsSpecialName: false }))
            if (Counterpart(method) is { } core) yield return (Documentation.Id(method), core);
    }

    [Fact]
    public void The_facade_has_the_summaries_of_the_core()
    {
        var facade = Documentation.Of(Facade.Assembly);
        var pairs = Facade.Types.SelectMany(Pairs).Where(p => facade.ContainsKey(p.Id) && Core.Contains(p.Core)).ToList();
        Assert.True(pairs.Count > 450, $"only {pairs.Count} pairs were found");
        var differing = pairs.Where(p => Core[p.Core].All(core => Words(core) != Words(facade[p.Id]))).ToList();
        string Name((string Id, string) pair) => Regex.Replace(pair.Id.Split('(')[0], @"^\w:Perturbed\.Functional\.CSharp\.", "");
        var drifted = differing.Where(p => !InWordsOfTheirOwn.Contains(Name(p)))
            .Select(p => $"{p.Id}\n  facade: {Words(facade[p.Id])}\n  core:   {string.Join(" | ", Core[p.Core].Select(Words))}")
            .ToList();
        Assert.True(drifted.Count == 0, string.Join('\n', drifted));
        Assert.Empty(InWordsOfTheirOwn.Except(differing.Select(Name)));
    }
}
