/// Programs of the linear solver, beside the solvers of the core.
module Perturbed.Functional.OrTools.Tests.LinearTests

open System
open Google.OrTools
open Perturbed.Functional
open Perturbed.Functional.OrTools.Tests.Models
open Expecto
open Xunit

// Rows with a point inside, so that the program has a solution; bounds keep it bounded.
let private randomProgram (random: Random) =
    let d, m = random.Next(2, 8), random.Next(1, 6)
    let a = Array2D.init m d (fun _ _ -> Math.Round(4.0 * normal random) / 4.0)
    let b = Array.init m (fun _ -> float (random.Next(1, 20)))
    let lower = Array.init d (fun _ -> -(float (random.Next 3)))
    let upper = Array.init d (fun _ -> float (random.Next(1, 5)))
    a, b, lower, upper

let private agree (name: string) (programs: int) =
    for number in 1..programs do
        let random = random number
        let a, b, lower, upper = randomProgram random
        let own = Oracle.boundedLinearProgram lower upper a b

        let solver, y =
            program (if name = "HIGHS" then "GLOP" else name) false a b lower upper

        let theirs =
            if name = "HIGHS" then
                let data = LinearData.ofSolver solver

                LinearOracles.ofData OrToolsOptions.Default [| 0 .. y.Length - 1 |] { data with Solver = "HIGHS" }
                |> Oracle.create
            else
                OrToolsOracle.ofLinearSolver y solver

        for _ in 1..3 do
            let theta = gains random lower.Length
            sameMaximum 1e-7 theta (Oracle.solve theta own) (Oracle.solve theta theirs)

let private tied = array2D [ [ 1.0; 1.0; 1.0; 1.0 ]; [ 1.0; 2.0; 0.0; 1.0 ] ]

let private cube (name: string) (isInteger: bool) =
    program name isInteger tied [| 2.5; 3.0 |] (Array.zeroCreate 4) (Array.create 4 1.0)

[<Tests>]
let tests =
    testList "Linear" [
        testCase "GLOP has the maximum of the core's linear programs, on 300 of them" (fun () -> agree "GLOP" 300)
        testCase "CLP has the maximum of the core's linear programs" (fun () -> agree "CLP" 30)
        testCase "HiGHS has the maximum of the core's linear programs" (fun () -> agree "HIGHS" 30)

        for name in [ "SCIP"; "SAT" ] do
            testCase $"{name} has the maximum of the core's knapsacks of several constraints" (fun () ->
                for number in 1..12 do
                    let random = random number
                    let d, rows = random.Next(4, 9), random.Next(1, 4)
                    let weights = Array2D.init rows d (fun _ _ -> random.Next(1, 15))
                    let capacities = Array.init rows (fun _ -> random.Next(10, 40))

                    let solver, y =
                        program
                            name
                            true
                            (weights |> Array2D.map float)
                            (capacities |> Array.map float)
                            (Array.zeroCreate d)
                            (Array.create d 1.0)

                    let theta = gains random d
                    let theirs = OrToolsOracle.ofLinearSolver y solver |> Oracle.solve theta
                    sameMaximum 1e-6 theta (Oracle.multiKnapsack weights capacities |> Oracle.solve theta) theirs
                    Assert.All(theirs, fun t -> Assert.True((t = 0.0 || t = 1.0))))

        testCase "A program's oracle keeps the contract, ties and badly scaled θ included" (fun () ->
            let solver, y = cube "GLOP" false
            OrToolsOracle.ofLinearSolver y solver |> check 40)

        testCase "A mixed-integer program's oracle keeps the contract" (fun () ->
            let solver, y = cube "SAT" true
            OrToolsOracle.ofLinearSolver y solver |> check 9)

        testCase "The last bits of an answer do not depend on the solves before" (fun () ->
            let random = random 3
            let a = Array2D.init 10 20 (fun _ _ -> float (random.Next(1, 20)))
            let b = Array.init 10 (fun _ -> float (random.Next(50, 100)))
            let solver, y = program "GLOP" false a b (Array.zeroCreate 20) (Array.create 20 1.0)
            let oracle = OrToolsOracle.ofLinearSolver y solver
            let thetas = Array2D.init 200 20 (fun _ _ -> normal random)
            let forth = oracle |> Oracle.solveBatch thetas

            let back =
                oracle
                |> Oracle.solveBatch (Array2D.init 200 20 (fun r i -> thetas[199 - r, i]))

            Assert.Equal<float[,]>(forth, Array2D.init 200 20 (fun r i -> back[199 - r, i])))

        testCase "Which variables are integer is read from the solver, for those without a constraint too" (fun () ->
            let solver = LinearSolver.Solver.CreateSolver "SCIP"
            let whole = solver.MakeIntVar(0.0, 2.5, "whole")
            let real = solver.MakeNumVar(0.0, 2.5, "real")
            let free = solver.MakeIntVar(0.0, 3.7, "free")
            solver.MakeConstraint(0.0, 4.6).SetCoefficient(whole, 1.0)
            solver.Constraint(0).SetCoefficient(real, 1.0)
            solver.Objective().SetCoefficient(real, 0.123456789)
            solver.Objective().SetMaximization()
            let oracle = OrToolsOracle.ofLinearSolver [ whole; real; free ] solver
            Assert.Equal<float[]>([| 2.0; 2.5; 3.0 |], oracle |> Oracle.solve [| 1.0; 0.9; 2.0 |])
            // The user's model is as it was.
            Assert.Equal(0.123456789, solver.Objective().GetCoefficient real)
            Assert.Equal(0.0, solver.Objective().GetCoefficient whole))

        testCase "Numbers of the model keep all their digits" (fun () ->
            let bound = 0.12345678901234567

            let solver, y =
                program "GLOP" false (array2D [ [ 1.0; 1.0 / 3.0 ] ]) [| bound |] [| 0.0; 0.0 |] [| 1.0; 0.0 |]

            Assert.Equal<float[]>(
                [| bound; 0.0 |],
                OrToolsOracle.ofLinearSolver y solver |> Oracle.solve [| 1.0; 1.0 |]
            ))

        testCase "The sense of the model says what its other coefficients are: gains or costs" (fun () ->
            // y + x ≤ 1: x is worth 2 to a model that maximises, and costs 2 in one that minimises.
            let solve (isMaximum: bool) (theta: float) =
                let solver, y =
                    program "GLOP" false (array2D [ [ 1.0; 1.0 ] ]) [| 1.0 |] [| 0.0; 0.0 |] [| 1.0; 1.0 |]

                solver.Objective().SetCoefficient(y[1], 2.0)
                solver.Objective().SetOptimizationDirection isMaximum
                let oracle = OrToolsOracle.ofLinearSolver [ y[0] ] solver
                check 20 oracle
                oracle |> Oracle.solve [| theta |]

            Assert.Equal<float[]>([| 0.0 |], solve true 1.0)
            Assert.Equal<float[]>([| 1.0 |], solve true 3.0)
            Assert.Equal<float[]>([| 1.0 |], solve false 1.0)
            Assert.Equal<float[]>([| 0.0 |], solve false -1.0))

        testCase "A later change of the user's model plays no part" (fun () ->
            let solver, y = cube "GLOP" false
            let oracle = OrToolsOracle.ofLinearSolver y solver
            let before = oracle |> Oracle.solve [| 1.0; 2.0; 3.0; 4.0 |]
            solver.Clear()
            Assert.Equal<float[]>(before, oracle |> Oracle.solve [| 1.0; 2.0; 3.0; 4.0 |]))
    ]
