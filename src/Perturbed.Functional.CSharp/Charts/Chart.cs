using System;
using Perturbed.Functional.Charts;

namespace Perturbed.Functional.CSharp;

/// <summary>A chart: a title, a description for screen readers, and a picture of any width.</summary>
/// <remarks>A value: its SVG is a function of the numbers that it shows. Constructors are static members: of results by
/// <c>Of…</c>, of a user's own numbers by <see cref="Lines"/> and <see cref="HeatMap"/>. Whiskers and bands are ± one standard error.</remarks>
public sealed partial class Chart
{
    private Chart(Functional.Charts.Chart core) => Core = core;

    internal Functional.Charts.Chart Core { get; }

    /// <summary>Its title.</summary>
    public string Title => Core.Title;

    /// <summary>What it shows, in words.</summary>
    public string Description => Core.Description;

    /// <summary>How wide it is drawn.</summary>
    public double Width => Core.Width;

    /// <summary>The chart of another width; its height follows.</summary>
    /// <param name="width">240 to 4000.</param>
    /// <returns>A chart.</returns>
    /// <exception cref="ArgumentException">A width out of that range.</exception>
    public Chart WithWidth(double width) => new(ChartModule.withWidth(width, Core));

    /// <summary>The chart with another description for screen readers.</summary>
    /// <param name="description">What it shows, in words.</param>
    /// <returns>A chart.</returns>
    public Chart WithDescription(string description) => new(ChartModule.withDescription(description, Core));

    /// <summary>The chart as SVG that stands alone: light, or dark where the reader prefers that.</summary>
    /// <returns>The text of a file: the same for the same numbers.</returns>
    public string Svg() => ChartModule.svg(Core);

    /// <summary>The chart as a fragment of HTML, for notebooks.</summary>
    /// <returns>A figure element.</returns>
    public string Html() => ChartModule.html(Core);

    /// <summary>Saves the chart as SVG, or as a page of HTML that is complete in itself.</summary>
    /// <param name="path">A file whose name ends with .svg or .html; an older one is replaced.</param>
    /// <exception cref="ArgumentException">Another ending.</exception>
    /// <exception cref="System.IO.IOException">The file cannot be written.</exception>
    public void Save(string path) => ChartModule.save(path, Core);
}
