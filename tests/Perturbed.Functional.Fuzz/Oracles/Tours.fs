/// Round trips: all of them, or for the heuristic the exchanges that could improve one.
[<RequireQualifiedAccess>]
module Perturbed.Functional.Fuzz.Tours

open System.Collections.Concurrent
open Perturbed.Functional

let private edge (n: int) (a: int) (b: int) : int =
    let i, j = min a b, max a b
    i * n - i * (i + 1) / 2 + j - i - 1

let private indicator (n: int) (tour: int[]) : float[] =
    let y = Array.zeroCreate (n * (n - 1) / 2)
    Array.iteri (fun i city -> y[edge n city tour[(i + 1) % n]] <- 1.0) tour
    y

// The cities of a round trip from city 0, towards the lower of its neighbours; None where y marks none.
let private cities (n: int) (y: float[]) : int[] option =
    let joined a b = a <> b && y[edge n a b] = 1.0
    let tour = ResizeArray [ 0 ]

    let next city =
        Seq.tryFind (fun b -> joined city b && not (tour.Contains b)) [ 0 .. n - 1 ]

    let rec walk city =
        match next city with
        | Some b ->
            tour.Add b
            walk b
        | None -> ()

    walk 0
    let found = tour.ToArray()

    if found.Length = n && indicator n found = y then
        Some found
    else
        None

let private tours =
    let known = ConcurrentDictionary<int, float[][]>()

    let rec orders (items: int list) : int list list =
        match items with
        | [] -> [ [] ]
        | _ ->
            items
            |> List.collect (fun a -> orders (List.except [ a ] items) |> List.map (fun rest -> a :: rest))

    fun (n: int) ->
        known.GetOrAdd(
            n,
            fun n ->
                orders [ 1 .. n - 1 ]
                |> List.filter (fun order -> List.head order < List.last order)
                |> List.map (fun order -> indicator n (Array.ofList (0 :: order)))
                |> Array.ofList
        )

let private symmetricTheta (n: int) (draw: Draw) : float[] =
    if draw.Chance 0.2 then
        // Sums of a number for each city, which every tour passes twice: all tours tie but for rounding.
        let potential = Vectors.any draw n

        [|
            for i in 0 .. n - 1 do
                for j in i + 1 .. n - 1 do
                    potential[i] + potential[j]
        |]
    else
        Vectors.any draw (n * (n - 1) / 2)

let tsp (draw: Draw) : Outcome =
    let n = draw.Int 3 6

    Made
        {
            Form = $"Oracle.tsp {n}"
            Oracle = Oracle.tsp n
            Theta = symmetricTheta n
            Judge =
                Judge.listed
                    Judge.OfTerms
                    // Back from city 0 the lowest number each time; a walk towards the lower neighbour is that walk.
                    (Judge.FirstBy(fun a b -> compare (cities n a) (cities n b)))
                    (tours n)
                    id
        }

let tspHeuristic (draw: Draw) : Outcome =
    let n = draw.Int 3 9
    let starts = draw.Int 1 n

    let judge (theta: float[]) (answer: Answer) : Verdict =
        match answer with
        | Failed _ -> Wrong "a tour"
        | Solved(y, found) ->
            match cities n y with
            | None -> Wrong "a tour; it is none"
            | Some tour ->
                match Judge.value y theta found with
                | Right ->
                    let gain a b = Dyadic.ofFloat theta[edge n a b]

                    let better =
                        Seq.allPairs [ 0 .. n - 3 ] [ 2 .. n - 1 ]
                        |> Seq.tryFind (fun (i, j) ->
                            let a, b, c, d = tour[i], tour[i + 1], tour[j], tour[(j + 1) % n]

                            j >= i + 2 && a <> d && (gain a c + gain b d - gain a b - gain c d).Sign > 0)

                    match better with
                    | Some(i, j) ->
                        Wrong $"no exchange that gains; reversing cities {i + 1} to {j} of {Form.ints tour} does"
                    | None -> Right
                | wrong -> wrong

    Made
        {
            Form = $"Oracle.tspHeuristic {starts} {n}"
            Oracle = Oracle.tspHeuristic starts n
            Theta = symmetricTheta n
            Judge = judge
        }
