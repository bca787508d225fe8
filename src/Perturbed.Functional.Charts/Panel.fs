namespace Perturbed.Functional.Charts

open System.Xml.Linq

/// The rectangle in which a chart draws, with what is around it.
type internal Panel =
    {
        /// Its left edge.
        Left: float
        /// Its upper edge.
        Top: float
        /// Its width.
        Width: float
        /// Its height.
        Height: float
        /// The margin between its edges and the ends of its axes, so that marks at the ends are whole.
        Inset: float
    }

/// Colours, axes and legends that charts share.
[<RequireQualifiedAccess>]
module internal Panel =

    // Okabe and Ito's colours, distinguishable under colour blindness.
    let private palette =
        [| "#0072B2"; "#D55E00"; "#009E73"; "#CC79A7"; "#E69F00"; "#56B4E9"; "#000000"; "#8A8A00" |]

    /// <summary>The colour of a series.</summary>
    /// <param name="index">Its number.</param>
    /// <returns>A colour.</returns>
    let colour (index: int) : string = palette[index % palette.Length]

    /// <summary>The mark of a series: a shape of its own for each of the first five.</summary>
    /// <param name="index">The number of the series.</param>
    /// <param name="r">Half its size.</param>
    /// <param name="x">Where.</param>
    /// <param name="y">How high.</param>
    /// <returns>The element.</returns>
    let mark (index: int) (r: float) (x: float) (y: float) : XElement =
        let fill = [ "fill", colour index ]

        match index % 5 with
        | 0 -> Svg.element "circle" ([ "cx", Svg.number x; "cy", Svg.number y; "r", Svg.number r ] @ fill) []
        | 1 -> Svg.rectangle (x - r + 0.3) (y - r + 0.3) (2.0 * r - 0.6) (2.0 * r - 0.6) fill
        | 2 -> Svg.chain "polygon" [ x, y - r - 0.8; x + r + 0.5, y + r; x - r - 0.5, y + r ] fill
        | 3 -> Svg.chain "polygon" [ x, y - r - 1.0; x + r + 1.0, y; x, y + r + 1.0; x - r - 1.0, y ] fill
        | _ -> Svg.chain "polygon" [ x - r - 0.5, y - r; x + r + 0.5, y - r; x, y + r + 0.8 ] fill

    let private faint = [ "stroke", Theme.faint; "stroke-width", "1" ]
    let private dark = [ "stroke", Theme.ink; "stroke-width", "1" ]

    /// <summary>Where a value of the horizontal axis lies.</summary>
    /// <param name="panel">The panel.</param>
    /// <param name="ruler">The axis.</param>
    /// <param name="value">The value.</param>
    /// <returns>x.</returns>
    let x (panel: Panel) (ruler: Ruler) (value: float) : float =
        panel.Left
        + panel.Inset
        + (panel.Width - 2.0 * panel.Inset) * Axis.place ruler value

    /// <summary>Where a value of the vertical axis lies.</summary>
    /// <param name="panel">The panel.</param>
    /// <param name="ruler">The axis.</param>
    /// <param name="value">The value.</param>
    /// <returns>y.</returns>
    let y (panel: Panel) (ruler: Ruler) (value: float) : float =
        panel.Top
        + panel.Inset
        + (panel.Height - 2.0 * panel.Inset) * (1.0 - Axis.place ruler value)

    /// <summary>The horizontal axis below the panel, with grid lines in it.</summary>
    /// <param name="panel">The panel.</param>
    /// <param name="ruler">The axis.</param>
    /// <returns>Its elements.</returns>
    let horizontal (panel: Panel) (ruler: Ruler) : XElement list =
        let bottom = panel.Top + panel.Height

        [
            for value, label in ruler.Labels do
                let at = x panel ruler value
                Svg.line at panel.Top at bottom faint
                Svg.line at bottom at (bottom + 5.0) dark
                Svg.text "middle" at (bottom + 18.0) [] label

            for value in ruler.Minor do
                let at = x panel ruler value
                Svg.line at bottom at (bottom + 3.0) dark

            Svg.text "middle" (panel.Left + panel.Width / 2.0) (bottom + 38.0) [] ruler.Axis.Title
        ]

    /// <summary>The vertical axis left of the panel, with grid lines in it.</summary>
    /// <param name="panel">The panel.</param>
    /// <param name="ruler">The axis.</param>
    /// <returns>Its elements.</returns>
    let vertical (panel: Panel) (ruler: Ruler) : XElement list =
        let right = panel.Left + panel.Width
        let middle = panel.Top + panel.Height / 2.0

        [
            for value, label in ruler.Labels do
                let at = y panel ruler value
                Svg.line panel.Left at right at faint
                Svg.line (panel.Left - 5.0) at panel.Left at dark
                Svg.text "end" (panel.Left - 8.0) (at + 4.0) [] label

            for value in ruler.Minor do
                let at = y panel ruler value
                Svg.line (panel.Left - 3.0) at panel.Left at dark

            Svg.text "middle" 18.0 middle [ "transform", $"rotate(-90 18 {Svg.number middle})" ] ruler.Axis.Title
        ]

    /// <summary>The edge of the panel.</summary>
    /// <param name="panel">The panel.</param>
    /// <returns>Its element.</returns>
    let edge (panel: Panel) : XElement =
        Svg.rectangle panel.Left panel.Top panel.Width panel.Height (("fill", "none") :: dark)

    /// <summary>The title above the panel.</summary>
    /// <param name="panel">The panel.</param>
    /// <param name="title">The title.</param>
    /// <returns>Its element.</returns>
    let title (panel: Panel) (title: string) : XElement =
        Svg.text
            "middle"
            (panel.Left + panel.Width / 2.0)
            (panel.Top - 14.0)
            [ "font-size", "14"; "font-weight", "bold" ]
            title

    /// <summary>A title at the left edge of a picture, in as many lines as its width needs.</summary>
    /// <param name="width">The width of the picture.</param>
    /// <param name="title">The title.</param>
    /// <returns>Its elements, and the height that they take.</returns>
    let heading (width: float) (title: string) : XElement list * float =
        let fits (line: string) =
            1.06 * Svg.widthOf 14.0 line <= width - 24.0

        let lines =
            (([]: string list), title.Split(' '))
            ||> Array.fold (fun lines word ->
                match lines with
                | last :: rest when fits (last + " " + word) -> (last + " " + word) :: rest
                | _ -> word :: lines)
            |> List.rev

        lines
        |> List.mapi (fun i line ->
            Svg.text "start" 12.0 (24.0 + 18.0 * float i) [ "font-size", "14"; "font-weight", "bold" ] line),
        18.0 + 18.0 * float lines.Length

    /// <summary>The width that a legend of some names needs, 0 where there is none.</summary>
    /// <param name="names">The names.</param>
    /// <returns>A width.</returns>
    let legendWidth (names: string seq) : float =
        if Seq.isEmpty names then
            0.0
        else
            46.0 + (names |> Seq.map (Svg.widthOf 12.0) |> Seq.max)

    /// <summary>Where a panel lies in a picture of a given width, and whether its legend is right of it: where that
    /// would take a third of the width it is below.</summary>
    /// <param name="width">The width of the picture.</param>
    /// <param name="top">Where the panel begins.</param>
    /// <param name="ys">Its vertical axis.</param>
    /// <param name="names">The names in the legend.</param>
    /// <returns>The panel without inset, and whether the legend is right of it.</returns>
    let frame (width: float) (top: float) (ys: Ruler) (names: string list) : Panel * bool =
        let labels = ys.Labels |> Seq.map (snd >> Svg.widthOf 12.0) |> Seq.append [ 0.0 ]
        let left = 36.0 + Seq.max labels
        let legend = legendWidth names
        let isRight = legend <= width / 3.0

        {
            Left = left
            Top = top
            Width = width - left - 16.0 - (if isRight then legend else 0.0)
            Height = max 170.0 (min 326.0 (0.5 * width))
            Inset = 0.0
        },
        isRight

    /// <summary>The legend below the panel, an entry a line.</summary>
    /// <param name="panel">The panel.</param>
    /// <param name="below">How far below it.</param>
    /// <param name="sample">What stands for a series, 24 wide: from its number, x and y.</param>
    /// <param name="names">The names.</param>
    /// <returns>Its elements.</returns>
    let legendBelow
        (panel: Panel)
        (below: float)
        (sample: int -> float -> float -> XElement list)
        (names: string seq)
        : XElement list =
        let x = 16.0
        let width = panel.Left + panel.Width - x - 30.0

        [
            for index, name in Seq.indexed names do
                let y = panel.Top + panel.Height + below + 20.0 * float index
                yield! sample index x y
                Svg.text "start" (x + 30.0) (y + 4.0) [] (Labels.shortened (int (width / Svg.widthOf 12.0 "m")) name)
        ]

    /// <summary>The legend right of the panel.</summary>
    /// <param name="panel">The panel.</param>
    /// <param name="sample">What stands for a series, 24 wide: from its number, x and y.</param>
    /// <param name="names">The names.</param>
    /// <returns>Its elements.</returns>
    let legend (panel: Panel) (sample: int -> float -> float -> XElement list) (names: string seq) : XElement list =
        [
            for index, name in Seq.indexed names do
                let x, y = panel.Left + panel.Width + 14.0, panel.Top + 12.0 + 20.0 * float index
                yield! sample index x y
                Svg.text "start" (x + 30.0) (y + 4.0) [] name
        ]
