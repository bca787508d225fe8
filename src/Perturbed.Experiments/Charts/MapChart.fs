namespace Perturbed.Experiments

open System
open System.Xml.Linq

/// Heat maps and pictures with paths over them, side by side.
[<RequireQualifiedAccess>]
module MapChart =

    let private side = 240.0
    let private gap = 30.0
    let private top = 44.0

    let private barWidth (scale: MapScale) (panel: MapPanel) : float =
        match panel.Ground with
        | MapGround.Values(name, _) when scale.HasBar ->
            26.0
            + ([ MapScale.label scale.Low; MapScale.label scale.High; name ]
               |> Seq.map (Svg.widthOf 11.0)
               |> Seq.max)
        | _ -> 0.0

    let private ground (left: float) (height: float) (scale: MapScale) (panel: MapPanel) : XElement list =
        let rows, columns = panel.Cells

        match panel.Ground with
        | MapGround.Pixels(width, pixelHeight, rgb) ->
            let data = Convert.ToBase64String(Png.encode width pixelHeight rgb)

            [
                Svg.element
                    "image"
                    [
                        "x", Svg.number left
                        "y", Svg.number top
                        "width", Svg.number side
                        "height", Svg.number height
                        "preserveAspectRatio", "none"
                        "style", "image-rendering: pixelated"
                        "href", $"data:image/png;base64,{data}"
                    ]
                    []
            ]
        | MapGround.Values(name, values) ->
            let low, high = scale.Low, scale.High

            let share value =
                if high > low then (value - low) / (high - low) else 0.5

            let w, h = side / float columns, height / float rows
            let bar = left + side + 8.0

            [
                for r in 0 .. rows - 1 do
                    for c in 0 .. columns - 1 do
                        Svg.rectangle
                            (left + w * float c)
                            (top + h * float r)
                            (w + 0.3)
                            (h + 0.3)
                            [ "fill", ColourScale.colour (share values[r, c]) ]

                if scale.HasBar then
                    for i in 0..49 do
                        Svg.rectangle
                            bar
                            (top + height * float i / 50.0)
                            12.0
                            (height / 50.0 + 0.3)
                            [ "fill", ColourScale.colour (1.0 - (float i + 0.5) / 50.0) ]

                    Svg.text "start" (bar + 16.0) (top + 10.0) [ "font-size", "11" ] (MapScale.label high)
                    Svg.text "start" (bar + 16.0) (top + height) [ "font-size", "11" ] (MapScale.label low)
                    Svg.text "start" (bar + 16.0) (top + height / 2.0) [ "font-size", "11" ] name
            ]

    // A white line under the coloured one, so that a path is visible on any ground.
    let private path
        (names: string list)
        (left: float)
        (height: float)
        (panel: MapPanel)
        (index: int)
        (path: MapPath)
        : XElement list =
        let rows, columns = panel.Cells
        let w, h = side / float columns, height / float rows
        let colour = Panel.colour (1 + List.findIndex ((=) path.Name) names)
        // Paths that share cells are drawn side by side.
        let shift = 2.2 * (float index - float (panel.Paths.Length - 1) / 2.0)

        let points =
            path.Cells
            |> Array.map (fun (r, c) -> left + w * (float c + 0.5) + shift, top + h * (float r + 0.5) + shift)

        [
            Svg.chain
                "polyline"
                points
                [ "fill", "none"; "stroke", "white"; "stroke-width", "4.2"; "stroke-linejoin", "round" ]
            Svg.chain
                "polyline"
                points
                [ "fill", "none"; "stroke", colour; "stroke-width", "2.4"; "stroke-linejoin", "round" ]
        ]

    /// <summary>Maps side by side as SVG; each is 240 wide, its cells square where rows and columns are as
    /// many.</summary>
    /// <param name="title">The title above them.</param>
    /// <param name="panels">The maps, at least one.</param>
    /// <returns>A picture.</returns>
    /// <exception cref="T:System.ArgumentException">A map of values has another shape than its cells, or there is no
    /// map.</exception>
    let svg (title: string) (panels: MapPanel list) : string =
        if panels.IsEmpty then
            invalidArg (nameof panels) "panels has no map; at least one was expected."

        for panel in panels do
            match panel.Ground with
            | MapGround.Values(_, values) when (Array2D.length1 values, Array2D.length2 values) <> panel.Cells ->
                let rows, columns = panel.Cells

                invalidArg
                    (nameof panels)
                    $"'{panel.Title}' has values [{Array2D.length1 values} × {Array2D.length2 values}] and {rows} × {columns} cells."
            | _ -> ()

        let heights =
            panels
            |> List.map (fun panel -> side * float (fst panel.Cells) / float (snd panel.Cells))

        let scales = List.init panels.Length (MapScale.ofPanel panels)

        let lefts =
            List.zip panels scales
            |> List.scan (fun left (panel, scale) -> left + side + barWidth scale panel + gap) 20.0

        let width = List.last lefts - gap + 20.0
        let tallest = List.max heights
        let names = panels |> List.collect _.Paths |> List.map _.Name |> List.distinct

        let drawn =
            [
                for panel, scale, (left, height) in
                    List.zip3 panels scales (List.zip (List.take panels.Length lefts) heights) do
                    yield! ground left height scale panel
                    yield! panel.Paths |> List.mapi (path names left height panel) |> List.concat
                    Svg.rectangle left top side height [ "fill", "none"; "stroke", "#333333" ]
                    Svg.text "middle" (left + side / 2.0) (top + height + 18.0) [] panel.Title
            ]

        let legend =
            [
                for index, name in List.indexed names do
                    let before =
                        names |> List.take index |> List.sumBy (fun n -> Svg.widthOf 12.0 n + 44.0)

                    let x, y = 20.0 + before, top + tallest + 40.0
                    Svg.line x y (x + 22.0) y [ "stroke", Panel.colour (index + 1); "stroke-width", "3" ]
                    Svg.text "start" (x + 28.0) (y + 4.0) [] name
            ]

        let height = top + tallest + (if names.IsEmpty then 34.0 else 58.0)

        Svg.document
            width
            height
            title
            [
                Svg.text "start" 20.0 26.0 [ "font-size", "14"; "font-weight", "bold" ] title
                yield! drawn
                yield! legend
            ]
