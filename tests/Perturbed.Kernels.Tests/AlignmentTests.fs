/// Alignments against the enumeration of all of them.
module Perturbed.Kernels.Tests.AlignmentTests

open System
open Expecto
open Perturbed.Functional.CSharp
open Perturbed.Kernels
open Perturbed.Kernels.Tests
open Xunit

let private cells (n: int) (m: int) (start: int * int) (steps: AlignmentStep list) : int list =
    let folder (i, j, before, found) step =
        match step with
        | AlignmentStep.Pair -> i + 1, j + 1, step, (i * m + j) :: found
        | _ ->
            let cell =
                if step = AlignmentStep.First then
                    i * m + max (j - 1) 0
                else
                    max (i - 1) 0 * m + j

            let plane = if before = step then 2 else 1
            let i, j = if step = AlignmentStep.First then i + 1, j else i, j + 1
            i, j, step, (plane * n * m + cell) :: found

    let _, _, _, found =
        List.fold folder (fst start, snd start, AlignmentStep.Pair, []) steps

    found

/// Every walk of steps from a point to another.
let rec private walks (i: int, j: int) (n: int, m: int) : AlignmentStep list list =
    if i = n && j = m then
        [ [] ]
    else
        [
            for step, di, dj in [ AlignmentStep.Pair, 1, 1; AlignmentStep.First, 1, 0; AlignmentStep.Second, 0, 1 ] do
                if i + di <= n && j + dj <= m then
                    for rest in walks (i + di, j + dj) (n, m) do
                        step :: rest
        ]

/// Every walk from a start of one sequence to the first point where one of them ends.
let rec private free (i: int, j: int) (n: int, m: int) (isStart: bool) : AlignmentStep list list =
    if i = n || j = m then
        [ [] ]
    else
        [
            for step, di, dj in [ AlignmentStep.Pair, 1, 1; AlignmentStep.First, 1, 0; AlignmentStep.Second, 0, 1 ] do
                // Letters before the start are free, and have no step along the border.
                if not isStart || (i + di > 0 && j + dj > 0) then
                    for rest in free (i + di, j + dj) (n, m) false do
                        step :: rest
        ]

let alignments (n: int) (m: int) (kind: AlignmentKind) : ((int * int) * AlignmentStep list) list =
    match kind with
    | AlignmentKind.Global -> walks (0, 0) (n, m) |> List.map (fun steps -> (0, 0), steps)
    | AlignmentKind.SemiGlobal ->
        [
            (0, 0), []

            for i in 0 .. n - 1 do
                for j in 0 .. m - 1 do
                    if i = 0 || j = 0 then
                        for steps in free (i, j) (n, m) true do
                            (i, j), steps
        ]
    | _ ->
        [
            (0, 0), []

            for i in 0 .. n - 1 do
                for j in 0 .. m - 1 do
                    for p in i + 1 .. n do
                        for q in j + 1 .. m do
                            for steps in walks (i, j) (p, q) do
                                if List.head steps = AlignmentStep.Pair && List.last steps = AlignmentStep.Pair then
                                    (i, j), steps
        ]

let counts (n: int) (m: int) (start, steps) : float[] =
    let y = Array.zeroCreate (3 * n * m)

    for cell in cells n m start steps do
        y[cell] <- y[cell] + 1.0

    y

let private sizes = [ 1, 1; 1, 2; 3, 1; 2, 2; 2, 3; 3, 3; 4, 3 ]

let private kinds =
    [ AlignmentKind.Global; AlignmentKind.Local; AlignmentKind.SemiGlobal ]

[<Tests>]
let tests =
    testList "Alignment" [
        testCase "An alignment is the best of all, for scores of either sign" (fun () ->
            for n, m in sizes do
                for kind in kinds do
                    let all =
                        alignments n m kind |> List.map (counts n m) |> List.distinct |> Array.ofList

                    let oracle = AlignmentOracle(n, m, kind)
                    let thetas = OracleLaws.halvesOf oracle.Dimension 33 (10 * n + m)
                    OracleLaws.maximises all oracle thetas
                    OracleLaws.obeys oracle thetas)

        testCase "The usual scores, matches that gain and gaps that cost, give the usual alignments" (fun () ->
            for n, m in [ 4, 3; 3, 4 ] do
                for kind in kinds do
                    let all = alignments n m kind |> List.map (counts n m) |> Array.ofList
                    let random = Random(n)

                    let thetas =
                        Array.init 30 (fun _ ->
                            Array.init (3 * n * m) (fun at ->
                                match at / (n * m) with
                                | 0 -> (if random.Next 3 = 0 then 5.0 else -2.0)
                                | 1 -> -3.0
                                | _ -> -0.5))

                    OracleLaws.maximises all (AlignmentOracle(n, m, kind)) thetas)

        testCase "Long sequences keep the laws of a solver" (fun () ->
            for kind in kinds do
                let oracle = AlignmentOracle(23, 17, kind)
                OracleLaws.obeys oracle (OracleLaws.halvesOf oracle.Dimension 11 3))

        testCase "Every alignment can be read from its counts, and nothing else can" (fun () ->
            for n, m in [ 1, 1; 1, 3; 2, 2; 3, 2; 3, 3 ] do
                for kind in kinds do
                    let oracle = AlignmentOracle(n, m, kind)
                    let all = alignments n m kind
                    let known = all |> List.map (counts n m) |> List.map List.ofArray |> Set.ofList

                    for start, steps in all do
                        let y = counts n m (start, steps)
                        let isPath, path = oracle.TryPath(ReadOnlySpan y)
                        Assert.True isPath
                        let path = Unchecked.nonNull path

                        Assert.Equal<float[]>(
                            y,
                            counts n m ((path.FirstStart, path.SecondStart), List.ofSeq path.Steps)
                        )

                        // A gap at the corner may be of either sequence.
                        if not (Array.contains 2.0 y || kind = AlignmentKind.SemiGlobal && y[n * m] = 1.0) then
                            Assert.Equal<AlignmentStep list>(steps, List.ofSeq path.Steps)

                        // One entry changed makes another alignment or none.
                        for at in 0 .. y.Length - 1 do
                            let other = Array.copy y
                            other[at] <- 1.0 - other[at]

                            Assert.Equal(
                                known.Contains(List.ofArray other),
                                (oracle: IOracle).IsSolution(ReadOnlySpan other)
                            )

                    for y in
                        [ Array.create (3 * n * m) 0.5; Array.create (3 * n * m) nan; Array.create (3 * n * m) 2.0 ] do
                        Assert.False((oracle: IOracle).IsSolution(ReadOnlySpan y)))

        testCase
            "A semi-global alignment leaves out what stands before and after, and ends where either sequence does"
            (fun () ->
                let answer n m theta =
                    OracleLaws.solve (AlignmentOracle(n, m, AlignmentKind.SemiGlobal)) [| theta |]
                    |> fst
                    |> Array.head

                // The second letter of the first with the only letter of the second.
                let theta =
                    Array.init 9 (fun at ->
                        if at = 1 then 1.0
                        elif at < 3 then -1.0
                        else -9.0)

                Assert.Equal<float[]>(Array.init 9 (fun at -> if at = 1 then 1.0 else 0.0), answer 3 1 theta)
                // Gaps that gain are still no steps beyond the ends.
                let gaining = Array.init 9 (fun at -> if at < 3 then 1.0 else 5.0)
                Assert.True(Array.sum (answer 3 1 gaining) <= 2.0)
                Assert.Equal<float[]>(Array.zeroCreate 9, answer 3 1 (Array.create 9 -1.0)))

        testCase "A local alignment is empty where nothing gains, and the first of equals wins" (fun () ->
            let oracle = AlignmentOracle(2, 2, AlignmentKind.Local)

            let answer theta =
                OracleLaws.solve oracle [| theta |] |> fst |> Array.head

            Assert.Equal<float[]>(Array.zeroCreate 12, answer (Array.zeroCreate 12))
            let pairs = Array.init 12 (fun at -> if at = 1 || at = 2 then 1.0 else -9.0)
            Assert.Equal<float[]>(Array.init 12 (fun at -> if at = 1 then 1.0 else 0.0), answer pairs))

        testCase "Wrong lengths are errors that name the parameter" (fun () ->
            for length in [ 0; -1 ] do
                OracleLaws.rejects "first" (fun () -> AlignmentOracle(length, 2, AlignmentKind.Global))
                OracleLaws.rejects "second" (fun () -> AlignmentOracle(2, length, AlignmentKind.Global))

            OracleLaws.rejects "second" (fun () -> AlignmentOracle(3000, 3000, AlignmentKind.Global))
            OracleLaws.rejects "kind" (fun () -> AlignmentOracle(2, 2, enum 7)))
    ]
