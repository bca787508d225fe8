/// Knapsacks, by all subsets.
[<RequireQualifiedAccess>]
module Perturbed.Functional.Fuzz.Packings

open Perturbed.Functional

let private fitting (weights: int[,]) (capacities: int[]) : float[][] =
    let d = Array2D.length2 weights

    [|
        for bits in 0 .. (1 <<< d) - 1 do
            let fits c =
                Seq.sumBy (fun i -> if (bits >>> i) &&& 1 = 1 then weights[c, i] else 0) [ 0 .. d - 1 ]
                <= capacities[c]

            if Seq.forall fits [ 0 .. capacities.Length - 1 ] then
                Array.init d (fun i -> float ((bits >>> i) &&& 1))
    |]

// An item of gain ≤ 0 is never taken.
let private noLosses (judge: float[] -> Answer -> Verdict) (theta: float[]) (answer: Answer) : Verdict =
    match judge theta answer, answer with
    | Right, Solved(y, _) when Array.exists2 (fun y t -> y > 0.0 && t <= 0.0) y theta -> Wrong "no item of gain <= 0"
    | verdict, _ -> verdict

// Leaving out the item of the highest index in which they differ comes first.
let private leavesOutHigh (a: float[]) (b: float[]) : int =
    match Array.tryFindIndexBack id (Array.map2 (<>) a b) with
    | Some i -> compare a[i] b[i]
    | None -> 0

let private theta (d: int) (draw: Draw) : float[] =
    if draw.Chance 0.6 then
        Vectors.positive draw d
    else
        Vectors.any draw d

let knapsack (draw: Draw) : Outcome =
    let d = draw.Int 1 7
    let weights = Array.init d (fun _ -> draw.Int 0 6)
    let capacity = draw.Int 0 15
    let solutions = fitting (Array2D.init 1 d (fun _ i -> weights[i])) [| capacity |]

    Made
        {
            Form = $"Oracle.knapsack {Form.ints weights} {capacity}"
            Oracle = Oracle.knapsack weights capacity
            Theta = theta d
            Judge = noLosses (Judge.listed Judge.OfTerms (Judge.FirstBy leavesOutHigh) solutions id)
        }

let multiKnapsack (draw: Draw) : Outcome =
    let d, k = draw.Int 1 7, draw.Int 1 3
    let most = draw.Of [| 6; 6; 1000000 |]
    let weights = Array2D.init k d (fun _ _ -> draw.Int 0 most)
    let capacities = Array.init k (fun _ -> draw.Int 0 (3 * most))

    Made
        {
            Form = $"Oracle.multiKnapsack {Form.intMatrix weights} {Form.ints capacities}"
            Oracle = Oracle.multiKnapsack weights capacities
            Theta = theta d
            Judge = noLosses (Judge.listed Judge.OfTerms Judge.AnyOf (fitting weights capacities) id)
        }
