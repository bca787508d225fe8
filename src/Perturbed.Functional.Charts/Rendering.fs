namespace Perturbed.Functional.Charts

open System
open System.Security.Cryptography
open System.Text
open System.Xml.Linq

/// From charts to SVG that stands alone or in a page.
[<RequireQualifiedAccess>]
module internal Rendering =

    let private smallest, private largest = 240.0, 4000.0

    /// A width that a chart can have.
    let checkWidth (name: string) (width: float) : unit =
        if not (width >= smallest && width <= largest) then
            raise (
                ArgumentOutOfRangeException(name, width, $"{name} is {width}; {smallest} to {largest} was expected.")
            )

    // Ids are of the whole page where pictures stand in one, so each picture has ids of its own, made of its content.
    let private withOwnIds (root: XElement) : unit =
        let hash = SHA256.HashData(Encoding.UTF8.GetBytes(root.ToString()))
        let mark = Convert.ToHexStringLower(hash).Substring(0, 8)

        for element in root.Descendants() do
            for attribute in element.Attributes() |> Seq.toArray do
                if attribute.Name.LocalName = "id" then
                    attribute.Value <- $"{attribute.Value}-{mark}"
                elif attribute.Value.StartsWith("url(#", StringComparison.Ordinal) then
                    attribute.Value <- attribute.Value.Replace(")", $"-{mark})")

    /// The picture, described, with its rules for dark pages if it stands alone.
    let element (isAlone: bool) (chart: Chart) : XElement =
        let root = chart.Draw chart.Width
        withOwnIds root

        for name, value in [ "role", "img"; "class", "perturbed-chart"; "style", "max-width:100%;height:auto" ] do
            root.SetAttributeValue(XName.Get name, value)

        let added (name: string) (content: string) =
            let child = Svg.element name [] []
            child.Value <- content
            child

        let parts =
            [
                added "desc" chart.Description

                if isAlone then
                    added "style" Theme.style
            ]

        match root.FirstNode with
        | null -> root.Add parts
        | title -> title.AddAfterSelf parts

        root
