namespace Perturbed.Experiments

open System.Xml.Linq

/// The rectangle in which a chart draws, with what is around it.
type Panel =
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
module Panel =

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

    let private faint = [ "stroke", "#E4E4E4"; "stroke-width", "1" ]
    let private dark = [ "stroke", "#333333"; "stroke-width", "1" ]

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

    /// <summary>The width that a legend of some names needs, 0 where there is none.</summary>
    /// <param name="names">The names.</param>
    /// <returns>A width.</returns>
    let legendWidth (names: string seq) : float =
        if Seq.isEmpty names then
            0.0
        else
            46.0 + (names |> Seq.map (Svg.widthOf 12.0) |> Seq.max)

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
