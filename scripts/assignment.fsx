// Who does which task, when the gains are only known roughly: the perturbed assignment is a matrix of probabilities,
// and it can be learned from.
//     dotnet build -c Release && dotnet fsi scripts/assignment.fsx
#load "references.fsx"

open Perturbed.Functional

let people = [| "Ada"; "Ben"; "Cem"; "Dia"; "Eva" |]
let tasks = [| "bake"; "drive"; "paint"; "sing"; "weld" |]

// The gain of each person (row) at each task (column), row by row.
let gains =
    [|
        [| 9.0; 2.0; 7.0; 8.0; 1.0 |]
        [| 6.0; 4.0; 3.0; 7.0; 2.0 |]
        [| 5.0; 8.0; 1.0; 8.0; 3.0 |]
        [| 7.0; 6.0; 9.0; 4.0; 6.0 |]
        [| 3.0; 5.0; 6.0; 2.0; 5.0 |]
    |]
    |> Array.concat

let show (title: string) (y: float[]) =
    printfn "%-12s%s" title (tasks |> Array.map (sprintf "%7s") |> String.concat "")

    for i in 0..4 do
        let row = Array.init 5 (fun j -> sprintf "%7.2f" y[5 * i + j]) |> String.concat ""
        printfn "%12s%s" people[i] row

let oracle = Oracle.assignment 5 5
let soft = perturb oracle Noise.gaussian 1.0 5000

show "gains" gains
show "the best" (oracle |> Oracle.solve gains)
show "perturbed" (soft |> Smoothed.maximizer gains) // rows and columns add up to 1

printfn "the likeliest assignments:"

for outcome in soft |> Smoothed.distribution gains |> Array.truncate 3 do
    let pairs =
        Array.init 5 (fun i ->
            $"{people[i]} {tasks[outcome.Solution[5 * i .. 5 * i + 4] |> Array.findIndex ((=) 1.0)]}")

    printfn "  %.3f ± %.3f  %s" outcome.Probability outcome.StandardError (String.concat ", " pairs)

// Last year's assignment was another one: gradient steps on the Fenchel-Young loss find gains under which it is the
// best.
let lastYear =
    [| 0; 3; 1; 2; 4 |]
    |> Array.collect (fun task -> Array.init 5 (fun j -> if j = task then 1.0 else 0.0))

let step (theta: float[]) (k: int) =
    let gradient =
        soft
        |> Smoothed.withSamples 200
        |> Smoothed.withKey (Key.fold k (Key.create 7UL))
        |> FenchelYoung.gradient theta lastYear

    Array.map2 (fun t g -> t - 0.5 * g) theta gradient

let learned = List.fold step gains [ 1..40 ]

let lossAt (theta: float[]) =
    (soft |> FenchelYoung.valueAndGradient theta lastYear |> fst).Value

printfn "loss of last year's assignment: %.3f, after 40 steps %.3f" (lossAt gains) (lossAt learned)
show "learned" learned
show "their best" (oracle |> Oracle.solve learned)
