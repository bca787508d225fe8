// Which fire stations cover a town, when the cost of each site is a guess: by CP-SAT and by a linear program, whose
// vertices are compared.
//     dotnet build -c Release && dotnet fsi scripts/set-cover.fsx
#load "ortools-references.fsx"

open System
open System.Diagnostics
open Google.OrTools
open Perturbed.Functional

// Districts on a grid of 4 × 4; a station covers its own and the neighbours.
let side = 4
let sites = side * side

let covers (site: int) (district: int) =
    abs (site / side - district / side) + abs (site % side - district % side) <= 1

let cost = Array.init sites (fun i -> 4.0 + float ((7 * i) % 5) / 2.0)
let theta = cost |> Array.map (~-)

let byCpSat =
    let model = Sat.CpModel()
    let build = Array.init sites (fun _ -> model.NewBoolVar "")

    for district in 0 .. sites - 1 do
        model.AddBoolOr(
            build
            |> Array.indexed
            |> Array.filter (fun (s, _) -> covers s district)
            |> Array.map (fun (_, x) -> x :> Sat.ILiteral)
        )
        |> ignore

    OrToolsOracle.ofCpModel (build |> Seq.map (fun x -> x :> Sat.IntVar)) model

// The same with fractions allowed, by OR-Tools and by the core.
let rows =
    Array2D.init sites sites (fun district site -> if covers site district then -1.0 else 0.0)

let byGlop =
    let solver = LinearSolver.Solver.CreateSolver "GLOP"
    let build = Array.init sites (fun i -> solver.MakeNumVar(0.0, 1.0, $"site {i}"))

    for district in 0 .. sites - 1 do
        let row = solver.MakeConstraint(1.0, Double.PositiveInfinity)

        for site in 0 .. sites - 1 do
            if covers site district then
                row.SetCoefficient(build[site], 1.0)

    OrToolsOracle.ofLinearSolver build solver

let byCore =
    Oracle.boundedLinearProgram (Array.zeroCreate sites) (Array.create sites 1.0) rows (Array.create sites -1.0)

printfn "%-26s %8s %12s %12s" "" "cost" "F_eps" "us a solve"

for name, oracle in [ "cover, CP-SAT", byCpSat; "relaxed, GLOP", byGlop; "relaxed, own simplex", byCore ] do
    let value = -(Array.map2 (*) theta (oracle |> Oracle.solve theta) |> Array.sum)
    let soft = perturb oracle Noise.gaussian 0.5 200 |> Smoothed.withThreads 1
    soft |> Smoothed.maximum theta |> ignore
    let watch = Stopwatch.StartNew()
    let smooth = soft |> Smoothed.maximum theta
    printfn "%-26s %8.3f %12.4f %12.0f" name value smooth (1e6 * watch.Elapsed.TotalSeconds / 200.0)

let probability = perturb byCpSat Noise.gaussian 0.5 500 |> Smoothed.maximizer theta
printfn "\nprobability that a site is built"

for r in 0 .. side - 1 do
    printfn
        "%s"
        (probability[r * side .. r * side + side - 1]
         |> Array.map (sprintf "%6.2f")
         |> String.concat "")
