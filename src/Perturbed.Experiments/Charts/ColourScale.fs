namespace Perturbed.Experiments

open System

/// Colours of numbers.
[<RequireQualifiedAccess>]
module ColourScale =

    // Dark to bright with lightness rising all the way, so that grey prints keep the order.
    let private stops =
        [|
            0.0, (68, 1, 84)
            0.25, (59, 82, 139)
            0.5, (33, 145, 140)
            0.75, (94, 201, 98)
            1.0, (253, 231, 37)
        |]

    /// <summary>The colour of a share.</summary>
    /// <param name="share">From 0, dark, to 1, bright; grey for NaN.</param>
    /// <returns>As #RRGGBB.</returns>
    let colour (share: float) : string =
        if Double.IsNaN share then
            "#BBBBBB"
        else
            let share = Math.Clamp(share, 0.0, 1.0)

            let index =
                stops
                |> Array.findIndexBack (fun (at, _) -> at <= share)
                |> min (stops.Length - 2)

            let (a, (r1, g1, b1)), (b, (r2, g2, b2)) = stops[index], stops[index + 1]

            let mix (u: int) (v: int) =
                int (Math.Round(float u + (share - a) / (b - a) * float (v - u)))

            $"#{mix r1 r2:X2}{mix g1 g2:X2}{mix b1 b2:X2}"
