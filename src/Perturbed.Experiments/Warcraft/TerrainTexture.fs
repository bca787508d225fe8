namespace Perturbed.Experiments

open System

/// How a tile of a generated map looks.
[<Struct>]
type TileLook =
    {
        /// The number of its picture: each terrain has four.
        Picture: int
        /// Mean red, green and blue.
        Red: float
        Green: float
        Blue: float
        /// How strong the texture is.
        Contrast: float
    }

/// <summary>Textures of the terrains. Their means and strengths are drawn from laws that overlap widely; what tells
/// terrains apart is the form.</summary>
/// <remarks>Like a set of tiles, each terrain has four pictures: its waves begin at different places. So no single
/// pixel, nor the mean of a tile, has much to say.</remarks>
[<RequireQualifiedAccess>]
module TerrainTexture =

    /// Normals that a look takes.
    [<Literal>]
    let Normals = 7

    /// Pictures of each terrain.
    [<Literal>]
    let Pictures = 4

    // The mean colours: a person distinguishes most tiles, and no single pixel does, beside the spread of brightness
    // and hue.
    let private tint =
        [|
            struct (-18.0, 28.0, -20.0)
            struct (30.0, 6.0, -26.0)
            struct (-30.0, 8.0, -22.0)
            struct (-30.0, -8.0, 38.0)
            struct (14.0, 6.0, 14.0)
        |]

    /// <summary>The look of a tile.</summary>
    /// <param name="terrain">Its terrain.</param>
    /// <param name="drawn">Standard normals.</param>
    /// <param name="first">The first of the seven that are taken.</param>
    /// <returns>The look.</returns>
    let look (terrain: int) (drawn: float[]) (first: int) : TileLook =
        let z i = drawn[first + i]
        let struct (red, green, blue) = tint[terrain]
        let brightness = 112.0 + 20.0 * z 0

        {
            // The quadrant of two normals: each has the same probability.
            Picture = terrain * Pictures + (if z 5 > 0.0 then 2 else 0) + (if z 6 > 0.0 then 1 else 0)
            Red = brightness + red + 9.0 * z 1
            Green = brightness + green + 9.0 * z 2
            Blue = brightness + blue + 9.0 * z 3
            Contrast = 26.0 * exp (0.15 * z 4)
        }

    let private wave (pixels: float) (at: float) (phase: float) : float =
        cos (2.0 * Math.PI * at / pixels + phase)

    let private form (terrain: int) (phase: float) (x: float) (y: float) : float =
        match terrain with
        | 0 -> 1.4 * wave 2.7 x phase * wave 2.7 y phase
        | 1 -> wave 4.1 y phase
        | 2 -> 1.4 * wave 5.3 x phase * wave 5.3 y phase
        | 3 -> wave 5.9 (x + y) phase
        | _ -> wave 4.1 x phase

    // A tile reaches half a tile beyond its sides, where it mixes with others.
    let private reach = MapSet.TilePixels / 2
    let private width = MapSet.TilePixels + 2 * reach

    let private pictures: float[][] =
        Array.init (tint.Length * Pictures) (fun i ->
            let phase = 0.5 * Math.PI * float (i % Pictures)

            Array.init (width * width) (fun at ->
                form (i / Pictures) phase (float (at % width - reach)) (float (at / width - reach))))

    /// <summary>The texture of a look at a pixel, before noise, around 0.</summary>
    /// <param name="look">The look.</param>
    /// <param name="x">Column of the pixel, from the left of the tile; −4 .. 11.</param>
    /// <param name="y">Row of the pixel, from the top of the tile; −4 .. 11.</param>
    /// <returns>A brightness.</returns>
    let at (look: inref<TileLook>) (x: int) (y: int) : float =
        look.Contrast * pictures[look.Picture][(y + reach) * width + x + reach]
