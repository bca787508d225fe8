namespace Perturbed.Functional.Charts

open System
open System.Globalization

/// How values lie on an axis.
[<RequireQualifiedAccess>]
type Scale =
    /// Equal differences are equal lengths.
    | Linear
    /// Equal ratios are equal lengths.
    | Logarithmic

/// An axis of a chart.
type Axis =
    {
        /// What it measures, with its unit.
        Title: string
        /// How values lie on it.
        Scale: Scale
        /// Its ends; none: those of the data.
        Range: (float * float) option
    }

/// An axis with its ends and ticks decided.
type internal Ruler =
    {
        /// The axis.
        Axis: Axis
        /// Where it begins.
        Low: float
        /// Where it ends.
        High: float
        /// Values that are labelled, with their labels.
        Labels: (float * string)[]
        /// Values that have a small tick.
        Minor: float[]
    }

/// Axes: their ends, ticks and labels.
[<RequireQualifiedAccess>]
module Axis =

    /// <summary>A linear axis as long as its data.</summary>
    /// <param name="title">What it measures.</param>
    /// <returns>The axis.</returns>
    let linear (title: string) : Axis =
        {
            Title = title
            Scale = Scale.Linear
            Range = None
        }

    /// <summary>A logarithmic axis as long as its data.</summary>
    /// <param name="title">What it measures.</param>
    /// <returns>The axis.</returns>
    let logarithmic (title: string) : Axis =
        {
            Title = title
            Scale = Scale.Logarithmic
            Range = None
        }

    /// <summary>The axis with given ends.</summary>
    /// <param name="low">Where it begins.</param>
    /// <param name="high">Where it ends, above <paramref name="low"/>.</param>
    /// <param name="axis">The axis.</param>
    /// <returns>An axis.</returns>
    let between (low: float) (high: float) (axis: Axis) : Axis = { axis with Range = Some(low, high) }

    let private superscript (value: int) : string =
        string value
        |> String.map (fun c ->
            match c with
            | '-' -> '⁻'
            | '1' -> '¹'
            | '2' -> '²'
            | '3' -> '³'
            | digit -> char (int '⁰' + int digit - int '0'))

    let private decade (exponent: int) : string =
        if exponent >= -3 && exponent <= 4 then
            Math.Pow(10.0, float exponent).ToString("0.###", CultureInfo.InvariantCulture)
        else
            "10" + superscript exponent

    // Steps of 1, 2 or 5 times a power of ten: between four and nine ticks.
    let private linearRuler (axis: Axis) (low: float) (high: float) : Ruler =
        let raw = (high - low) / 6.0
        let power = Math.Pow(10.0, Math.Floor(Math.Log10 raw))

        let step =
            match raw / power with
            | part when part <= 1.5 -> power
            | part when part <= 3.5 -> 2.0 * power
            | part when part <= 7.5 -> 5.0 * power
            | _ -> 10.0 * power

        let low, high =
            match axis.Range with
            | Some _ -> low, high
            | None -> step * Math.Floor(low / step + 1e-9), step * Math.Ceiling(high / step - 1e-9)

        let digits = max 0 (int (Math.Ceiling(-(Math.Log10 step) - 1e-9)))
        let first, last = Math.Ceiling(low / step - 1e-9), Math.Floor(high / step + 1e-9)

        let label (value: float) : string =
            (value + 0.0).ToString((if abs value >= 1e6 then "0.###e0" else $"F{digits}"), CultureInfo.InvariantCulture)

        {
            Axis = axis
            Low = low
            High = high
            Labels = [| for i in first..last -> step * i, label (Math.Round(step * i, digits)) |]
            Minor = [||]
        }

    let private logarithmicRuler (axis: Axis) (low: float) (high: float) : Ruler =
        let first, last = Math.Log10 low, Math.Log10 high

        let decades =
            [| int (Math.Ceiling(first - 1e-9)) .. int (Math.Floor(last + 1e-9)) |]

        let every = max 1 ((decades.Length + 9) / 10)

        let inner (multiples: float[]) =
            [|
                for exponent in int (Math.Floor first) .. int (Math.Ceiling last) do
                    for multiple in multiples do
                        let value = multiple * Math.Pow(10.0, float exponent)

                        if value >= low * (1.0 - 1e-9) && value <= high * (1.0 + 1e-9) then
                            value
            |]

        let steps = inner [| 1.0; 2.0; 5.0 |]

        {
            Axis = axis
            Low = low
            High = high
            Labels =
                if decades.Length >= 2 then
                    decades
                    |> Array.filter (fun exponent -> exponent % every = 0)
                    |> Array.map (fun exponent -> Math.Pow(10.0, float exponent), decade exponent)
                elif steps.Length >= 2 then
                    steps
                    |> Array.map (fun value -> value, value.ToString("G4", CultureInfo.InvariantCulture))
                else
                    // Within a fraction of a decade equal ratios are almost equal differences.
                    (linearRuler axis low high).Labels
                    |> Array.filter (fun (value, _) -> value >= low && value <= high)
            Minor = if decades.Length <= 7 then inner [| 2.0 .. 9.0 |] else [||]
        }

    /// <summary>Ends and ticks for given data.</summary>
    /// <param name="values">What must lie on the axis; what is not finite, or not positive on a logarithmic axis, does
    /// not count.</param>
    /// <param name="axis">The axis.</param>
    /// <returns>The axis with its ends: given ones, or those of the data rounded outwards.</returns>
    let internal ruler (values: float seq) (axis: Axis) : Ruler =
        let usable =
            values
            |> Seq.filter (fun v -> Double.IsFinite v && (axis.Scale = Scale.Linear || v > 0.0))
            |> Seq.toArray

        let low, high =
            match axis.Range, axis.Scale with
            | Some range, _ -> range
            | None, _ when usable.Length = 0 -> if axis.Scale = Scale.Linear then 0.0, 1.0 else 1.0, 10.0
            | None, Scale.Linear ->
                let low, high = Array.min usable, Array.max usable
                if low = high then low - 0.5, high + 0.5 else low, high
            | None, Scale.Logarithmic ->
                let low, high = Array.min usable, Array.max usable
                if low = high then low / 2.0, high * 2.0 else low, high

        match axis.Scale with
        | Scale.Linear -> linearRuler axis low high
        | Scale.Logarithmic -> logarithmicRuler axis low high

    /// <summary>The axis with as many labels as fit side by side.</summary>
    /// <param name="length">The length of a horizontal axis.</param>
    /// <param name="ruler">The axis.</param>
    /// <returns>The axis with every label, every second, and so on.</returns>
    let internal thinned (length: float) (ruler: Ruler) : Ruler =
        let widest =
            ruler.Labels
            |> Seq.map (snd >> Svg.widthOf 12.0)
            |> Seq.append [ 1.0 ]
            |> Seq.max

        let every = int (ceil ((widest + 4.0) * float ruler.Labels.Length / length))

        { ruler with
            Labels =
                ruler.Labels
                |> Array.indexed
                |> Array.filter (fun (i, _) -> i % max 1 every = 0)
                |> Array.map snd
        }

    /// <summary>Where a value lies between the ends.</summary>
    /// <param name="ruler">The axis.</param>
    /// <param name="value">The value.</param>
    /// <returns>0 at the beginning, 1 at the end; outside of that beyond the ends; −∞ for what a logarithmic axis
    /// cannot show.</returns>
    let internal place (ruler: Ruler) (value: float) : float =
        match ruler.Axis.Scale with
        | Scale.Linear -> (value - ruler.Low) / (ruler.High - ruler.Low)
        | Scale.Logarithmic when value > 0.0 ->
            (Math.Log10 value - Math.Log10 ruler.Low)
            / (Math.Log10 ruler.High - Math.Log10 ruler.Low)
        | Scale.Logarithmic -> Double.NegativeInfinity
