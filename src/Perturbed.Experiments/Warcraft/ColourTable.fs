namespace Perturbed.Experiments

/// What a baseline sees of a tile.
[<RequireQualifiedAccess>]
type TileColour =
    /// The mean of its 64 pixels.
    | Mean
    /// One pixel in its middle.
    | CentrePixel

/// <summary>The baseline that shows how much the colours of tiles tell: the mean cost of the training tiles of a
/// colour.</summary>
/// <remarks>It is told the costs, which the models that learn from paths are not; with as many tiles as there are it
/// is close to the best function of a colour.</remarks>
[<RequireQualifiedAccess>]
module ColourTable =

    // Bins of each channel: 10 grey levels wide, so that a bin in the bulk of a large set holds hundreds of tiles.
    let private bins = 26

    let private binOf (colour: TileColour) (set: MapSet) (map: int) (cell: int) : int =
        let top = cell / MapSet.Tiles * MapSet.TilePixels
        let left = cell % MapSet.Tiles * MapSet.TilePixels

        let byteAt y x channel =
            float set.Pixels[map * MapSet.MapBytes + 3 * ((top + y) * MapSet.Side + left + x) + channel]

        let channel (c: int) =
            match colour with
            | TileColour.CentrePixel -> byteAt 3 3 c
            | TileColour.Mean ->
                let mutable sum = 0.0

                for y in 0 .. MapSet.TilePixels - 1 do
                    for x in 0 .. MapSet.TilePixels - 1 do
                        sum <- sum + byteAt y x c

                sum / 64.0

        let bin c = int (channel c) / 10
        (bin 0 * bins + bin 1) * bins + bin 2

    /// <summary>Learns the table from one set and applies it to another.</summary>
    /// <param name="colour">What is seen of a tile.</param>
    /// <param name="train">Maps with costs.</param>
    /// <param name="test">Other maps.</param>
    /// <returns>θ = −cost, [test maps × 144]; the mean cost of all tiles where the table has none of the
    /// colour.</returns>
    let theta (colour: TileColour) (train: MapSet) (test: MapSet) : float[,] =
        let sums, counts =
            Array.zeroCreate<float>(bins * bins * bins), Array.zeroCreate<int>(bins * bins * bins)

        for map in 0 .. train.Count - 1 do
            for cell in 0 .. MapSet.Cells - 1 do
                let bin = binOf colour train map cell
                sums[bin] <- sums[bin] + train.Costs[map, cell]
                counts[bin] <- counts[bin] + 1

        let mean = Array.sum sums / float (Array.sum counts)

        Array2D.init test.Count MapSet.Cells (fun map cell ->
            let bin = binOf colour test map cell

            if counts[bin] = 0 then
                -mean
            else
                -sums[bin] / float counts[bin])
