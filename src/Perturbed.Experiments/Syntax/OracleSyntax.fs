namespace Perturbed.Experiments

open System
open Perturbed.Functional

/// Oracles as a user writes them: a name, and parameters after a colon.
[<RequireQualifiedAccess>]
module OracleSyntax =

    let private ranking (text: string) : int -> Oracle =
        if text = "" then
            Oracle.ranking
        else
            let reference =
                text.Split '/' |> Array.map (NumberSyntax.number "an entry of V of ranking")

            fun _ -> Oracle.rankingOf reference

    let private grid (name: string) (meaning: string) (moves: GridMoves) : OracleForm =
        OracleForm.withPolicy name "RxC" meaning (fun policy text ->
            let rows, columns = NameAndParameters.sides name text

            let policy =
                OracleForm.requirePolicy name [ NegativeEdges.Reject; NegativeEdges.ClampToZero ] policy

            let oracle = Oracle.gridPath moves (GraphForms.ofCosts policy) rows columns
            fun _ -> oracle)

    let private plain: OracleForm list =
        [
            OracleForm.ofAnyDimension "argmax" "" "the one-hot vector of the largest entry" (fun _ -> Oracle.argmax)
            OracleForm.ofAnyDimension
                "top-k"
                "K"
                "1 at the K largest entries, 0 elsewhere"
                (NumberSyntax.count 0 "K of top-k" >> Oracle.topK)
            OracleForm.ofAnyDimension
                "ranking"
                "[V]"
                "the rank numbers 1..d, d at the largest entry; or those of V, as ranking:3/2/1"
                ranking
            OracleForm.ofOwnDimension
                "set"
                "FILE"
                "the row of FILE of largest inner product, one row of numbers a line"
                (NumberRows.loadMatrix >> Oracle.finiteSet)
        ]

    let private grids: OracleForm list =
        [
            grid "grid" "shortest path on a grid, 8 neighbours; theta = -cost, row by row" GridMoves.Eight
            grid "grid4" "the same with 4 neighbours" GridMoves.Four
            OracleForm.ofOwnDimension "grid-rd" "RxC" "the same, right and down only; costs of any sign" (fun text ->
                NameAndParameters.sides "grid-rd" text ||> Oracle.rightDownPath)
        ]

    /// Every oracle, in the order of the help.
    let forms: OracleForm list =
        plain @ grids @ GraphForms.all @ ProgramForms.all @ BallForms.all

    /// <summary>The oracle of a text such as <c>ranking</c> or <c>grid:12x12</c>, for a θ of a length.</summary>
    /// <param name="negativeCosts">What is done about a negative cost, if the user said it.</param>
    /// <param name="text">One of the forms.</param>
    /// <returns>From the length of θ to the oracle; an oracle with a dimension of its own does not look at
    /// it.</returns>
    /// <exception cref="T:Perturbed.Experiments.InputException">An unknown name, parameters that cannot be read, a
    /// policy where none acts, or none where one must be chosen.</exception>
    let parse (negativeCosts: NegativeEdges option) (text: string) : int -> Oracle =
        let name, parameters = NameAndParameters.split text

        match forms |> List.tryFind (fun form -> form.Name = name) with
        | Some form when negativeCosts.IsSome && not form.HasPolicy ->
            let those =
                forms |> List.filter _.HasPolicy |> List.map _.Name |> String.concat ", "

            Input.fail $"--negative-costs is given and has no effect on {name}; it is for {those}."
        | Some form ->
            let what = $"oracle '{text}'"
            let oracle = Input.naming what (fun () -> form.Parse negativeCosts parameters)
            fun dimension -> Input.naming what (fun () -> oracle dimension)
        | None ->
            let known = String.Join(", ", forms |> List.map _.Form)
            let question = Suggestion.question (forms |> List.map _.Name) name
            Input.fail $"oracle '{text}' is unknown.{question} One of {known} was expected."
