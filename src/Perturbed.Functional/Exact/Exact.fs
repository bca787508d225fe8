namespace Perturbed.Functional

open System
open Perturbed.Kernels

/// Which operators have exact expectations, and which form each takes.
module internal Exact =

    /// What is available, for messages.
    let available =
        "Exact are additive perturbations of argmax, top k, rankings, boxes and signs by independent noise with a density and a "
        + "distribution function: Gaussian, Gumbel, centred Gumbel, logistic, Laplace, Student's t, Cauchy, and a user's ICoordinateLaw."

    let private isAffine (sorted: float[]) : bool =
        let steps = sorted |> Array.pairwise |> Array.map (fun (a, b) -> b - a)
        let range = sorted[sorted.Length - 1] - sorted[0]
        let mean = range / float (max 1 steps.Length)
        steps |> Array.forall (fun step -> abs (step - mean) <= 1e-12 * range)

    let private top (law: ICoordinateLaw) (epsilons: float[]) (refinement: float) (k: int) : ExactForm =
        ExactForms.byQuadrature law epsilons refinement (fun () -> TopRule(epsilons.Length, k))

    // Affine v: one rank for each lesser coordinate. Any other v is a sum of tops: v_1 + Σ_m (v_m − v_(m−1))
    // top_(d−m+1).
    let private ranking (law: ICoordinateLaw) (epsilons: float[]) (refinement: float) (mean: float) (v: float[]) =
        let d = epsilons.Length

        let parts =
            if d = 1 || v[0] = v[d - 1] then
                [||]
            elif isAffine v then
                let step = (v[d - 1] - v[0]) / float (d - 1)

                let form =
                    match PairLaws.tryFind law epsilons with
                    | ValueSome(struct (pairs, scale)) -> ExactForms.byPairs pairs scale epsilons mean
                    | ValueNone -> ExactForms.byQuadrature law epsilons refinement (fun () -> RankRule d)

                [| struct (step, form) |]
            else
                [|
                    for m in 1 .. d - 1 do
                        if v[m] > v[m - 1] then
                            struct (v[m] - v[m - 1], top law epsilons refinement (d - m))
                |]

        ExactForms.combine v[0] epsilons mean parts

    // The form of an oracle under an operator's noise, or why there is none.
    let private formOf (s: Settings) (oracle: Oracle) (refinement: float) : Result<ExactForm, string> =
        if s.Perturbation = Perturbation.Multiplicative then
            Error "the perturbation is multiplicative"
        elif s.Oracle.Implementation.HasOffset then
            Error $"none is known for the oracle '{s.Oracle.Name}'"
        else
            match s.Noise with
            | :? ICoordinateLaw as law ->
                let d = oracle.Dimension

                let epsilons =
                    if s.Epsilons.Length = 1 then
                        Array.create d s.Epsilons[0]
                    else
                        s.Epsilons

                let mean = Array.zeroCreate 1
                law.Mean(Span mean)

                match oracle.Facts.ClosedForm with
                | ClosedForm.Argmax when (law :? GumbelNoise) && s.Epsilons.Length = 1 ->
                    Ok(ExactForms.softmax s.Epsilons[0] mean[0])
                | ClosedForm.Argmax -> Ok(top law epsilons refinement 1)
                | ClosedForm.Top 0 -> Ok(ExactForms.combine 0.0 epsilons mean[0] [||])
                | ClosedForm.Top k -> Ok(top law epsilons refinement k)
                | ClosedForm.Ranking v -> Ok(ranking law epsilons refinement mean[0] v)
                | ClosedForm.Box(lower, upper) -> Ok(BoxForm.create law epsilons refinement mean[0] lower upper)
                | ClosedForm.Unknown -> Error $"none is known for the oracle '{oracle.Name}'"
            | noise -> Error $"the noise '{noise.Name}' has no density and distribution function of a coordinate"

    /// The form of an operator, or why there is none; with an oracle for each instance that of the first, where all
    /// have one. A refinement of 2 halves the panels of quadratures.
    let tryForm (s: Settings) (refinement: float) : Result<ExactForm, string> =
        match s.Oracle.Instances.Length with
        | 0 -> formOf s s.Oracle refinement
        | count ->
            let forms =
                Array.init count (fun i ->
                    formOf s (s.Oracle.OfInstance(int64 i)) refinement
                    |> Result.mapError (fun reason -> $"instance {i}: {reason}"))

            forms |> Array.tryFind _.IsError |> Option.defaultValue forms[0]

    let private orRaise (s: Settings) (form: Result<ExactForm, string>) : ExactForm =
        match form with
        | Ok form -> form
        | Error reason ->
            let name = Settings.describe "exact" s
            invalidArg "smoothed" $"There are no exact expectations of '{name}': {reason}. {available}"

    /// The form of each row of an operator that has such.
    let require (s: Settings) : int -> ExactForm =
        if s.Oracle.Instances.Length = 0 then
            let form = tryForm s 1.0 |> orRaise s
            fun _ -> form
        else
            fun row -> formOf s (s.OracleOf row) 1.0 |> orRaise s
