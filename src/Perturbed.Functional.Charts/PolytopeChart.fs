namespace Perturbed.Functional.Charts

open System
open System.Xml.Linq
open Perturbed.Functional

/// Points of a polytope in a plane of three coordinates, in order, such as y*_ε(θ) for growing ε.
type PolytopePath =
    {
        /// Its name in the legend.
        Name: string
        /// Its points, of three coordinates each.
        Points: float[][]
        /// A label for each point, such as its ε; empty for none.
        Labels: string[]
    }

/// A polytope of solutions of three coordinates with one sum, seen at right angles to its plane.
type PolytopeChart =
    {
        /// Its title.
        Title: string
        /// Its vertices, with what stands beside them.
        Vertices: (string * float[])[]
        /// θ, of three coordinates, whose direction in the plane an arrow from the middle shows; empty for none.
        Objective: float[]
        /// Points in it.
        Paths: PolytopePath list
    }

/// The simplex and the permutahedron of three items, with smoothed points.
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module PolytopeChart =

    let private corners (vertices: float[] list) : (string * float[])[] =
        vertices |> List.map (fun v -> Labels.solution v, v) |> List.toArray

    /// <summary>The simplex: the solutions of <c>Oracle.argmax 3</c>.</summary>
    /// <param name="title">The title.</param>
    /// <param name="paths">Points in it.</param>
    /// <returns>A polytope chart.</returns>
    let simplex (title: string) (paths: PolytopePath list) : PolytopeChart =
        {
            Title = title
            Vertices = corners [ [| 1.0; 0.0; 0.0 |]; [| 0.0; 1.0; 0.0 |]; [| 0.0; 0.0; 1.0 |] ]
            Objective = [||]
            Paths = paths
        }

    /// <summary>The permutahedron of 1, 2, 3: the solutions of <c>Oracle.ranking 3</c>.</summary>
    /// <param name="title">The title.</param>
    /// <param name="paths">Points in it.</param>
    /// <returns>A polytope chart.</returns>
    let permutahedron (title: string) (paths: PolytopePath list) : PolytopeChart =
        {
            Title = title
            Vertices =
                corners
                    [
                        for a, b, c in [ 1, 2, 3; 1, 3, 2; 2, 1, 3; 2, 3, 1; 3, 1, 2; 3, 2, 1 ] do
                            [| float a; float b; float c |]
                    ]
            Objective = [||]
            Paths = paths
        }

    // Coordinates in the plane of equal sums: the third axis points up.
    let private projected (y: float[]) : float * float =
        (y[1] - y[0]) / sqrt 2.0, (2.0 * y[2] - y[0] - y[1]) / sqrt 6.0

    // A point in the plane of the polytope; estimates are off it by rounding alone.
    let private checkPoint (title: string) (what: string) (total: float) (y: float[]) : unit =
        Check.finiteVector what y
        Check.length what y.Length 3 "the dimension of the plane's space"
        let sum = Array.sum y

        if abs (sum - total) > 1e-6 * max 1.0 (abs total) then
            invalidArg what $"{what} sums to {sum}; the vertices of '{title}' sum to {total}."

    let private check (chart: PolytopeChart) : unit =
        if chart.Vertices.Length < 3 then
            invalidArg (nameof chart) $"'{chart.Title}' has {chart.Vertices.Length} vertices; 3 or more were expected."

        for i, (_, vertex) in Array.indexed chart.Vertices do
            Check.finiteVector $"vertex {i}" vertex

        let total = Array.sum (snd chart.Vertices[0])

        for i, (_, vertex) in Array.indexed chart.Vertices do
            checkPoint chart.Title $"vertex {i}" total vertex

        if chart.Objective.Length > 0 then
            Check.finiteVector (nameof chart.Objective) chart.Objective
            Check.length (nameof chart.Objective) chart.Objective.Length 3 "the dimension of the plane's space"

            if projected chart.Objective = (0.0, 0.0) then
                invalidArg (nameof chart) $"the objective of '{chart.Title}' has no direction in the plane."

        for path in chart.Paths do
            if path.Labels.Length <> 0 && path.Labels.Length <> path.Points.Length then
                invalidArg
                    (nameof chart)
                    $"'{path.Name}' has {path.Labels.Length} labels and {path.Points.Length} points."

            for i, point in Array.indexed path.Points do
                checkPoint chart.Title $"point {i} of '{path.Name}'" total point

    // From a vector of the plane to a place in the picture.
    let private scaled (chart: PolytopeChart) (left: float) (top: float) (width: float) =
        let vertices = chart.Vertices |> Array.map (snd >> projected)
        let xs, ys = vertices |> Array.map fst, vertices |> Array.map snd
        let factor = width / (Array.max xs - Array.min xs)

        (fun (y: float[]) ->
            let a, b = projected y
            left + factor * (a - Array.min xs), top + factor * (Array.max ys - b)),
        factor * (Array.max ys - Array.min ys)

    // Labels lie across the path: above points where it runs flat, right of them where it is steep. Those that would
    // touch another are left out.
    let private labels (places: (float * float)[]) (path: PolytopePath) : XElement list =
        let place (index: int) =
            let x, y = places[index]
            let a, b = places[max 0 (index - 1)], places[min (places.Length - 1) (index + 1)]
            let isFlat = abs (fst b - fst a) > abs (snd b - snd a)

            if isFlat then
                "middle", x, y - 8.0
            else
                "start", x + 8.0, y + 4.0

        ([], [ 0 .. path.Labels.Length - 1 ])
        ||> List.fold (fun (found: (float * float * XElement) list) index ->
            let anchor, x, y = place index

            if found |> List.forall (fun (a, b, _) -> abs (y - b) > 13.0 || abs (x - a) > 52.0) then
                (x, y, Svg.text anchor x y [ "font-size", "10" ] path.Labels[index]) :: found
            else
                found)
        |> List.map (fun (_, _, element) -> element)

    let private path (place: float[] -> float * float) (index: int) (path: PolytopePath) : XElement list =
        let places = path.Points |> Array.map place

        [
            if places.Length > 1 then
                Svg.chain "polyline" places [ "fill", "none"; "stroke", Panel.colour index; "stroke-width", "1.4" ]

            for x, y in places do
                Panel.mark index 3.4 x y

            yield! labels places path
        ]

    // From the middle to beyond the vertex that is farthest in the direction: there ⟨y, θ⟩ is largest.
    let private arrow (middle: float * float) (vertices: (float * float) seq) (theta: float[]) : XElement list =
        let a, b = projected theta
        let norm = sqrt (a * a + b * b)
        let ux, uy = a / norm, -b / norm
        let x, y = middle

        let support =
            vertices |> Seq.map (fun (vx, vy) -> (vx - x) * ux + (vy - y) * uy) |> Seq.max

        let length = support + 14.0

        let at (along: float) (across: float) : float * float =
            x + along * ux - across * uy, y + along * uy + across * ux

        let stemX, stemY = at (length - 10.0) 0.0
        let labelX, labelY = at (length + 12.0) 0.0

        [
            Svg.line x y stemX stemY [ "stroke", Theme.grey; "stroke-width", "1.2"; "stroke-dasharray", "5 3" ]
            Svg.chain
                "polygon"
                [ at length 0.0; at (length - 11.0) 4.5; at (length - 11.0) -4.5 ]
                [ "fill", Theme.grey ]
            Svg.text "middle" labelX (labelY + 4.0) [ "font-style", "italic" ] "θ"
        ]

    let private draw (chart: PolytopeChart) (width: float) : XElement =
        let heading, top = Panel.heading width chart.Title
        let margin = 16.0 + (chart.Vertices |> Seq.map (fst >> Svg.widthOf 11.0) |> Seq.max)
        let top = top + 16.0
        let place, height = scaled chart margin top (width - 2.0 * margin)

        // Around the middle, so that the edges do not cross.
        let middle =
            Array.init 3 (fun i -> chart.Vertices |> Seq.averageBy (fun (_, v) -> v[i]))

        let (cx, cy) = place middle

        let around =
            chart.Vertices
            |> Array.map (fun (name, v) -> name, place v)
            |> Array.sortBy (fun (_, (x, y)) -> Math.Atan2(y - cy, x - cx))

        let corner (name: string, (x: float, y: float)) =
            let isMiddle = abs (x - cx) < 0.05 * width

            if isMiddle then
                Svg.text "middle" x (if y < cy then y - 8.0 else y + 17.0) [ "font-size", "11" ] name
            else
                let anchor, dx = if x < cx then "end", -7.0 else "start", 7.0
                Svg.text anchor (x + dx) (y + 4.0) [ "font-size", "11" ] name

        let named =
            chart.Paths |> List.indexed |> List.filter (fun (_, path) -> path.Name <> "")

        let legend = top + height + 42.0

        [
            yield! heading
            Svg.chain "polygon" (around |> Array.map snd) [ "fill", Theme.inside; "stroke", Theme.ink ]
            yield! around |> Array.map corner

            if chart.Objective.Length > 0 then
                yield! arrow (cx, cy) (around |> Seq.map snd) chart.Objective

            yield! chart.Paths |> List.mapi (path place) |> List.concat

            for line, (index, path) in List.indexed named do
                let y = legend + 20.0 * float line
                Panel.mark index 3.4 24.0 y
                Svg.text "start" 38.0 (y + 4.0) [] path.Name
        ]
        |> Svg.picture width (top + height + 32.0 + 20.0 * float named.Length) chart.Title

    /// <summary>The polytope, of any width.</summary>
    /// <param name="chart">Three vertices or more, and points of the plane that they lie in.</param>
    /// <returns>A chart 480 wide that says which points it has.</returns>
    /// <exception cref="T:System.ArgumentException">Too few vertices, a point that has not three finite coordinates or
    /// is not in the plane, or labels that do not fit the points.</exception>
    let chart (chart: PolytopeChart) : Chart =
        check chart

        let described =
            [ for path in chart.Paths -> $"{path.Name}: {path.Points.Length} points" ]
            |> String.concat "; "

        Chart(chart.Title, $"A polytope with {chart.Vertices.Length} vertices. {described}.", 480.0, draw chart)
