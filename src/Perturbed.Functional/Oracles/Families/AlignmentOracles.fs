namespace Perturbed.Functional

open System.Collections.Generic
open Perturbed.Kernels

/// Alignments of sequences.
module internal AlignmentOracles =

    let private ofKind (kind: AlignmentKind) (first: int) (second: int) : Oracle =
        AlignmentOracle(first, second, kind)
        |> Construct.builtInSlow (Polytope.Alignments(first, second, kind))

    let alignment (first: int) (second: int) : Oracle =
        ofKind AlignmentKind.Global first second

    let localAlignment (first: int) (second: int) : Oracle = ofKind AlignmentKind.Local first second

    let semiGlobalAlignment (first: int) (second: int) : Oracle =
        ofKind AlignmentKind.SemiGlobal first second

    let alignments (kind: AlignmentKind) (lengths: struct (int * int)[]) : Oracle =
        Check.notNull (nameof lengths) lengths

        let cells struct (n: int, m: int) = int64 n * int64 m

        if lengths.Length = 0 then
            invalidArg (nameof lengths) "lengths is empty; there is a pair of sequences for each instance."

        lengths
        |> Array.iteri (fun i struct (n, m) ->
            if n < 0 || m < 0 then
                invalidArg (nameof lengths) $"lengths[{i}] is ({n}, {m}); a sequence has at least 0 letters."

            if cells lengths[i] > int64 (1 <<< 22) then
                invalidArg
                    (nameof lengths)
                    $"lengths[{i}] is ({n}, {m}), {cells lengths[i]} cells; there may be at most {1 <<< 22}.")

        let dimension = 3 * int (lengths |> Array.map cells |> Array.max |> max 1L)
        let known = Dictionary<struct (int * int), Oracle>()

        let oracle (struct (n, m) as pair) =
            match known.TryGetValue pair with
            | true, oracle -> oracle
            | _ ->
                let oracle =
                    if cells pair = 0L then
                        let nothing = Array.zeroCreate dimension
                        BallOracles.box nothing nothing
                    else
                        ofKind kind n m |> CombinedOracles.padded dimension

                known[pair] <- oracle
                oracle

        lengths |> Array.map oracle |> CombinedOracles.perInstance
