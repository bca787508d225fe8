namespace Perturbed.Experiments

open System
open Perturbed.Functional
open Perturbed.Functional.Charts

/// The answer of `eval` as a page of one file.
[<RequireQualifiedAccess>]
module EvalReport =

    // Wide enough for axes, narrow enough for a telephone.
    let private width = 360.0

    let private mostRows = 8
    let private mostBars = 60
    let private mostCells = 128
    let private mostCurves = 6
    let private mostListed = 100

    let private number = Terminal.number

    let private vector (values: float[]) : string =
        values |> Seq.map number |> String.concat " "

    let private withError (value: float) (error: float) : string = $"{number value} ± {number error}"

    let private settings (request: EvalRequest) : PagePart =
        let operator = request.Operator

        let samples =
            match request.Accuracy with
            | Some asked ->
                $"{operator.Samples} to {asked.Budget}, for a standard error of {number asked.StandardError}"
            | None -> string operator.Samples

        PagePart.Table(
            [ "setting"; "value" ],
            [
                [ "oracle"; request.OracleText ]
                [ "noise Z"; request.NoiseText ]
                [ "ε, noise scale"; vector operator.Epsilon ]
                [ "M, samples"; samples ]
                [ "key"; string operator.Key.Value ]
                [ "perturbation"; EvalChoices.nameOf EvalChoices.perturbations operator.Perturbation ]
                [ "sampling"; EvalChoices.samplingText operator.Sampling ]
                [
                    "variance reduction"
                    EvalChoices.nameOf EvalChoices.varianceReductions operator.VarianceReduction
                ]
                [ "formula of the Jacobian"; EvalChoices.nameOf EvalChoices.formulas request.Formula ]
            ]
        )

    // θ and y*(θ) have a row each where a coordinate of one is a coordinate of the other.
    let private coordinates (evaluation: Evaluation) : PagePart =
        let at (values: float[]) (i: int) =
            if i < values.Length then number values[i] else ""

        let estimate = evaluation.Estimate
        let count = max evaluation.Theta.Length estimate.Maximizer.Length

        PagePart.Table(
            [ "i"; "θ"; "y*(θ)"; "y*_ε(θ)"; "standard error" ],
            [
                for i in 0 .. min mostListed count - 1 do
                    [
                        string i
                        at evaluation.Theta i
                        at evaluation.Solution i
                        at estimate.Maximizer i
                        at estimate.MaximizerStandardErrors i
                    ]
            ]
        )

    let private curves (sweep: EvalSweep) (names: string) (values: Estimate -> (float * float)[]) : Curve list =
        match sweep.Points |> Array.tryHead with
        | None -> []
        | Some(_, first) ->
            [
                for i in 0 .. min mostCurves (values first).Length - 1 do
                    sweep.Points
                    |> Array.map (fun (setting, estimate) ->
                        let value, error = (values estimate)[i]
                        setting, value, error)
                    |> Curve.withDeviation (if names = "" then "" else $"{names}{i}")
            ]

    let private maximum (estimate: Estimate) : (float * float)[] =
        let error = estimate.MaximumStandardError
        [| estimate.Maximum, (if Double.IsFinite error then error else nan) |]

    let private maximizer (estimate: Estimate) : (float * float)[] =
        Array.zip estimate.Maximizer estimate.MaximizerStandardErrors

    let private line (title: string) (x: Axis) (y: string) (curves: Curve list) : Chart list =
        let isDrawn (curve: Curve) =
            curve.Points |> Array.exists (fun (_, value) -> Double.IsFinite value)

        if List.exists isDrawn curves then
            [
                LineChart.chart
                    {
                        Title = title
                        X = x
                        Y = Axis.linear y
                        Curves = curves
                    }
            ]
        else
            []

    let private sweepParts (what: string) (x: Axis) (sweep: EvalSweep) : PagePart list =
        [
            PagePart.Charts(
                line $"F_ε(θ) over {what}" x "F_ε(θ)" (curves sweep "" maximum)
                @ line $"y*_ε(θ) over {what}" x "y*_ε(θ)" (curves sweep "i = " maximizer)
                |> List.map (Chart.withWidth width)
            )

            for setting, message in sweep.Refused do
                PagePart.Text $"{what} = {number setting} is left out: {message}"
        ]

    let private pictures (evaluation: Evaluation) : Chart list =
        [
            if evaluation.Estimate.Maximizer.Length <= mostBars then
                Chart.ofEstimate evaluation.Estimate

            match evaluation.Distribution with
            | Some found -> Chart.ofDistribution found
            | None -> ()

            match evaluation.Jacobian with
            | Some found when max (Array2D.length1 found.Value) (Array2D.length2 found.Value) <= mostCells ->
                Chart.ofUncertainJacobian found
            | _ -> ()
        ]
        |> List.map (Chart.withWidth width)

    let private loss (at: LossAt) : PagePart list =
        let kind =
            if at.Loss.IsTrueLoss then
                "the true loss: εΩ(y) is known"
            else
                "up to a constant in θ: εΩ(y) is not known"

        let value = withError at.Loss.Value at.Loss.StandardError

        [
            PagePart.Text $"Fenchel-Young loss at y = {vector at.Target}: {value} ({kind})."
            PagePart.Text $"Its gradient: {vector at.Gradient}"
        ]

    let private answer (request: EvalRequest) (row: int) (evaluation: Evaluation) : PagePart list =
        let operator = request.Operator |> Smoothed.withFirstRow (int64 row)
        let estimate = evaluation.Estimate

        [
            PagePart.Heading(
                if request.Thetas.Length = 1 then
                    "Values"
                else
                    $"Row {row}: {request.Thetas[row].Place}"
            )

            PagePart.Text
                $"F_ε(θ) = {withError estimate.Maximum estimate.MaximumStandardError}, from {evaluation.Samples} samples."
            yield! estimate.Remark |> Option.map PagePart.Text |> Option.toList

            if estimate.SamplesAgree then
                PagePart.Text
                    "All samples have the same solution, so derivatives are estimated as 0: a larger ε, or more samples, may find others."

            PagePart.Charts(pictures evaluation)
            coordinates evaluation
            yield! evaluation.FenchelYoung |> Option.map loss |> Option.defaultValue []
            PagePart.Heading "More and less noise"
            yield!
                sweepParts
                    "factor of ε"
                    (Axis.logarithmic "factor of ε")
                    (EvalSweep.ofEpsilon evaluation.Theta operator)
            PagePart.Heading "More and fewer samples"
            yield! sweepParts "M" (Axis.logarithmic "M, samples") (EvalSweep.ofSamples evaluation.Theta operator)
        ]

    /// <summary>The page: the command, the settings, and for each of the first 8 rows values with errors, distribution,
    /// Jacobian, loss, and sweeps of ε and M.</summary>
    /// <param name="command">The command that repeats it.</param>
    /// <param name="request">What was asked.</param>
    /// <param name="evaluations">One answer a row.</param>
    /// <returns>HTML in one file.</returns>
    /// <exception cref="T:System.OperationCanceledException">The request's token was cancelled.</exception>
    let create (command: string) (request: EvalRequest) (evaluations: Evaluation[]) : string =
        Page.html
            $"{request.OracleText} under {request.NoiseText} noise"
            [
                PagePart.Text "This command makes this page again, with the same numbers:"
                PagePart.Code command
                settings request

                if evaluations.Length > mostRows then
                    PagePart.Text $"The first {mostRows} of {evaluations.Length} rows of θ:"

                for row, evaluation in evaluations |> Array.truncate mostRows |> Array.indexed do
                    yield! answer request row evaluation

                PagePart.Text
                    $"Errors, bands and whiskers are one standard error. Sweeps take at most {EvalSweep.mostSamples} samples a point."
            ]
