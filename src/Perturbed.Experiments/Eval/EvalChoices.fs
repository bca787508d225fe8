namespace Perturbed.Experiments

open System
open Perturbed.Functional

/// The words of the options of `eval` that are a choice of a few.
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

    /// What a grid does about negative costs.
    let negativeCosts: (string * NegativeCosts) list =
        [ "clamp", NegativeCosts.ClampToZero; "reject", NegativeCosts.Reject ]

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
            Input.fail $"{option} is '{word}'; one of {known} was expected."

    /// <summary>The word of a choice.</summary>
    /// <param name="choices">Words and what they mean.</param>
    /// <param name="choice">One of them.</param>
    /// <returns>The word.</returns>
    let nameOf (choices: (string * 'choice) list) (choice: 'choice) : string =
        choices |> List.find (fun (_, c) -> c = choice) |> fst
