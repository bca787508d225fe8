// Alignment scores learned from aligned pairs of sequences: gains of matches and mismatches, costs of gaps. The pairs
// are drawn by a known process, their lengths differ, and other pairs measure what was learned.
//     dotnet build -c Release && dotnet fsi scripts/learning-to-align.fsx
#load "references.fsx"

open System
open Perturbed.Functional

let random = Random 7
let letters = "ACGT"
let isPurine (c: char) = c = 'A' || c = 'G'

// A sequence, one that descends from it, and which of their letters belong together: letters change, mostly within
// purines and pyrimidines, and pieces are lost or inserted.
let draw () =
    let parent =
        String(Array.init (random.Next(15, 26)) (fun _ -> letters[random.Next 4]))

    let child, pairs = Text.StringBuilder(), ResizeArray()
    let mutable i = 0

    while i < parent.Length do
        let luck = random.NextDouble()

        if luck < 0.06 then
            i <- i + random.Next(1, 4)
        elif luck < 0.12 then
            child.Append(String(Array.init (random.Next(1, 4)) (fun _ -> letters[random.Next 4])))
            |> ignore
        else
            let c = parent[i]
            let transition = letters |> Seq.find (fun x -> x <> c && isPurine x = isPurine c)
            let changes = random.NextDouble()

            child.Append(
                if changes < 0.3 then
                    transition
                elif changes < 0.36 then
                    letters |> Seq.find (fun x -> isPurine x <> isPurine c)
                else
                    c
            )
            |> ignore

            pairs.Add(struct (i, child.Length - 1))
            i <- i + 1

    parent, child.ToString(), pairs.ToArray()

let drawn =
    Seq.initInfinite (fun _ -> draw ())
    |> Seq.filter (fun (_, _, pairs) -> pairs.Length > 0)

let train, test =
    drawn |> Seq.take 200 |> Seq.toArray, drawn |> Seq.take 200 |> Seq.toArray

// θ of a pair is linear in five weights. A row of inputs has the five features of each entry of θ, 0 where it is padding.
let names =
    [| "match"; "transition"; "transversion"; "gap opening"; "gap extension" |]

let features (dimension: int) (first: string, second: string, _: struct (int * int)[]) =
    let row = Array.zeroCreate<float>(5 * dimension)

    for feature in 0..4 do
        let kind a b =
            if
                (if a = b then 0
                 elif isPurine a = isPurine b then 1
                 else 2)
                    =
                    feature
            then
                1.0
            else
                0.0

        Alignment.scores kind (if feature = 3 then 1.0 else 0.0) (if feature = 4 then 1.0 else 0.0) first second
        |> Array.iteri (fun at value -> row[5 * at + feature] <- value)

    row

// One oracle for pairs of all lengths: row r of a batch is pair r.
let problem (pairs: (string * string * struct (int * int)[])[]) =
    let oracle =
        pairs
        |> Array.map (fun (a, b, _) -> struct (a.Length, b.Length))
        |> Oracle.alignments AlignmentKind.Global

    let target (a: string, b: string, known) =
        let y = Alignment.ofPairs AlignmentKind.Global a.Length b.Length known
        Array.append y (Array.zeroCreate (oracle.Dimension - y.Length))

    oracle, Examples.create (array2D (Array.map (features oracle.Dimension) pairs)) (array2D (Array.map target pairs))

// The share of the true pairs that the best alignments have.
let recall (weights: float[]) =
    let oracle, examples = problem test

    let y =
        oracle
        |> Oracle.solveBatch (Model.shared oracle.Dimension 5 |> Model.predict weights examples.Inputs)

    test
    |> Array.mapi (fun r (a, b, known) ->
        let found = Alignment.pairs a.Length b.Length y[r, *]
        float (Set.intersect (set found) (set known)).Count / float known.Length)
    |> Array.average

let oracle, examples = problem train
let loss = perturb oracle Noise.gaussian 1.0 4 |> Loss.fenchelYoung
let start = [| 1.0; -1.0; -1.0; -2.0; -0.5 |]
let model = Model.shared oracle.Dimension 5 |> Model.withInitial (fun _ -> start)

let config =
    Training.config 15 20 Optimizer.adam (Schedule.cosine 15 0.0 0.1) (Key.create 1UL)

let learned = (examples |> Training.run config model loss).Parameters

for i in 0..4 do
    printfn "%-14s %5.2f -> %5.2f" names[i] start[i] learned[i]

printfn "true pairs found in other alignments: %.3f -> %.3f" (recall start) (recall learned)
