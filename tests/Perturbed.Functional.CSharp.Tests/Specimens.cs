using System;
using System.Collections.Generic;
using System.IO;
using System.Linq.Expressions;
using System.Threading;

namespace Perturbed.Functional.CSharp.Tests;

/// <summary>A legal value of every type that the facade takes, all of dimension three, so that any member can be called.</summary>
internal static class Specimens
{
    private static readonly double[,] Matrix = { { 2, 0.5, 0 }, { 0.5, 2, 0.5 }, { 0, 0.5, 2 } };
    private static readonly TrainableModel Model = Models.Linear(3, 3);
    private static readonly TrainingSettings Settings = new(1, 2, Optimizers.Sgd, Schedules.Constant(0.1));
    private static readonly SmoothedOracle Smoothed = Oracles.Argmax(3).Perturb(Noises.Gumbel, 1.0, 20);

    private static readonly Dictionary<Type, object> Values = new()
    {
        [typeof(double)] = 0.5,
        [typeof(int)] = 3,
        [typeof(long)] = 3L,
        [typeof(ulong)] = 3UL,
        [typeof(bool)] = true,
        [typeof(string)] = "specimen",
        [typeof(double[])] = new[] { 0.5, 0.3, 0.2 },
        [typeof(double[,])] = Matrix,
        [typeof(double[][])] = new double[][] { [1.0] },
        [typeof(int[])] = new[] { 0, 1, 2 },
        [typeof(int[,])] = new[,] { { 1, 2, 3 } },
        [typeof(IEnumerable<int>)] = new[] { 0, 1, 2 },
        [typeof(Key)] = Key.Create(1),
        [typeof(CancellationToken)] = CancellationToken.None,
        [typeof(byte[])] = new byte[] { 0, 1, 2 },
        [typeof(long[])] = new[] { 0L, 1L, 2L },
        [typeof(float[])] = new[] { 0.5f, 0.3f, 0.2f },
        [typeof(int?)] = 3,
        [typeof(int?[])] = new int?[] { 3 },
        [typeof(Stream)] = Stream.Null,
        [typeof(NumberArray)] = new NumberArray([3], new[] { 0.5, 0.3, 0.2 }),
        [typeof(TextReader)] = TextReader.Null,
        [typeof(INoise)] = Noises.Gaussian,
        [typeof(IOracle)] = Oracles.Argmax(3).Implementation,
        [typeof(SpanFunction)] = new SpanFunction((theta, y) => theta.CopyTo(y)),
        [typeof(LinearOracle)] = Oracles.Argmax(3),
        [typeof(LinearOracle[])] = new[] { Oracles.Argmax(3) },
        [typeof(Graph)] = Graph.Complete(3),
        [typeof(Digraph)] = new Digraph(4, [0, 1, 2], [1, 2, 3]),
        [typeof(LinkConstraints)] = LinkConstraints.None,
        [typeof(SmoothedOracle)] = Smoothed,
        [typeof(SmoothedMap)] = SmoothedMap.OfFunction(3, 3, x => x, Noises.Gaussian, 1.0, 20),
        [typeof(PointMembership)] = Oracles.Argmax(2).Membership([2, 0]),
        [typeof(ParameterFit)] = Smoothed.Fit(Smoothed.WithSamples(200).WithKey(Key.Create(2)).Samples([0, 0, 0]), 0.2),
        [typeof(DifferentiableMap<double[], double[]>)] = DifferentiableMaps.Identity<double[]>(),
        [typeof(DifferentiableMap<double[,], double[,]>)] = DifferentiableMaps.Identity<double[,]>(),
        [typeof(DifferentiableMap<double[], double>)] = Smoothed.FenchelYoungDifferentiable([1, 0, 0]),
        [typeof(DifferentiableMap<double[], double[,]>)] = Model.Apply(Matrix),
        [typeof(TrainableModel)] = Model,
        [typeof(StoredModel)] = new StoredModel(Model, Model.Initial(Key.Create(1))),
        [typeof(TrainingSettings)] = Settings,
        [typeof(TrainingCheckpoint)] = Model.Start(Settings),
        [typeof(TrainingLoss)] = Losses.Squared,
        [typeof(TrainingBatch)] = new TrainingBatch(Key.Create(1), Matrix, Matrix),
        [typeof(StoppingRule)] = new StoppingRule(1, GoalKind.Minimise, _ => 0.0),
        [typeof(GradientOptimizer)] = Optimizers.Sgd,
        [typeof(GradientOptimizerState)] = Optimizers.Sgd.Initialise(3),
        [typeof(ExampleSet)] = new ExampleSet(Matrix, Matrix),
        [typeof(FeatureScaling)] = FeatureScaling.Fit(Matrix),
        [typeof(CrossValidationSettings)] = new CrossValidationSettings(2),
        [typeof(ArtificialRankingSetting)] = new ArtificialRankingSetting(3, 3, 3, 0.5),
    };

    public static bool Has(Type type) => Values.ContainsKey(type);

    public static object Of(Type type)
    {
        if (Values.TryGetValue(type, out var value)) return value;
        if (type.IsEnum) return Enum.ToObject(type, 0);
        if (type.IsGenericType && type.FullName!.StartsWith("System.ValueTuple`", StringComparison.Ordinal))
            return Activator.CreateInstance(type, Array.ConvertAll(type.GetGenericArguments(), Of))!;
        if (!typeof(Delegate).IsAssignableFrom(type)) throw new InvalidOperationException($"No specimen of {type}: add one.");
        var signature = type.GetMethod("Invoke")!;
        var parameters = Array.ConvertAll(signature.GetParameters(), p => Expression.Parameter(p.ParameterType));
        return Expression.Lambda(type, Expression.Constant(Of(signature.ReturnType), signature.ReturnType), parameters).Compile();
    }
}
