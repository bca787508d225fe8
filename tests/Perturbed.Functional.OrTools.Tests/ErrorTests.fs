/// What has no answer, and what does not fit.
module Perturbed.Functional.OrTools.Tests.ErrorTests

open System
open Google.OrTools
open Perturbed.Functional
open Perturbed.Functional.OrTools.Tests.Models
open Expecto
open Xunit

let private plain = OrToolsOptions.Default

let private failure (oracle: Oracle) (theta: float[]) : string =
    Assert.Throws<OracleException>(fun () -> oracle |> Oracle.solve theta |> ignore).Message

let private refusal (make: unit -> Oracle) : string =
    Assert.ThrowsAny<ArgumentException>(fun () -> make () |> ignore).Message

let private box name isInteger =
    program name isInteger (array2D [ [ 1.0; 1.0 ] ]) [| 1.5 |] [| 0.0; 0.0 |] [| 1.0; 1.0 |]

[<Tests>]
let tests =
    testList "Errors" [
        for name in [ "GLOP"; "CLP"; "SCIP" ] do
            testCase $"Infeasible and unbounded programs are told apart: {name}" (fun () ->
                let oracle (bound: float) (upper: float) =
                    let solver, y =
                        program name false (array2D [ [ 1.0; 1.0 ] ]) [| bound |] [| 0.0; -infinity |] [|
                            upper
                            infinity
                        |]

                    solver.Constraint(0).SetCoefficient(y[1], -1.0)
                    solver.MakeConstraint(0.0, infinity).SetCoefficient(y[0], -1.0)
                    OrToolsOracle.ofLinearSolver y solver

                // −y0 ≥ 0 and y0 ≥ 0 leave y0 = 0; y1 is free from −bound upwards.
                Assert.Contains("unbounded", failure (oracle 1.0 5.0) [| 1.0; 1.0 |])

                let solver, y =
                    program name false (array2D [ [ 1.0 ] ]) [| -1.0 |] [| 0.0 |] [| 1.0 |]

                Assert.Contains("infeasible", failure (OrToolsOracle.ofLinearSolver y solver) [| 1.0 |]))

        testCase "A CP-SAT model without a solution is an error that names oracle, row and cause" (fun () ->
            let model = Sat.CpModel()
            let x = model.NewIntVar(0L, 3L, "x")
            model.Add(Sat.BoundedLinearExpression(5L, x, 9L)) |> ignore
            let oracle = OrToolsOracle.ofCpModel [ x ] model
            let message = failure oracle [| 1.0 |]
            Assert.Contains("'cp-sat'", message)
            Assert.Contains("infeasible", message)
            // In an operator too, and the oracle goes on working.
            let soft = perturb oracle Noise.gaussian 1.0 10

            Assert.Throws<OracleException>(fun () -> soft |> Smoothed.maximizer [| 1.0 |] |> ignore)
            |> ignore)

        testCase "A limit that ends a solve is an error, or the best solution where that is asked for" (fun () ->
            let theta = gains (random 1) (40 * 39)

            let limited (keep: bool) =
                OrToolsOracle.asymmetricTsp
                    { plain with
                        WorkLimit = Some 1e-4
                        KeepFeasible = keep
                    }
                    40

            Assert.True((limited false).IsReproducible)
            Assert.Contains("timed out", failure (limited false) theta)

            let timed = OrToolsOracle.asymmetricTsp { plain with TimeLimit = Some 0.001 } 40

            Assert.False timed.IsReproducible
            Assert.Contains("timed out", failure timed theta)
            Assert.Equal(infinity, (limited true).Implementation.Shortfall(ReadOnlySpan theta, 1.0)))

        testCase "A gap that is allowed makes no claim of optimality" (fun () ->
            let model, taken = knapsack [| 3; 4; 5; 6; 7; 8 |] 15

            let loose = { plain with RelativeGap = 0.5 }

            let oracle = OrToolsOracle.ofCpModelWith loose taken model
            Assert.Equal(infinity, oracle.Implementation.Shortfall(ReadOnlySpan(Array.create 6 1.0), 1.0))
            check 9 oracle)

        testCase "θ that is not finite, of a wrong length, huge or zero" (fun () ->
            let model, taken = knapsack [| 3; 4; 5 |] 9
            let solver, y = box "GLOP" false

            for oracle in [ OrToolsOracle.ofCpModel taken model; OrToolsOracle.ofLinearSolver y solver ] do
                let d = oracle.Dimension

                Assert.ThrowsAny<ArgumentException>(fun () -> oracle |> Oracle.solve (Array.create d nan) |> ignore)
                |> ignore

                Assert.ThrowsAny<ArgumentException>(fun () ->
                    oracle |> Oracle.solve (Array.create (d + 1) 1.0) |> ignore)
                |> ignore

                let huge =
                    oracle |> Oracle.solve (Array.init d (fun i -> if i = 0 then 1e280 else -1e280))

                Assert.Equal<float[]>(Array.init d (fun i -> if i = 0 then 1.0 else 0.0), huge)

                let tiny =
                    oracle
                    |> Oracle.solve (Array.init d (fun i -> if i = 0 then 1e-300 else -1e-300))

                Assert.Equal<float[]>(huge, tiny)
                Assert.Equal(d, (oracle |> Oracle.solve (Array.zeroCreate d)).Length))

        testCase "Variables that are no variables of the model" (fun () ->
            let model, taken = knapsack [| 3; 4 |] 9
            let _, others = knapsack [| 3; 4 |] 9
            Assert.Contains("variables is empty", refusal (fun () -> OrToolsOracle.ofCpModel [] model))
            Assert.Contains("no variable of the model", refusal (fun () -> OrToolsOracle.ofCpModel others model))
            Assert.Contains("twice", refusal (fun () -> OrToolsOracle.ofCpModel [ taken[0]; taken[0] ] model))
            let solver, y = box "GLOP" false

            let foreign =
                (LinearSolver.Solver.CreateSolver "GLOP").MakeNumVar(0.0, 1.0, "foreign")

            Assert.Contains("variables is empty", refusal (fun () -> OrToolsOracle.ofLinearSolver [] solver))
            Assert.Contains("'foreign'", refusal (fun () -> OrToolsOracle.ofLinearSolver [ foreign ] solver))
            Assert.Contains("twice", refusal (fun () -> OrToolsOracle.ofLinearSolver [ y[0]; y[0] ] solver))
            solver.MakeNumVar(0.0, 1.0, "y0") |> ignore
            Assert.Contains("two variables", refusal (fun () -> OrToolsOracle.ofLinearSolver [ y[0] ] solver)))

        testCase "Models with numbers that are not finite" (fun () ->
            let solver, y = box "GLOP" false
            solver.Constraint(0).SetCoefficient(y[0], nan)
            Assert.NotEmpty(refusal (fun () -> OrToolsOracle.ofLinearSolver y solver))
            let solver, y = box "GLOP" false
            y[0].SetBounds(nan, 1.0)
            Assert.NotEmpty(refusal (fun () -> OrToolsOracle.ofLinearSolver y solver)))

        testCase "Options that do not fit are errors with their name" (fun () ->
            let model, taken = knapsack [| 3; 4 |] 9

            let cp (options: OrToolsOptions) =
                refusal (fun () -> OrToolsOracle.ofCpModelWith options taken model)

            Assert.Contains("ObjectiveBits is 53", cp { plain with ObjectiveBits = 53 })
            Assert.Contains("TimeLimit is -1", cp { plain with TimeLimit = Some -1.0 })
            Assert.Contains("WorkLimit is NaN", cp { plain with WorkLimit = Some nan })
            Assert.Contains("RelativeGap is -0.1", cp { plain with RelativeGap = -0.1 })

            Assert.Contains(
                "num_workers",
                cp
                    { plain with
                        Parameters = "num_workers:8"
                    }
            )

            Assert.Contains("'nonsense:1'", cp { plain with Parameters = "nonsense:1" })

            Assert.Contains(
                "'symmetry_level:high'",
                cp
                    { plain with
                        Parameters = "cp_model_presolve:false symmetry_level:high"
                    }
            )

            let known =
                { plain with
                    Parameters = "symmetry_level:1 search_branching:FIXED_SEARCH cp_model_presolve:false"
                }

            Assert.Equal(2, (OrToolsOracle.ofCpModelWith known taken model |> Oracle.solve [| 1.0; 1.0 |]).Length)

            let linear (name: string) (options: OrToolsOptions) =
                let solver, y = box name false
                refusal (fun () -> OrToolsOracle.ofLinearSolverWith options y solver)

            Assert.Contains("WorkLimit", linear "CLP" { plain with WorkLimit = Some 1.0 })

            Assert.Contains(
                "Start",
                linear
                    "GLOP"
                    { plain with
                        Start = SolveStart.FromUnperturbed
                    }
            )

            Assert.Contains(
                "nonsense",
                linear
                    "GLOP"
                    { plain with
                        Parameters = "nonsense: 1"
                    }
            )

            Assert.Contains("vertices", linear "PDLP" plain)
            Assert.Contains("'y0') is continuous, which SAT cannot solve", linear "SAT" plain)
            let solver, y = box "GLOP" true

            Assert.Contains(
                "is integer, which GLOP cannot solve",
                refusal (fun () -> OrToolsOracle.ofLinearSolver y solver)
            )

            Assert.Contains("cities is 2", refusal (fun () -> OrToolsOracle.tsp plain 2)))
    ]
