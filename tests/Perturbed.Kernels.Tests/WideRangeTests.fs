/// Entries of sizes 1e-15 to 1e15 against enumeration in exact arithmetic: rounding belongs to the terms of the answers compared.
module Perturbed.Kernels.Tests.WideRangeTests

open System
open Expecto
open Perturbed.Functional.CSharp
open Perturbed.Kernels
open Perturbed.Kernels.Tests
open Perturbed.Kernels.Tests.ExactArithmetic
open Xunit

let private rowsOf (oracle: IOracle) (count: int) (seed: int) : float[][] =
    let random = Random seed
    Array.init count (fun _ -> wide oracle.Dimension random)

let private negative (rows: float[][]) : float[][] =
    rows |> Array.map (Array.map (abs >> (~-)))

/// Whether a move of the heuristic, 2-opt or up to three cities elsewhere, makes a tour better in exact arithmetic.
let private isLocallyBest (n: int) (theta: float[]) (y: float[]) : bool =
    let neighbours city =
        [ 0 .. n - 1 ]
        |> List.filter (fun other -> other <> city && y[TourTests.edge n city other] = 1.0)

    let rec walk (tour: int list) =
        if tour.Length = n then
            Array.ofList tour
        else
            walk (
                (neighbours tour.Head |> List.find (fun c -> not (List.contains c tour)))
                :: tour
            )

    let tour = walk [ 0 ]

    let valueOf (cities: int[]) =
        Array.init n (fun i -> whole theta[TourTests.edge n cities[i] cities[(i + 1) % n]])
        |> Array.sum

    let value = valueOf tour

    Seq.forall
        (fun moved -> valueOf moved <= value)
        (seq {
            for start in 0 .. n - 1 do
                let turned = Array.append tour[start..] tour[.. start - 1]

                for length in 1 .. n - 2 do
                    let stretch, rest = turned[.. length - 1], turned[length..]
                    yield Array.append (Array.rev stretch) rest

                    if length <= min 3 (n - 3) then
                        for at in 1 .. rest.Length - 1 do
                            for part in [ stretch; Array.rev stretch ] do
                                yield Array.concat [ rest[.. at - 1]; part; rest[at..] ]
        })

[<Tests>]
let tests =
    testList "WideRange" [
        testCase "The signs of short sums are exact" (fun () ->
            let random = Random 2

            for _ in 1..3000 do
                let terms = wide (1 + random.Next 6) random

                let terms =
                    if random.Next 2 = 0 then
                        terms
                    else
                        Array.append terms [| -(Array.sum terms) |]

                Assert.Equal(sign (Array.sumBy whole terms), ExactSum.Sign(Span(Array.copy terms)))

                let four = wide 4 random
                // Sums that round to the same number are the hard ones.
                four[3] <- four[0] + four[1] - four[2]
                let difference = whole four[0] + whole four[1] - whole four[2] - whole four[3]
                Assert.Equal(difference.Sign > 0, ExactSum.IsMore(four[0], four[1], four[2], four[3])))

        testCase "Paths without cycles and with costs of at least zero" (fun () ->
            for seed in 1..40 do
                let acyclic = ShortestPathTests.randomGraph true (2 + seed % 6) (seed % 9) seed
                let cyclic = ShortestPathTests.randomGraph false (2 + seed % 5) (seed % 9) seed

                for graph, sign in [ acyclic, id; cyclic, negative ] do
                    let points = ShortestPathTests.simplePaths graph 0 (graph.Nodes - 1) |> Array.ofList

                    for policy in [ NegativeEdges.Reject; NegativeEdges.Allow ] do
                        let oracle = ShortestPathOracle(graph, 0, graph.Nodes - 1, policy)
                        isRight points oracle (sign (rowsOf oracle 8 seed)))

        testCase "Paths on grids" (fun () ->
            for rows, columns in [ 1, 4; 3, 3; 3, 4 ] do
                let down = GridPathOracle(rows, columns, GridMoves.RightDown, NegativeCosts.Reject)

                isRight
                    (ReferenceSolvers.simplePaths rows columns GridMoves.RightDown |> Array.ofList)
                    down
                    (rowsOf down 60 rows)

                for moves in [ GridMoves.Four; GridMoves.Eight ] do
                    if rows * columns < 10 then
                        let oracle = GridPathOracle(rows, columns, moves, NegativeCosts.Reject)
                        let points = ReferenceSolvers.simplePaths rows columns moves |> Array.ofList
                        isRight points oracle (negative (rowsOf oracle 30 columns)))

        testCase "Tours, alignments and knapsacks" (fun () ->
            for n in 3..6 do
                let oracle = TourOracle n
                isRight (TourTests.tours n) oracle (rowsOf oracle 60 n)

            for kind in [ AlignmentKind.Global; AlignmentKind.Local ] do
                for n, m in [ 1, 2; 2, 2; 3, 2 ] do
                    let points =
                        AlignmentTests.alignments n m kind
                        |> List.map (AlignmentTests.counts n m)
                        |> List.distinct
                        |> Array.ofList

                    let oracle = AlignmentOracle(n, m, kind)
                    isRight points oracle (rowsOf oracle 60 m)

            let random = Random 5

            for _ in 1..20 do
                let weights = Array.init 7 (fun _ -> random.Next 9)
                let capacity = random.Next 30

                let points =
                    KnapsackTests.selections 7 (fun y -> KnapsackTests.load weights y <= float capacity)

                let oracle = KnapsackOracle(weights, capacity)
                isRight points oracle (rowsOf oracle 20 capacity))

        testCase "Forests, with pairs that must and must not be linked" (fun () ->
            for seed in 1..30 do
                let random = Random seed
                let graph = SpanningForestTests.randomGraph (3 + seed % 4) (seed % 5) seed
                let trees = 1 + seed % 3
                let free = SpanningForestTests.forest graph trees
                isRight (SpanningForestTests.forests graph trees |> Array.ofList) free (rowsOf free 8 seed)

                let pair () =
                    let a = random.Next graph.Nodes
                    a, (a + 1 + random.Next(graph.Nodes - 1)) % graph.Nodes

                let must = if seed % 2 = 0 then [ graph.From[0], graph.To[0] ] else []

                match SpanningForestTests.obeying graph trees must [ pair (); pair () ] with
                | None -> ()
                | Some(oracle: SpanningForestOracle, points: float[][]) -> isRight points oracle (rowsOf oracle 8 seed))

        testCase "The heuristic ends with tours that no move makes better, in exact arithmetic" (fun () ->
            for n in 4..8 do
                let oracle: IOracle = TourHeuristicOracle(n, min n 2)

                let rows =
                    Array.append (rowsOf oracle 40 n) (OracleLaws.halvesOf oracle.Dimension 40 n)

                let solutions, _ = OracleLaws.solve oracle rows
                Array.iter2 (fun theta y -> Assert.True(isLocallyBest n theta y, $"%A{theta}")) rows solutions
                OracleLaws.isFunctionOfTheta oracle rows[0] rows
                OracleLaws.isThreadSafe oracle rows)

        testCase "One edge of any size leaves the rest of a heuristic's tour as good as without it" (fun () ->
            let n = 8
            let random = Random 3

            for _ in 1..50 do
                let theta = Array.init (n * (n - 1) / 2) (fun _ -> -random.NextDouble())

                let answers =
                    [ -1e3; -1e12; -1e300 ]
                    |> List.map (fun size ->
                        let theta = theta |> Array.mapi (fun e t -> if e = 9 then size else t)
                        (OracleLaws.solve (TourHeuristicOracle(n, 1)) [| theta |] |> fst)[0])

                Assert.Equal(0.0, answers[0][9])

                for answer in answers do
                    Assert.Equal<float[]>(answers[0], answer))
    ]
