using System;
using Perturbed.Functional.Charts;

namespace Perturbed.Functional.CSharp;

/// <summary>A curve of a line chart.</summary>
public sealed class Curve
{
    private Curve(Functional.Charts.Curve core) => Core = core;

    internal Functional.Charts.Curve Core { get; }

    /// <summary>A curve through points.</summary>
    /// <param name="name">Its name in the legend; empty for none.</param>
    /// <param name="points">The points by ascending x; one with a NaN is a gap.</param>
    /// <returns>A curve without errors.</returns>
    public static Curve Through(string name, (double X, double Y)[] points) =>
        new(CurveModule.through(Crossing.NotNull(name), Array.ConvertAll(Crossing.NotNull(points), p => p.ToTuple())));

    /// <summary>A curve through means with a band of ± deviations.</summary>
    /// <param name="name">Its name in the legend; empty for none.</param>
    /// <param name="points">x, value and deviation by ascending x; a NaN deviation is a band of no height.</param>
    /// <returns>A curve with a band.</returns>
    public static Curve WithDeviation(string name, (double X, double Y, double Deviation)[] points) =>
        new(CurveModule.withDeviation(Crossing.NotNull(name), Array.ConvertAll(Crossing.NotNull(points), p => p.ToTuple())));

    /// <summary>A curve through values with a vertical bar of ± errors at each.</summary>
    /// <param name="name">Its name in the legend; empty for none.</param>
    /// <param name="points">x, value and error by ascending x; a NaN error is no bar.</param>
    /// <returns>A curve with error bars.</returns>
    public static Curve WithErrorBars(string name, (double X, double Y, double Error)[] points) =>
        new(CurveModule.withErrorBars(Crossing.NotNull(name), Array.ConvertAll(Crossing.NotNull(points), p => p.ToTuple())));
}
