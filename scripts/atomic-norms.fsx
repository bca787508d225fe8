// Balls of atomic norms: their extreme points are the simplest things of a kind (a signed coordinate, a group, a
// matrix of rank one), and perturbing mixes them.
//     dotnet build -c Release && dotnet fsi scripts/atomic-norms.fsx
#load "references.fsx"

open Perturbed.Functional

let show (title: string) (values: float[]) =
    printfn "  %-22s%s" title (values |> Array.map (sprintf "%7.3f") |> String.concat "")

let compare (name: string) (epsilon: float) (theta: float[]) (oracle: Oracle) =
    let soft = perturb oracle Noise.gaussian epsilon 20_000
    printfn "%s" name
    show "theta" theta
    show "the extreme point" (oracle |> Oracle.solve theta)
    show $"perturbed, ε = {epsilon}" (soft |> Smoothed.maximizer theta)
    soft

let theta = [| 1.0; -1.2; 0.3; 0.0; 0.8; -0.1 |]

compare "l1 ball: one signed coordinate" 0.5 theta (Oracle.l1Ball 1.0 6)
|> ignore

compare "group lasso, groups 0 0 1 1 2 2: one group" 0.5 theta (Oracle.groupBall [| 0; 0; 1; 1; 2; 2 |] 1.0)
|> ignore

let signs = compare "signs: every coordinate its own" 0.5 theta (Oracle.sign 6)

// Here the expectation is known: 2Φ(θ/ε) − 1. Φ by its series.
let cdf (x: float) =
    let term, sum = (x, x)

    let rec add k term sum =
        if abs term < 1e-17 then
            sum
        else
            let next = term * x * x / float (2 * k + 1)
            add (k + 1) next (sum + next)

    0.5 + exp (-0.5 * x * x) / sqrt (2.0 * System.Math.PI) * add 1 term sum

show "exactly" (theta |> Array.map (fun t -> 2.0 * cdf (t / 0.5) - 1.0))
let estimate = signs |> Smoothed.estimate theta
show "standard errors" estimate.MaximizerStandardErrors

// A picture of 8 × 20: two blocks and noise, a matrix of rank two. The nuclear-norm oracle answers with a matrix of
// rank one, which cannot have two blocks without the two corners between them; the perturbed one is a mean over such
// matrices, where these corners cancel.
let picture =
    let noise = Noise.gaussian |> Noise.sample 160 1 (Key.create 5UL)

    Array.init 160 (fun i ->
        let row, column = i / 20, i % 20

        let isBlock =
            row < 4 && column >= 2 && column < 9 || row >= 4 && column >= 11 && column < 18

        (if isBlock then 1.0 else 0.0) + 0.2 * noise[0, i])

let draw (title: string) (y: float[]) =
    printfn "%s" title
    let largest = y |> Array.map abs |> Array.max

    for r in 0..7 do
        Array.init 20 (fun c ->
            let shade = abs y[20 * r + c] / largest

            if shade > 0.75 then "##"
            elif shade > 0.5 then "++"
            elif shade > 0.25 then "--"
            else "..")
        |> String.concat ""
        |> printfn "  %s"

let nuclear = Oracle.nuclearBall 1.0 8 20
draw "two blocks and noise" picture
draw "nuclear-norm ball: the leading singular pair, a matrix of rank one" (nuclear |> Oracle.solve picture)

draw
    "perturbed, ε = 0.5: a mean of such matrices"
    (perturb nuclear Noise.gaussian 0.5 4000 |> Smoothed.maximizer picture)
