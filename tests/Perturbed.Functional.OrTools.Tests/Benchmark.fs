/// What the oracle adds to calls of OR-Tools by hand: `dotnet run -c Release --project
/// tests/Perturbed.Functional.OrTools.Tests -- bench`.
module Perturbed.Functional.OrTools.Tests.Benchmark

open System
open System.Diagnostics
open Google.OrTools
open Google.OrTools.Graph
open Perturbed.Functional
open Perturbed.Functional.OrTools.Tests.Models

let private d = 20
let private rounds = 9
let private theta = gains (random 1) d

/// The loop that a user would write: θ + εZ, a solve, a mean. It starts each solve from nothing, as the oracle does.
let private byHand (samples: int) (solve: float[] -> float[] -> unit) () : float[] =
    let noise: float[] = Array.zeroCreate d
    let perturbed: float[] = Array.zeroCreate d
    let y: float[] = Array.zeroCreate d
    let sum: float[] = Array.zeroCreate d

    for sample in 0 .. samples - 1 do
        Noise.gaussian.Sample(Key.create 0UL, 0u, int64 (sample * d), d, Span noise)

        for i in 0 .. d - 1 do
            perturbed[i] <- theta[i] + 0.5 * noise[i]

        solve perturbed y

        for i in 0 .. d - 1 do
            sum[i] <- sum[i] + y[i]

    sum |> Array.map (fun s -> s / float samples)

let private linear (name: string) (isInteger: bool) =
    let random = random 2
    let a = Array2D.init 10 d (fun _ _ -> float (random.Next(1, 20)))
    let b = Array.init 10 (fun _ -> float (random.Next(50, 100)))

    let make () =
        program name isInteger a b (Array.zeroCreate d) (Array.create d 1.0)

    let solver, x = make ()
    solver.SetNumThreads 1 |> ignore
    let parameters = new LinearSolver.MPSolverParameters()
    parameters.SetIntegerParam(LinearSolver.MPSolverParameters.IntegerParam.INCREMENTALITY, 0)

    if isInteger then
        parameters.SetDoubleParam(LinearSolver.MPSolverParameters.DoubleParam.RELATIVE_MIP_GAP, 0.0)

    let objective = solver.Objective()

    let solve (theta: float[]) (y: float[]) =
        solver.Reset()

        for i in 0 .. d - 1 do
            objective.SetCoefficient(x[i], theta[i])

        if solver.Solve parameters <> LinearSolver.Solver.ResultStatus.OPTIMAL then
            failwith "not optimal"

        for i in 0 .. d - 1 do
            y[i] <- x[i].SolutionValue()

    let other, variables = make ()
    solve, OrToolsOracle.ofLinearSolver variables other

let private cpSat () =
    let random = random 3
    let model, taken = knapsack (Array.init d (fun _ -> random.Next(5, 40))) 200
    let oracle = OrToolsOracle.ofCpModel taken model
    let proto = model.Model.Clone()
    proto.Objective <- Sat.CpObjectiveProto()

    for x in taken do
        proto.Objective.Vars.Add x.Index
        proto.Objective.Coeffs.Add 0L

    let solve (theta: float[]) (y: float[]) =
        let e = IntegerScale.exponent 40 (ReadOnlySpan theta) [||]

        for i in 0 .. d - 1 do
            proto.Objective.Coeffs[i] <- -(IntegerScale.round e theta[i])

        use solver = new Sat.SolveWrapper()
        solver.SetStringParameters "num_workers:1 random_seed:1"
        let response = solver.Solve proto

        if response.Status <> Sat.CpSolverStatus.Optimal then
            failwith "not optimal"

        for i in 0 .. d - 1 do
            y[i] <- float response.Solution[taken[i].Index]

    solve, oracle

let private flow () =
    let arcs =
        [|
            for i in 0..4 do
                for j in 0..3 -> i, 5 + j
        |]

    let build (costs: int64[]) =
        let flow = new MinCostFlow(9, d)

        arcs
        |> Array.iteri (fun a (i, j) -> flow.AddArcWithCapacityAndUnitCost(i, j, 3L, costs[a]) |> ignore)

        for node in 0..8 do
            flow.SetNodeSupply(node, (if node < 5 then 4L else -5L))

        flow

    let costs: int64[] = Array.zeroCreate d

    let solve (theta: float[]) (y: float[]) =
        let e = IntegerScale.exponent 40 (ReadOnlySpan theta) [||]

        for i in 0 .. d - 1 do
            costs[i] <- -(IntegerScale.round e theta[i])

        use flow = build costs

        if flow.Solve() <> MinCostFlowBase.Status.OPTIMAL then
            failwith "not optimal"

        for i in 0 .. d - 1 do
            y[i] <- float (flow.Flow i)

    solve, OrToolsOracle.ofMinCostFlow (build costs)

let private median (times: float list) : float = (List.sort times)[times.Length / 2]

/// Medians of runs that take turns, in microseconds a solve.
let run () : int =
    printfn "%-10s %12s %12s %12s %8s %10s" "us a solve" "by hand" "one thread" "two threads" "ratio" "speed-up"

    for name, samples, case in
        [
            "GLOP", 2000, (fun () -> linear "GLOP" false)
            "SCIP", 40, (fun () -> linear "SCIP" true)
            "CP-SAT", 400, cpSat
            "flow", 4000, flow
        ] do
        let solve, oracle = case ()
        let soft = perturb oracle Noise.gaussian 0.5 samples

        let works =
            [
                byHand samples solve
                (fun () -> soft |> Smoothed.withThreads 1 |> Smoothed.maximizer theta)
                (fun () -> soft |> Smoothed.withThreads 2 |> Smoothed.maximizer theta)
            ]

        let answers = works |> List.map (fun work -> work ())
        let apart = Array.map2 (fun a b -> abs (a - b)) answers[0] answers[1] |> Array.max

        let times =
            [
                for _ in 1..rounds ->
                    [
                        for work in works ->
                            let start = Stopwatch.GetTimestamp()
                            work () |> ignore
                            1e6 * Stopwatch.GetElapsedTime(start).TotalSeconds / float samples
                    ]
            ]
            |> List.transpose
            |> List.map median

        printfn
            "%-10s %12.1f %12.1f %12.1f %8.3f %10.3f   means apart %.1e"
            name
            times[0]
            times[1]
            times[2]
            (times[1] / times[0])
            (times[1] / times[2])
            apart

    0
