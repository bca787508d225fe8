// Which power stations run in which hours, when costs are only forecast: probabilities of running, with start costs and
// least times of running, by CP-SAT.
//     dotnet build -c Release && dotnet fsi scripts/unit-commitment.fsx
#load "ortools-references.fsx"

open System
open Google.OrTools.Sat
open Perturbed.Functional

let stations = [| "coal"; "gas"; "peak" |]
let power = [| 60L; 40L; 20L |]
let startCost = [| 90L; 30L; 5L |]
let leastHours = [| 3; 2; 1 |]
let demand = [| 40L; 55L; 80L; 100L; 70L; 50L |]
let hours = demand.Length

// on[u, h] is y, and θ is minus the cost of an hour; starts keep the costs of the model.
let model = CpModel()
let on = Array2D.init 3 hours (fun _ _ -> model.NewBoolVar "")
let start = Array2D.init 3 hours (fun _ _ -> model.NewBoolVar "")
let weighted (xs: BoolVar seq) (cs: int64 seq) = LinearExpr.WeightedSum(xs, cs)

for h in 0 .. hours - 1 do
    model.Add(BoundedLinearExpression(demand[h], weighted on[*, h] power, 1000L))
    |> ignore

    for u in 0..2 do
        // A station that runs in an hour, and not in the hour before, starts.
        let before = if h = 0 then [] else [ on[u, h - 1] ]
        let terms = [ on[u, h]; start[u, h] ] @ before

        model.Add(BoundedLinearExpression(-1L, weighted terms ([ 1L; -1L ] @ List.map (fun _ -> -1L) before), 0L))
        |> ignore

        for later in h + 1 .. min (hours - 1) (h + leastHours[u] - 1) do
            model.AddImplication(start[u, h], on[u, later]) |> ignore

model.Minimize(
    weighted
        (Seq.cast start)
        [
            for u in 0..2 do
                for _ in 1..hours -> startCost[u]
        ]
)

let running = on |> Seq.cast<BoolVar> |> Seq.map (fun x -> x :> IntVar)
let oracle = OrToolsOracle.ofCpModel running model |> Oracle.withName "commitment"

// Cost of an hour, as forecast: euros, known to about a fifth.
let hourCost = [| 30.0; 35.0; 28.0 |]

let theta =
    [|
        for u in 0..2 do
            for _ in 1..hours -> -hourCost[u]
    |]

let plan = oracle |> Oracle.solve theta
let soft = perturb oracle Noise.gaussian 6.0 200
let probabilities = soft |> Smoothed.maximizer theta

printfn "hour      %s" (String.Join("    ", [ 1..hours ]))
printfn "demand  %s" (String.Join("  ", demand |> Array.map (sprintf "%3d")))

for u in 0..2 do
    let row (numbers: float[]) =
        numbers[u * hours .. u * hours + hours - 1]

    printfn "%-5s  %s  plan" stations[u] (row plan |> Array.map (sprintf "%4.0f") |> String.concat " ")
    printfn "       %s  probability" (row probabilities |> Array.map (sprintf "%4.2f") |> String.concat " ")

// What a schedule that was seen says of the costs: the gradient of the Fenchel-Young loss.
let seen = Array.copy plan
seen[2 * hours + 3] <- 1.0 - seen[2 * hours + 3]
let gradient = soft |> FenchelYoung.gradient theta seen
printfn "gradient for the peak station: %s" (gradient[2 * hours ..] |> Array.map (sprintf "%5.2f") |> String.concat " ")
