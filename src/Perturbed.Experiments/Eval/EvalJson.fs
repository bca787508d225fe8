namespace Perturbed.Experiments

open Perturbed.Functional

/// The answer of `eval` as JSON.
[<RequireQualifiedAccess>]
module EvalJson =

    let private scales (epsilon: float[]) : Json =
        if epsilon.Length = 1 then
            Json.Number epsilon[0]
        else
            Json.numbers epsilon

    let private settings (request: EvalRequest) : (string * Json) list =
        let operator = request.Operator

        [
            "oracle", Json.Text request.OracleText
            "noise", Json.Text request.NoiseText
            "epsilon", scales operator.Epsilon
            "samples", Json.Integer(int64 operator.Samples)
            "key", Json.Bits operator.Key.Value
            "perturbation", Json.Text(EvalChoices.nameOf EvalChoices.perturbations operator.Perturbation)
            "sampling", Json.Text(EvalChoices.samplingText operator.Sampling)
            "varianceReduction", Json.Text(EvalChoices.nameOf EvalChoices.varianceReductions operator.VarianceReduction)
            "formula", Json.Text(EvalChoices.nameOf EvalChoices.formulas request.Formula)

            match request.Accuracy with
            | Some asked ->
                "standardError", Json.Number asked.StandardError
                "budget", Json.Integer(int64 asked.Budget)
            | None -> ()
        ]

    let private loss (at: LossAt) : Json =
        Json.Object
            [
                "target", Json.numbers at.Target
                "loss", Json.Number at.Loss.Value
                "lossStandardError", Json.Number at.Loss.StandardError
                "isTrueLoss", Json.Bool at.Loss.IsTrueLoss
                "regularizer", Json.Number at.Loss.Regularizer
                "gradient", Json.numbers at.Gradient
            ]

    let private frequency (found: SolutionFrequency) : Json =
        Json.Object
            [
                "solution", Json.numbers found.Solution
                "count", Json.Integer found.Count
                "probability", Json.Number found.Probability
                "standardError", Json.Number found.StandardError
            ]

    let private answer (evaluation: Evaluation) : (string * Json) list =
        [
            "theta", Json.numbers evaluation.Theta
            "solution", Json.numbers evaluation.Solution

            match evaluation.IsReached with
            | Some isReached ->
                "samplesTaken", Json.Integer(int64 evaluation.Samples)
                "isReached", Json.Bool isReached
            | None -> ()

            "maximum", Json.Number evaluation.Estimate.Maximum
            "maximumStandardError", Json.Number evaluation.Estimate.MaximumStandardError

            match evaluation.Estimate.Remark with
            | Some remark -> "remark", Json.Text remark
            | None -> ()

            if evaluation.Estimate.SamplesAgree then
                "samplesAgree", Json.Bool true

            if evaluation.Estimate.LeftOut > 0 then
                "leftOut", Json.Integer(int64 evaluation.Estimate.LeftOut)

            "maximizer", Json.numbers evaluation.Estimate.Maximizer
            "maximizerStandardErrors", Json.numbers evaluation.Estimate.MaximizerStandardErrors
            "jacobian", evaluation.Jacobian |> Json.optional (fun j -> Json.matrix j.Value)
            "jacobianStandardErrors", evaluation.Jacobian |> Json.optional (fun j -> Json.matrix j.StandardErrors)

            match evaluation.FenchelYoung with
            | Some at -> "fenchelYoung", loss at
            | None -> ()

            match evaluation.Distribution with
            | Some found -> "distribution", found |> Seq.map frequency |> Json.Array
            | None -> ()
        ]

    /// <summary>One object: the settings and the answer, or, for several rows, the settings and an array <c>rows</c>
    /// of answers.</summary>
    /// <param name="request">What was asked.</param>
    /// <param name="evaluations">One answer a row.</param>
    /// <returns>The object.</returns>
    let create (request: EvalRequest) (evaluations: Evaluation[]) : Json =
        match evaluations with
        | [| one |] -> Json.Object(settings request @ answer one)
        | several ->
            let rows = several |> Seq.map (fun one -> Json.Object(answer one)) |> Json.Array
            Json.Object(settings request @ [ "rows", rows ])
