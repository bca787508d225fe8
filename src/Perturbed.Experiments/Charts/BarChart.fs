namespace Perturbed.Experiments

open System
open System.Xml.Linq

/// The bars of one colour in a bar chart.
type BarSeries =
    {
        /// Its name in the legend.
        Name: string
        /// A value for each group; NaN for none.
        Values: float[]
        /// A deviation for each group, drawn as a whisker; empty for none.
        Deviations: float[]
    }

/// A chart of bars, side by side in groups.
type BarChart =
    {
        /// Its title.
        Title: string
        /// The names of the groups.
        Groups: string list
        /// The vertical axis; bars stand on 0.
        Y: Axis
        /// The bars.
        Series: BarSeries list
    }

/// Charts of bars.
[<RequireQualifiedAccess>]
module BarChart =

    let private height = 420.0

    /// <summary>The chart as SVG.</summary>
    /// <param name="chart">The chart; its axis is linear.</param>
    /// <returns>A picture 420 high and as wide as its groups need.</returns>
    /// <exception cref="T:System.ArgumentException">The axis is logarithmic, where bars have no foot, or a series has
    /// another number of values than there are groups.</exception>
    let svg (chart: BarChart) : string =
        if chart.Y.Scale = Scale.Logarithmic then
            invalidArg (nameof chart) "chart.Y is logarithmic; bars stand on 0, which such an axis lacks."

        let groups = chart.Groups.Length

        for series in chart.Series do
            if
                series.Values.Length <> groups
                || (series.Deviations.Length <> 0 && series.Deviations.Length <> groups)
            then
                invalidArg
                    (nameof chart)
                    $"series '{series.Name}' has {series.Values.Length} values and {series.Deviations.Length} \
                      deviations; there are {groups} groups."

        let names = chart.Series |> List.map _.Name

        let longest =
            chart.Groups |> Seq.map (Svg.widthOf 12.0) |> Seq.append [ 0.0 ] |> Seq.max

        let slot = max 34.0 (10.0 * float chart.Series.Length + 12.0)
        let isTilted = longest > slot - 4.0
        let below = if isTilted then 20.0 + 0.75 * longest else 34.0
        let inner = max 300.0 (slot * float groups)
        let slot = inner / float (max 1 groups)

        let panel =
            {
                Left = 74.0
                Top = 40.0
                Width = inner
                Height = height - 40.0 - below
                Inset = 0.0
            }

        let width = panel.Left + inner + 16.0 + Panel.legendWidth names

        let ends =
            chart.Series
            |> Seq.collect (fun s ->
                s.Values
                |> Seq.mapi (fun i v -> i, v)
                |> Seq.collect (fun (i, v) ->
                    let d =
                        if s.Deviations.Length = 0 || Double.IsNaN s.Deviations[i] then
                            0.0
                        else
                            s.Deviations[i]

                    [ v - d; v + d ]))

        let ys = Axis.ruler (Seq.append [ 0.0 ] ends) chart.Y

        let atY value =
            Panel.y panel ys (Math.Clamp(value, ys.Low, ys.High))

        let bar = min 40.0 ((slot - 12.0) / float (max 1 chart.Series.Length))

        let bars (index: int) (series: BarSeries) : XElement list =
            [
                for g in 0 .. groups - 1 do
                    let value = series.Values[g]

                    if not (Double.IsNaN value) then
                        let middle = panel.Left + slot * (float g + 0.5)
                        let left = middle + bar * (float index - float chart.Series.Length / 2.0)
                        let foot, top = atY 0.0, atY value
                        Svg.rectangle left (min foot top) (bar - 1.0) (abs (foot - top)) [ "fill", Panel.colour index ]

                        if series.Deviations.Length > 0 && not (Double.IsNaN series.Deviations[g]) then
                            let x = left + (bar - 1.0) / 2.0
                            let d = series.Deviations[g]

                            Svg.line
                                x
                                (atY (value - d))
                                x
                                (atY (value + d))
                                [ "stroke", "#222222"; "stroke-width", "1.2" ]
            ]

        let labels =
            [
                for g, name in List.indexed chart.Groups do
                    let x = panel.Left + slot * (float g + 0.5)
                    let y = panel.Top + panel.Height + 16.0

                    if isTilted then
                        Svg.text
                            "end"
                            (x + 4.0)
                            (y - 4.0)
                            [ "transform", $"rotate(-45 {Svg.number (x + 4.0)} {Svg.number (y - 4.0)})" ]
                            name
                    else
                        Svg.text "middle" x y [] name
            ]

        let sample (index: int) (x: float) (y: float) : XElement list =
            [ Svg.rectangle (x + 4.0) (y - 6.0) 14.0 12.0 [ "fill", Panel.colour index ] ]

        Svg.document
            width
            height
            chart.Title
            [
                yield! Panel.vertical panel ys
                yield! chart.Series |> List.mapi bars |> List.concat
                Svg.line panel.Left (atY 0.0) (panel.Left + inner) (atY 0.0) [ "stroke", "#333333" ]
                Panel.edge panel
                yield! labels
                Panel.title panel chart.Title
                yield! Panel.legend panel sample names
            ]
