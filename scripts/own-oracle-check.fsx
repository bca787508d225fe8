// Is my solver an oracle? Oracle.check tries its promises and names each broken one with a θ that shows it.
//     dotnet build -c Release && dotnet fsi scripts/own-oracle-check.fsx
#load "references.fsx"

open Perturbed.Functional

// The first violation of each rule; `printfn "%O"` of the report shows up to three with all their digits.
let report (name: string) (directions: int) (oracle: Oracle) =
    let found = oracle |> Oracle.check (Key.create 1UL) directions

    printfn
        "%s, %d directions: %s"
        name
        directions
        (if found.Passed then
             "nothing found"
         else
             "broke its contract")

    for violation in found.Violations |> List.distinctBy _.Rule do
        let theta = violation.Theta |> Array.map (sprintf "%.2f") |> String.concat ", "

        printfn "  %O: %s" violation.Rule violation.Message
        printfn "    at theta = %s" theta

let oneHot (i: int) =
    Array.init 4 (fun j -> if j = i then 1.0 else 0.0)

// Right: the largest entry, the first of equals.
let best (theta: float[]) =
    oneHot (Array.findIndex ((=) (Array.max theta)) theta)

Oracle.ofFunction 4 best |> report "largest entry" 30

// Wrong: a cost was passed where a gain is expected, so it minimises. `Oracle.minimise` is for that.
let cheapest (theta: float[]) =
    oneHot (Array.findIndex ((=) (Array.min theta)) theta)

Oracle.ofFunction 4 cheapest |> report "smallest entry" 30

// Wrong: greedy by value alone, in a knapsack of weights 4, 3, 2, 2 and capacity 5.
let greedy (theta: float[]) =
    let weights = [| 4.0; 3.0; 2.0; 2.0 |]
    let y = Array.zeroCreate 4
    let mutable capacity = 5.0

    for i in Array.init 4 id |> Array.sortBy (fun i -> -theta[i]) do
        if theta[i] > 0.0 && weights[i] <= capacity then
            y[i] <- 1.0
            capacity <- capacity - weights[i]

    y

// It is wrong on few theta, and only where another answer shows it: a check finds breaches, it proves nothing.
Oracle.ofFunction 4 greedy |> report "greedy knapsack" 30
Oracle.ofFunction 4 greedy |> report "greedy knapsack" 300

// Wrong: it remembers. Ties are broken in favour of the answer before.
let mutable last = 0

let loyal (theta: float[]) =
    if theta[last] < Array.max theta then
        last <- Array.findIndex ((=) (Array.max theta)) theta

    oneHot last

Oracle.ofFunction 4 loyal
|> Oracle.synchronized
|> report "loyal to its last answer" 30

// Wrong: where no entry is positive its answer is 0/0, and elsewhere it is no maximizer.
let careless (theta: float[]) =
    let total = theta |> Array.sumBy (fun t -> max t 0.0)
    theta |> Array.map (fun t -> max t 0.0 / total)

Oracle.ofFunction 4 careless |> report "divides by nothing" 30

// In a test of your own: it returns the oracle, or throws an OracleException with the report.
let trusted = Oracle.ofFunction 4 best |> Oracle.checkOrThrow (Key.create 1UL) 30
printfn "%O is let through" trusted
