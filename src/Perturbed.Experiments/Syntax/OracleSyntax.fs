namespace Perturbed.Experiments

open System
open Perturbed.Functional

/// An oracle that the command line knows. Some take the dimension of θ as it comes, others have their own.
type OracleForm =
    {
        /// The word before the colon.
        Name: string
        /// How it is written.
        Form: string
        /// What it is and what θ means, in one line.
        Meaning: string
        /// From the policy on negative costs and the text after the colon ("" where there is none) to the oracle for a θ of a length.
        Parse: NegativeCosts -> string -> (int -> Oracle)
    }

/// Oracles as a user writes them: a name, and parameters after a colon.
[<RequireQualifiedAccess>]
module OracleSyntax =

    let private form
        (name: string)
        (parameters: string)
        (meaning: string)
        (parse: NegativeCosts -> string -> (int -> Oracle))
        : OracleForm =
        {
            Name = name
            Form = if parameters = "" then name else $"{name}:{parameters}"
            Meaning = meaning
            Parse =
                fun policy text ->
                    match parameters, text with
                    | "", "" -> parse policy text
                    | "", _ -> Input.fail $"oracle '{name}:{text}': {name} takes no parameter after a colon."
                    | _, "" when not (parameters.StartsWith '[') ->
                        Input.fail $"oracle '{name}': it is written {name}:{parameters}."
                    | _ -> parse policy text
        }

    let private topK (_: NegativeCosts) (text: string) : int -> Oracle =
        let k = NumberSyntax.count 0 "K of top-k" text
        fun dimension -> Oracle.topK k dimension

    let private ranking (_: NegativeCosts) (text: string) : int -> Oracle =
        if text = "" then
            Oracle.ranking
        else
            let reference =
                text.Split '/' |> Array.map (NumberSyntax.number "an entry of V of ranking")

            fun _ -> Oracle.rankingOf reference

    let private grid (name: string) (moves: GridMoves) (policy: NegativeCosts) (text: string) : int -> Oracle =
        let rows, columns = NameAndParameters.sides name text
        let oracle = Oracle.gridPath moves policy rows columns
        fun _ -> oracle

    let private finiteSet (_: NegativeCosts) (path: string) : int -> Oracle =
        let oracle = Oracle.finiteSet (NumberRows.loadMatrix path)
        fun _ -> oracle

    /// Every oracle, in the order of the help. A new oracle is a new line here.
    let forms: OracleForm list =
        [
            form "argmax" "" "the one-hot vector of the largest entry" (fun _ _ -> Oracle.argmax)
            form "top-k" "K" "1 at the K largest entries, 0 elsewhere" topK
            form
                "ranking"
                "[V]"
                "the rank numbers 1..d, d at the largest entry; or those of V, as ranking:3/2/1"
                ranking
            form
                "grid"
                "RxC"
                "shortest path on a grid, 8 neighbours; theta = -cost, row by row"
                (grid "grid" GridMoves.Eight)
            form "grid4" "RxC" "the same with 4 neighbours" (grid "grid4" GridMoves.Four)
            form "grid-rd" "RxC" "the same, right and down only; costs of any sign" (grid "grid-rd" GridMoves.RightDown)
            form "set" "FILE" "the row of FILE of largest inner product, one row of numbers a line" finiteSet
        ]

    /// <summary>The oracle of a text such as <c>ranking</c> or <c>grid:12x12</c>, for a θ of a length.</summary>
    /// <param name="negativeCosts">What a grid with 4 or 8 neighbours does about a cell of negative cost.</param>
    /// <param name="text">One of the forms.</param>
    /// <returns>From the length of θ to the oracle; an oracle with a dimension of its own does not look at it.</returns>
    /// <exception cref="T:Perturbed.Experiments.InputException">An unknown name, or parameters that cannot be read.</exception>
    let parse (negativeCosts: NegativeCosts) (text: string) : int -> Oracle =
        let name, parameters = NameAndParameters.split text

        match forms |> List.tryFind (fun form -> form.Name = name) with
        | Some form -> form.Parse negativeCosts parameters
        | None ->
            let known = String.Join(", ", forms |> List.map _.Form)
            Input.fail $"oracle '{text}' is unknown; one of {known} was expected."
