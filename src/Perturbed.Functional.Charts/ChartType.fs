namespace Perturbed.Functional.Charts

open System.Xml.Linq

/// <summary>A chart: a title, a description for screen readers, and a picture of any width.</summary>
/// <remarks>A value: its SVG is a function of the numbers that it shows. Made by the functions of <c>Chart</c> and by
/// <c>chart</c> of <c>LineChart</c>, <c>BarChart</c>, <c>HeatMap</c>, <c>MapChart</c>, <c>GraphChart</c> and
/// <c>PolytopeChart</c>.</remarks>
[<Sealed; AllowNullLiteral(false)>]
type Chart internal (title: string, description: string, width: float, draw: float -> XElement) =

    /// Its title.
    member _.Title: string = title

    /// What it shows, in words.
    member _.Description: string = description

    /// How wide it is drawn.
    member _.Width: float = width

    member internal _.Draw: float -> XElement = draw

    /// Its title.
    override _.ToString() : string = title
