namespace Perturbed.Experiments

open Perturbed.Functional
open Spectre.Console.Rendering

/// The answer of `eval` as tables.
[<RequireQualifiedAccess>]
module EvalTables =

    // Wider Jacobians do not fit the width of a terminal.
    let private widest = 12

    let private number = Terminal.number

    let private withError (value: float) (error: float) : string = $"{number value} ± {number error}"

    let private vector (values: float[]) : string =
        values |> Seq.map number |> String.concat " "

    let private coordinates (evaluation: Evaluation) : IRenderable =
        let estimate = evaluation.Estimate

        seq { 0 .. evaluation.Theta.Length - 1 }
        |> Seq.map (fun i ->
            [
                string i
                number evaluation.Theta[i]
                number evaluation.Solution[i]
                number estimate.Maximizer[i]
                number estimate.MaximizerStandardErrors[i]
            ])
        |> Terminal.table "" [ "i"; "θ"; "y*(θ)"; "y*_ε(θ)"; "standard error" ]

    let private jacobian (estimated: Uncertain<float[,]>) : IRenderable =
        let rows, columns = Array2D.length1 estimated.Value, Array2D.length2 estimated.Value

        if columns > widest then
            Terminal.line $"Jacobian: {rows} × {columns}, too wide for a table; --json prints it."
        else
            seq { 0 .. rows - 1 }
            |> Seq.map (fun r ->
                string r
                :: List.init columns (fun c -> withError estimated.Value[r, c] estimated.StandardErrors[r, c]))
            |> Terminal.table "Jacobian ∂y*_ε(θ)_i/∂θ_j" ("i \\ j" :: List.init columns (fun c -> string c))

    let private loss (at: LossAt) : IRenderable list =
        let kind =
            if at.Loss.IsTrueLoss then
                "the true loss: εΩ(y) is known"
            else
                "up to a constant in θ: εΩ(y) is not known"

        [
            Terminal.line
                $"Fenchel-Young loss at y = {vector at.Target}: {withError at.Loss.Value at.Loss.StandardError} ({kind})"
            Terminal.line $"Its gradient: {vector at.Gradient}"
        ]

    let private distribution (found: SolutionFrequency[]) : IRenderable =
        found
        |> Seq.map (fun f -> [ vector f.Solution; string f.Count; withError f.Probability f.StandardError ])
        |> Terminal.table "Most frequent solutions" [ "y"; "count"; "p_θ(y)" ]

    // Why - stands where a number is missing.
    let private reasons (request: EvalRequest) (evaluation: Evaluation) : IRenderable list =
        let operator = request.Operator

        let hasOneGroup =
            match operator.Sampling with
            | SamplingDesign.LatinHypercube 1
            | SamplingDesign.Sobol 1 -> true
            | _ -> false

        [
            if not operator.Noise.HasMean then
                let loss =
                    if request.Target.IsSome then
                        " and no Fenchel-Young loss"
                    else
                        ""

                Terminal.line $"- : the noise {request.NoiseText} has no mean, so there is no F_ε{loss}."

            if evaluation.Samples = 1 then
                Terminal.line "- : a standard error needs two samples or more."
            elif hasOneGroup then
                Terminal.line "- : a standard error needs two randomisations or more."
        ]

    let private answer (request: EvalRequest) (place: string) (evaluation: Evaluation) : IRenderable list =
        let estimate = evaluation.Estimate

        [
            Terminal.line $"{place}F_ε(θ) = {withError estimate.Maximum estimate.MaximumStandardError}"

            yield! estimate.Remark |> Option.map Terminal.line |> Option.toList

            if estimate.LeftOut > 0 then
                Terminal.line
                    $"{estimate.LeftOut} of {evaluation.Samples} samples have no solution, or depend on one that has \
                      none, and are left out: everything here is conditional on success."

            if estimate.SamplesAgree then
                Terminal.line
                    $"All {evaluation.Samples} samples have the same solution, so derivatives are estimated as 0. \
                      Where there is another solution, a larger epsilon or more samples find it."

            match evaluation.IsReached with
            | Some true -> Terminal.line $"The standard error took {evaluation.Samples} samples."
            | Some false ->
                Terminal.line
                    $"The standard error was not reached: the budget ended it at {evaluation.Samples} samples."
            | None -> ()

            coordinates evaluation
            yield! evaluation.Jacobian |> Option.map jacobian |> Option.toList
            yield! evaluation.FenchelYoung |> Option.map loss |> Option.defaultValue []
            yield! evaluation.Distribution |> Option.map distribution |> Option.toList
            yield! reasons request evaluation
        ]

    /// <summary>The settings, then tables for each row.</summary>
    /// <param name="request">What was asked.</param>
    /// <param name="evaluations">One answer a row.</param>
    /// <returns>What to show.</returns>
    let create (request: EvalRequest) (evaluations: Evaluation[]) : IRenderable list =
        let operator = request.Operator

        let sampling =
            match operator.Sampling with
            | SamplingDesign.Independent -> ""
            | design -> $" ({EvalChoices.samplingText design})"

        let samples =
            match request.Accuracy with
            | Some asked -> $"{operator.Samples} to {asked.Budget}"
            | None -> string operator.Samples

        let settings =
            $"Oracle {request.OracleText}, noise {request.NoiseText}, ε = {vector operator.Epsilon}, M = \
              {samples}{sampling}, key {operator.Key.Value}"

        let place (row: NumberRow) =
            if request.Thetas.Length = 1 then "" else $"{row.Place}: "

        Terminal.line settings
        :: (Array.map2 (answer request) (request.Thetas |> Array.map place) evaluations
            |> List.concat)
