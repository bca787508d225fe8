namespace Perturbed.Experiments

/// Terrain maps with the costs of their tiles and their shortest paths.
type MapSet =
    {
        /// How many maps.
        Count: int
        /// [maps × 96 × 96 × 3] bytes: red, green, blue of each pixel, row by row.
        Pixels: byte[]
        /// [maps × 144] costs of the tiles, row by row; hidden from the models.
        Costs: float[,]
        /// [maps × 144] ones on the shortest path from the top left to the bottom right over 8 neighbours.
        Paths: float[,]
    }

/// The geometry of the maps, that of the public Warcraft set.
[<RequireQualifiedAccess>]
module MapSet =

    /// Tiles of a side.
    [<Literal>]
    let Tiles = 12

    /// Pixels of a tile's side.
    [<Literal>]
    let TilePixels = 8

    /// Pixels of a map's side.
    [<Literal>]
    let Side = 96

    /// Tiles of a map.
    [<Literal>]
    let Cells = 144

    /// Bytes of a map's picture.
    [<Literal>]
    let MapBytes = 27648

    /// <summary>The first maps of a set.</summary>
    /// <param name="count">How many, at most as many as there are.</param>
    /// <param name="set">The set.</param>
    /// <returns>A set.</returns>
    let truncate (count: int) (set: MapSet) : MapSet =
        let count = min count set.Count

        {
            Count = count
            Pixels = Array.sub set.Pixels 0 (count * MapBytes)
            Costs = set.Costs[.. count - 1, *]
            Paths = set.Paths[.. count - 1, *]
        }
