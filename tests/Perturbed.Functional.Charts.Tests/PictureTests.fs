/// Charts of every kind: well-formed, described, inside their view box, of known bytes.
module Perturbed.Functional.Charts.Tests.PictureTests

open System
open System.Globalization
open System.IO
open System.Security.Cryptography
open System.Text
open System.Text.RegularExpressions
open System.Xml.Linq
open Perturbed.Functional.Charts
open Expecto
open Xunit

let private text (name: string) (element: XElement) : string =
    match element.Attribute(XName.Get name) with
    | null -> ""
    | found -> found.Value

let private number (name: string) (element: XElement) : float =
    match text name element with
    | "" -> 0.0
    | found -> Double.Parse(found, CultureInfo.InvariantCulture)

let private numbers (list: string) : float[] =
    [|
        for found in Regex.Matches(list, @"-?\d+(\.\d+)?") -> Double.Parse(found.Value, CultureInfo.InvariantCulture)
    |]

// Both ends of a text, turned about the point that it is turned about.
let private endsOfText (element: XElement) : (float * float) list =
    let x, y = number "x" element, number "y" element

    let size =
        match number "font-size" element with
        | 0.0 -> 12.0
        | found -> found

    // The estimate of widths is an upper bound; common letters take four fifths of it.
    let width = 0.8 * Svg.widthOf size element.Value

    let left =
        match text "text-anchor" element with
        | "middle" -> x - width / 2.0
        | "end" -> x - width
        | _ -> x

    let turned (px: float, py: float) =
        match numbers (text "transform" element) with
        | [| angle; cx; cy |] ->
            let a = angle * Math.PI / 180.0

            cx + (px - cx) * cos a - (py - cy) * sin a, cy + (px - cx) * sin a + (py - cy) * cos a
        | _ -> px, py

    [ turned (left, y); turned (left + width, y) ]

let private pointsOf (element: XElement) : (float * float) list =
    let n name = number name element

    match element.Name.LocalName with
    | "line" -> [ n "x1", n "y1"; n "x2", n "y2" ]
    | "rect" -> [ n "x", n "y"; n "x" + n "width", n "y" + n "height" ]
    | "circle" -> [ n "cx" - n "r", n "cy" - n "r"; n "cx" + n "r", n "cy" + n "r" ]
    | "polyline"
    | "polygon" ->
        text "points" element
        |> numbers
        |> Array.chunkBySize 2
        |> Array.map (fun xy -> xy[0], xy[1])
        |> Array.toList
    | "text" -> endsOfText element
    | _ -> []

let private widths = [ 240.0; 360.0; 640.0; 1000.0 ]

[<Tests>]
let tests =
    testList "Charts.Picture" [
        testCase "Everything in a picture lies inside its view box, at every width" (fun () ->
            let outside =
                [
                    for name, chart in Gallery.charts do
                        for width in widths do
                            let root = XElement.Parse(chart |> Chart.withWidth width |> Chart.svg)
                            let box = numbers (text "viewBox" root)
                            Assert.Equal(width, box[2])

                            for element in root.Descendants() do
                                if text "clip-path" element = "" then
                                    for x, y in pointsOf element do
                                        if not (x >= -0.5 && x <= box[2] + 0.5 && y >= -0.5 && y <= box[3] + 0.5) then
                                            $"{name} at {width}: <{element.Name.LocalName}> {element.Value} at ({x}, {y})"
                ]

            Assert.True(outside.IsEmpty, String.concat "\n" outside))

        testCase "A picture has a title, a description and a role, and names no other file" (fun () ->
            for name, chart in Gallery.charts do
                let svg = Chart.svg chart
                let root = XElement.Parse svg
                let child at = Seq.item at (root.Elements())
                Assert.Equal("img", text "role" root)
                Assert.Equal("title", (child 0).Name.LocalName)
                Assert.Equal(chart.Title, (child 0).Value)
                Assert.Equal("desc", (child 1).Name.LocalName)
                Assert.Equal(chart.Description, (child 1).Value)
                Assert.True(chart.Description.Length > 20, name)
                Assert.Equal(1, Regex.Matches(svg, "http").Count)
                Assert.DoesNotContain("NaN", svg)
                Assert.DoesNotContain("∞", svg))

        testCase "Clips of two pictures in one page are two" (fun () ->
            let ids (chart: Chart) =
                [ for found in Regex.Matches(Chart.svg chart, " id=\"([^\"]+)\"") -> found.Groups[1].Value ]

            let first = LineChart.chart Gallery.lines

            let second =
                LineChart.chart
                    { Gallery.lines with
                        Curves = List.take 1 Gallery.lines.Curves
                    }

            Assert.Single(ids first) |> ignore
            Assert.Equal<string list>(ids first, ids first)
            Assert.NotEqual<string list>(ids first, ids second)
            Assert.Contains($"url(#{(ids first).Head})", Chart.svg first))

        testCase "The bytes of pictures are those of the committed list" (fun () ->
            let path = Path.Combine(__SOURCE_DIRECTORY__, "pictures.txt")

            let actual =
                [
                    for name, chart in Gallery.charts do
                        let bytes = Encoding.UTF8.GetBytes(Chart.svg chart)
                        $"{name}: {bytes.Length} {Convert.ToHexStringLower(SHA256.HashData bytes).Substring(0, 16)}"
                ]

            if Environment.GetEnvironmentVariable "UPDATE_PICTURES" = "1" then
                File.WriteAllLines(path, actual)

            Assert.Equal<string list>(List.ofArray (File.ReadAllLines path), actual))

        testCase "The places and ranks of the rankings matrix are those of the distribution" (fun () ->
            let map = MatrixChart.rankings Gallery.frequencies
            let expected = array2D [ [ 0.0; 0.3; 0.7 ]; [ 0.9; 0.1; 0.0 ]; [ 0.1; 0.6; 0.3 ] ]

            for r in 0..2 do
                for c in 0..2 do
                    Assert.Equal(expected[r, c], map.Values[r, c], 12)

            Assert.Equal<(int * int)[]>([| 0, 2; 1, 0; 2, 1 |], map.Framed))

        testCase "A path on a grid is found from its cells" (fun () ->
            Assert.Equal<(int * int)[]>([| 0, 0; 0, 1; 1, 2 |], Gallery.maps.Head.Paths.Head.Cells))

        testCase "A chart is saved as a picture or as a page" (fun () ->
            let folder = Directory.CreateTempSubdirectory()

            try
                let chart = Chart.ofHistory Gallery.history
                let file name = Path.Combine(folder.FullName, name)
                Chart.save (file "a.svg") chart
                Chart.save (file "a.html") chart
                Assert.Equal(Chart.svg chart, File.ReadAllText(file "a.svg"))
                Assert.StartsWith("<!DOCTYPE html>", File.ReadAllText(file "a.html"))

                let error =
                    Assert.Throws<ArgumentException>(fun () -> Chart.save (file "a.png") chart)

                Assert.Contains(".svg or .html was expected", error.Message)
            finally
                folder.Delete true)
    ]
