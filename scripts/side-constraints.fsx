// A knapsack of two constraints, the core's, SCIP's and CP-SAT's; then with side constraints that only a model can say:
// two projects exclude each other, and one needs another.
//     dotnet build -c Release && dotnet fsi scripts/side-constraints.fsx
#load "ortools-references.fsx"

open System
open System.Diagnostics
open Google.OrTools
open Google.OrTools.Sat
open Perturbed.Functional

let projects =
    [| "bridge"; "school"; "park"; "tram"; "pool"; "library"; "market"; "museum" |]

let money = [| 12; 7; 3; 15; 6; 4; 5; 8 |]
let staff = [| 5; 9; 2; 6; 4; 6; 3; 7 |]
let budget, people = 28, 20
let worth = [| 10.0; 9.0; 3.0; 13.0; 5.0; 5.5; 4.0; 7.5 |]
let d = projects.Length

let model () =
    let model = CpModel()
    let taken = Array.init d (fun _ -> model.NewBoolVar "")

    for weights, capacity in [ money, budget; staff, people ] do
        let sum = LinearExpr.WeightedSum(taken, weights |> Array.map int64)
        model.Add(BoundedLinearExpression(0L, sum, int64 capacity)) |> ignore

    model, taken

let variables (taken: BoolVar[]) = taken |> Seq.map (fun x -> x :> IntVar)

let byCpSat =
    let model, taken = model ()
    OrToolsOracle.ofCpModel (variables taken) model

let byScip =
    let solver = LinearSolver.Solver.CreateSolver "SCIP"
    let taken = Array.init d (fun i -> solver.MakeBoolVar projects[i])

    for weights, capacity in [ money, budget; staff, people ] do
        let row = solver.MakeConstraint(0.0, float capacity)
        taken |> Array.iteri (fun i x -> row.SetCoefficient(x, float weights[i]))

    OrToolsOracle.ofLinearSolver taken solver

let withSides =
    let model, taken = model ()
    // Bridge or tram, and no market without the tram.
    model.AddBoolOr [ taken[0].Not(); taken[3].Not() ] |> ignore
    model.AddImplication(taken[6], taken[3]) |> ignore
    OrToolsOracle.ofCpModel (variables taken) model

let core = Oracle.multiKnapsack (array2D [ money; staff ]) [| budget; people |]

printfn "%-24s %7s %10s %12s" "" "worth" "F_eps" "us a solve"

for name, oracle in [ "core", core; "CP-SAT", byCpSat; "SCIP", byScip; "CP-SAT, constrained", withSides ] do
    let best = Array.map2 (*) worth (oracle |> Oracle.solve worth) |> Array.sum
    let soft = perturb oracle Noise.gaussian 1.0 100 |> Smoothed.withThreads 1
    soft |> Smoothed.maximum worth |> ignore
    let watch = Stopwatch.StartNew()
    let smooth = soft |> Smoothed.maximum worth
    printfn "%-24s %7.2f %10.4f %12.0f" name best smooth (1e6 * watch.Elapsed.TotalSeconds / 100.0)

let free = perturb byCpSat Noise.gaussian 1.0 500 |> Smoothed.maximizer worth
let sided = perturb withSides Noise.gaussian 1.0 500 |> Smoothed.maximizer worth
printfn "\nprobability       free  constrained"

for i in 0 .. d - 1 do
    printfn "%-14s %7.2f %12.2f" projects[i] free[i] sided[i]
