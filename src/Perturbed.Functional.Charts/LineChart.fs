namespace Perturbed.Functional.Charts

open System
open System.Xml.Linq

/// A chart of lines with errors.
type LineChart =
    {
        /// Its title.
        Title: string
        /// The horizontal axis.
        X: Axis
        /// The vertical axis.
        Y: Axis
        /// The curves.
        Curves: Curve list
    }

/// Charts of lines with error bands.
[<RequireQualifiedAccess>]
module LineChart =

    let private width, private height = 760.0, 420.0

    let private check (chart: LineChart) : unit =
        for curve in chart.Curves do
            if curve.Band.Length <> 0 && curve.Band.Length <> curve.Points.Length then
                invalidArg
                    (nameof chart)
                    $"curve '{curve.Name}' has {curve.Points.Length} points and a band of {curve.Band.Length}."

    // Measured curves first: their colours do not depend on what is expected of them.
    let private ordered (chart: LineChart) : Curve list =
        let dashed, measured = chart.Curves |> List.partition _.IsDashed
        measured @ dashed

    /// <summary>The chart as SVG of one size, without a description.</summary>
    /// <remarks>
    /// A point that its axis does not reach is drawn as an open triangle on the edge, pointing to where it lies;
    /// numbers below or equal to 0 are not on a logarithmic axis.
    /// </remarks>
    /// <param name="chart">The chart.</param>
    /// <returns>A picture 760 × 420.</returns>
    /// <exception cref="T:System.ArgumentException">A band has another number of points than its curve.</exception>
    let svg (chart: LineChart) : string =
        check chart
        let curves = ordered chart
        let names = curves |> List.map _.Name |> List.distinct

        let panel =
            {
                Left = 74.0
                Top = 40.0
                Width = width - 74.0 - 16.0 - Panel.legendWidth names
                Height = height - 40.0 - 54.0
                Inset = 9.0
            }

        let xs, ys = LinePanel.rulers chart.X chart.Y curves

        [
            yield! LinePanel.draw panel curves xs ys
            Panel.title panel chart.Title
            yield! Panel.legend panel (LinePanel.sample curves names) names
        ]
        |> Svg.picture width height chart.Title
        |> Svg.document

    let private draw (chart: LineChart) (width: float) : XElement =
        let curves = ordered chart
        let names = curves |> List.map _.Name |> List.distinct |> List.filter ((<>) "")
        let xs, ys = LinePanel.rulers chart.X chart.Y curves
        let heading, top = Panel.heading width chart.Title
        let frame, isRight = Panel.frame width top ys names
        let panel = { frame with Inset = 9.0 }

        let legend =
            if isRight then
                Panel.legend panel
            else
                Panel.legendBelow panel 58.0

        let below = 54.0 + (if isRight then 0.0 else 20.0 * float names.Length)

        [
            yield! heading
            yield! LinePanel.draw panel curves (Axis.thinned (panel.Width - 18.0) xs) ys
            yield! legend (LinePanel.sample curves names) names
        ]
        |> Svg.picture width (panel.Top + panel.Height + below) chart.Title

    /// <summary>The chart, of any width.</summary>
    /// <param name="chart">The chart: its curves have one finite point or more. Curves without a name have no entry in
    /// the legend.</param>
    /// <returns>A chart 640 wide that says which curves it has.</returns>
    /// <exception cref="T:System.ArgumentException">There is nothing to draw, or a band has another number of points
    /// than its curve.</exception>
    let chart (chart: LineChart) : Chart =
        check chart

        if chart.Curves |> List.forall (fun c -> not (Array.exists Curve.isPoint c.Points)) then
            invalidArg (nameof chart) $"'{chart.Title}' has no curve with a finite point; one was expected."

        let names =
            chart.Curves |> List.map _.Name |> List.distinct |> List.filter ((<>) "")

        let which =
            if names.IsEmpty then
                ""
            else
                ": " + String.concat ", " names

        Chart(chart.Title, $"Lines of {chart.Y.Title} over {chart.X.Title}{which}.", 640.0, draw chart)
