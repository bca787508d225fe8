namespace Perturbed.Functional.Charts

open System.Xml.Linq

/// An edge of a graph chart.
type GraphEdge =
    {
        /// Where it begins, a number of a node.
        From: int
        /// Where it ends.
        To: int
        /// Its weight, at least 0: the width of its line. An edge of weight 0 is not drawn.
        Weight: float
        /// Whether it is of the solution without noise.
        IsFramed: bool
    }

/// A graph whose edges have weights, such as the probability that a path or a tree takes them.
type GraphChart =
    {
        /// Its title.
        Title: string
        /// Where its nodes are; y grows upwards, and both have one unit.
        Positions: (float * float)[]
        /// The names of the nodes; empty for none.
        Names: string[]
        /// The group of each node, from 0: its colour and mark; empty: all in one.
        Groups: int[]
        /// Its edges.
        Edges: GraphEdge[]
        /// Whether edges have arrows.
        IsDirected: bool
        /// What weights are, with their unit.
        WeightTitle: string
    }

/// The picture of a graph whose numbers are checked.
[<RequireQualifiedAccess>]
module internal GraphDrawing =

    // Labels of more edges lie on each other, and those of the lightest edges tell little.
    let private mostLabels = 24
    let private leastLabelled = 0.05

    let private thickest = 7.0

    // Where a node lies in a square of a side; nodes without extent lie in the middle.
    let private places (positions: (float * float)[]) (left: float) (top: float) (side: float) : (float * float)[] =
        let xs, ys = positions |> Array.map fst, positions |> Array.map snd
        let low, high = (Array.min xs, Array.min ys), (Array.max xs, Array.max ys)
        let extent = max (fst high - fst low) (snd high - snd low)
        let factor = if extent > 0.0 then side / extent else 0.0
        let middle (a: float) (b: float) = a / 2.0 + b / 2.0

        positions
        |> Array.map (fun (x, y) ->
            left + side / 2.0 + factor * (x - middle (fst low) (fst high)),
            top + side / 2.0 - factor * (y - middle (snd low) (snd high)))

    // A line from edge to edge of two nodes, and the point of an arrow at its end.
    let private between (gap: float) (x1: float, y1: float) (x2: float, y2: float) =
        let length = max 1e-9 (sqrt ((x2 - x1) ** 2.0 + (y2 - y1) ** 2.0))
        let u, v = (x2 - x1) / length, (y2 - y1) / length
        let gap = min gap (0.4 * length)
        (x1 + gap * u, y1 + gap * v), (x2 - gap * u, y2 - gap * v), (u, v)

    let private edge (isDirected: bool) (gap: float) (heaviest: float) (places: (float * float)[]) (edge: GraphEdge) =
        let (x1, y1), (x2, y2), (u, v) = between gap places[edge.From] places[edge.To]

        let share = if heaviest > 0.0 then edge.Weight / heaviest else 0.0
        let width = 0.6 + (thickest - 0.6) * share

        [
            if edge.Weight > 0.0 then
                let size = 4.0 + 0.9 * width
                let ends = if isDirected then x2 - size * u, y2 - size * v else x2, y2

                Svg.line
                    x1
                    y1
                    (fst ends)
                    (snd ends)
                    [ "stroke", Panel.colour 0; "stroke-width", Svg.number width; "stroke-opacity", "0.8" ]

                if isDirected then
                    let w = 0.55 * size
                    let bx, by = x2 - size * u, y2 - size * v

                    Svg.chain
                        "polygon"
                        [ x2, y2; bx - w * v, by + w * u; bx + w * v, by - w * u ]
                        [ "fill", Panel.colour 0; "fill-opacity", "0.8" ]

            if edge.IsFramed then
                Svg.line x1 y1 x2 y2 [ "stroke", Panel.colour 1; "stroke-width", "2"; "stroke-dasharray", "5 4" ]
        ]

    // The weight beside the middle of an edge, on a ground of paper.
    let private label (places: (float * float)[]) (edge: GraphEdge) : XElement =
        let (x1, y1), (x2, y2) = places[edge.From], places[edge.To]
        // Not in the very middle, where edges cross.
        let x, y = 0.56 * x1 + 0.44 * x2, 0.56 * y1 + 0.44 * y2

        Svg.text
            "middle"
            x
            (y + 3.5)
            [ "font-size", "10"; "stroke", Theme.paper; "stroke-width", "3"; "paint-order", "stroke" ]
            (Labels.number edge.Weight)

    let private node (chart: GraphChart) (radius: float) (index: int) (x: float, y: float) : XElement list =
        let group = if chart.Groups.Length = 0 then 6 else chart.Groups[index]

        [
            if chart.Names.Length = 0 || radius < 8.0 then
                Panel.mark (if chart.Groups.Length = 0 then 0 else group) radius x y

                if chart.Names.Length > 0 then
                    Svg.text "start" (x + radius + 3.0) (y - radius) [ "font-size", "10" ] chart.Names[index]
            else
                Svg.element
                    "circle"
                    [
                        "cx", Svg.number x
                        "cy", Svg.number y
                        "r", Svg.number radius
                        "fill", Theme.paper
                        "stroke", Panel.colour group
                        "stroke-width", "1.6"
                    ]
                    []

                Svg.text "middle" x (y + 3.5) [ "font-size", "10" ] chart.Names[index]
        ]

    /// The picture, of a width.
    let draw (chart: GraphChart) (width: float) : XElement =
        let heading, top = Panel.heading width chart.Title

        let longest =
            chart.Names |> Seq.map (Svg.widthOf 10.0) |> Seq.append [ 0.0 ] |> Seq.max

        // Names stand inside nodes that are large enough and few.
        let isInside = longest <= 26.0 && chart.Positions.Length <= 24 && longest > 0.0
        let radius = if isInside then max 9.0 (longest / 2.0 + 3.0) else 4.0
        let margin = if isInside then radius + 6.0 else 12.0
        let right = if isInside then margin else max margin (longest + 10.0)
        let side = width - 12.0 - margin - right
        let places = places chart.Positions (12.0 + margin) (top + margin) side
        let highest = places |> Seq.map snd |> Seq.max
        let lowest = places |> Seq.map snd |> Seq.min
        // Less height where the graph is flat.
        let places = places |> Array.map (fun (x, y) -> x, y - (lowest - top - margin))
        let bottom = top + margin + (highest - lowest) + margin
        let weighted = chart.Edges |> Array.filter (fun e -> e.Weight > 0.0)

        let heaviest = weighted |> Seq.map _.Weight |> Seq.append [ 0.0 ] |> Seq.max

        let labelled =
            weighted |> Array.filter (fun e -> e.Weight >= leastLabelled * heaviest)

        let gap = if chart.IsDirected || isInside then radius + 1.0 else 0.0
        let legend = bottom + 16.0

        let legends =
            [
                if heaviest > 0.0 then
                    fun y ->
                        [
                            Svg.line
                                16.0
                                y
                                40.0
                                y
                                [
                                    "stroke", Panel.colour 0
                                    "stroke-width", Svg.number thickest
                                    "stroke-opacity", "0.8"
                                ]
                            Svg.text "start" 48.0 (y + 4.0) [] $"{chart.WeightTitle} {Labels.number heaviest}"
                        ]

                if chart.Edges |> Array.exists _.IsFramed then
                    fun y ->
                        [
                            Svg.line
                                16.0
                                y
                                40.0
                                y
                                [ "stroke", Panel.colour 1; "stroke-width", "2"; "stroke-dasharray", "5 4" ]
                            Svg.text "start" 48.0 (y + 4.0) [] "solution without noise"
                        ]
            ]

        [
            yield! heading
            // Light edges first, so that heavy ones are on top.
            for e in chart.Edges |> Array.sortBy _.Weight do
                yield! edge chart.IsDirected gap heaviest places e

            if labelled.Length <= mostLabels then
                yield! labelled |> Array.map (label places)

            for i, place in Array.indexed places do
                yield! node chart radius i place

            for i, draw in List.indexed legends do
                yield! draw (legend + 20.0 * float i)
        ]
        |> Svg.picture width (bottom + 8.0 + 20.0 * float legends.Length + 4.0) chart.Title
