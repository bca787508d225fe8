using System;
using System.Collections.Generic;
using System.IO;
using System.Linq.Expressions;
using System.Threading;

namespace Perturbed.Functional.CSharp.Tests;

/// <summary>A legal value of every type that the facade takes, all of dimension three, so that any member
/// can be called.</summary>
internal static class Specimens
{
    private static readonly double[,] Matrix = { { 2, 0.5, 0 }, { 0.5, 2, 0.5 }, { 0, 0.5, 2 } };
    private static readonly Model Model = Model.Linear(3, 3);
    private static readonly TrainingConfig Settings = new(1, 2, Optimizer.Sgd, Schedule.Constant(0.1));
    private static readonly Smoothed Smoothed = Oracle.Argmax(3).Perturb(Noise.Gumbel, 1.0, 20);

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
        [typeof(IProgress<double>)] = new Progress<double>(),
        [typeof(IProgress<SolveProgress>)] = new Progress<SolveProgress>(),
        [typeof(byte[])] = new byte[] { 0, 1, 2 },
        [typeof(long[])] = new[] { 0L, 1L, 2L },
        [typeof(float[])] = new[] { 0.5f, 0.3f, 0.2f },
        [typeof(int?)] = 3,
        [typeof(int?[])] = new int?[] { 3 },
        [typeof(Stream)] = Stream.Null,
        [typeof(NpyArray)] = new NpyArray([3], new[] { 0.5, 0.3, 0.2 }),
        [typeof(IdxArray)] = new IdxArray([3], [0, 1, 2]),
        [typeof(TextReader)] = TextReader.Null,
        [typeof(TextWriter)] = TextWriter.Null,
        [typeof(StockholmSequence[])] = new[] { new StockholmSequence("a", "A-C") },
        [typeof(StockholmAnnotation[])] = new[] { StockholmAnnotation.OfAlignment("ID", "toy") },
        [typeof(StockholmAlignment[])] = new[] { new StockholmAlignment([new StockholmSequence("a", "A-C")]) },
        [typeof((int, int)[])] = new[] { (1, 1), (1, 2) },
        [typeof(INoise)] = Noise.Gaussian,
        [typeof(IOracle)] = Oracle.Argmax(3).Implementation,
        [typeof(SpanFunction)] = new SpanFunction((theta, y) => theta.CopyTo(y)),
        [typeof(Oracle)] = Oracle.Argmax(3),
        [typeof(Oracle[])] = new[] { Oracle.Argmax(3) },
        [typeof(Graph)] = Graph.Complete(3),
        [typeof(Digraph)] = new Digraph(4, [0, 1, 2], [1, 2, 3]),
        [typeof(LinkConstraints)] = LinkConstraints.None,
        [typeof(Smoothed)] = Smoothed,
        [typeof(SamplingDesign)] = SamplingDesign.Antithetic,
        [typeof(SolverProcess)] = new SolverProcess("solver"),
        [typeof(string[])] = new[] { "specimen" },
        [typeof(FailurePolicy)] = FailurePolicy.LeaveOut(0.1),
        [typeof(TimeSpan)] = TimeSpan.FromMinutes(1),
        [typeof(SmoothedFunction)] = SmoothedFunction.Create(3, 3, x => x, Noise.Gaussian, 1.0, 20),
        [typeof(Membership)] = Oracle.Argmax(2).Membership([2, 0]),
        [typeof(Fit)] = Smoothed.Fit(Smoothed.WithSamples(200).WithKey(Key.Create(2)).Samples([0, 0, 0]), 0.2),
        [typeof(Differentiable<double[], double[]>)] = Differentiable.Identity<double[]>(),
        [typeof(Differentiable<double[,], double[,]>)] = Differentiable.Identity<double[,]>(),
        [typeof(Differentiable<double[], double>)] = Smoothed.FenchelYoungDifferentiable([1, 0, 0]),
        [typeof(Differentiable<double[], double[,]>)] = Model.Apply(Matrix),
        [typeof(Model)] = Model,
        [typeof(SavedModel)] = new SavedModel(Model, Model.Initial(Key.Create(1))),
        [typeof(TrainingConfig)] = Settings,
        [typeof(TrainingState)] = Model.Start(Settings),
        [typeof(Loss)] = Loss.Squared,
        [typeof(LossBatch)] = new LossBatch(Key.Create(1), Matrix, Matrix),
        [typeof(EarlyStopping)] = new EarlyStopping(1, Goal.Minimise, _ => 0.0),
        [typeof(Optimizer)] = Optimizer.Sgd,
        [typeof(OptimizerState)] = Optimizer.Sgd.Initialise(3),
        [typeof(Examples)] = new Examples(Matrix, Matrix),
        [typeof(Standardisation)] = Standardisation.Fit(Matrix),
        [typeof(CrossValidationConfig)] = new CrossValidationConfig(2),
        [typeof(SolutionFrequency[])] = Smoothed.Distribution([0, 1, 2]),
        [typeof(Estimate)] = Smoothed.Estimate([0.0, 1.0, 2.0]),
        [typeof(Uncertain<double[]>)] = Smoothed.JacobianVector([0.0, 1.0, 2.0], [1.0, 0.0, 0.0]),
        [typeof(Uncertain<double[,]>)] = Smoothed.JacobianVector(Matrix, Matrix),
        [typeof(EpochRecord[])] = Model.Train(Settings, Loss.Squared, new Examples(Matrix, Matrix)).History,
        [typeof((double, double)[])] = new[] { (0.0, 0.0), (1.0, 0.0), (0.0, 1.0) },
        [typeof((double, double, double)[])] = new[] { (0.0, 0.0, 0.1), (1.0, 1.0, 0.1) },
        [typeof(Axis)] = Axis.Linear("x"),
        [typeof(Curve[])] = new[] { Curve.Through("c", [(0.0, 1.0)]) },
        [typeof(Chart)] = Chart.OfJacobian(Matrix),
        [typeof(ArtificialRanking)] = new ArtificialRanking(3, 3, 3, 0.5),
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
