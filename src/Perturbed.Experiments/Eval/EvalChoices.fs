namespace Perturbed.Experiments

open System
open Perturbed.Functional

/// The values of options of `eval` that are a choice of a few.
[<RequireQualifiedAccess>]
module EvalChoices =

    /// How noise enters θ.
    let perturbations: (string * Perturbation) list =
        [ "additive", Perturbation.Additive; "multiplicative", Perturbation.Multiplicative ]

    /// What is subtracted in derivatives.
    let varianceReductions: (string * VarianceReduction) list =
        [
            "none", VarianceReduction.None
            "baseline", VarianceReduction.Baseline
            "leave-one-out", VarianceReduction.LeaveOneOut
        ]

    /// How the Jacobian is estimated.
    let formulas: (string * DerivativeFormula) list =
        [ "maximizer", DerivativeFormula.OfMaximizer; "maximum", DerivativeFormula.OfMaximum ]

    /// <summary>The choice of a word.</summary>
    /// <param name="option">The option, for the message.</param>
    /// <param name="choices">Words and what they mean.</param>
    /// <param name="word">What was written.</param>
    /// <returns>The choice.</returns>
    /// <exception cref="T:Perturbed.Experiments.InputException">No such word.</exception>
    let parse (option: string) (choices: (string * 'choice) list) (word: string) : 'choice =
        match choices |> List.tryFind (fun (name, _) -> name = word) with
        | Some(_, choice) -> choice
        | None ->
            let known = String.Join(", ", choices |> List.map fst)
            let question = Suggestion.question (choices |> List.map fst) word
            Input.fail $"{option} is '{word}', which is unknown.{question} One of {known} was expected."

    let private plainDesigns: (string * SamplingDesign) list =
        [
            "independent", SamplingDesign.Independent
            "antithetic", SamplingDesign.Antithetic
            "orthogonal", SamplingDesign.Orthogonal
            "antithetic-orthogonal", SamplingDesign.AntitheticOrthogonal
        ]

    let private pointSets: (string * (int -> SamplingDesign)) list =
        [ "latin-hypercube", SamplingDesign.LatinHypercube; "sobol", SamplingDesign.Sobol ]

    /// <summary>The sampling design of a text such as <c>antithetic</c> or <c>sobol:8</c>.</summary>
    /// <param name="text">A word; for point sets with the number of randomisations behind a colon.</param>
    /// <returns>The design.</returns>
    /// <exception cref="T:Perturbed.Experiments.InputException">No such word, or no number where one belongs, or one
    /// where none does.</exception>
    let sampling (text: string) : SamplingDesign =
        let name, parameters = NameAndParameters.split text

        match List.tryFind (fun (n, _) -> n = name) plainDesigns, List.tryFind (fun (n, _) -> n = name) pointSets with
        | Some(_, design), _ when parameters = "" -> design
        | Some _, _ -> Input.fail $"--sampling is '{text}'; {name} takes no number after a colon."
        | None, Some _ when parameters = "" ->
            Input.fail
                $"--sampling is '{text}'; the number of randomisations was expected behind a colon, as in {name}:8."
        | None, Some(_, design) -> design (NumberSyntax.count 1 $"the number of randomisations of {name}" parameters)
        | None, None ->
            let plain, sets = List.map fst plainDesigns, List.map fst pointSets

            let known =
                plain @ (sets |> List.map (fun name -> name + ":R")) |> String.concat ", "

            let question = Suggestion.question (plain @ sets) name
            Input.fail $"--sampling is '{text}', which is unknown.{question} One of {known} was expected."

    /// <summary>The text of a sampling design, as <c>sampling</c> reads it.</summary>
    /// <param name="design">The design.</param>
    /// <returns>Such as <c>sobol:8</c>.</returns>
    let samplingText (design: SamplingDesign) : string =
        match design with
        | SamplingDesign.LatinHypercube randomisations -> $"latin-hypercube:{randomisations}"
        | SamplingDesign.Sobol randomisations -> $"sobol:{randomisations}"
        | plain -> plainDesigns |> List.find (fun (_, d) -> d = plain) |> fst

    /// <summary>The word of a choice.</summary>
    /// <param name="choices">Words and what they mean.</param>
    /// <param name="choice">One of them.</param>
    /// <returns>The word.</returns>
    let nameOf (choices: (string * 'choice) list) (choice: 'choice) : string =
        choices |> List.find (fun (_, c) -> c = choice) |> fst

    /// The policy that a share of --leave-out stands for.
    let failures (share: string option) : FailurePolicy =
        match share with
        | Some share -> FailurePolicy.LeaveOut(NumberSyntax.share "--leave-out" share)
        | None -> FailurePolicy.Error
