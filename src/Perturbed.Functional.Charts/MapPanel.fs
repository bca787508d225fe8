namespace Perturbed.Functional.Charts

open System
open System.Globalization

/// A path on a map.
type MapPath =
    {
        /// Its name in the legend.
        Name: string
        /// Row and column of its cells, in order.
        Cells: (int * int)[]
    }

/// What a map shows under its paths.
[<RequireQualifiedAccess>]
type MapGround =
    /// A number for each cell, as a colour; the name is that of the colour bar. Maps of one name share a scale, from
    /// the least of their numbers to the greatest, and one colour bar.
    | Values of name: string * values: float[,]
    /// A picture of pixels, drawn over all cells: width and height in pixels, then red, green, blue by rows.
    | Pixels of width: int * height: int * rgb: byte[]

/// One map of a chart.
type MapPanel =
    {
        /// Its title.
        Title: string
        /// Rows and columns of cells.
        Cells: int * int
        /// The ground.
        Ground: MapGround
        /// Paths over it.
        Paths: MapPath list
    }

/// The scale of the values of one name, and whether its colour bar is next to this map, the last one of the name.
type internal MapScale =
    {
        Low: float
        High: float
        HasBar: bool
    }

/// Scales that maps of one name share.
[<RequireQualifiedAccess>]
module internal MapScale =

    /// An end of the scale as it is written at the colour bar.
    let label (value: float) : string =
        value.ToString("G3", CultureInfo.InvariantCulture)

    let private extent (values: float[,]) : float * float =
        let finite = values |> Seq.cast<float> |> Seq.filter Double.IsFinite |> Seq.toArray

        if finite.Length = 0 then
            0.0, 1.0
        else
            Array.min finite, Array.max finite

    /// The scale of a panel among those of its chart.
    let ofPanel (panels: MapPanel list) (index: int) : MapScale =
        let nameOf (panel: MapPanel) =
            match panel.Ground with
            | MapGround.Values(name, _) -> Some name
            | MapGround.Pixels _ -> None

        let name = nameOf panels[index]

        let extents =
            [
                for panel in panels do
                    match panel.Ground with
                    | MapGround.Values(other, values) when Some other = name -> extent values
                    | _ -> ()
            ]

        {
            Low = extents |> Seq.map fst |> Seq.append [ infinity ] |> Seq.min
            High = extents |> Seq.map snd |> Seq.append [ -infinity ] |> Seq.max
            HasBar =
                name.IsSome
                && List.findIndexBack (fun panel -> nameOf panel = name) panels = index
        }
