module Perturbed.Kernels.Tests.AssignmentTests

open System
open Expecto
open FsCheck
open FsCheck.FSharp
open Perturbed.Functional.CSharp
open Perturbed.Kernels
open Perturbed.Kernels.Tests
open Perturbed.Suite
open Xunit

/// The largest total by trying every matching of the smaller side.
let private bestOfAll (r: int) (c: int) (theta: float[]) : float =
    let gain i j =
        if r <= c then theta[i * c + j] else theta[j * c + i]

    let smaller, larger = min r c, max r c

    let rec best (i: int) (taken: Set<int>) : float =
        if i = smaller then
            0.0
        else
            seq { 0 .. larger - 1 }
            |> Seq.filter (fun j -> not (taken.Contains j))
            |> Seq.map (fun j -> gain i j + best (i + 1) (taken.Add j))
            |> Seq.max

    best 0 Set.empty

/// The largest total by Bellman-Ford searches for the best augmenting path, one for each row: slow, plain, any sign.
let private bestByBellmanFord (r: int) (c: int) (theta: float[]) : float =
    let gain i j =
        if r <= c then theta[i * c + j] else theta[j * c + i]

    let smaller, larger = min r c, max r c
    let rowOf = Array.create larger -1

    for start in 0 .. smaller - 1 do
        let best = Array.init larger (fun j -> gain start j)
        let from = Array.create larger -1
        let mutable isChanged = true

        for _ in 1..smaller do
            if isChanged then
                isChanged <- false

                for j in 0 .. larger - 1 do
                    if rowOf[j] >= 0 then
                        for other in 0 .. larger - 1 do
                            let way = best[j] - gain rowOf[j] j + gain rowOf[j] other

                            if way > best[other] + 1e-12 then
                                best[other] <- way
                                from[other] <- j
                                isChanged <- true

        let mutable column =
            seq { 0 .. larger - 1 }
            |> Seq.filter (fun j -> rowOf[j] < 0)
            |> Seq.maxBy (fun j -> best[j])

        while from[column] >= 0 do
            rowOf[column] <- rowOf[from[column]]
            column <- from[column]

        rowOf[column] <- start

    seq { 0 .. larger - 1 }
    |> Seq.filter (fun j -> rowOf[j] >= 0)
    |> Seq.sumBy (fun j -> gain rowOf[j] j)

let private forAll (sides: (int * int) list) (law: int -> int -> int -> unit) : Property =
    let arbitrary =
        gen {
            let! sides = Gen.elements sides
            let! seed = Gen.choose (0, 1000000)
            return sides, seed
        }
        |> Arb.fromGen

    Prop.forAll arbitrary (fun ((r, c), seed) -> law r c seed)

let private small =
    [ 1, 1; 1, 2; 2, 1; 2, 2; 1, 9; 9, 1; 3, 3; 4, 4; 5, 5; 3, 5; 5, 3; 2, 8; 8, 2; 6, 6; 4, 6 ]

let private large = [ 8, 8; 9, 9; 17, 17; 16, 24; 25, 10; 33, 33; 7, 40; 31, 29 ]

/// Every matching as a point.
let private matchings (r: int) (c: int) : float[][] =
    let smaller, larger = min r c, max r c

    let rec extend (i: int) (taken: Set<int>) : int list seq =
        if i = smaller then
            Seq.singleton []
        else
            seq {
                for j in 0 .. larger - 1 do
                    if not (taken.Contains j) then
                        for rest in extend (i + 1) (taken.Add j) do
                            (if r <= c then i * c + j else j * c + i) :: rest
            }

    extend 0 Set.empty
    |> Seq.map (ReferenceSolvers.indicator (r * c))
    |> Array.ofSeq

[<Tests>]
let tests =
    testList "Assignment" [
        property 200 "no matching is better, square or not, ties included" (fun () ->
            forAll small (fun r c seed ->
                OracleLaws.isOptimal (bestOfAll r c) (AssignmentOracle(r, c)) (OracleLaws.wholesOf (r * c) 4 seed)))

        property 40 "larger problems agree with Bellman-Ford searches" (fun () ->
            forAll large (fun r c seed ->
                OracleLaws.isOptimal
                    (bestByBellmanFord r c)
                    (AssignmentOracle(r, c))
                    (OracleLaws.wholesOf (r * c) 3 seed)))

        testCase "matrices on which greedy rows fight for columns are solved" (fun () ->
            for n in [ 2; 9; 30; 64 ] do
                // Products of ranks: every row ranks the columns alike, so that prices must part them.
                let products = Array.init (n * n) (fun at -> float ((at / n + 1) * (at % n + 1)))

                let squares = List.sum [ for i in 1..n -> float (i * i) ]

                OracleLaws.isOptimal (fun _ -> squares) (AssignmentOracle(n, n)) [| products |]
                let same = Array.create (n * n) -0.1
                OracleLaws.isOptimal (fun _ -> -0.1 * float n) (AssignmentOracle(n, n)) [| same |]
                // Numbers next to each other, whose differences rounding swallows.
                let near = Array.init (n * n) (fun at -> 1e15 + float (at * 7919 % 3))
                OracleLaws.isOptimal (bestByBellmanFord n n) (AssignmentOracle(n, n)) [| near |])

        property 60 "a warm start changes no answer, ties or not, whatever the instance" (fun () ->
            forAll [ 2, 2; 3, 3; 7, 7; 8, 8; 20, 20; 33, 33; 5, 9; 9, 5 ] (fun r c seed ->
                let random = Random seed
                let instance = (OracleLaws.wholesOf (r * c) 2 seed)[seed % 2]

                let rows =
                    Array.init 13 (fun row ->
                        match row % 3 with
                        | 0 -> instance |> Array.map (fun x -> x + 0.3 * random.NextDouble())
                        | 1 -> instance |> Array.map (fun x -> x + float (random.Next 2))
                        | _ -> Array.copy instance)

                OracleLaws.isFunctionOfTheta (AssignmentOracle(r, c)) instance rows))

        sequencedCase "solvers work side by side and allocate nothing" (fun () ->
            for r, c in [ 1, 1; 6, 6; 4, 9; 9, 4; 40, 40 ] do
                let oracle = AssignmentOracle(r, c)
                OracleLaws.isThreadSafe oracle (OracleLaws.wholesOf (r * c) 16 5)
                OracleLaws.allocatesNothing oracle (OracleLaws.wholesOf (r * c) 16 5)
                OracleLaws.refusesWrongLengths oracle)

        testCase "only matchings that leave nobody of the smaller side out pass as solutions" (fun () ->
            let passes r c (y: float list) =
                (AssignmentOracle(r, c): IOracle).IsSolution(ReadOnlySpan(Array.ofList y))

            Assert.True(passes 2 2 [ 0.0; 1.0; 1.0; -0.0 ])
            Assert.True(passes 1 3 [ 0.0; 1.0; 0.0 ])
            Assert.True(passes 3 1 [ 0.0; 1.0; 0.0 ])

            for y in
                [
                    [ 1.0; 0.0; 1.0; 0.0 ]
                    [ 1.0; 1.0; 0.0; 0.0 ]
                    [ 1.0; 0.0; 0.0; 0.0 ]
                    [ 0.5; 0.5; 0.5; 0.5 ]
                    [ nan; 1.0; 1.0; 0.0 ]
                ] do
                Assert.False(passes 2 2 y, $"%A{y}")

            Assert.False(passes 1 3 [ 1.0; 1.0; 0.0 ]))

        testCase "sizes below one, or too large, are errors that name the side" (fun () ->
            for r, c, name in [ 0, 2, "rows"; 2, 0, "columns"; -1, 1, "rows"; 65536, 65536, "columns" ] do
                Assert.Throws<ArgumentOutOfRangeException>(name, (fun () -> AssignmentOracle(r, c) |> ignore))
                |> ignore)

        testCase "gains whose sums overflow are an error of the oracle that names the row" (fun () ->
            let theta = [| 1.7e308; -1.7e308; -1.7e308; 1.7e308 |]
            let oracle = AssignmentOracle(2, 2)
            let solver = (oracle: IOracle).CreateSolver()
            solver.Begin(3L, ReadOnlySpan theta)

            let error =
                Assert.Throws<OracleException>(fun () -> OracleLaws.solveWith solver oracle [| theta |] |> ignore)

            Assert.Equal(3L, error.Row))

        testCase
            "with entries spread over 1e±15 no matching is better without rounding, and no history changes the answer"
            (fun () ->
                for r, c in [ 1, 4; 2, 2; 3, 3; 4, 4; 2, 5; 5, 3; 5, 5 ] do
                    let points = matchings r c

                    for seed in 1..12 do
                        for power in [ 1.0; 15.0; 100.0 ] do
                            ExactLaws.obeys
                                points
                                (AssignmentOracle(r, c))
                                (ExactLaws.spreadRows power (r * c) 13 seed))

        testCase "large prices of the instance that cancel certify no matching" (fun () ->
            let theta = [| -2.0; 0.0; -3.0; 0.0 |]

            for scale in [ 1e3; 1e10; 1e16; 1e30; 1e300 ] do
                let told = [| -2.0 * scale; 1.0; -3.0 * scale; 0.5 |]

                let rows =
                    Array.init 9 (fun i -> theta |> Array.mapi (fun j t -> t * (1.0 + 0.1 * float (i * j % 5))))

                for instance in [ told; Array.rev told ] do
                    OracleLaws.isFunctionOfTheta (AssignmentOracle(2, 2)) instance rows
                    ExactLaws.maximises (matchings 2 2) (AssignmentOracle(2, 2)) rows)
    ]
