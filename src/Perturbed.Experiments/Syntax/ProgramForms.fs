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

    // Rows of numbers, each ended by its bound: A,..,A,B/../A,..,A,B.
    let private constraints (name: string) (text: string) : float[] list * float list =
        let rows =
            text.Split '/'
            |> List.ofArray
            |> List.map (NumberSyntax.row $"a constraint of {name}")

        let d = rows.Head.Length - 1

        for row in rows do
            if d < 1 || row.Length <> d + 1 then
                Input.fail
                    $"oracle '{name}:{text}': a constraint has {row.Length} numbers, the first {rows.Head.Length}; \
                      as many were expected, coefficients and a bound, as in {name}:1,1,4/1,2,6."

        rows |> List.map (Array.take d), rows |> List.map Array.last

    let private multiKnapsack (text: string) : Oracle =
        let whole (number: float) =
            NumberSyntax.count 0 "a weight or a capacity of multi-knapsack" (string number)

        let weights, capacities = constraints "multi-knapsack" text
        Oracle.multiKnapsack (weights |> array2D |> Array2D.map whole) (capacities |> List.map whole |> Array.ofList)

    // After a colon: nothing, the lower bound of every entry, or both bounds.
    let private linearProgram (text: string) : Oracle =
        let rows, bounds = NameAndParameters.splitAt ':' text
        let a, b = constraints "linear-program" rows
        let a, b = array2D a, Array.ofList b

        let all (which: string) (bound: string) =
            Array.create (Array2D.length2 a) (NumberSyntax.number $"the {which} bound of linear-program" bound)

        match bounds.Split '/' with
        | [| "" |] -> Oracle.linearProgram a b
        | [| lower |] -> Oracle.boundedLinearProgram (all "lower" lower) (Array.create (Array2D.length2 a) infinity) a b
        | [| lower; upper |] -> Oracle.boundedLinearProgram (all "lower" lower) (all "upper" upper) a b
        | parts ->
            Input.fail
                $"oracle 'linear-program:{text}': {parts.Length} bounds; at most two were expected, as in linear-program:1,1,4:0/3."

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
                "multi-knapsack"
                "W,..,W,C/.."
                "that fits into several: the weights in each and its capacity, as multi-knapsack:4,3,2,5/1,0,2,2"
                multiKnapsack
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
            OracleForm.ofOwnDimension
                "semi-global-alignment"
                "NxM"
                "the same with free gaps before and after"
                (alignment "semi-global-alignment" Oracle.semiGlobalAlignment)
            OracleForm.ofOwnDimension
                "linear-program"
                "A,..,A,B/..[:L[/U]]"
                "the best y with A y <= B in each row, and y >= 0 or L <= y <= U, as linear-program:1,1,4/1,2,6:0/3"
                linearProgram
        ]
