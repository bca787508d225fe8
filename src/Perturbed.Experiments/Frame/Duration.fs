namespace Perturbed.Experiments

open System
open System.Globalization

/// Lengths of time in readable units.
[<RequireQualifiedAccess>]
module Duration =

    /// <summary>A length of time in words.</summary>
    /// <param name="seconds">Seconds, at least 0.</param>
    /// <returns>As 0.4 s, 12 s, 3 min 20 s, or 1 h 5 min; - where it is not finite.</returns>
    let text (seconds: float) : string =
        if not (Double.IsFinite seconds) then
            "-"
        elif seconds < 9.95 then
            seconds.ToString("F1", CultureInfo.InvariantCulture) + " s"
        else
            let whole = int64 (Math.Round seconds)

            if whole < 60L then $"{whole} s"
            elif whole < 3600L then $"{whole / 60L} min {whole % 60L} s"
            else $"{whole / 3600L} h {whole / 60L % 60L} min"
