namespace Perturbed.Experiments

open System
open System.Xml.Linq

/// A chart of lines.
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

    // Marks that touch each other hide the line they are on.
    let private mostMarks = 40

    /// <summary>The chart as SVG.</summary>
    /// <remarks>
    /// A point that its axis does not reach is drawn as an open triangle on the edge, pointing to where it lies;
    /// numbers below or equal to 0 are not on a logarithmic axis.
    /// </remarks>
    /// <param name="chart">The chart.</param>
    /// <returns>A picture 760 × 420.</returns>
    /// <exception cref="T:System.ArgumentException">A band has another number of points than its curve.</exception>
    let svg (chart: LineChart) : string =
        for curve in chart.Curves do
            if curve.Band.Length <> 0 && curve.Band.Length <> curve.Points.Length then
                invalidArg
                    (nameof chart)
                    $"curve '{curve.Name}' has {curve.Points.Length} points and a band of {curve.Band.Length}."

        // Measured curves first: their colours do not depend on what is expected of them.
        let curves =
            let dashed, measured = chart.Curves |> List.partition _.IsDashed
            measured @ dashed

        let names = curves |> List.map _.Name |> List.distinct

        let panel =
            {
                Left = 74.0
                Top = 40.0
                Width = width - 74.0 - 16.0 - Panel.legendWidth names
                Height = height - 40.0 - 54.0
                Inset = 9.0
            }

        let xs =
            Axis.ruler (curves |> Seq.collect (fun c -> c.Points |> Seq.map fst)) chart.X

        let ys =
            Axis.ruler
                (curves
                 |> Seq.collect (fun c ->
                     Seq.append (c.Points |> Seq.map snd) (c.Band |> Seq.collect (fun (a, b) -> [ a; b ]))))
                chart.Y

        let bottom = panel.Top + panel.Height
        // Far outside of the panel, where the clip hides it, and finite.
        let limit v = Math.Clamp(v, -1e4, 1e4)
        let atX = Panel.x panel xs >> limit
        let atY = Panel.y panel ys >> limit
        let clip = [ "clip-path", "url(#panel)" ]

        let band (index: int) (curve: Curve) : XElement list =
            if curve.Band.Length = 0 then
                []
            elif curve.Errors = ErrorStyle.Bars then
                [
                    for i in List.concat (Curve.runs curve) do
                        let low, high = curve.Band[i]
                        let x = atX (fst curve.Points[i])
                        let style = [ "stroke", Panel.colour index; "stroke-width", "1.2" ] @ clip
                        Svg.line x (atY low) x (atY high) style

                        for cap in [ low; high ] do
                            Svg.line (x - 3.5) (atY cap) (x + 3.5) (atY cap) style
                ]
            else
                [
                    for run in Curve.runs curve do
                        let edge (pick: float * float -> float) (indices: int list) =
                            indices
                            |> List.map (fun i -> atX (fst curve.Points[i]), atY (pick curve.Band[i]))

                        Svg.chain
                            "polygon"
                            (edge snd run @ edge fst (List.rev run))
                            ([ "fill", Panel.colour index; "fill-opacity", "0.16" ] @ clip)
                ]

        // Earlier curves are wider and have larger marks, so that curves that coincide all show.
        let measured = curves |> List.filter (_.IsDashed >> not) |> List.length

        let behind (index: int) =
            float (max 0 (min 5 (measured - 1 - index)))

        let markSize (index: int) = 2.8 + 0.8 * behind index

        let stroke (index: int) (curve: Curve) =
            if curve.IsDashed then
                [ "stroke", "#555555"; "stroke-width", "1.4"; "stroke-dasharray", "6 4" ]
            else
                [
                    "stroke", Panel.colour index
                    "stroke-width", Svg.number (1.5 + 1.1 * behind index)
                    "stroke-opacity", (if behind index > 0.0 then "0.75" else "1")
                ]

        let line (index: int) (curve: Curve) : XElement list =
            [
                for run in Curve.runs curve do
                    Svg.chain
                        "polyline"
                        (run |> List.map (fun i -> atX (fst curve.Points[i]), atY (snd curve.Points[i])))
                        (("fill", "none") :: stroke index curve @ clip)

                if not curve.IsDashed then
                    let every = (curve.Points.Length - 1) / mostMarks + 1

                    for i, (px, py) in Array.indexed curve.Points do
                        if Curve.isPoint (px, py) && i % every = 0 then
                            let x, y = atX px, atY py
                            let isInside = x >= panel.Left - 0.5 && x <= panel.Left + panel.Width + 0.5

                            if isInside && y > bottom + 0.5 then
                                Svg.chain
                                    "polygon"
                                    [ x - 4.0, bottom - 8.0; x + 4.0, bottom - 8.0; x, bottom - 1.0 ]
                                    [ "fill", "white"; "stroke", Panel.colour index ]
                            elif isInside && y < panel.Top - 0.5 then
                                Svg.chain
                                    "polygon"
                                    [ x - 4.0, panel.Top + 8.0; x + 4.0, panel.Top + 8.0; x, panel.Top + 1.0 ]
                                    [ "fill", "white"; "stroke", Panel.colour index ]
                            elif isInside then
                                Panel.mark index (markSize index) x y
            ]

        let sample (index: int) (x: float) (y: float) : XElement list =
            let at = curves |> List.findIndex (fun curve -> curve.Name = names[index])
            let curve = curves[at]

            [
                Svg.line x y (x + 24.0) y (stroke at curve)

                if not curve.IsDashed then
                    Panel.mark at (markSize at) (x + 12.0) y
            ]

        let clipPath =
            Svg.element "clipPath" [ "id", "panel" ] [ Svg.rectangle panel.Left panel.Top panel.Width panel.Height [] ]

        Svg.document
            width
            height
            chart.Title
            [
                clipPath
                yield! Panel.horizontal panel xs
                yield! Panel.vertical panel ys
                yield! curves |> List.mapi band |> List.concat
                yield! curves |> List.mapi line |> List.concat
                Panel.edge panel
                Panel.title panel chart.Title
                yield! Panel.legend panel sample names
            ]
