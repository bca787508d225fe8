// What to make when prices are uncertain: a linear program with bounds, the mean plan, which plans occur, and how
// revenue moves with each price.
//     dotnet build -c Release && dotnet fsi scripts/linear-program.fsx
#load "references.fsx"

open Perturbed.Functional

let goods = [| "bread"; "rolls"; "cake"; "tarts" |]
let stocks = [| "flour"; "butter"; "oven hours" |]

// What a unit of each good takes of each stock, and how much there is.
let needs =
    array2D [ [ 0.5; 0.3; 0.4; 0.2 ]; [ 0.0; 0.1; 0.4; 0.3 ]; [ 0.3; 0.2; 0.5; 0.6 ] ]

let supply = [| 60.0; 24.0; 54.0 |]

// At least some of each is promised, and no more can be sold.
let atLeast = [| 20.0; 10.0; 0.0; 5.0 |]
let atMost = [| 90.0; 80.0; 40.0; 60.0 |]
let oracle = Oracle.boundedLinearProgram atLeast atMost needs supply
let prices = [| 2.0; 1.4; 3.5; 3.2 |]
let plan = oracle |> Oracle.solve prices
let soft = perturb oracle Noise.gaussian 0.3 5000
let estimate = soft |> Smoothed.estimate prices

printfn "good    price  bounds     best plan  mean plan"

for i in 0 .. goods.Length - 1 do
    let bar = String.replicate (int (estimate.Maximizer[i] / 2.5)) "#"

    printfn
        "%-6s %6.2f  %3.0f..%-3.0f %12.1f %10.1f %s"
        goods[i]
        prices[i]
        atLeast[i]
        atMost[i]
        plan[i]
        estimate.Maximizer[i]
        bar

printfn "stock        used by the best plan"

for k in 0 .. stocks.Length - 1 do
    let used = Seq.sum (seq { for i in 0 .. goods.Length - 1 -> needs[k, i] * plan[i] })
    printfn "%-10s %5.1f of %.0f" stocks[k] used supply[k]

printfn
    "revenue %.1f; mean of the best revenue %.1f ± %.1f"
    (Array.map2 (*) prices plan |> Array.sum)
    estimate.Maximum
    estimate.MaximumStandardError

printfn "the likeliest plans:"

for outcome in soft |> Smoothed.distribution prices |> Array.truncate 4 do
    let amounts =
        Array.map2 (sprintf "%s %.1f") goods outcome.Solution |> String.concat ", "

    printfn "  %.3f ± %.3f  %s" outcome.Probability outcome.StandardError amounts

// How the mean plan answers to each price: the Jacobian, rows are goods made, columns are prices.
let jacobian = soft |> Smoothed.withSamples 100000 |> Smoothed.jacobian prices
printfn "units more for a price raised by 0.1:"
printfn "        %s" (goods |> Array.map (sprintf "%8s") |> String.concat "")

for i in 0 .. goods.Length - 1 do
    printfn
        "%-8s%s"
        goods[i]
        (Array.init goods.Length (fun j -> sprintf "%8.1f" (0.1 * jacobian[i, j]))
         |> String.concat "")
