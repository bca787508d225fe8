namespace Perturbed.Functional.Charts

open System
open System.Xml.Linq
open Perturbed.Functional

/// A matrix as colours.
type HeatMap =
    {
        /// Its title.
        Title: string
        /// What rows are.
        RowTitle: string
        /// What columns are.
        ColumnTitle: string
        /// The names of the rows; empty: their numbers from 0.
        Rows: string[]
        /// The names of the columns; empty: their numbers from 0.
        Columns: string[]
        /// What the numbers are, with their unit.
        ValueTitle: string
        /// The numbers, finite.
        Values: float[,]
        /// The standard error of each, told where a pointer rests; none for 0 × 0. NaN is no error.
        Errors: float[,]
        /// How they become colours.
        Colours: Colours
        /// Row and column of cells with a frame, such as those of the solution without noise.
        Framed: (int * int)[]
        /// Lines of text below, in letters of one width.
        Notes: string[]
    }

/// Matrices as colours.
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module HeatMap =

    // A picture of more cells is no longer one to read, and its file grows with them.
    let private mostCells = 128

    /// <summary>A heat map with rows and columns that are numbered from 0, dark to bright.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="valueTitle">What the numbers are.</param>
    /// <param name="values">The numbers, finite.</param>
    /// <returns>A heat map.</returns>
    let create (title: string) (valueTitle: string) (values: float[,]) : HeatMap =
        {
            Title = title
            RowTitle = ""
            ColumnTitle = ""
            Rows = [||]
            Columns = [||]
            ValueTitle = valueTitle
            Values = values
            Errors = Array2D.zeroCreate 0 0
            Colours = Colours.Sequential
            Framed = [||]
            Notes = [||]
        }

    let private check (map: HeatMap) : unit =
        Check.finiteMatrix (nameof map.Values) map.Values
        let rows, columns = Array2D.length1 map.Values, Array2D.length2 map.Values

        if min rows columns < 1 || max rows columns > mostCells then
            invalidArg
                (nameof map)
                $"'{map.Title}' has {rows} × {columns} values; 1 to {mostCells} rows and columns were expected."

        let checkNames (what: string) (names: string[]) (count: int) =
            if names.Length <> 0 && names.Length <> count then
                invalidArg (nameof map) $"'{map.Title}' has {names.Length} names of {what}; there are {count}."

        checkNames "rows" map.Rows rows
        checkNames "columns" map.Columns columns
        let errors = Array2D.length1 map.Errors, Array2D.length2 map.Errors

        if errors <> (0, 0) && errors <> (rows, columns) then
            invalidArg
                (nameof map)
                $"'{map.Title}' has {fst errors} × {snd errors} errors and {rows} × {columns} values."

        for r, c in map.Framed do
            if r < 0 || r >= rows || c < 0 || c >= columns then
                invalidArg (nameof map) $"'{map.Title}' frames cell ({r}, {c}); it has {rows} × {columns} cells."

    let private names (given: string[]) (count: int) : string[] =
        if given.Length = 0 then Array.init count string else given

    // Names beside cells: all of them, or every second, and so on, where cells are low.
    let private every (side: float) : int = max 1 (int (ceil (12.0 / side)))

    let private draw (map: HeatMap) (width: float) : XElement =
        let rows, columns = Array2D.length1 map.Values, Array2D.length2 map.Values
        let rowNames, columnNames = names map.Rows rows, names map.Columns columns
        let heading, top = Panel.heading width map.Title
        let scale = MatrixCells.scaleOf map.Colours map.Values

        let longest (size: float) (texts: string[]) =
            texts |> Seq.map (Svg.widthOf size) |> Seq.max

        let rowLabels = longest 11.0 rowNames
        let left = 16.0 + rowLabels + (if map.RowTitle = "" then 0.0 else 20.0)
        let side = min 56.0 ((width - left - 16.0) / float columns)
        let left = left + (width - left - 16.0 - side * float columns) / 2.0
        let isTilted = longest 11.0 columnNames > side - 2.0 && map.Columns.Length > 0

        let step =
            if isTilted then
                every side
            else
                max (every side) (int (ceil (longest 11.0 columnNames / side)))

        let bottom = top + side * float rows
        let right = left + side * float columns

        let under =
            if isTilted then
                12.0 + 0.71 * longest 11.0 columnNames
            else
                16.0

        let titled = if map.ColumnTitle = "" then 0.0 else 18.0
        let bar = bottom + under + titled + 12.0
        let barWidth = min (width - 32.0) (max 160.0 (Svg.widthOf 11.0 map.ValueTitle))

        let barLeft =
            max 16.0 (min ((left + right - barWidth) / 2.0) (width - 16.0 - barWidth))

        let notes = bar + 58.0

        [
            yield! heading
            yield! MatrixCells.cells scale map.Values map.Errors map.Framed left top side
            Svg.rectangle left top (right - left) (bottom - top) [ "fill", "none"; "stroke", Theme.ink ]

            for r in 0 .. every side .. rows - 1 do
                Svg.text "end" (left - 5.0) (top + side * (float r + 0.5) + 4.0) [ "font-size", "11" ] rowNames[r]

            for c in 0..step .. columns - 1 do
                let x = left + side * (float c + 0.5)

                if isTilted then
                    let y = bottom + 10.0
                    let turn = $"rotate(-45 {Svg.number (x + 3.0)} {Svg.number y})"
                    Svg.text "end" (x + 3.0) y [ "font-size", "11"; "transform", turn ] columnNames[c]
                else
                    Svg.text "middle" x (bottom + 14.0) [ "font-size", "11" ] columnNames[c]

            if map.ColumnTitle <> "" then
                Svg.text "middle" ((left + right) / 2.0) (bottom + under + 14.0) [] map.ColumnTitle

            if map.RowTitle <> "" then
                let y = (top + bottom) / 2.0
                let x = left - rowLabels - 16.0
                Svg.text "middle" x y [ "transform", $"rotate(-90 {Svg.number x} {Svg.number y})" ] map.RowTitle

            yield! MatrixCells.scaleBar scale map.ValueTitle barLeft bar barWidth

            for i, line in Array.indexed map.Notes do
                // A viewer drops ordinary spaces at the start of a text and merges others.
                let style = [ "font-family", "monospace"; "font-size", "12" ]
                Svg.text "start" 16.0 (notes + 15.0 * float i) style (line.Replace(' ', '\u00A0'))
        ]
        |> Svg.picture
            width
            (bar
             + 44.0
             + (if map.Notes.Length = 0 then
                    0.0
                else
                    15.0 * float map.Notes.Length + 6.0))
            map.Title

    /// <summary>The heat map, of any width.</summary>
    /// <param name="map">The heat map: 1 to 128 rows and columns.</param>
    /// <returns>A chart 480 wide that says its size and the range of its values; numbers stand in cells where all of
    /// them fit.</returns>
    /// <exception cref="T:System.ArgumentException">A value that is not finite, no value or too many, names, errors or
    /// frames that do not fit.</exception>
    let chart (map: HeatMap) : Chart =
        check map
        let values = Seq.cast<float> map.Values

        let description =
            $"{Array2D.length1 map.Values} × {Array2D.length2 map.Values} values of {map.ValueTitle}, from \
              {Labels.number (Seq.min values)} to {Labels.number (Seq.max values)}."

        Chart(map.Title, description, 480.0, draw map)
