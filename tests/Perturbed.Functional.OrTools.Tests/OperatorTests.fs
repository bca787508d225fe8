/// Operators over models of OR-Tools.
module Perturbed.Functional.OrTools.Tests.OperatorTests

open System
open System.Collections.Concurrent
open System.Threading
open Perturbed.Functional
open Perturbed.Functional.OrTools.Tests.Models
open Expecto
open Xunit

let private oracles: (string * Lazy<Oracle>) list =
    [
        "GLOP",
        lazy
            (let random = random 1
             let a = Array2D.init 6 8 (fun _ _ -> float (random.Next(1, 20)))

             let solver, y =
                 program "GLOP" false a (Array.create 6 55.0) (Array.zeroCreate 8) (Array.create 8 1.0)

             OrToolsOracle.ofLinearSolver y solver)
        "CP-SAT",
        lazy
            (let model, taken = knapsack [| 3; 4; 5; 6; 7; 2; 8; 9 |] 20
             OrToolsOracle.ofCpModel taken model)
        "tours", lazy (OrToolsOracle.tsp OrToolsOptions.Default 5)
    ]

let private theta (d: int) : float[] = gains (random 2) d

[<Tests>]
let tests =
    testList "Operators" [
        for name, oracle in oracles do
            testCase $"Bits are the same for any number of threads: {name}" (fun () ->
                let oracle = oracle.Value
                let theta = theta oracle.Dimension
                let soft = perturb oracle Noise.gaussian 0.5 60

                let answers (threads: int) =
                    let soft = soft |> Smoothed.withThreads threads
                    let y, pullback = soft |> Smoothed.pullback theta
                    y, pullback (Array.init theta.Length float), soft |> Smoothed.maximum theta

                let one = answers 1
                Assert.Equal(one, answers 2)
                Assert.Equal(one, answers 8))

        testCase "Smoothed values are those of the core's oracle, sample by sample" (fun () ->
            let weights, capacity = [| 3; 4; 5; 6; 7; 2; 8; 9 |], 20
            let model, taken = knapsack weights capacity
            let theta = theta 8

            let mean (oracle: Oracle) =
                perturb oracle Noise.gaussian 0.5 300 |> Smoothed.maximizer theta

            Assert.Equal<float[]>(mean (Oracle.knapsack weights capacity), mean (OrToolsOracle.ofCpModel taken model)))

        testCase "A listener sees each solve with its status, value and bound" (fun () ->
            let reports = ConcurrentBag<SolveReport>()
            let model, taken = knapsack [| 3; 4; 5; 6 |] 9

            let options =
                { OrToolsOptions.Default with
                    OnSolve = Some reports.Add
                }

            let oracle = OrToolsOracle.ofCpModelWith options taken model

            perturb oracle Noise.gaussian 0.5 20
            |> Smoothed.maximizer [| 1.0; 2.0; 3.0; 4.0 |]
            |> ignore

            Assert.Equal(20, reports.Count)
            Assert.All(reports, fun r -> Assert.Equal(SolveStatus.Optimal, r.Status))
            Assert.All(reports, fun r -> Assert.InRange(r.Gap, -1e-6, 1e-6))
            Assert.All(reports, fun r -> Assert.InRange(r.Seconds, 0.0, 60.0)))

        testCase "A listener sees values and bounds of linear and mixed-integer programs" (fun () ->
            for name, isInteger in [ "GLOP", false; "SCIP", true ] do
                let reports = ConcurrentBag<SolveReport>()

                let options =
                    { OrToolsOptions.Default with
                        OnSolve = Some reports.Add
                    }

                let solver, y =
                    program name isInteger (array2D [ [ 2.0; 3.0 ] ]) [| 4.0 |] [| 0.0; 0.0 |] [| 1.0; 1.0 |]

                OrToolsOracle.ofLinearSolverWith options y solver
                |> Oracle.solve [| 100.0; 170.0 |]
                |> ignore

                let report = Seq.exactlyOne reports
                Assert.InRange(report.Gap, -1e-4, 1e-4)
                Assert.InRange(report.Value, 169.99, 230.0))

        testCase "A token ends a solve inside" (fun () ->
            // 60 cities with random directed costs take far longer than the token allows.
            let oracle = OrToolsOracle.asymmetricTsp OrToolsOptions.Default 80
            use source = new CancellationTokenSource(300)
            let watch = Diagnostics.Stopwatch.StartNew()

            let soft =
                perturb oracle Noise.gaussian 1.0 1000 |> Smoothed.withCancellation source.Token

            Assert.Throws<OperationCanceledException>(fun () ->
                soft |> Smoothed.maximizer (theta oracle.Dimension) |> ignore)
            |> ignore

            Assert.True(watch.Elapsed.TotalSeconds < 60.0, $"{watch.Elapsed}"))
    ]
