namespace Perturbed.Functional.Charts

open System

/// How the errors of a curve are drawn.
[<RequireQualifiedAccess>]
type ErrorStyle =
    /// A band along the curve.
    | Band
    /// A vertical bar at each point.
    | Bars

/// A curve of a line chart.
type Curve =
    {
        /// Its name in the legend.
        Name: string
        /// Its points by ascending x; one with a NaN is a gap.
        Points: (float * float)[]
        /// The lower and upper end of the error at each point; empty for none.
        Band: (float * float)[]
        /// How they are drawn.
        Errors: ErrorStyle
        /// Grey dashes instead of a coloured line with marks, for what is expected rather than measured. Several of
        /// one name have one legend.
        IsDashed: bool
    }

/// Curves of line charts.
[<RequireQualifiedAccess>]
module Curve =

    /// <summary>A curve through points.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="points">The points by ascending x.</param>
    /// <returns>A curve without a band.</returns>
    let through (name: string) (points: (float * float)[]) : Curve =
        {
            Name = name
            Points = points
            Band = [||]
            Errors = ErrorStyle.Band
            IsDashed = false
        }

    /// <summary>A curve through means with a band of ± deviations.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="points">x, mean and deviation, by ascending x; a NaN deviation is a band of no height.</param>
    /// <returns>A curve with a band.</returns>
    let withDeviation (name: string) (points: (float * float * float)[]) : Curve =
        { through name (points |> Array.map (fun (x, y, _) -> x, y)) with
            Band =
                points
                |> Array.map (fun (_, y, d) -> if Double.IsNaN d then y, y else y - d, y + d)
        }

    /// <summary>A curve through values with a vertical bar of ± errors at each.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="points">x, value and error, by ascending x; a NaN error is no bar.</param>
    /// <returns>A curve with error bars.</returns>
    let withErrorBars (name: string) (points: (float * float * float)[]) : Curve =
        { withDeviation name points with
            Errors = ErrorStyle.Bars
        }

    /// Whether a point can be drawn.
    let internal isPoint (x: float, y: float) : bool = Double.IsFinite x && Double.IsFinite y

    /// Runs of indices without gaps.
    let internal runs (curve: Curve) : int list list =
        let close run found =
            if List.isEmpty run then found else List.rev run :: found

        let run, found =
            curve.Points
            |> Array.indexed
            |> Array.fold
                (fun (run, found) (i, point) ->
                    if isPoint point then
                        i :: run, found
                    else
                        [], close run found)
                ([], [])

        close run found |> List.rev
