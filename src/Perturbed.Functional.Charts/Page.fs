namespace Perturbed.Functional.Charts

open System.Xml.Linq
open Perturbed.Functional

/// A part of a page.
[<RequireQualifiedAccess>]
type PagePart =
    /// A heading of a section.
    | Heading of string
    /// A paragraph.
    | Text of string
    /// Lines to copy, such as a command.
    | Code of string
    /// A table: its headings, and rows of as many cells.
    | Table of headings: string list * rows: string list list
    /// Charts side by side, as many as the page is wide.
    | Charts of Chart list

/// <summary>Pages of text, tables and charts, each one file: no font, script, style or picture of elsewhere.</summary>
[<RequireQualifiedAccess>]
module Page =

    let private style =
        """:root{color-scheme:light dark;--paper:#FFFFFF;--ink:#1C1E21;--soft:#5A5F66;--line:#D8DBDF;--code:#F3F4F6}
@media (prefers-color-scheme: dark){:root{--paper:#131517;--ink:#E4E6E9;--soft:#A3A8AF;--line:#3A3D42;--code:#1F2226}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1200px;padding:16px;background:var(--paper);color:var(--ink);
font:16px/1.5 system-ui,-apple-system,"Segoe UI",Helvetica,Arial,sans-serif}
h1{font-size:1.5rem;line-height:1.25;margin:.5rem 0 1rem}
h2{font-size:1.15rem;margin:2rem 0 .5rem;border-bottom:1px solid var(--line);padding-bottom:.2rem}
p{margin:.5rem 0;overflow-wrap:anywhere}
pre{background:var(--code);border:1px solid var(--line);border-radius:6px;padding:10px 12px;margin:.5rem 0;
white-space:pre-wrap;overflow-wrap:anywhere;font:13px/1.5 ui-monospace,Consolas,Menlo,monospace}
.table{overflow-x:auto}
table{border-collapse:collapse;font-size:14px;font-variant-numeric:tabular-nums}
th,td{border-bottom:1px solid var(--line);padding:4px 12px 4px 0;text-align:right;white-space:nowrap}
th:first-child,td:first-child{text-align:left}
th{color:var(--soft);font-weight:600}
.charts{display:flex;flex-wrap:wrap;gap:16px;align-items:flex-start}
figure{margin:0;max-width:100%}
"""

    let private text (content: string) : XNode = XText content

    let private tag (name: string) (attributes: (string * string) list) (content: XNode list) : XNode =
        let found = XElement(XName.Get name)

        for attribute, value in attributes do
            found.SetAttributeValue(XName.Get attribute, value)

        for part in content do
            found.Add part

        found

    let private cells (name: string) (texts: string list) : XNode =
        tag "tr" [] [ for cell in texts -> tag name [] [ text cell ] ]

    let private checkTable (headings: string list) (rows: string list list) : unit =
        for i, row in List.indexed rows do
            if row.Length <> headings.Length then
                invalidArg "parts" $"row {i} of a table has {row.Length} cells; it has {headings.Length} headings."

    let private body (part: PagePart) : XNode =
        match part with
        | PagePart.Heading heading -> tag "h2" [] [ text heading ]
        | PagePart.Text paragraph -> tag "p" [] [ text paragraph ]
        | PagePart.Code lines -> tag "pre" [] [ text lines ]
        | PagePart.Table(headings, rows) ->
            checkTable headings rows

            let head = tag "thead" [] [ cells "th" headings ]
            let body = tag "tbody" [] [ for row in rows -> cells "td" row ]
            tag "div" [ "class", "table" ] [ tag "table" [] [ head; body ] ]
        | PagePart.Charts charts ->
            tag "div" [ "class", "charts" ] [ for chart in charts -> tag "figure" [] [ Rendering.element false chart ] ]

    /// <summary>A page as HTML that is also well-formed XML.</summary>
    /// <remarks>Light or dark as the reader prefers, and readable from 400 pixels of width on where its charts are no
    /// wider than 360.</remarks>
    /// <param name="title">Its title.</param>
    /// <param name="parts">What it has, in order.</param>
    /// <returns>The text of one file: a function of what it shows.</returns>
    /// <exception cref="T:System.ArgumentException">A row of a table has another number of cells than there are
    /// headings.</exception>
    let html (title: string) (parts: PagePart list) : string =
        Check.notNull (nameof title) title

        let head =
            tag
                "head"
                []
                [
                    tag "meta" [ "charset", "utf-8" ] []
                    tag "meta" [ "name", "viewport"; "content", "width=device-width, initial-scale=1" ] []
                    tag "title" [] [ text title ]
                    tag "style" [] [ text (style + Theme.style + "\n") ]
                ]

        let main = tag "main" [] (tag "h1" [] [ text title ] :: List.map body parts)
        let root = tag "html" [ "lang", "en" ] [ head; tag "body" [] [ main ] ]
        "<!DOCTYPE html>\n" + root.ToString() + "\n"
