/// Alignments with affine gaps, by listing all of them.
[<RequireQualifiedAccess>]
module Perturbed.Functional.Fuzz.Alignments

open System.Collections.Concurrent
open Perturbed.Functional

// Step counts of all alignments of letters i.. and j.. up to the end (a, b); the step before decides whether a gap opens.
let private between (n: int) (m: int) (start: int * int) (finish: int * int) : float[] list =
    let cell i j = i * m + j

    let rec extend (i: int) (j: int) (before: AlignmentStep) (places: int list) : int list list =
        [
            if (i, j) = finish then
                places

            if i < fst finish && j < snd finish then
                yield! extend (i + 1) (j + 1) AlignmentStep.Pair (cell i j :: places)

            if i < fst finish then
                let plane = if before = AlignmentStep.First then 2 else 1
                yield! extend (i + 1) j AlignmentStep.First (plane * n * m + cell i (max (j - 1) 0) :: places)

            if j < snd finish then
                let plane = if before = AlignmentStep.Second then 2 else 1
                yield! extend i (j + 1) AlignmentStep.Second (plane * n * m + cell (max (i - 1) 0) j :: places)
        ]

    extend (fst start) (snd start) AlignmentStep.Pair []
    |> List.map (fun places ->
        let y = Array.zeroCreate (3 * n * m)
        places |> List.iter (fun at -> y[at] <- y[at] + 1.0)
        y)

// Of these the ones that enter the table at once and leave it with the last step: no point between is a start or an
// end.
let private inside (n: int) (m: int) (start: int * int) (finish: int * int) : float[] list =
    let rec extend (i: int) (j: int) (before: AlignmentStep) (y: float[]) : float[] list =
        let mark at =
            let next = Array.copy y
            next[at] <- next[at] + 1.0
            next

        let gap step at =
            mark ((if before = step then 2 else 1) * n * m + at)

        [
            if (i, j) = finish then
                y
            elif (i, j) = start || (i > 0 && j > 0 && i < n && j < m) then
                yield! extend (i + 1) (j + 1) AlignmentStep.Pair (mark (i * m + j))

                if j > 0 then
                    yield! extend (i + 1) j AlignmentStep.First (gap AlignmentStep.First (i * m + j - 1))

                if i > 0 then
                    yield! extend i (j + 1) AlignmentStep.Second (gap AlignmentStep.Second ((i - 1) * m + j))
        ]

    extend (fst start) (snd start) AlignmentStep.Pair (Array.zeroCreate (3 * n * m))

let private solutions =
    let known = ConcurrentDictionary<struct (int * int * AlignmentKind), float[][]>()

    fun (n: int) (m: int) (kind: AlignmentKind) ->
        known.GetOrAdd(
            struct (n, m, kind),
            fun _ ->
                if kind = AlignmentKind.Global then
                    between n m (0, 0) (n, m) |> List.distinct |> Array.ofList
                elif kind = AlignmentKind.SemiGlobal then
                    // From a start of one to an end of one, all steps between inside of both, or nothing.
                    [
                        Array.zeroCreate (3 * n * m)

                        for i in 0 .. n - 1 do
                            for j in 0 .. m - 1 do
                                if i = 0 || j = 0 then
                                    for a in max 1 i .. n do
                                        for b in max 1 j .. m do
                                            if a = n || b = m then
                                                yield! inside n m (i, j) (a, b)
                    ]
                    |> List.distinct
                    |> Array.ofList
                else
                    // From a pair to a pair, or nothing.
                    [
                        Array.zeroCreate (3 * n * m)

                        for i in 0 .. n - 1 do
                            for j in 0 .. m - 1 do
                                for a in i + 1 .. n do
                                    for b in j + 1 .. m do
                                        for y in between n m (i, j) (a, b) do
                                            if y[i * m + j] = 1.0 && y[(a - 1) * m + b - 1] = 1.0 then
                                                y
                    ]
                    |> List.distinct
                    |> Array.ofList
        )

let private problem (kind: AlignmentKind) (draw: Draw) : Outcome =
    let n, m = draw.Int 1 3, draw.Int 1 3

    let name, create =
        match kind with
        | AlignmentKind.Global -> "alignment", Oracle.alignment
        | AlignmentKind.Local -> "localAlignment", Oracle.localAlignment
        | _ -> "semiGlobalAlignment", Oracle.semiGlobalAlignment

    Made
        {
            Form = $"Oracle.{name} {n} {m}"
            Oracle = create n m
            Theta = fun draw -> Vectors.any draw (3 * n * m)
            Judge = Judge.listed Judge.OfTerms Judge.AnyOf (solutions n m kind) id
        }

let globalAlignment (draw: Draw) : Outcome = problem AlignmentKind.Global draw

let localAlignment (draw: Draw) : Outcome = problem AlignmentKind.Local draw

let semiGlobalAlignment (draw: Draw) : Outcome = problem AlignmentKind.SemiGlobal draw
