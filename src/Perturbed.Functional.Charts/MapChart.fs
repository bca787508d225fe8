namespace Perturbed.Functional.Charts

open System
open System.Xml.Linq

/// Heat maps and pictures with paths over them, side by side.
[<RequireQualifiedAccess>]
module MapChart =

    let private gap = 30.0

    let private barWidth (scale: MapScale) (panel: MapPanel) : float =
        match panel.Ground with
        | MapGround.Values(name, _) when scale.HasBar ->
            26.0
            + ([ MapScale.label scale.Low; MapScale.label scale.High; name ]
               |> Seq.map (Svg.widthOf 11.0)
               |> Seq.max)
        | _ -> 0.0

    let private ground
        (side: float)
        (left: float)
        (top: float)
        (height: float)
        (scale: MapScale)
        (panel: MapPanel)
        : XElement list =
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
        (side: float)
        (left: float)
        (top: float)
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

    let private check (panels: MapPanel list) : unit =
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

    let private namesOf (panels: MapPanel list) : string list =
        panels |> List.collect _.Paths |> List.map _.Name |> List.distinct

    // Maps in a row: their elements, the right end of the row, and its height.
    let private row
        (names: string list)
        (side: float)
        (top: float)
        (panels: (MapPanel * MapScale) list)
        : XElement list * float * float =
        let heights =
            panels
            |> List.map (fun (panel, _) -> side * float (fst panel.Cells) / float (snd panel.Cells))

        let lefts =
            panels
            |> List.scan (fun left (panel, scale) -> left + side + barWidth scale panel + gap) 20.0

        [
            for (panel, scale), (left, height) in List.zip panels (List.zip (List.take panels.Length lefts) heights) do
                yield! ground side left top height scale panel

                yield! panel.Paths |> List.mapi (path names side left top height panel) |> List.concat

                Svg.rectangle left top side height [ "fill", "none"; "stroke", Theme.ink ]
                Svg.text "middle" (left + side / 2.0) (top + height + 18.0) [] panel.Title
        ],
        List.last lefts - gap,
        List.max heights

    let private line (index: int) (x: float) (y: float) : XElement =
        Svg.line x y (x + 22.0) y [ "stroke", Panel.colour (index + 1); "stroke-width", "3" ]

    /// <summary>Maps side by side as SVG, without a description; each is 240 wide, its cells square where rows and
    /// columns are as many.</summary>
    /// <param name="title">The title above them.</param>
    /// <param name="panels">The maps, at least one.</param>
    /// <returns>A picture.</returns>
    /// <exception cref="T:System.ArgumentException">A map of values has another shape than its cells, or there is no
    /// map.</exception>
    let svg (title: string) (panels: MapPanel list) : string =
        check panels
        let top = 44.0
        let names = namesOf panels
        let scales = List.init panels.Length (MapScale.ofPanel panels)
        let drawn, right, tallest = row names 240.0 top (List.zip panels scales)

        let legend =
            [
                for index, name in List.indexed names do
                    let before =
                        names |> List.take index |> List.sumBy (fun n -> Svg.widthOf 12.0 n + 44.0)

                    let x, y = 20.0 + before, top + tallest + 40.0
                    line index x y
                    Svg.text "start" (x + 28.0) (y + 4.0) [] name
            ]

        [
            Svg.text "start" 20.0 26.0 [ "font-size", "14"; "font-weight", "bold" ] title
            yield! drawn
            yield! legend
        ]
        |> Svg.picture (right + 20.0) (top + tallest + (if names.IsEmpty then 34.0 else 58.0)) title
        |> Svg.document

    let private draw (title: string) (panels: MapPanel list) (width: float) : XElement =
        let heading, top = Panel.heading width title
        let names = namesOf panels
        let scales = List.init panels.Length (MapScale.ofPanel panels)
        let inRow = min panels.Length (max 1 (int (width / 250.0)))
        let rows = List.zip panels scales |> List.chunkBySize inRow

        let bars (row: (MapPanel * MapScale) list) =
            row |> List.sumBy (fun (panel, scale) -> barWidth scale panel)

        let side =
            min
                320.0
                ((width - 40.0 - gap * float (inRow - 1) - (rows |> Seq.map bars |> Seq.max))
                 / float inRow)

        let drawn, bottom =
            (([], top), rows)
            ||> List.fold (fun (drawn, top) panels ->
                let elements, _, height = row names side top panels
                drawn @ elements, top + height + 38.0)

        [
            yield! heading
            yield! drawn

            for index, name in List.indexed names do
                let y = bottom + 4.0 + 20.0 * float index
                line index 20.0 y
                Svg.text "start" 48.0 (y + 4.0) [] name
        ]
        |> Svg.picture width (bottom + 20.0 * float names.Length) title

    /// <summary>Maps side by side, or below each other where the width is too small.</summary>
    /// <param name="title">The title above them.</param>
    /// <param name="panels">The maps, at least one.</param>
    /// <returns>A chart 640 wide that says its maps and paths.</returns>
    /// <exception cref="T:System.ArgumentException">A map of values has another shape than its cells, or there is no
    /// map.</exception>
    let chart (title: string) (panels: MapPanel list) : Chart =
        check panels
        let maps = panels |> List.map _.Title |> String.concat ", "
        let paths = namesOf panels |> String.concat ", "
        let over = if paths = "" then "" else $"; paths: {paths}"
        Chart(title, $"Maps: {maps}{over}.", 640.0, draw title panels)
