namespace Perturbed.Functional.Charts

open System
open System.Xml.Linq

/// Curves in a panel with axes.
[<RequireQualifiedAccess>]
module internal LinePanel =

    // Marks that touch each other hide the line they are on.
    let private mostMarks = 40

    /// Axes that hold all points and bands.
    let rulers (x: Axis) (y: Axis) (curves: Curve list) : Ruler * Ruler =
        let heights (curve: Curve) =
            Seq.append (curve.Points |> Seq.map snd) (curve.Band |> Seq.collect (fun (a, b) -> [ a; b ]))

        Axis.ruler (curves |> Seq.collect (fun c -> c.Points |> Seq.map fst)) x,
        Axis.ruler (curves |> Seq.collect heights) y

    // Earlier curves are wider and have larger marks, so that curves that coincide all show.
    let private behind (curves: Curve list) (index: int) : float =
        let measured = curves |> List.filter (_.IsDashed >> not) |> List.length
        float (max 0 (min 5 (measured - 1 - index)))

    let private markSize (curves: Curve list) (index: int) : float = 2.8 + 0.8 * behind curves index

    let private stroke (curves: Curve list) (index: int) : (string * string) list =
        if curves[index].IsDashed then
            [ "stroke", Theme.grey; "stroke-width", "1.4"; "stroke-dasharray", "6 4" ]
        else
            let behind = behind curves index

            [
                "stroke", Panel.colour index
                "stroke-width", Svg.number (1.5 + 1.1 * behind)
                "stroke-opacity", (if behind > 0.0 then "0.75" else "1")
            ]

    /// What stands for the curve of a name in the legend.
    let sample (curves: Curve list) (names: string list) (index: int) (x: float) (y: float) : XElement list =
        let at = curves |> List.findIndex (fun curve -> curve.Name = names[index])

        [
            Svg.line x y (x + 24.0) y (stroke curves at)

            if not curves[at].IsDashed then
                Panel.mark at (markSize curves at) (x + 12.0) y
        ]

    /// Axes, bands, lines and the edge.
    let draw (panel: Panel) (curves: Curve list) (xs: Ruler) (ys: Ruler) : XElement list =
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

        let line (index: int) (curve: Curve) : XElement list =
            [
                for run in Curve.runs curve do
                    Svg.chain
                        "polyline"
                        (run |> List.map (fun i -> atX (fst curve.Points[i]), atY (snd curve.Points[i])))
                        (("fill", "none") :: stroke curves index @ clip)

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
                                    [ "fill", Theme.paper; "stroke", Panel.colour index ]
                            elif isInside && y < panel.Top - 0.5 then
                                Svg.chain
                                    "polygon"
                                    [ x - 4.0, panel.Top + 8.0; x + 4.0, panel.Top + 8.0; x, panel.Top + 1.0 ]
                                    [ "fill", Theme.paper; "stroke", Panel.colour index ]
                            elif isInside then
                                Panel.mark index (markSize curves index) x y
            ]

        let clipPath =
            Svg.element "clipPath" [ "id", "panel" ] [ Svg.rectangle panel.Left panel.Top panel.Width panel.Height [] ]

        [
            clipPath
            yield! Panel.horizontal panel xs
            yield! Panel.vertical panel ys
            yield! curves |> List.mapi band |> List.concat
            yield! curves |> List.mapi line |> List.concat
            Panel.edge panel
        ]
