/// CP-SAT models, beside the solvers of the core.
module Perturbed.Functional.OrTools.Tests.CpTests

open System
open Google.OrTools
open Perturbed.Functional
open Perturbed.Functional.OrTools.Tests.Models
open Expecto
open Xunit

let private boolean (model: Sat.CpModel) : Sat.IntVar = model.NewBoolVar ""

let private sumOf (terms: Sat.IntVar seq) : Sat.LinearExpr =
    Sat.LinearExpr.Sum(terms |> Seq.map (fun x -> x :> Sat.LinearExpr))

/// Assignments of n to n.
let private assignment (n: int) =
    let model = Sat.CpModel()
    let pairs = Array2D.init n n (fun _ _ -> boolean model)

    for i in 0 .. n - 1 do
        model.Add(Sat.BoundedLinearExpression(1L, sumOf pairs[i, *], 1L)) |> ignore
        model.Add(Sat.BoundedLinearExpression(1L, sumOf pairs[*, i], 1L)) |> ignore

    model, pairs |> Seq.cast<Sat.IntVar> |> Array.ofSeq

[<Tests>]
let tests =
    testList "CP-SAT" [
        testCase "Knapsacks have the core's maximum, on 200 of them" (fun () ->
            for number in 1..200 do
                let random = random number
                let weights = Array.init (random.Next(3, 12)) (fun _ -> random.Next(1, 30))
                let capacity = random.Next(10, 80)
                let model, taken = knapsack weights capacity
                let theta = gains random weights.Length
                let theirs = OrToolsOracle.ofCpModel taken model |> Oracle.solve theta
                sameMaximum 1e-10 theta (Oracle.knapsack weights capacity |> Oracle.solve theta) theirs)

        testCase "Assignments have the core's maximum" (fun () ->
            for number in 1..40 do
                let random = random number
                let n = random.Next(2, 6)
                let model, pairs = assignment n
                let theta = gains random (n * n)
                let theirs = OrToolsOracle.ofCpModel pairs model |> Oracle.solve theta
                Assert.Equal<float[]>(Oracle.assignment n n |> Oracle.solve theta, theirs))

        testCase "A model's oracle keeps the contract, ties and badly scaled θ included" (fun () ->
            let model, taken = knapsack [| 3; 4; 5; 6; 7 |] 12
            OrToolsOracle.ofCpModel taken model |> check 40)

        testCase "Few bits keep the contract within the bound that is stated" (fun () ->
            let model, taken = knapsack [| 3; 4; 5; 6; 7 |] 12

            let coarse =
                { OrToolsOptions.Default with
                    ObjectiveBits = 3
                }

            OrToolsOracle.ofCpModelWith coarse taken model |> check 40)

        testCase "The model's own coefficients count for the variables that are not in y, whole or not" (fun () ->
            for isReal in [ false; true ] do
                for isMaximum in [ false; true ] do
                    let model = Sat.CpModel()
                    let y, x = boolean model, boolean model
                    model.Add(Sat.BoundedLinearExpression(0L, sumOf [ y; x ], 1L)) |> ignore

                    // In y the model's coefficient is θ's place.
                    if isReal then
                        let objective = Sat.FloatObjectiveProto(Maximize = isMaximum, Offset = 7.0)
                        objective.Vars.AddRange [ y.Index; x.Index ]
                        objective.Coeffs.AddRange [ 50.0; 1.5 ]
                        model.Model.FloatingPointObjective <- objective
                    else
                        let objective =
                            Sat.LinearExpr.WeightedSum([| y :> Sat.LinearExpr; x |], [| 50L; 3L |])

                        if isMaximum then
                            model.Maximize objective
                        else
                            model.Minimize objective

                    let oracle = OrToolsOracle.ofCpModel [ y ] model
                    check 20 oracle
                    let worth = if isReal then 1.5 else 3.0
                    let expected = if isMaximum then 0.0 else 1.0
                    Assert.Equal<float[]>([| expected |], oracle |> Oracle.solve [| worth - 0.4 |])
                    Assert.Equal<float[]>([| 1.0 |], oracle |> Oracle.solve [| worth + 0.4 |])
                    let soft = perturb oracle Noise.gaussian 1e-9 1
                    let best = if isMaximum then worth + 1.0 else 1.0
                    Assert.Equal(best, soft |> Smoothed.maximum [| (if isMaximum then best else 1.0) |], 6))

        testCase "Integer variables with holes in their domains are whole numbers of them" (fun () ->
            let model = Sat.CpModel()
            let x = model.NewIntVarFromDomain(Util.Domain.FromValues [| -5L; 2L; 9L |], "x")
            let oracle = OrToolsOracle.ofCpModel [ x ] model
            Assert.Equal<float[]>([| 9.0 |], oracle |> Oracle.solve [| 0.1 |])
            Assert.Equal<float[]>([| -5.0 |], oracle |> Oracle.solve [| -1e200 |])
            check 20 oracle)

        testCase "A start from the row's own solution finds the same maxima" (fun () ->
            let model, taken = knapsack [| 12; 7; 9; 14; 5; 6; 11; 8 |] 30

            let warm =
                { OrToolsOptions.Default with
                    Start = SolveStart.FromUnperturbed
                }

            let value (options: OrToolsOptions) =
                perturb (OrToolsOracle.ofCpModelWith options taken model) Noise.gaussian 1.0 40
                |> Smoothed.maximizer [| 1.0; 2.0; 0.5; 1.5; 1.0; 0.2; 0.9; 0.4 |]

            Assert.Equal<float[]>(value OrToolsOptions.Default, value warm)

            // SCIP too; its rows differ, and a hint of the row before plays no part.
            let solver, y =
                program
                    "SCIP"
                    true
                    (array2D [ [ 12.0; 7.0; 9.0; 14.0 ] ])
                    [| 25.0 |]
                    (Array.zeroCreate 4)
                    (Array.create 4 1.0)

            let rows = array2D [ [ 1.0; 2.0; 0.5; 1.5 ]; [ -1.0; 0.1; 0.9; 1.1 ] ]

            let rowsOf (options: OrToolsOptions) =
                perturb (OrToolsOracle.ofLinearSolverWith options y solver) Noise.gaussian 1.0 6
                |> Batch.maximizer rows

            Assert.Equal<float[,]>(rowsOf OrToolsOptions.Default, rowsOf warm))
    ]
