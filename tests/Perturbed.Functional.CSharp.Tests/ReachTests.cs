using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using Xunit;

namespace Perturbed.Functional.CSharp.Tests;

public class ReachTests
{
    // Functions of the core that the facade reaches in another way.
    private static readonly HashSet<string> ReachedOtherwise =
    [
        "KeyModule.create", // Key.Create
        "KeyModule.fold", // Key.Fold
        "KeyModule.split", // Key.Split
        "SmoothedModule.hessianVector", // HessianVector(theta, vector).Value
        "FenchelYoung.value", // FenchelYoungLoss(theta, target).Loss
        "OptimizerModule.get_adam", // Adam()
        "Training.config", // the constructor of TrainingConfig
        // For adapters to other libraries, which open the core; they take spans as they are.
        "FlatBatch.Maximizer", "FlatBatch.MaximumAndGradient", "FlatBatch.FenchelYoungUnchecked", "FlatBatch.Pullback",
        "RemoteModule.by", "RemoteModule.get_version",
    ];

    private const BindingFlags All =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static string Name(MethodBase method) => $"{method.DeclaringType!.Name}.{method.Name}";

    [Fact]
    public void Every_function_of_the_core_is_reached_by_the_facade()
    {
        var called = Facade.Assembly.GetTypes()
            .SelectMany(t => t.GetMethods(All).Cast<MethodBase>().Concat(t.GetConstructors(All)))
            .SelectMany(Reach.Calls)
            .Where(m => Facade.Core.Contains(m.DeclaringType?.Assembly))
            .Select(Name)
            .ToHashSet();
        var functions = Facade.Core.SelectMany(a => a.GetExportedTypes())
            .Where(t => t.IsAbstract && t.IsSealed && !t.IsNested && t.Name != "DifferentiableOperators")
            .SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Select(Name)
            .ToList();
        Assert.True(functions.Count > 100, $"only {functions.Count} functions were found");
        Assert.Empty(functions.Except(called).Except(ReachedOtherwise));
        Assert.Empty(ReachedOtherwise.Except(functions).Concat(ReachedOtherwise.Intersect(called)));
    }

    [Fact]
    public void The_table_of_oracles_names_every_one_of_the_facade()
    {
        var table = File.ReadAllText(Path.Combine(Path.GetDirectoryName(Here())!, "../../docs/oracles.md"));
        // A user's own solver is made in F# and C# by one name, in two cases.
        bool IsListed(string name) => table.Contains($"`{name}(") || table.Contains($"`Oracle.{name}`")
            || table.Contains($"`{char.ToLowerInvariant(name[0])}{name[1..]}`");
        var names = typeof(Oracle).GetMethods(BindingFlags.Public | BindingFlags.Static).Select(m => m.Name).ToList();
        Assert.True(names.Count > 30, $"only {names.Count} were found");
        Assert.All(names, name => Assert.True(IsListed(name), name));
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
