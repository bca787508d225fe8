namespace Perturbed.Experiments

open Perturbed.Functional

/// Selections, tours and alignments.
[<RequireQualifiedAccess>]
module ProgramForms =

    let private knapsack (text: string) : Oracle =
        let parts =
            text.Split '/'
            |> Array.map (NumberSyntax.count 0 "a weight or the capacity of knapsack")

        if parts.Length < 2 then
            Input.fail $"oracle 'knapsack:{text}': weights and a capacity were expected, as in knapsack:4/3/2/5."

        Oracle.knapsack parts[.. parts.Length - 2] (Array.last parts)

    let private tspHeuristic (text: string) : Oracle =
        let cities, starts = NameAndParameters.splitAt '/' text
        let starts = if starts = "" then "1" else starts

        Oracle.tspHeuristic
            (NumberSyntax.count 1 "the number of starts of tsp-heuristic" starts)
            (NumberSyntax.count 3 "the number of cities of tsp-heuristic" cities)

    let private alignment (name: string) (create: int -> int -> Oracle) (text: string) : Oracle =
        NameAndParameters.sides name text ||> create

    /// The forms, in the order of the help.
    let all: OracleForm list =
        [
            OracleForm.ofOwnDimension
                "knapsack"
                "W/../W/C"
                "the selection that fits: the weight of each item, then the capacity, as knapsack:4/3/2/5"
                knapsack
            OracleForm.ofOwnDimension
                "tsp"
                "N"
                "the round trip of N cities, to 12; theta = -cost, upper triangle row by row"
                (NumberSyntax.count 3 "the number of cities of tsp" >> Oracle.tsp)
            OracleForm.ofOwnDimension
                "tsp-heuristic"
                "N[/STARTS]"
                "a good round trip of more cities, from STARTS of them, 1 if left out"
                tspHeuristic
            OracleForm.ofOwnDimension
                "alignment"
                "NxM"
                "sequences of N and M letters; theta = N x M gains of pairs, of gap openings, of extensions"
                (alignment "alignment" Oracle.alignment)
            OracleForm.ofOwnDimension
                "local-alignment"
                "NxM"
                "the same for a stretch of each"
                (alignment "local-alignment" Oracle.localAlignment)
        ]
