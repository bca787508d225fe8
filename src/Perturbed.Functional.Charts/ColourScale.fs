namespace Perturbed.Functional.Charts

open System

/// How numbers become colours. Both scales are safe under colour blindness.
[<RequireQualifiedAccess>]
type Colours =
    /// From dark to bright, for numbers that have an order alone.
    | Sequential
    /// From blue over white to red, with 0 in the middle, for numbers whose sign counts.
    | Diverging

/// Colours of numbers.
[<RequireQualifiedAccess>]
module internal ColourScale =

    // Dark to bright with lightness rising all the way, so that grey prints keep the order.
    let private sequential =
        [|
            0.0, (68, 1, 84)
            0.25, (59, 82, 139)
            0.5, (33, 145, 140)
            0.75, (94, 201, 98)
            1.0, (253, 231, 37)
        |]

    // Blue, white, red: the ends are told apart under every common colour blindness.
    let private diverging =
        [|
            0.0, (33, 102, 172)
            0.25, (140, 190, 220)
            0.5, (247, 247, 247)
            0.75, (243, 165, 130)
            1.0, (178, 24, 43)
        |]

    let private mixed (stops: (float * (int * int * int))[]) (share: float) : int * int * int =
        let share = Math.Clamp(share, 0.0, 1.0)

        let index =
            stops
            |> Array.findIndexBack (fun (at, _) -> at <= share)
            |> min (stops.Length - 2)

        let (a, (r1, g1, b1)), (b, (r2, g2, b2)) = stops[index], stops[index + 1]

        let mix (u: int) (v: int) =
            int (Math.Round(float u + (share - a) / (b - a) * float (v - u)))

        mix r1 r2, mix g1 g2, mix b1 b2

    let private hex (r: int, g: int, b: int) : string = $"#{r:X2}{g:X2}{b:X2}"

    /// <summary>The colour of a share.</summary>
    /// <param name="share">From 0, dark, to 1, bright; grey for NaN.</param>
    /// <returns>As #RRGGBB.</returns>
    let colour (share: float) : string =
        if Double.IsNaN share then
            "#BBBBBB"
        else
            hex (mixed sequential share)

    let private stops (colours: Colours) =
        match colours with
        | Colours.Sequential -> sequential
        | Colours.Diverging -> diverging

    /// <summary>The colour of a share on a scale, and that of a text on it.</summary>
    /// <param name="colours">The scale.</param>
    /// <param name="share">From 0 to 1.</param>
    /// <returns>Both as #RRGGBB.</returns>
    let withText (colours: Colours) (share: float) : string * string =
        let r, g, b = mixed (stops colours) share
        let lightness = 0.299 * float r + 0.587 * float g + 0.114 * float b
        hex (r, g, b), (if lightness > 130.0 then "#111111" else "#FFFFFF")
