namespace Perturbed.Functional.Charts

open System
open System.Globalization
open System.Xml.Linq

/// Elements of SVG pictures.
[<RequireQualifiedAccess>]
module internal Svg =

    let private space: XNamespace = XNamespace.Get "http://www.w3.org/2000/svg"

    /// <summary>A coordinate or size: two decimals, without those that are zero.</summary>
    /// <param name="value">A finite number.</param>
    /// <returns>A text in the invariant culture.</returns>
    let number (value: float) : string =
        (Math.Round(value, 2) + 0.0).ToString("0.##", CultureInfo.InvariantCulture)

    /// <summary>An element.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="attributes">Names and values of its attributes.</param>
    /// <param name="children">What it holds.</param>
    /// <returns>The element.</returns>
    let element (name: string) (attributes: (string * string) list) (children: XElement seq) : XElement =
        let found = XElement(space + name)

        for attribute, value in attributes do
            found.SetAttributeValue(XName.Get attribute, value)

        for child in children do
            found.Add child

        found

    /// <summary>A text.</summary>
    /// <param name="anchor">start, middle or end: what lies at x.</param>
    /// <param name="x">Where.</param>
    /// <param name="y">The height of its baseline.</param>
    /// <param name="attributes">More attributes.</param>
    /// <param name="content">The text.</param>
    /// <returns>The element.</returns>
    let text (anchor: string) (x: float) (y: float) (attributes: (string * string) list) (content: string) : XElement =
        let found =
            element "text" ([ "x", number x; "y", number y; "text-anchor", anchor ] @ attributes) []

        found.Value <- content
        found

    /// <summary>A straight line.</summary>
    /// <param name="x1">From here,</param>
    /// <param name="y1">this high,</param>
    /// <param name="x2">to here,</param>
    /// <param name="y2">this high.</param>
    /// <param name="attributes">Stroke and the like.</param>
    /// <returns>The element.</returns>
    let line (x1: float) (y1: float) (x2: float) (y2: float) (attributes: (string * string) list) : XElement =
        element
            "line"
            ([ "x1", number x1; "y1", number y1; "x2", number x2; "y2", number y2 ]
             @ attributes)
            []

    /// <summary>A rectangle.</summary>
    /// <param name="x">Its left.</param>
    /// <param name="y">Its top.</param>
    /// <param name="width">Its width.</param>
    /// <param name="height">Its height.</param>
    /// <param name="attributes">Fill and the like.</param>
    /// <returns>The element.</returns>
    let rectangle (x: float) (y: float) (width: float) (height: float) (attributes: (string * string) list) : XElement =
        element
            "rect"
            ([ "x", number x; "y", number y; "width", number width; "height", number height ]
             @ attributes)
            []

    /// <summary>A chain of lines, or the polygon they bound.</summary>
    /// <param name="name">polyline or polygon.</param>
    /// <param name="points">Its corners.</param>
    /// <param name="attributes">Stroke, fill and the like.</param>
    /// <returns>The element.</returns>
    let chain (name: string) (points: (float * float) seq) (attributes: (string * string) list) : XElement =
        let corners =
            String.Join(' ', points |> Seq.map (fun (x, y) -> $"{number x},{number y}"))

        element name (("points", corners) :: attributes) []

    /// <summary>About how wide a text is drawn: never less than any common sans-serif font makes it.</summary>
    /// <param name="size">The size of the font.</param>
    /// <param name="content">The text.</param>
    /// <returns>A width in the same units.</returns>
    let widthOf (size: float) (content: string) : float = 0.62 * size * float content.Length

    /// <summary>A whole picture on white.</summary>
    /// <param name="width">Its width.</param>
    /// <param name="height">Its height.</param>
    /// <param name="title">What screen readers say of it.</param>
    /// <param name="children">What is in it.</param>
    /// <returns>The root element.</returns>
    let picture (width: float) (height: float) (title: string) (children: XElement seq) : XElement =
        let heading = element "title" [] []
        heading.Value <- title

        element
            "svg"
            [
                "width", number width
                "height", number height
                "viewBox", $"0 0 {number width} {number height}"
                "font-family", "Helvetica, Arial, 'DejaVu Sans', sans-serif"
                "font-size", "12"
            ]
            (Seq.append [ heading; rectangle 0.0 0.0 width height [ "fill", Theme.paper ] ] children)

    /// <summary>A picture as text.</summary>
    /// <param name="root">Its root.</param>
    /// <returns>The SVG.</returns>
    let document (root: XElement) : string = root.ToString() + "\n"
