namespace Perturbed.Functional.Charts

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

    let private check (chart: BarChart) : unit =
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

    let private ruler (chart: BarChart) : Ruler =
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

        Axis.ruler (Seq.append [ 0.0 ] ends) chart.Y

    // How wide a group is at least, whether its name is tilted, and the height that names need.
    let private slots (chart: BarChart) : float * bool * float =
        let longest =
            chart.Groups |> Seq.map (Svg.widthOf 12.0) |> Seq.append [ 0.0 ] |> Seq.max

        let slot = max 34.0 (10.0 * float chart.Series.Length + 12.0)
        let isTilted = longest > slot - 4.0
        slot, isTilted, (if isTilted then 20.0 + 0.75 * longest else 34.0)

    let private inside (panel: Panel) (chart: BarChart) (ys: Ruler) (isTilted: bool) : XElement list =
        let groups = chart.Groups.Length
        let slot = panel.Width / float (max 1 groups)

        let atY value =
            Panel.y panel ys (Math.Clamp(value, ys.Low, ys.High))

        let bar =
            min 40.0 ((slot - min 12.0 (0.36 * slot)) / float (max 1 chart.Series.Length))

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

        [
            yield! Panel.vertical panel ys
            yield! chart.Series |> List.mapi bars |> List.concat
            Svg.line panel.Left (atY 0.0) (panel.Left + panel.Width) (atY 0.0) [ "stroke", Theme.ink ]
            Panel.edge panel
            yield! labels
        ]

    let private sample (index: int) (x: float) (y: float) : XElement list =
        [ Svg.rectangle (x + 4.0) (y - 6.0) 14.0 12.0 [ "fill", Panel.colour index ] ]

    /// <summary>The chart as SVG, as wide as its groups need, without a description.</summary>
    /// <param name="chart">The chart; its axis is linear.</param>
    /// <returns>A picture 420 high.</returns>
    /// <exception cref="T:System.ArgumentException">The axis is logarithmic, where bars have no foot, or a series has
    /// another number of values than there are groups.</exception>
    let svg (chart: BarChart) : string =
        check chart
        let names = chart.Series |> List.map _.Name
        let slot, isTilted, below = slots chart

        let panel =
            {
                Left = 74.0
                Top = 40.0
                Width = max 300.0 (slot * float chart.Groups.Length)
                Height = height - 40.0 - below
                Inset = 0.0
            }

        [
            yield! inside panel chart (ruler chart) isTilted
            Panel.title panel chart.Title
            yield! Panel.legend panel sample names
        ]
        |> Svg.picture (panel.Left + panel.Width + 16.0 + Panel.legendWidth names) height chart.Title
        |> Svg.document

    let private draw (chart: BarChart) (width: float) : XElement =
        let names = chart.Series |> List.map _.Name |> List.filter ((<>) "")
        let ys = ruler chart
        let heading, top = Panel.heading width chart.Title
        let frame, isRight = Panel.frame width top ys names
        let slot = frame.Width / float chart.Groups.Length
        let longest = chart.Groups |> Seq.map (Svg.widthOf 12.0) |> Seq.max
        let isTilted = longest > slot - 4.0

        // A tilted name begins left of its group.
        let shift =
            if isTilted then
                max 0.0 (0.71 * longest - frame.Left - slot / 2.0 + 8.0)
            else
                0.0

        let panel =
            { frame with
                Left = frame.Left + shift
                Width = frame.Width - shift
            }

        let below = if isTilted then 20.0 + 0.75 * longest else 34.0

        let legend =
            if isRight then
                Panel.legend panel
            else
                Panel.legendBelow panel below

        [ yield! heading; yield! inside panel chart ys isTilted; yield! legend sample names ]
        |> Svg.picture
            width
            (panel.Top
             + panel.Height
             + below
             + (if isRight then 0.0 else 20.0 * float names.Length))
            chart.Title

    // Narrower bars than this are lines.
    let private mostGroups = 60

    /// <summary>The chart, of any width.</summary>
    /// <param name="chart">The chart: a linear axis, 1 to 60 groups, and one finite value or more. Series without a
    /// name have no entry in the legend.</param>
    /// <returns>A chart 640 wide that says its groups.</returns>
    /// <exception cref="T:System.ArgumentException">There is nothing to draw, there are too many groups, the axis is
    /// logarithmic, or a series has another number of values than there are groups.</exception>
    let chart (chart: BarChart) : Chart =
        check chart
        let groups = chart.Groups.Length

        if groups < 1 || groups > mostGroups then
            invalidArg (nameof chart) $"'{chart.Title}' has {groups} groups; 1 to {mostGroups} were expected."

        for series in chart.Series do
            for i in 0 .. groups - 1 do
                if Double.IsInfinity series.Values[i] then
                    invalidArg
                        (nameof chart)
                        $"series '{series.Name}' has the value {series.Values[i]} for '{chart.Groups[i]}'; a finite \
                          one was expected, or NaN for none."

        if chart.Series |> List.forall (fun s -> Array.forall Double.IsNaN s.Values) then
            invalidArg (nameof chart) $"'{chart.Title}' has no finite value; one was expected."

        let names = String.concat ", " chart.Groups
        Chart(chart.Title, $"Bars of {chart.Y.Title} for {names}.", 640.0, draw chart)
