/// The tables of docs/estimators.md: errors of every design and baseline against the truth.
module Perturbed.Functional.Benchmarks.Estimators

open System
open System.IO
open System.Text
open Perturbed.Functional
open Perturbed.Functional.Benchmarks.EstimatorCases

/// How much is measured: points, repetitions of each, and the sets of 2^16 samples behind a truth without a form.
type Effort =
    {
        Points: int
        Repetitions: int
        TruthSets: int
    }

let full =
    {
        Points = 12
        Repetitions = 32
        TruthSets = 8
    }

let quick =
    {
        Points = 2
        Repetitions = 10
        TruthSets = 1
    }

let private epsilons = [ 0.1; 0.5; 1.0 ]
let private counts = [ 16; 128; 1024 ]

/// What is estimated, by name.
let private quantities = [ "F_ε"; "∇L = y*_ε − y"; "vector-Jacobian product" ]

/// √(Σ |estimate − truth|² / Σ |truth|²) over rows; the truth's rows come round again.
let private relativeError (truth: float[,]) (estimates: float[,]) : float =
    let points = Array2D.length1 truth
    let mutable error = 0.0
    let mutable size = 0.0

    estimates
    |> Array2D.iteri (fun r i estimate ->
        let expected = truth[r % points, i]
        error <- error + (estimate - expected) * (estimate - expected)
        size <- size + expected * expected)

    sqrt (error / size)

/// The squared error at each point, over the repetitions: row r of the estimates belongs to point r modulo the points.
let private squaredErrors (truth: float[,]) (estimates: float[,]) : float[] =
    let points = Array2D.length1 truth
    let errors: float[] = Array.zeroCreate points

    estimates
    |> Array2D.iteri (fun r i estimate ->
        let difference = estimate - truth[r % points, i]
        errors[r % points] <- errors[r % points] + difference * difference)

    errors

let private column (values: float[]) : float[,] =
    Array2D.init values.Length 1 (fun r _ -> values[r])

/// One measured number.
type private Cell =
    {
        Quantity: string
        Design: string
        Baseline: string
        Epsilon: float
        Samples: int
        Error: float
        /// Of the value alone: the squared error at each point.
        PointErrors: float[]
    }

let private cellsOf (effort: Effort) (case: Case) : Cell list =
    let rows = rowsOf effort.Points case
    let many = repeated effort.Repetitions rows

    [
        for epsilon in epsilons do
            let op = perturb case.Oracle Noise.gaussian epsilon 1
            let truth = truth effort.TruthSets rows op

            for samples in counts do
                for designName, design in designs do
                    let drawn = op |> Smoothed.withSamples samples |> Smoothed.withSampling design

                    let cell (quantity: string) (baseline: string) (error: float) =
                        {
                            Quantity = quantity
                            Design = designName
                            Baseline = baseline
                            Epsilon = epsilon
                            Samples = samples
                            Error = error
                            PointErrors = [||]
                        }

                    // The baselines share their samples; value and gradient do not depend on them.
                    let found = answers many drawn

                    { cell quantities[0] "none" (relativeError (column truth.Values) (column found.Values)) with
                        PointErrors = squaredErrors (column truth.Values) (column found.Values)
                    }

                    cell quantities[1] "none" (relativeError truth.Gradients found.Gradients)

                    for baselineName, baseline in baselines do
                        let products =
                            if baseline = drawn.VarianceReduction then
                                found.Products
                            else
                                let _, back =
                                    drawn |> Smoothed.withVarianceReduction baseline |> Batch.pullback many.Thetas

                                back many.Cotangents

                        cell quantities[2] baselineName (relativeError truth.Products products)
    ]

let private number (x: float) : string =
    if x = 0.0 then
        "0"
    elif Double.IsPositiveInfinity x then
        "∞"
    else
        let digits = max 0 (1 - int (floor (log10 x)))
        Math.Round(x, min 15 digits).ToString($"F{digits}")

// One line of a table: the errors over (ε, M), the least of each column in bold.
let private table (cells: Cell list) (quantity: string) : string =
    let cells = cells |> List.filter (fun c -> c.Quantity = quantity)
    let columns = List.allPairs epsilons counts

    let least =
        columns
        |> List.map (fun (epsilon, samples) ->
            cells
            |> List.filter (fun c -> c.Epsilon = epsilon && c.Samples = samples)
            |> List.map _.Error
            |> List.min)

    let text = StringBuilder()

    let line (parts: string list) =
        text.Append("| ").Append(String.Join(" | ", parts)).AppendLine(" |") |> ignore

    let withBaseline = quantity = quantities[2]

    let head =
        if withBaseline then
            [ "design"; "baseline" ]
        else
            [ "design" ]

    line (
        head
        @ (columns |> List.map (fun (epsilon, samples) -> $"ε = {epsilon}, M = {samples}"))
    )

    line (List.map (fun _ -> "---") head @ List.map (fun _ -> "---:") columns)

    for (design, baseline), group in cells |> List.groupBy (fun c -> c.Design, c.Baseline) do
        let errors =
            List.map2
                (fun (epsilon, samples) smallest ->
                    let error =
                        (group |> List.find (fun c -> c.Epsilon = epsilon && c.Samples = samples)).Error

                    if error = smallest then
                        $"**{number error}**"
                    else
                        number error)
                columns
                least

        line ((if withBaseline then [ design; baseline ] else [ design ]) @ errors)

    text.ToString()

// How many independent leave-one-out samples a sample of each design is worth: the ratio of the squared errors at one M.
let private worth (all: (Case * Cell list) list) (samples: int) : string =
    let text = StringBuilder()

    let line (parts: string list) =
        text.Append("| ").Append(String.Join(" | ", parts)).AppendLine(" |") |> ignore

    let columns = List.allPairs [ 0; 1; 2 ] epsilons
    let names = [ "F_ε"; "∇L"; "product" ]

    line (
        [ "problem"; "design" ]
        @ (columns |> List.map (fun (q, epsilon) -> $"{names[q]}, ε = {epsilon}"))
    )

    line ([ "---"; "---" ] @ List.map (fun _ -> "---:") columns)

    for case, cells in all do
        let cellOf (design: string) (q: int, epsilon: float) =
            let baseline = if q = 2 then "leave-one-out" else "none"

            cells
            |> List.find (fun c ->
                c.Quantity = quantities[q]
                && c.Design = design
                && c.Baseline = baseline
                && c.Epsilon = epsilon
                && c.Samples = samples)

        // A value's ratio depends on its point, by orders of magnitude where F_ε is nearly linear: its range over the points.
        let ratio (design: string) (at: int * float) =
            let plain, drawn = cellOf "independent" at, cellOf design at

            if fst at = 0 then
                let ratios = Array.map2 (/) plain.PointErrors drawn.PointErrors
                $"{number (Array.min ratios)} to {number (Array.max ratios)}"
            else
                number (Math.Pow(plain.Error / drawn.Error, 2.0))

        for design, _ in List.tail designs do
            let ratios = columns |> List.map (ratio design)

            line ([ case.Name; design ] @ ratios)

    text.ToString()

// The time of value and product at M = 1024, over that of independent samples measured beside it.
let private times (seconds: float) : string =
    let text = StringBuilder()

    let line (parts: string list) =
        text.Append("| ").Append(String.Join(" | ", parts)).AppendLine(" |") |> ignore

    line ("design" :: (cases |> List.map _.Name))
    line ("---" :: (cases |> List.map (fun _ -> "---:")))

    let time (case: Case) (design: SamplingDesign) =
        let rows = rowsOf 2 case

        let op =
            perturb case.Oracle Noise.gaussian 0.5 1024
            |> Smoothed.withSampling design
            |> Smoothed.withThreads 1

        Clock.least seconds (fun () ->
            let _, back = Batch.pullback rows.Thetas op
            back rows.Cotangents |> ignore)

    for name, design in List.tail designs do
        line (
            name
            :: (cases
                |> List.map (fun case ->
                    let plain, drawn = time case SamplingDesign.Independent, time case design
                    $"{number (drawn / min plain (time case SamplingDesign.Independent))}×"))
        )

    text.ToString()

// A paragraph in lines below 120 characters.
let private wrapped (text: string) : string =
    let lines =
        (("", []), text.Split ' ')
        ||> Array.fold (fun (line, before) word ->
            if line = "" then
                word, before
            elif line.Length + word.Length < 119 then
                $"{line} {word}", before
            else
                word, line :: before)

    fst lines :: snd lines |> List.rev |> String.concat "\n"

/// All tables as Markdown.
let tables (effort: Effort) (report: string -> unit) : string =
    let text = StringBuilder()
    let write (part: string) = text.AppendLine part |> ignore

    let measured =
        cases
        |> List.map (fun case ->
            report case.Name
            case, cellsOf effort case)

    let exact = "exact for argmax, ranking and top k"

    let chance =
        number (100.0 / sqrt (2.0 * float (effort.Points * effort.Repetitions)))

    write (
        wrapped
            $"Relative root mean squared errors over {effort.Points} points θ of standard normal entries (costs 1 + \
              |normal| on grids), {effort.Repetitions} keys each, Gaussian noise. The truth is {exact}, and elsewhere \
              the mean of {effort.TruthSets} scrambled Sobol sequences of 65536 points. The least error of a column is \
              bold; differences of {chance} percent are chance.\n"
    )

    write "### What a sample is worth\n"

    write (
        wrapped
            "The squared error of independent samples over that of a design, at M = 128 with leave-one-out: how many \
             independent samples one of the design's replaces. For F_ε the least and the greatest over the points θ, \
             each with its own ratio, ∞ where the design has no error; for gradients and products all points together.\n"
    )

    write (worth measured 128)
    write "### What a sample costs\n"

    write (
        wrapped
            "The time of value and vector-Jacobian product, M = 1024, one thread, over that of independent samples in \
             the same run (least of repeats).\n"
    )

    report "times"
    write (times (if effort.Repetitions < 50 then 0.02 else 0.3))

    for case, cells in measured do
        write
            $"### {case.Name.Substring(0, 1).ToUpperInvariant()}{case.Name.Substring 1}, d = {case.Oracle.Dimension}\n"

        for quantity in quantities do
            write $"{quantity}:\n"
            write (table cells quantity)

    text.ToString().TrimEnd() + "\n"

let private opening = "<!-- estimators: written by the command above -->"
let private ending = "<!-- estimators: end -->"

/// A page whose part between the marks is replaced.
let replaceIn (page: string) (tables: string) : string =
    let start, stop = page.IndexOf opening, page.IndexOf ending

    if start < 0 || stop < start then
        invalidArg (nameof page) $"The page has no part between '{opening}' and '{ending}'."

    page.Substring(0, start)
    + opening
    + "\n\n"
    + tables
    + "\n"
    + page.Substring stop

/// Measures and writes the page, or, quickly, prints what it would write.
let run (isQuick: bool) (path: string) : unit =
    let tables = tables (if isQuick then quick else full) (eprintfn "%s ...")

    if isQuick then
        printfn "%s" tables
    else
        File.WriteAllText(path, replaceIn (File.ReadAllText path) tables)
