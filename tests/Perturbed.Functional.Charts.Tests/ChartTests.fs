/// Charts: what is drawn lies where the axes say.
module Perturbed.Functional.Charts.Tests.ChartTests

open System
open System.IO
open System.IO.Compression
open System.Globalization
open System.Xml.Linq
open Expecto
open Perturbed.Functional.Charts
open Xunit

let private elements (name: string) (svg: string) : XElement list =
    XDocument.Parse(svg).Descendants()
    |> Seq.filter (fun e -> e.Name.LocalName = name)
    |> Seq.toList

let private attribute (name: string) (element: XElement) : string =
    match element.Attribute(XName.Get name) with
    | null -> ""
    | found -> found.Value

let private number (name: string) (element: XElement) : float =
    Double.Parse(attribute name element, CultureInfo.InvariantCulture)

// Label and place of the ticks of an axis: texts that are numbers, by their anchor.
let private ticks (anchor: string) (coordinate: string) (svg: string) : (float * float) list =
    elements "text" svg
    |> List.filter (fun e -> attribute "text-anchor" e = anchor)
    |> List.choose (fun e ->
        match Double.TryParse(e.Value, NumberStyles.Float, CultureInfo.InvariantCulture) with
        | true, value -> Some(value, number coordinate e)
        | _ -> None)

let private corners (element: XElement) : (float * float) list =
    (attribute "points" element).Split(' ')
    |> Seq.map (fun corner ->
        let xy =
            corner.Split(',')
            |> Array.map (fun v -> Double.Parse(v, CultureInfo.InvariantCulture))

        xy[0], xy[1])
    |> Seq.toList

// A value between or beyond two ticks, by the scale that the axis claims.
let private place (scale: float -> float) (ticks: (float * float) list) (value: float) : float =
    let (a, xa), (b, xb) = List.head ticks, List.last ticks
    xa + (scale value - scale a) / (scale b - scale a) * (xb - xa)

let private points = [| 0.02, 0.13; 0.5, 0.61; 7.0, 0.33; 90.0, 0.95 |]

let private chart (x: Axis) (y: Axis) (points: (float * float)[]) : string =
    LineChart.svg
        {
            Title = "a < b & c"
            X = x
            Y = y
            Curves = [ Curve.through "one" points ]
        }

[<Tests>]
let tests =
    testList "Chart" [
        testCase "The points of a curve lie where the labels of linear and logarithmic axes say" (fun () ->
            for x, scaleX in [ Axis.linear "x", id; Axis.logarithmic "x", log10 ] do
                for y, scaleY in [ Axis.linear "y", id; Axis.logarithmic "y", log10 ] do
                    let svg = chart x y points
                    let drawn = elements "polyline" svg |> List.exactlyOne |> corners
                    let xs, ys = ticks "middle" "x" svg, ticks "end" "y" svg
                    Assert.True(xs.Length >= 2 && ys.Length >= 2, svg)

                    for (px, py), (dx, dy) in Seq.zip points drawn do
                        // Coordinates are rounded to two decimals; a label's baseline is 4 below its tick.
                        Assert.Equal(place scaleX xs px, dx, 0.05)
                        Assert.Equal(place scaleY ys py - 4.0, dy, 0.05))

        testCase "A NaN is a gap in the curve" (fun () ->
            let svg =
                chart (Axis.linear "x") (Axis.linear "y") [| 0.0, 1.0; 1.0, 2.0; 2.0, nan; 3.0, 1.0; 4.0, 0.0 |]

            Assert.Equal<int list>([ 2; 2 ], elements "polyline" svg |> List.map (corners >> List.length)))

        testCase "What an axis cannot reach is marked on its edge" (fun () ->
            let inside = [| 1.0, 1.0; 10.0, 10.0 |]

            let triangles (svg: string) =
                elements "polygon" svg |> List.filter (fun e -> attribute "fill" e = "white")

            let logarithmic = Axis.logarithmic "y"
            Assert.Empty(triangles (chart (Axis.linear "x") logarithmic inside))

            Assert.Equal(
                1,
                (triangles (chart (Axis.linear "x") logarithmic (Array.append inside [| 20.0, 0.0 |]))).Length
            )

            let bounded = Axis.linear "y" |> Axis.between 0.0 5.0
            Assert.Equal(1, (triangles (chart (Axis.linear "x") bounded inside)).Length))

        testCase "A logarithmic axis has labels within its ends, however little of a decade it spans" (fun () ->
            for low in [ 1.0010; 0.52; 3.3e-7; 2.1e5 ] do
                for ratio in [ 1.0001; 1.006; 1.3; 2.5; 8.0; 40.0; 1e9 ] do
                    let ruler = Axis.ruler [ low; low * ratio ] (Axis.logarithmic "y")
                    Assert.InRange(ruler.Labels.Length, 2, 12)
                    Assert.Equal(ruler.Labels.Length, ruler.Labels |> Array.map snd |> Array.distinct |> _.Length)

                    for value, _ in ruler.Labels do
                        Assert.InRange(value, ruler.Low * (1.0 - 1e-9), ruler.High * (1.0 + 1e-9)))

        testCase "A bar's height is its value on the axis, from zero" (fun () ->
            let values = [| 0.5; -0.25; nan |]

            let svg =
                BarChart.svg
                    {
                        Title = "t"
                        Groups = [ "a"; "b"; "c" ]
                        Y = Axis.linear "y"
                        Series =
                            [
                                {
                                    Name = "s"
                                    Values = values
                                    Deviations = [||]
                                }
                            ]
                    }

            let ys = ticks "end" "y" svg
            let zero = place id ys 0.0 - 4.0

            let bars =
                elements "rect" svg
                |> List.filter (fun e -> attribute "fill" e = Panel.colour 0 && number "height" e <> 12.0)

            Assert.Equal(2, bars.Length)

            for value, bar in Seq.zip values bars do
                let top, height = number "y" bar, number "height" bar
                Assert.Equal(min zero (place id ys value - 4.0), top, 0.05)
                Assert.Equal(abs (place id ys value - 4.0 - zero), height, 0.05))

        testCase "Text is escaped, and a legend fits into the picture" (fun () ->
            let name = String('m', 40)

            let svg =
                LineChart.svg
                    {
                        Title = "a < b & \"c\""
                        X = Axis.linear "x"
                        Y = Axis.linear "y"
                        Curves = [ Curve.through name points ]
                    }

            let entry = elements "text" svg |> List.find (fun e -> e.Value = name)
            let width = elements "svg" svg |> List.exactlyOne |> number "width"
            Assert.True(number "x" entry + Svg.widthOf 12.0 name <= width)
            Assert.Contains(elements "text" svg, fun e -> e.Value = "a < b & \"c\""))

        testCase "A PNG holds its pixels" (fun () ->
            let rgb = Array.init (3 * 5 * 4) (fun i -> byte (i * 7))
            let png = Png.encode 5 4 rgb
            // After the signature of 8 bytes and the header chunk of 25 comes the data chunk: length, name, data, checksum.
            let length =
                int (Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(ReadOnlySpan(png, 33, 4)))

            use unpacked =
                new ZLibStream(new MemoryStream(png, 41, length), CompressionMode.Decompress)

            use rows = new MemoryStream()
            unpacked.CopyTo rows
            let bytes = rows.ToArray()
            Assert.Equal(4 * 16, bytes.Length)

            for r in 0..3 do
                Assert.Equal(0uy, bytes[16 * r])
                Assert.Equal<byte[]>(rgb[15 * r .. 15 * r + 14], bytes[16 * r + 1 .. 16 * r + 15])

            // The checksum of an empty IEND chunk is the same in every PNG file.
            Assert.Equal<byte[]>([| 0xAEuy; 0x42uy; 0x60uy; 0x82uy |], png[png.Length - 4 ..]))

        testCase "A path on a map goes through the centres of its cells" (fun () ->
            let cells = [| 0, 0; 1, 1; 1, 2 |]

            let svg =
                MapChart.svg "t" [
                    {
                        Title = "m"
                        Cells = 2, 3
                        Ground = MapGround.Values("v", array2D [ [ 0.0; 1.0; 2.0 ]; [ 3.0; 4.0; nan ] ])
                        Paths = [ { Name = "p"; Cells = cells } ]
                    }
                ]

            let rectangles = elements "rect" svg
            let edge = rectangles |> List.find (fun e -> attribute "fill" e = "none")
            let side = number "width" edge / 3.0

            for (r, c), (x, y) in Seq.zip cells (elements "polyline" svg |> List.head |> corners) do
                Assert.Equal(number "x" edge + side * (float c + 0.5), x, 0.05)
                Assert.Equal(number "y" edge + side * (float r + 0.5), y, 0.05)

            for share in [ 0.0; 0.5; 1.0; nan ] do
                Assert.Contains(rectangles, fun e -> attribute "fill" e = ColourScale.colour share))
    ]
