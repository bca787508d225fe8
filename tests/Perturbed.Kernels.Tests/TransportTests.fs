module Perturbed.Kernels.Tests.TransportTests

open System
open Expecto
open FsCheck
open FsCheck.FSharp
open Perturbed.Functional.CSharp
open Perturbed.Kernels
open Perturbed.Kernels.Tests
open Perturbed.Suite
open Xunit

/// Whole marginals with the same sum, and the best plan's value by splitting each unit into a row or column of an assignment.
let private wholeMarginals (rows: int) (columns: int) (seed: int) : float[] * float[] =
    let random = Random seed
    let a = Array.init rows (fun _ -> 1 + random.Next 4)
    let b = Array.create columns 1

    for _ in 1 .. max 0 (Array.sum a - columns) do
        let j = random.Next columns
        b[j] <- b[j] + 1

    a[0] <- a[0] + max 0 (Array.sum b - Array.sum a)
    Array.map float a, Array.map float b

let private bestOfUnits (a: float[], b: float[]) (theta: float[]) : float =
    let units (marginal: float[]) =
        [|
            for i in 0 .. marginal.Length - 1 do
                for _ in 1 .. int marginal[i] do
                    i
        |]

    let rowOf, columnOf = units a, units b

    let matrix =
        [|
            for i in rowOf do
                for j in columnOf do
                    theta[i * b.Length + j]
        |]

    let _, values =
        OracleLaws.solve (AssignmentOracle(rowOf.Length, columnOf.Length)) [| matrix |]

    values[0]

/// A proof of optimality that needs no other solver: prices by rounds over the pairs in use and the pairs not in use, without a better cycle.
let private hasNoBetterCycle (rows: int) (columns: int) (theta: float[]) (plan: float[]) : bool =
    // Longest ways in the residual graph: rows → columns gain θ, columns → rows with flow lose it. A gain after n rounds is a better cycle.
    let height = Array.zeroCreate<float>(rows + columns)
    let mutable isChanged = true
    let mutable round = 0

    while isChanged && round <= rows + columns do
        isChanged <- false
        round <- round + 1

        for i in 0 .. rows - 1 do
            for j in 0 .. columns - 1 do
                let at = i * columns + j

                if height[i] + theta[at] > height[rows + j] + 1e-9 then
                    height[rows + j] <- height[i] + theta[at]
                    isChanged <- true

                if plan[at] > 0.0 && height[rows + j] - theta[at] > height[i] + 1e-9 then
                    height[i] <- height[rows + j] - theta[at]
                    isChanged <- true

    not isChanged

let private forAll (sides: (int * int) list) (law: int -> int -> int -> unit) : Property =
    let arbitrary =
        gen {
            let! sides = Gen.elements sides
            let! seed = Gen.choose (0, 1000000)
            return sides, seed
        }
        |> Arb.fromGen

    Prop.forAll arbitrary (fun ((r, c), seed) -> law r c seed)

let private sizes =
    [ 1, 1; 1, 4; 4, 1; 2, 2; 2, 3; 3, 2; 3, 3; 5, 4; 4, 7; 8, 8; 9, 5; 6, 17 ]

/// All vertices of a small transport polytope: forests of r + c − 1 pairs whose flows are not negative.
let private vertices (a: float[]) (b: float[]) : float[][] =
    let r, c = a.Length, b.Length

    // Each pair in turn takes all that its row and column have left, in every order: every vertex is reached by peeling leaves of its forest.
    let rec fill (plan: float[]) (rows: float[]) (columns: float[]) : float[] seq =
        let openPairs =
            [
                for i in 0 .. r - 1 do
                    for j in 0 .. c - 1 do
                        if rows[i] > 0.0 && columns[j] > 0.0 then
                            i, j
            ]

        if openPairs.IsEmpty then
            Seq.singleton plan
        else
            openPairs
            |> Seq.collect (fun (i, j) ->
                let amount = min rows[i] columns[j]
                let at k x = if k = i then rows[i] - amount else x
                let plan = Array.mapi (fun k x -> if k = i * c + j then amount else x) plan
                fill plan (Array.mapi at rows) (Array.mapi (fun k x -> if k = j then x - amount else x) columns))

    fill (Array.zeroCreate (r * c)) a b |> Seq.distinct |> Array.ofSeq

[<Tests>]
let tests =
    testList "Transport" [
        property
            100
            "a plan with whole marginals is worth as much as the assignment of its units, ties included"
            (fun () ->
                forAll sizes (fun r c seed ->
                    let a, b = wholeMarginals r c seed

                    OracleLaws.isOptimal
                        (bestOfUnits (a, b))
                        (TransportOracle(a, b))
                        (OracleLaws.wholesOf (r * c) 6 seed)))

        testCase "with marginals of one it is the assignment" (fun () ->
            for n in [ 1; 2; 7; 20; 40 ] do
                let ones = Array.create n 1.0
                let random = Random n

                let rows =
                    Array.init 5 (fun _ -> Array.init (n * n) (fun _ -> random.NextDouble() - 0.5))

                let expected, _ = OracleLaws.solve (AssignmentOracle(n, n)) rows
                let actual, _ = OracleLaws.solve (TransportOracle(ones, ones)) rows
                OracleLaws.equalRows expected actual)

        property 30 "plans between real marginals are vertices that no cycle improves" (fun () ->
            forAll [ 1, 3; 3, 1; 3, 3; 8, 5; 17, 12; 30, 30 ] (fun r c seed ->
                let random = Random seed

                let normalise (x: float[]) =
                    x |> Array.map (fun v -> v / Array.sum x)

                let draw n =
                    Array.init n (fun _ -> 0.01 + random.NextDouble()) |> normalise

                let oracle = TransportOracle(draw r, draw c)
                let rows = OracleLaws.wholesOf (r * c) 5 seed
                let plans, _ = OracleLaws.solve oracle rows

                for row in 0 .. rows.Length - 1 do
                    Assert.True((oracle: IOracle).IsSolution(ReadOnlySpan plans[row]))
                    Assert.True(hasNoBetterCycle r c rows[row] plans[row])))

        sequencedCase
            "answers depend on theta alone, however warm the start; solvers work side by side and allocate nothing"
            (fun () ->
                for a, b in
                    [
                        [| 1.0 |], [| 1.0 |]
                        [| 2.0; 1.0; 1.0 |], [| 1.0; 3.0 |]
                        Array.create 9 1.0, Array.create 9 1.0
                        [| 0.1; 0.2; 0.3; 0.4 |], [| 0.25; 0.35; 0.1; 0.1; 0.2 |]
                    ] do
                    let oracle = TransportOracle(a, b)
                    let d = a.Length * b.Length
                    let rows = OracleLaws.wholesOf d 21 6
                    OracleLaws.obeys oracle rows)

        testCase
            "whole marginals are kept; others are rounded by less than a sum of them would be, and balance"
            (fun () ->
                let oracle = TransportOracle([| 3.0; 4.0 |], [| 5.0; 1.0; 1.0 |])
                Assert.Equal<float[]>([| 3.0; 4.0 |], oracle.RowMarginals.ToArray())
                Assert.Equal<float[]>([| 5.0; 1.0; 1.0 |], oracle.ColumnMarginals.ToArray())
                let a = Array.create 3 (1.0 / 3.0)
                let b = Array.create 7 (1.0 / 7.0)
                let rounded = TransportOracle(a, b)
                Assert.Equal(Array.sum (rounded.RowMarginals.ToArray()), Array.sum (rounded.ColumnMarginals.ToArray()))

                for x, y in
                    Seq.append
                        (Seq.zip a (rounded.RowMarginals.ToArray()))
                        (Seq.zip b (rounded.ColumnMarginals.ToArray())) do
                    // Half a unit each, and ten halves on the entry that balances.
                    Assert.True(abs (x - y) <= 6.0 * 2.0 ** -50.0))

        testCase
            "whatever arc enters, arcs without flow go on leading to the root, and flows keep the marginals"
            (fun () ->
                for seed in 1..20 do
                    let random = Random seed
                    let r, c = 1 + random.Next 8, 2 + random.Next 8
                    let a, b = wholeMarginals r c seed
                    let tree = BasisTree(Marginals(a, b, "a", "b"))

                    let cost, rowPrice, columnPrice =
                        Array.zeroCreate (r * c), Array.zeroCreate r, Array.zeroCreate c

                    let reprice top =
                        tree.Reprice(top, ReadOnlySpan cost, c, Span rowPrice, Span columnPrice)

                    tree.Reset()
                    reprice tree.Root

                    for _ in 1..300 do
                        let row, column = random.Next r, r + random.Next c

                        if tree.ParentOf row <> column && tree.ParentOf column <> row then
                            reprice (tree.Pivot(row, column))

                        // The way from a column up runs against its arc, and needs flow to give back.
                        for node in 0 .. r + c - 2 do
                            Assert.True(tree.FlowOf node > 0.0 || (node < r && tree.FlowOf node = 0.0))

                        let plan = Array.zeroCreate (r * c)
                        tree.Write(Span plan)
                        Assert.True((TransportOracle(a, b): IOracle).IsSolution(ReadOnlySpan plan)))

        testCase "only vertices pass as solutions" (fun () ->
            let passes (y: float list) =
                (TransportOracle([| 2.0; 2.0 |], [| 2.0; 2.0 |]): IOracle).IsSolution(ReadOnlySpan(Array.ofList y))

            Assert.True(passes [ 2.0; 0.0; 0.0; 2.0 ])

            for y in
                [
                    [ 1.0; 1.0; 1.0; 1.0 ]
                    [ 2.0; 0.0; 0.0; 1.0 ]
                    [ 2.0; 0.0; 2.0; 0.0 ]
                    [ 3.0; -1.0; -1.0; 3.0 ]
                    [ nan; 2.0; 2.0; 0.0 ]
                ] do
                Assert.False(passes y, $"%A{y}"))

        testCase
            "marginals that make no sense are errors that name them; sums that overflow are errors of the oracle"
            (fun () ->
                let fails (name: string) (part: string) (a: float list) (b: float list) =
                    let error =
                        Assert.ThrowsAny<ArgumentException>(fun () ->
                            TransportOracle(Array.ofList a, Array.ofList b) |> ignore)

                    Assert.Equal(name, error.ParamName)
                    Assert.Contains(part, error.Message)

                fails "rowMarginals" "empty" [] [ 1.0 ]
                fails "columnMarginals" "empty" [ 1.0 ] []
                fails "rowMarginals" "[1] is 0" [ 1.0; 0.0 ] [ 1.0 ]
                fails "columnMarginals" "[0] is NaN" [ 1.0 ] [ nan ]
                fails "columnMarginals" "expected 1" [ 1.0 ] [ 0.5; 0.6 ]
                fails "rowMarginals" "lost beside the sum" [ 1.0; 1e-17 ] [ 1.0 ]
                fails "rowMarginals" "between" [ 1e250 ] [ 1e250 ]

                let solver =
                    (TransportOracle([| 1.0; 1.0 |], [| 1.0; 1.0 |]): IOracle).CreateSolver()

                solver.Begin(6L, ReadOnlySpan [| 0.0; 0.0; 0.0; 0.0 |])

                let error =
                    Assert.Throws<OracleException>(fun () ->
                        solver.Solve(ReadOnlySpan [| 1e308; 0.0; 0.0; 1e308 |], Span(Array.zeroCreate 4), Span.Empty))

                Assert.Equal(6L, error.Row))

        testCase
            "with entries spread over 1e±15 no plan is better without rounding, and no history changes the answer"
            (fun () ->
                for a, b in
                    [
                        [| 1.0; 1.0; 1.0 |], [| 1.0; 1.0; 1.0 |]
                        [| 2.0; 3.0 |], [| 1.0; 1.0; 3.0 |]
                        [| 0.25; 0.75 |], [| 0.5; 0.5 |]
                        [| 1.0; 4.0; 2.0 |], [| 3.0; 3.0; 1.0 |]
                    ] do
                    let points = vertices a b

                    for seed in 1..12 do
                        for power in [ 1.0; 15.0; 100.0 ] do
                            ExactLaws.obeys
                                points
                                (TransportOracle(a, b))
                                (ExactLaws.spreadRows power (a.Length * b.Length) 13 seed))

        testCase "a cost of 1e15 does not hide costs of 1" (fun () ->
            let theta = [| -5.0; -1.0; -1e15; -1.0; -5.0; -5.0; -1e15; -5.0; -1.0 |]
            let ones = [| 1.0; 1.0; 1.0 |]
            let plans, values = OracleLaws.solve (TransportOracle(ones, ones)) [| theta |]
            Assert.Equal<float[]>([| 0.0; 1.0; 0.0; 1.0; 0.0; 0.0; 0.0; 0.0; 1.0 |], plans[0])
            Assert.Equal(-3.0, values[0]))
    ]
