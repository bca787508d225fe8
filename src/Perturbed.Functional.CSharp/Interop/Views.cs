using System;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using Microsoft.FSharp.Core;

namespace Perturbed.Functional.CSharp;

/// <summary>Answers of the core that need taking apart, as the facade gives them.</summary>
internal static class Views
{
    public static (LossEstimate Loss, double[] Gradient) Loss(Tuple<LossValue, double[]> core) => (new(core.Item1), core.Item2);

    public static (LossEstimate[] Losses, double[,] Gradients) Losses(Tuple<LossValue[], double[,]> core) =>
        (Array.ConvertAll(core.Item1, loss => new LossEstimate(loss)), core.Item2);

    public static (double[,] Value, bool[] SamplesAgree, Func<double[,], double[,]> Pullback) Pullback(
        Tuple<double[,], bool[], FSharpFunc<double[,], double[,]>> core) =>
        (core.Item1, core.Item2, cotangents => core.Item3.Invoke(Crossing.NotNull(cotangents)));

    public static Oracle[] Cores(LinearOracle[] oracles) =>
        [.. Crossing.NotNull(oracles).Select((oracle, i) =>
            oracle is null ? throw new ArgumentNullException(nameof(oracles), $"oracles[{i}] is null; an oracle was expected.") : oracle.Core)];

    public static DifferentiableMap<double[], double> FenchelYoung(double[] target, Smoothed smoothed) =>
        new(FuncConvert.FromFunc((double[] theta) => Functional.FenchelYoung.differentiable(target, smoothed, theta)));

    public static bool Try(
        FSharpResult<DualSolution, string> core,
        [NotNullWhen(true)] out RegularizerSolution? solution,
        [NotNullWhen(false)] out string? reason)
    {
        solution = core.IsOk ? new RegularizerSolution(core.ResultValue) : null;
        reason = core.IsOk ? null : core.ErrorValue;
        return solution is not null;
    }

    public static (BestParameters? Best, TrainingResult Training) Stopped(Tuple<FSharpOption<BestEpoch>?, Trained> core) =>
        (core.Item1 is null ? null : new BestParameters(core.Item1.Value), new TrainingResult(core.Item2));

    public static (ExampleSet Train, ExampleSet Test) Sets(Tuple<Examples, Examples> core) => (new(core.Item1), new(core.Item2));

    public static (double[] Parameters, GradientOptimizerState State) Step(Tuple<double[], OptimizerState> core) => (core.Item1, new(core.Item2));

    public static DifferentiableMap<TInput, TOutput> Map<TInput, TOutput>(
        FSharpFunc<TInput, TOutput> value, FSharpFunc<TInput, FSharpFunc<TOutput, TInput>> pullback) =>
        new(FuncConvert.FromFunc((TInput x) => Differentiable.create(value, pullback, x)));

    public static DifferentiableMap<TInput, TOutput> Map<TInput, TOutput>(Func<TInput, (TOutput Value, Func<TOutput, TInput> Pullback)> map) =>
        new(FuncConvert.FromFunc((TInput x) => Crossing.Pullback(map(x))));

    public static SmoothedFunction Configure(Func<SmoothedOracle, SmoothedOracle> change, SmoothedFunction core) =>
        SmoothedFunctionModule.configure(FuncConvert.FromFunc((Smoothed smoothed) => Crossing.NotNull(change(new(smoothed)), nameof(change)).Core), core);

    public static FSharpFunc<double[,], FSharpFunc<double[], Tuple<double[,], FSharpFunc<double[,], double[]>>>> Apply(
        Func<double[,], DifferentiableMap<double[], double[,]>> apply) =>
        FuncConvert.FromFunc((double[,] inputs) => Crossing.NotNull(apply(inputs), nameof(apply)).Core);

    public static TrainingLoss Loss(Func<TrainingBatch, (double Value, double[,] Gradient)> loss) =>
        new(LossModule.create(FuncConvert.FromFunc((LossBatch batch) => loss(new(batch)).ToTuple())));

    public static TrainingLoss Loss(
        Func<TrainingBatch, (double Value, double[,] Gradient)> loss, Func<int, double[], string?> targetFault) =>
        new(new Functional.Loss(
            FuncConvert.FromFunc((int instance, double[] target) => Crossing.Option(targetFault(instance, target))), Loss(loss).Core.Evaluate));

    public static FSharpFunc<Smoothed, Tuple<T, double>> Measure<T>(Func<SmoothedOracle, (T Value, double StandardError)> measure) =>
        FuncConvert.FromFunc((Smoothed smoothed) => measure(new(smoothed)).ToTuple());

    public static FSharpFunc<Smoothed, Functional.Loss> Loss(Func<SmoothedOracle, TrainingLoss> loss) =>
        FuncConvert.FromFunc((Smoothed smoothed) => Crossing.NotNull(loss(new(smoothed)), nameof(loss)).Core);

    public static FSharpOption<IProgress<TCore>>? Progress<TCore, TView>(IProgress<TView>? listener, Func<TCore, TView> view) =>
        Crossing.Option<IProgress<TCore>>(listener is null ? null : new RelayedProgress<TCore, TView>(listener, view));

    public static FSharpFunc<Fold, double> Evaluation(Func<ValidationFold, double> evaluate) =>
        FuncConvert.FromFunc((Fold fold) => evaluate(new(fold)));

    public static FSharpFunc<TCandidate, FSharpFunc<Fold, double>> Evaluation<TCandidate>(Func<TCandidate, ValidationFold, double> evaluate) =>
        FuncConvert.FromFunc((TCandidate candidate, Fold fold) => evaluate(candidate, new(fold)));
}
