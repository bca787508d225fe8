using System;
using System.Runtime.CompilerServices;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace Perturbed.Functional.CSharp;

/// <summary>Results of the facade on their way to the charts, as the core has them.</summary>
internal static class ChartCores
{
    public static Functional.SolutionFrequency[] Frequencies(
        SolutionFrequency[] distribution, [CallerArgumentExpression(nameof(distribution))] string name = "") =>
        Array.ConvertAll(Crossing.NotNull(distribution, name), f => new Functional.SolutionFrequency(f.Solution, f.Count, f.Probability, f.StandardError));

    public static Functional.Estimate Estimate(Estimate estimate) =>
        new(Crossing.NotNull(estimate).Maximum, estimate.MaximumStandardError, estimate.Maximizer, estimate.MaximizerStandardErrors,
            Crossing.Option(estimate.Remark), estimate.SamplesAgree, estimate.LeftOut);

    public static Functional.Uncertain<T> Uncertain<T>(Uncertain<T> uncertain, [CallerArgumentExpression(nameof(uncertain))] string name = "") =>
        new(Crossing.NotNull(uncertain, name).Value, uncertain.StandardErrors, uncertain.LeftOut);

    public static Functional.EpochRecord[] Records(EpochRecord[] history) =>
        Array.ConvertAll(Crossing.NotNull(history), r => new Functional.EpochRecord(
            r.Epoch, r.Loss, r.GradientNorm, r.LearningRate, r.Seconds,
            r.RowsWhereSamplesAgree is { } rows ? FSharpOption<int>.Some(rows) : FSharpOption<int>.None));

    public static FSharpList<Functional.Charts.Curve> Curves(Curve[] curves) =>
        ListModule.OfArray(Array.ConvertAll(Crossing.NotNull(curves), curve => Crossing.NotNull(curve).Core));

    public static Tuple<double, double>[] Positions((double X, double Y)[] positions) =>
        Array.ConvertAll(Crossing.NotNull(positions), p => p.ToTuple());
}
