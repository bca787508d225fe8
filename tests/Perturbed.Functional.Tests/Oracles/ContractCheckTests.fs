/// The contract checker: it lets every oracle of the library through, and finds each kind of breach.
module Perturbed.Functional.Tests.ContractCheckTests

open System
open System.Runtime.InteropServices
open System.Threading
open Expecto
open Perturbed.Functional
open Xunit

let private key = Key.create 31UL

type private Solve = delegate of ReadOnlySpan<float> * Span<float> * Span<float> -> unit

type private Begin = delegate of ReadOnlySpan<float> -> unit

let private solver (start: Begin) (solve: Solve) : ISolver =
    { new ISolver with
        member _.Begin(_, theta) = start.Invoke theta
        member _.Solve(thetas, solutions, values) = solve.Invoke(thetas, solutions, values)
    }

let private oracle (isSolution: float[] -> bool) (create: unit -> ISolver) : Oracle =
    Oracle.create
        { new IOracle with
            member _.Name = "suspect"
            member _.Dimension = 4
            member _.SolutionDimension = 4
            member _.IsSolution y = isSolution (y.ToArray())
            member _.CreateSolver() = create ()
        }

let private never (_: float[]) = false

let private cold = Begin(fun _ -> ())

let private honest = Oracle.argmax 4

let private solveHonestly (thetas: ReadOnlySpan<float>) (solutions: Span<float>) (values: Span<float>) =
    let inner = honest.Implementation.CreateSolver()
    inner.Solve(thetas, solutions, values)

// An honest argmax that something is done to after each call.
let private spoilt (spoil: Solve) : Oracle =
    oracle never (fun () ->
        solver
            cold
            (Solve(fun t y v ->
                solveHonestly t y v
                spoil.Invoke(t, y, v))))

let private rules (suspect: Oracle) : Set<string> =
    let report = Oracle.check key 24 suspect
    Assert.Equal(24, report.Directions)

    for violation in report.Violations do
        Assert.Equal(4, violation.Theta.Length)
        Assert.NotEmpty violation.Message

    report.Violations |> List.map (fun v -> $"{v.Rule}") |> Set.ofList

let private isRule (rule: OracleRule) (suspect: Oracle) =
    let found = rules suspect
    Assert.True(found.Contains $"{rule}", $"found %A{found}")

let private isOnlyRule (rule: OracleRule) (suspect: Oracle) =
    let found = rules suspect
    Assert.True((found = set [ $"{rule}" ]), $"found %A{found}")

let private isOnlyRuleOf (rule: OracleRule) (report: OracleReport) =
    Assert.NotEmpty report.Violations
    Assert.All(report.Violations, fun v -> Assert.Equal(rule, v.Rule))

// Whatever is below 1e-10 of the largest entry counts as nothing.
let private floorOf (theta: float[]) : float =
    1e-10 * (theta |> Array.map abs |> Array.max)

let private thresholded: (string * Oracle) list =
    let rows =
        [|
            [| 1.0; 0.0; 1.0; 0.0 |]
            [| 1.0; 1.0; 0.0; 0.0 |]
            [| 0.0; 1.0; 1.0; 1.0 |]
            [| 0.0; 0.0; 0.0; 1.0 |]
        |]

    [
        "a box", Oracle.ofFunction 4 (fun theta -> theta |> Array.map (fun t -> if t > floorOf theta then 1.0 else 0.0))
        "a finite set",
        Oracle.ofFunction 4 (fun theta ->
            let value (row: float[]) =
                Array.fold2 (fun sum y t -> sum + y * t) 0.0 row theta

            let most = rows |> Array.map value |> Array.max
            rows |> Array.find (fun row -> value row >= most - floorOf theta))
    ]

[<Tests>]
let tests =
    testList "Oracles.ContractCheck" [
        testCase "The oracles of the library keep their contract" (fun () ->
            let few =
                array2D [ [ 0.0; 1.0; 2.0 ]; [ 1.0; -1.0; 0.5 ]; [ 1.0; 1.0; 1.0 ]; [ -2.0; 0.0; 0.0 ] ]

            for oracle in
                [
                    Oracle.argmax 9
                    Oracle.topK 3 9
                    Oracle.topK 0 3
                    Oracle.ranking 7
                    Oracle.finiteSet few
                    Oracle.rightDownPath 3 4
                    Oracle.perInstance [| Oracle.argmax 3; Oracle.ranking 3 |]
                    Oracle.synchronized (Oracle.argmax 3)
                    Oracle.ofFunction 3 (fun t -> Array.map (fun x -> float (sign x)) t)
                    Oracle.l1Ball 2.0 5
                    Oracle.unitBox 4
                    Oracle.sign 3
                    Oracle.box [| -1.0; 0.5 |] [| 0.0; 0.5 |]
                    Oracle.groupBall [| 0; 1; 0; 1; 2 |] 1.5
                    Oracle.nuclearBall 2.0 3 4
                    Oracle.nuclearBall 1.0 4 1
                    Oracle.spectraplex 4
                    Oracle.knapsack [| 3; 5; 2; 7; 4 |] 10
                    Oracle.multiKnapsack (array2D [ [ 3; 5; 2; 7; 4 ]; [ 1; 0; 4; 2; 2 ] ]) [| 10; 5 |]
                    Oracle.alignment 3 4
                    Oracle.localAlignment 4 3
                    Oracle.linearProgram (array2D [ [ 1.0; 2.0; 1.0 ]; [ -1.0; 0.0; 1.0 ]; [ 0.0; -1.0; -1.0 ] ]) [|
                        6.0
                        1.0
                        -1.0
                    |]
                    Oracle.boundedLinearProgram
                        [| -1.0; 0.0; -2.0 |]
                        [| 1.0; infinity; 2.0 |]
                        (array2D [ [ 1.0; 2.0; 1.0 ]; [ -1.0; 0.0; 1.0 ]; [ 0.0; -1.0; -1.0 ] ])
                        [| 6.0; 1.0; 1.0 |]
                    Oracle.flow [| 3; 1; 2; 0; 4; 1 |] 0 3 (Digraph(4, [| 0; 0; 1; 1; 2; 3 |], [| 1; 2; 2; 3; 3; 0 |]))
                    Oracle.bMatching [| 2; 1 |] [| 1; 0; 2 |]
                    Oracle.assignment 4 4
                    Oracle.assignment 3 5
                    Oracle.spanningTree (Graph.Complete 5)
                    Oracle.spanningForest 2 (Graph.Complete 5)
                    Oracle.clusters LinkConstraints.None 2 (Graph.Complete 4)
                    Oracle.transport [| 2.0; 1.0; 3.0 |] [| 4.0; 2.0 |]
                    Oracle.transport [| 0.3; 0.3; 0.4 |] [| 0.15; 0.6; 0.05; 0.2 |]
                    Oracle.rightDownEdgePath 3 4
                    Oracle.tsp 6
                    Oracle.tspHeuristic 4 4
                    Oracle.product [| Oracle.argmax 3; Oracle.ranking 4 |]
                    Oracle.restrict [| 2; 0 |] [| 0.0; 0.7; 0.0 |] (Oracle.ranking 3)
                    Oracle.withOffset [| 0.3; -1.0; 0.2 |] (Oracle.finiteSet few)
                    Oracle.finiteSetWithOffsets few [| 1.0; 0.0; -1.0; 0.5 |]
                    Oracle.minimise (Oracle.finiteSet few)
                ] do
                let report = Oracle.check key 25 oracle
                Assert.True(report.Passed, string report))

        testCase
            "A heuristic salesman is seen to miss the optimum among directions that are near to each other, and breaks no other promise"
            (fun () ->
                let random = System.Random 5
                let centre = Array.init 66 (fun _ -> random.NextDouble())

                let near = Array2D.init 60 66 (fun _ j -> centre[j] + 0.05 * random.NextDouble())

                isOnlyRuleOf OracleRule.Optimal (Oracle.checkOn near (Oracle.tspHeuristic 1 12))
                let exact = Oracle.checkOn near (Oracle.tsp 12)
                Assert.True(exact.Passed, string exact))

        testCase "Costs of one sign are checked on directions of one's own" (fun () ->
            let costs = Array2D.init 12 9 (fun i j -> -float((i * 7 + j * 5) % 11))

            for moves in [ GridMoves.Four; GridMoves.Eight ] do
                let grid = Oracle.gridPath moves NegativeCosts.Reject 3 3
                let report = Oracle.checkOn costs grid
                Assert.True(report.Passed, string report)
                // Any direction at all is more than it takes.
                isRule OracleRule.Answers (Oracle.gridPath moves NegativeCosts.Reject 2 2))

        testCase "An exception is found" (fun () ->
            isOnlyRule
                OracleRule.Answers
                (Oracle.ofFunction 4 (fun t -> if t[0] > 0.0 then invalidOp "no" else Oracle.solve t honest))

            isOnlyRule OracleRule.Answers (Oracle.ofFunction 4 (fun t -> t[..2])))

        testCase "An entry or a value left unwritten, or infinite, is found" (fun () ->
            isOnlyRule
                OracleRule.Finite
                (oracle never (fun () -> solver cold (Solve(fun _ y _ -> y.Slice(1).Clear()))))

            isOnlyRule OracleRule.Finite (oracle never (fun () -> solver cold (Solve(fun _ y _ -> y.Clear()))))
            isOnlyRule OracleRule.Finite (spoilt (Solve(fun _ _ v -> v.Fill infinity))))

        testCase "An answer that changes from call to call is found" (fun () ->
            let mutable calls = 0

            isRule
                OracleRule.Deterministic
                (spoilt (
                    Solve(fun _ y _ ->
                        if Interlocked.Increment &calls % 5 = 0 then
                            y[0] <- 1.0 - y[0])
                )))

        testCase "An answer that remembers the θ before is found" (fun () ->
            isRule
                OracleRule.Deterministic
                (oracle never (fun () ->
                    let last: float[] = Array.zeroCreate 4

                    solver
                        cold
                        (Solve(fun t y v ->
                            // A tie of θ = 0 goes where the last answer was.
                            let mixed = Array.init t.Length (fun _ -> 0.0)
                            t.CopyTo(Span mixed)

                            for i in 0 .. mixed.Length - 1 do
                                mixed[i] <- mixed[i] + 1e-6 * last[i % 4]

                            solveHonestly (ReadOnlySpan mixed) y v
                            y.Slice(0, 4).CopyTo(Span last))))))

        testCase "An answer that depends on whether a value is asked for is found" (fun () ->
            isOnlyRule
                OracleRule.Deterministic
                (spoilt (
                    Solve(fun _ y v ->
                        if v.IsEmpty then
                            y[0] <- 1.0 - y[0])
                )))

        testCase "A call that writes into its input is found" (fun () ->
            isRule
                OracleRule.Pure
                (spoilt (
                    Solve(fun t _ _ ->
                        let writable = MemoryMarshal.CreateSpan(&MemoryMarshal.GetReference t, t.Length)
                        writable[2] <- 5.0)
                )))

        testCase "A row that depends on its neighbours is found" (fun () ->
            isOnlyRule
                OracleRule.RowsIndependent
                (spoilt (
                    Solve(fun t y _ ->
                        if t.Length > 8 then
                            y[4] <- 1.0 - y[4])
                )))

        testCase "A warm start that changes an answer is found" (fun () ->
            isOnlyRule
                OracleRule.WarmStart
                (oracle never (fun () ->
                    let mutable first = 0.0

                    solver
                        (Begin(fun theta -> first <- theta[0]))
                        (Solve(fun t y v ->
                            solveHonestly t y v

                            // Only if another θ than the first row's was announced; a batch announces its first.
                            if t[0] <> first then
                                y[0] <- 1.0 - y[0])))))

        testCase "A scratch array that threads share is found" (fun () ->
            let shared: float[] = Array.zeroCreate 4

            isOnlyRule
                OracleRule.ThreadSafe
                (oracle never (fun () ->
                    solver
                        cold
                        (Solve(fun t y v ->
                            for row in 0 .. t.Length / 4 - 1 do
                                t.Slice(4 * row, 4).CopyTo(Span shared)
                                Thread.Yield() |> ignore
                                Thread.SpinWait 50
                                let value = if v.IsEmpty then Span.Empty else v.Slice(row, 1)
                                solveHonestly (ReadOnlySpan shared) (y.Slice(4 * row, 4)) value)))))

        testCase "A value that is not the product is found" (fun () ->
            isRule
                OracleRule.Value
                (spoilt (
                    Solve(fun _ _ v ->
                        for i in 0 .. v.Length - 1 do
                            v[i] <- v[i] * 1.001)
                )))

        testCase "A solution that another answer beats is found" (fun () ->
            // The second largest entry.
            isOnlyRule
                OracleRule.Optimal
                (Oracle.ofFunction 4 (fun t ->
                    let second = (Array.sortDescending t)[1]
                    let at = Array.findIndexBack ((=) second) t
                    Array.init 4 (fun i -> if i = at then 1.0 else 0.0)))
            // The minimum where the maximum is meant.
            isOnlyRule OracleRule.Optimal (Oracle.ofFunction 4 (fun t -> Oracle.solve (Array.map (~-) t) honest)))

        testCase "A threshold scaled by the largest entry is found, by badly scaled directions alone" (fun () ->
            for name, suspect in thresholded do
                let found = (Oracle.check key 60 suspect).Violations |> List.map _.Rule |> set
                Assert.True((found = set [ OracleRule.Optimal ]), $"{name}: found %A{found}")
                let wellScaled = Noise.gaussian |> Noise.sample 4 60 key
                let report = Oracle.checkOn wellScaled suspect
                Assert.True(report.Passed, string report))

        testCase "Sums that only round are no breach on badly scaled directions" (fun () ->
            // A dynamic program adds its terms one by one, the huge ones first.
            let vertices =
                [| for i in 0..3 -> Array.init 4 (fun j -> if j <= i then 1.0 else 0.0) |]

            let plain =
                Oracle.ofFunction 4 (fun theta ->
                    vertices
                    |> Array.maxBy (fun y -> Array.fold2 (fun sum y t -> sum + y * t) 0.0 y theta))

            for seed in 1UL .. 20UL do
                let report = Oracle.check (Key.create seed) 24 plain
                Assert.True(report.Passed, string report))

        testCase "An oracle that denies some of its own answers is found" (fun () ->
            isOnlyRule
                OracleRule.Membership
                (oracle (fun y -> y[0] = 1.0) (fun () -> solver cold (Solve(fun t y v -> solveHonestly t y v)))))

        testCase "The same key gives the same report, and a broken oracle is not let through" (fun () ->
            let bad = Oracle.ofFunction 4 (Array.map (~-))
            Assert.Equal(Oracle.check key 20 bad, Oracle.check key 20 bad)

            let error =
                Assert.Throws<OracleException>(fun () -> Oracle.checkOrThrow key 20 bad |> ignore)

            Assert.StartsWith("Oracle 'function' broke its contract on 20 directions:\n  Optimal: ", error.Message)
            Assert.Equal(-1L, error.Row)
            Assert.Same(honest, Oracle.checkOrThrow key 20 honest))

        testCase "A report lists at most three breaches of a rule, each with its own θ" (fun () ->
            let report = Oracle.check key 40 (Oracle.ofFunction 4 (Array.map (~-)))

            Assert.Equal(
                3,
                report.Violations
                |> List.filter (fun v -> v.Rule = OracleRule.Optimal)
                |> List.distinctBy _.Theta
                |> List.length
            )

            Assert.Equal(3, report.Violations.Length))

        testCase "Wrong arguments are errors that name the parameter" (fun () ->
            let wrong (name: string) (call: unit -> OracleReport) =
                let error = Assert.ThrowsAny<ArgumentException>(fun () -> call () |> ignore)
                Assert.Equal(name, error.ParamName)

            wrong "directions" (fun () -> Oracle.check key 0 honest)
            wrong "thetas" (fun () -> Oracle.checkOn (Array2D.zeroCreate 3 5) honest)
            wrong "thetas" (fun () -> Oracle.checkOn (array2D [ [ nan; 0.0; 0.0; 0.0 ] ]) honest))
    ]
