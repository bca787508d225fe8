/// Pages are one file, well-formed and escaped.
module Perturbed.Functional.Charts.Tests.PageTests

open System
open System.Text.RegularExpressions
open System.Xml.Linq
open Perturbed.Functional.Charts
open Expecto
open Xunit

let private page =
    Page.html "a < b & c" [
        PagePart.Heading "Table"
        PagePart.Table([ "i"; "value" ], [ [ "0"; "<1>" ]; [ "1"; "" ] ])
        PagePart.Code "command --option \"<x>\"\n  --more"
        PagePart.Charts(Gallery.charts |> List.map (snd >> Chart.withWidth 360.0))
    ]

[<Tests>]
let tests =
    testList "Charts.Page" [
        testCase "A page is well-formed and shows what it was given" (fun () ->
            let root = XDocument.Parse(page).Root |> Option.ofObj |> Option.get

            let values (name: string) =
                [
                    for e in root.Descendants() do
                        if e.Name.LocalName = name then
                            e.Value
                ]

            Assert.Equal<string list>([ "0"; "<1>"; "1"; "" ], values "td")
            Assert.Equal<string list>([ "a < b & c" ], values "h1")
            Assert.Equal<string list>([ "command --option \"<x>\"\n  --more" ], values "pre")
            Assert.Equal(Gallery.charts.Length, (values "svg").Length)
            // An HTML reader takes <td/> for the beginning of a cell.
            Assert.DoesNotMatch("<(td|th|p|pre|h1|h2|div|figure|style|title)( [^>]*)?/>", page))

        testCase "A page takes nothing from elsewhere" (fun () ->
            let foreign = Regex "https?:|<script|<link|@import|src=|@font-face"
            let without = page.Replace("http://www.w3.org/2000/svg", "")
            Assert.DoesNotMatch(foreign, without))

        testCase "The ids of a page are different" (fun () ->
            let ids =
                [ for found in Regex.Matches(page, " id=\"([^\"]+)\"") -> found.Groups[1].Value ]

            Assert.NotEmpty ids
            Assert.Equal(ids.Length, (List.distinct ids).Length))

        testCase "A row of a table with another number of cells is refused" (fun () ->
            let error =
                Assert.Throws<ArgumentException>(fun () ->
                    Page.html "t" [ PagePart.Table([ "a"; "b" ], [ [ "1"; "2" ]; [ "3" ] ]) ]
                    |> ignore)

            Assert.Contains("row 1 of a table has 1 cells; it has 2 headings", error.Message))
    ]
