using System;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using Microsoft.FSharp.Core;

namespace Perturbed.Functional.CSharp;

/// <summary>Answers of the core that need taking apart, as the facade gives them.</summary>
internal static class Views
{
    public static (LossValue Loss, double[] Gradient) Loss(Tuple<Functional.LossValue, double[]> core) => (new(core.Item1), core.Item2);

    public static (LossValue[] Losses, double[,] Gradients) Losses(Tuple<Functional.LossValue[], double[,]> core) =>
        (Array.ConvertAll(core.Item1, loss => new LossValue(loss)), core.Item2);

    public static (double[,] Value, bool[] SamplesAgree, Func<double[,], double[,]> Pullback) Pullback(
        Tuple<double[,], bool[], FSharpFunc<double[,], double[,]>> core) =>
        (core.Item1, core.Item2, cotangents => core.Item3.Invoke(Crossing.NotNull(cotangents)));

    public static Functional.Oracle[] Cores(Oracle[] oracles) =>
        [.. Crossing.NotNull(oracles).Select((oracle, i) =>
            oracle is null
                ? throw new ArgumentNullException(nameof(oracles), $"oracles[{i}] is null; an oracle was expected.")
                : oracle.Core)];

    public static Differentiable<double[], double> FenchelYoung(double[] target, Functional.Smoothed smoothed) =>
        new(FuncConvert.FromFunc((double[] theta) => Functional.FenchelYoung.differentiable(target, smoothed, theta)));

    public static Differentiable<double[], double> PartialFenchelYoung(Functional.Oracle restricted, Functional.Smoothed smoothed) =>
        new(FuncConvert.FromFunc((double[] theta) => Functional.PartialFenchelYoung.differentiable(restricted, smoothed, theta)));

    public static bool Try(
        FSharpResult<Functional.DualSolution, string> core,
        [NotNullWhen(true)] out DualSolution? solution,
        [NotNullWhen(false)] out string? reason)
    {
        solution = core.IsOk ? new DualSolution(core.ResultValue) : null;
        reason = core.IsOk ? null : core.ErrorValue;
        return solution is not null;
    }

    public static (BestEpoch? Best, Trained Training) Stopped(Tuple<FSharpOption<Functional.BestEpoch>?, Functional.Trained> core) =>
        (core.Item1 is null ? null : new BestEpoch(core.Item1.Value), new Trained(core.Item2));

    public static (Examples Train, Examples Test) Sets(Tuple<Functional.Examples, Functional.Examples> core) =>
        (new(core.Item1), new(core.Item2));

    public static (double[] Parameters, OptimizerState State) Step(Tuple<double[], Functional.OptimizerState> core) =>
        (core.Item1, new(core.Item2));

    public static Differentiable<TInput, TOutput> Map<TInput, TOutput>(
        FSharpFunc<TInput, TOutput> value, FSharpFunc<TInput, FSharpFunc<TOutput, TInput>> pullback) =>
        new(FuncConvert.FromFunc((TInput x) => Functional.Differentiable.create(value, pullback, x)));

    public static Differentiable<TInput, TOutput> Map<TInput, TOutput>(
        Func<TInput, (TOutput Value, Func<TOutput, TInput> Pullback)> map) =>
        new(FuncConvert.FromFunc((TInput x) => Crossing.Pullback(map(x))));

    public static Functional.SmoothedFunction Configure(Func<Smoothed, Smoothed> change, Functional.SmoothedFunction core) =>
        SmoothedFunctionModule.configure(
            FuncConvert.FromFunc((Functional.Smoothed smoothed) => Crossing.NotNull(change(new(smoothed)), nameof(change)).Core), core);

    public static FSharpFunc<double[,], FSharpFunc<double[], Tuple<double[,], FSharpFunc<double[,], double[]>>>> Apply(
        Func<double[,], Differentiable<double[], double[,]>> apply) =>
        FuncConvert.FromFunc((double[,] inputs) => Crossing.NotNull(apply(inputs), nameof(apply)).Core);

    public static Loss Loss(Func<LossBatch, (double Value, double[,] Gradient)> loss) =>
        new(LossModule.create(FuncConvert.FromFunc((Functional.LossBatch batch) => loss(new(batch)).ToTuple())));

    public static Loss Loss(
        Func<LossBatch, (double Value, double[,] Gradient)> loss, Func<int, double[], string?> targetFault) =>
        new(new Functional.Loss(
            FuncConvert.FromFunc((int instance, double[] target) => Crossing.Option(targetFault(instance, target))),
            Loss(loss).Core.Evaluate));

    public static FSharpFunc<Functional.Smoothed, Tuple<T, double>> Measure<T>(Func<Smoothed, (T Value, double StandardError)> measure) =>
        FuncConvert.FromFunc((Functional.Smoothed smoothed) => measure(new(smoothed)).ToTuple());

    public static FSharpFunc<Functional.Smoothed, Functional.Loss> Loss(Func<Smoothed, Loss> loss) =>
        FuncConvert.FromFunc((Functional.Smoothed smoothed) => Crossing.NotNull(loss(new(smoothed)), nameof(loss)).Core);

    public static FSharpOption<IProgress<TCore>>? Progress<TCore, TView>(IProgress<TView>? listener, Func<TCore, TView> view) =>
        Crossing.Option<IProgress<TCore>>(listener is null ? null : new RelayedProgress<TCore, TView>(listener, view));

    public static FSharpFunc<Functional.Fold, double> Evaluation(Func<Fold, double> evaluate) =>
        FuncConvert.FromFunc((Functional.Fold fold) => evaluate(new(fold)));

    public static FSharpFunc<TCandidate, FSharpFunc<Functional.Fold, double>> Evaluation<TCandidate>(
        Func<TCandidate, Fold, double> evaluate) =>
        FuncConvert.FromFunc((TCandidate candidate, Functional.Fold fold) => evaluate(candidate, new(fold)));
}
