namespace Perturbed.Experiments

open System
open System.Threading.Tasks
open Perturbed.Functional
open Perturbed.Kernels

/// <summary>Terrain maps in the format of the public Warcraft set: 96 × 96 pixels, 12 × 12 tiles, five
/// terrains.</summary>
/// <remarks>Map number i of a key is a function of the two, so that a larger set begins with the smaller
/// one.</remarks>
[<RequireQualifiedAccess>]
module TerrainGenerator =

    // Pixels from a border within which two tiles mix.
    let private blend = 2.0
    let private grain = 6.0

    let private normals =
        TerrainLayout.normals + MapSet.Cells * TerrainTexture.Normals + MapSet.MapBytes

    // The share of the neighbour in a pixel of a tile, and on which side the neighbour lies.
    let private mix (tile: int) (offset: int) : struct (int * float) =
        let before = float offset + 0.5
        let after = float MapSet.TilePixels - before
        let side = if before < after then -1 else 1
        let distance = min before after

        if distance < blend && tile + side >= 0 && tile + side < MapSet.Tiles then
            struct (tile + side, 0.5 * (1.0 - distance / blend))
        else
            struct (tile, 0.0)

    let private paint (looks: TileLook[]) (drawn: float[]) (noiseAt: int) (pixels: Span<byte>) : unit =
        for y in 0 .. MapSet.Side - 1 do
            let row = y / MapSet.TilePixels
            let struct (otherRow, down) = mix row (y % MapSet.TilePixels)

            for x in 0 .. MapSet.Side - 1 do
                let column = x / MapSet.TilePixels
                let struct (otherColumn, across) = mix column (x % MapSet.TilePixels)
                let mutable red, green, blue = 0.0, 0.0, 0.0

                for i in 0..3 do
                    let share =
                        (if i < 2 then 1.0 - down else down)
                        * (if i % 2 = 0 then 1.0 - across else across)

                    if share > 0.0 then
                        let r = if i < 2 then row else otherRow
                        let c = if i % 2 = 0 then column else otherColumn
                        let look = &looks[r * MapSet.Tiles + c]

                        let texture =
                            TerrainTexture.at &look (x - c * MapSet.TilePixels) (y - r * MapSet.TilePixels)

                        red <- red + share * (look.Red + texture)
                        green <- green + share * (look.Green + texture)
                        blue <- blue + share * (look.Blue + texture)

                let at = 3 * (y * MapSet.Side + x)

                let toByte (value: float) (channel: int) =
                    byte (Math.Clamp(Math.Round(value + grain * drawn[noiseAt + at + channel]), 0.0, 255.0))

                pixels[at] <- toByte red 0
                pixels[at + 1] <- toByte green 1
                pixels[at + 2] <- toByte blue 2

    let private draw (key: Key) (set: MapSet) (map: int) : unit =
        let drawn = Array.zeroCreate<float> normals
        Noise.gaussian.Sample(key, uint32 map, 0L, normals, Span drawn)
        let layout = TerrainLayout.create drawn

        let looks =
            layout
            |> Array.mapi (fun cell terrain ->
                TerrainTexture.look terrain drawn (TerrainLayout.normals + cell * TerrainTexture.Normals))

        layout
        |> Array.iteri (fun cell terrain -> set.Costs[map, cell] <- TerrainLayout.costs[terrain])

        let noiseAt = TerrainLayout.normals + MapSet.Cells * TerrainTexture.Normals
        paint looks drawn noiseAt (Span(set.Pixels, map * MapSet.MapBytes, MapSet.MapBytes))

    /// <summary>The shortest-path oracle of the maps: θ = −cost of each tile.</summary>
    /// <param name="negativeCosts">What a tile with θ &gt; 0 does.</param>
    /// <returns>An oracle of dimension 144.</returns>
    let oracle (negativeCosts: NegativeCosts) : Oracle =
        Oracle.gridPath GridMoves.Eight negativeCosts MapSet.Tiles MapSet.Tiles

    /// <summary>Generates maps with their costs and shortest paths.</summary>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="key">The same key gives the same maps, on any number of threads.</param>
    /// <returns>The set: 27,648 bytes of pixels a map; about a millisecond each.</returns>
    let create (count: int) (key: Key) : MapSet =
        let set =
            {
                Count = count
                Pixels = Sizes.Zeros(nameof count, "The pixels of the maps", int64 count, int64 MapSet.MapBytes)
                Costs = Array2D.zeroCreate count MapSet.Cells
                Paths = Array2D.zeroCreate 0 MapSet.Cells
            }

        Parallel.For(0, count, draw key set) |> ignore

        { set with
            Paths = oracle NegativeCosts.Reject |> Oracle.solveBatch (Array2D.map (~-) set.Costs)
        }
