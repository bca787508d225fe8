// Who ships what to whom, when distances are only known roughly: the perturbed plan keeps every sum, and it can be
// learned from.
//     dotnet build -c Release && dotnet fsi scripts/transport.fsx
#load "references.fsx"

open Perturbed.Functional

// Heaps of sand along a line, and the holes they are to fill.
let heaps = [| 1.0; 2.0; 6.0; 9.0; 7.0; 3.0; 1.0; 1.0; 0.5; 0.5; 0.5; 0.5 |]
let holes = [| 0.5; 0.5; 0.5; 1.0; 1.0; 2.0; 4.0; 7.0; 8.0; 5.0; 2.0; 0.5 |]
let places = heaps.Length
let oracle = Oracle.transport heaps holes

let draw (title: string) (numbers: float[]) =
    printfn "%s" title

    for height in 9.0 .. -3.0 .. 0.0 do
        numbers
        |> Array.map (fun x -> if x > height then "###" else "   ")
        |> String.concat " "
        |> printfn "  %s"

// A darker sign for a larger part of the largest entry.
let shades = " .:-=+*#%@"

let show (title: string) (plan: float[]) =
    printfn "%s" title
    let largest = Array.max plan

    for i in 0 .. places - 1 do
        plan[i * places .. (i + 1) * places - 1]
        |> Array.map (fun x -> shades[int (ceil (9.0 * x / largest))])
        |> System.String
        |> printfn "  %2d |%s|" i

// θ = −cost: the square of the distance.
let theta =
    Array.init (places * places) (fun at -> -(float (at / places - at % places) ** 2.0) / 10.0)

draw "heaps" heaps
draw "holes" holes
show "the best plan, from heap (row) to hole (column)" (oracle |> Oracle.solve theta)

let soft = perturb oracle Noise.gaussian 0.5 2000
let estimate = soft |> Smoothed.estimate theta
show "perturbed" estimate.Maximizer

printfn
    "cost of the best plan %.2f, mean perturbed cost %.2f ± %.2f"
    (-(Array.map2 (*) theta (oracle |> Oracle.solve theta) |> Array.sum))
    -estimate.Maximum
    estimate.MaximumStandardError

// A plan that someone made, the last holes filled from the first heaps: steps on the Fenchel-Young loss find costs
// that explain it.
let seen =
    let plan = Array.zeroCreate (places * places)
    let left = Array.copy heaps

    for j in places - 1 .. -1 .. 0 do
        let mutable missing = holes[j]

        for i in 0 .. places - 1 do
            let amount = min missing left[i]
            plan[i * places + j] <- amount
            left[i] <- left[i] - amount
            missing <- missing - amount

    plan

let step (theta: float[]) (k: int) =
    let gradient =
        soft
        |> Smoothed.withSamples 50
        |> Smoothed.withKey (Key.fold k (Key.create 7UL))
        |> FenchelYoung.gradient theta seen

    Array.map2 (fun t g -> t - 0.2 * g) theta gradient

let distance (plan: float[]) =
    0.5 * (Array.map2 (fun a b -> abs (a - b)) plan seen |> Array.sum)

let learned = List.fold step theta [ 1..60 ]
show "a plan that was seen" seen
show "the best plan for the costs learned from it" (oracle |> Oracle.solve learned)

printfn
    "sand that goes elsewhere: %.1f of %.1f before, %.1f after"
    (oracle |> Oracle.solve theta |> distance)
    (Array.sum heaps)
    (oracle |> Oracle.solve learned |> distance)
