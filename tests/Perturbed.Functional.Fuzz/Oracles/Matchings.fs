/// Assignments, b-matchings and transport plans.
[<RequireQualifiedAccess>]
module Perturbed.Functional.Fuzz.Matchings

open System
open System.Collections.Concurrent
open Perturbed.Functional

let private listed (form: string) (oracle: Oracle) (theta: Draw -> float[]) (solutions: float[][]) : Outcome =
    Made
        {
            Form = form
            Oracle = oracle
            Theta = theta
            Judge = Judge.listed Judge.OfTerms Judge.AnyOf solutions id
        }

let private matchings =
    let known = ConcurrentDictionary<struct (int * int), float[][]>()

    // Rows are matched to different columns; the smaller side is the rows, or the roles change.
    let rec choose (columns: int list) (rows: int) : int list list =
        if rows = 0 then
            [ [] ]
        else
            columns
            |> List.collect (fun j ->
                choose (List.except [ j ] columns) (rows - 1)
                |> List.map (fun rest -> j :: rest))

    fun (rows: int) (columns: int) ->
        known.GetOrAdd(
            struct (rows, columns),
            fun _ ->
                choose [ 0 .. max rows columns - 1 ] (min rows columns)
                |> List.map (fun chosen ->
                    let y = Array.zeroCreate (rows * columns)

                    chosen
                    |> List.iteri (fun i j ->
                        let place = if rows <= columns then i * columns + j else j * columns + i
                        y[place] <- 1.0)

                    y)
                |> Array.ofList
        )

// Sums of potentials, with or without a rest: dual degeneracy, and prices much larger than what is at stake.
let private reduced (rows: int) (columns: int) (draw: Draw) : float[] =
    let u, v = Vectors.any draw rows, Vectors.any draw columns

    let rest =
        if draw.Chance 0.3 then
            Array.zeroCreate (rows * columns)
        else
            Vectors.any draw (rows * columns)

    Array.init (rows * columns) (fun at -> u[at / columns] + v[at % columns] + rest[at])

let private theta (rows: int) (columns: int) (draw: Draw) : float[] =
    if draw.Chance 0.25 then
        reduced rows columns draw
    else
        Vectors.any draw (rows * columns)

let assignment (draw: Draw) : Outcome =
    let rows, columns =
        if draw.Chance 0.6 then
            let n = draw.Int 1 4
            n, n
        else
            draw.Int 1 4, draw.Int 1 4

    listed
        $"Oracle.assignment {rows} {columns}"
        (Oracle.assignment rows columns)
        (theta rows columns)
        (matchings rows columns)

let bMatching (draw: Draw) : Outcome =
    let rows, columns = draw.Int 1 3, draw.Int 1 3

    let a, b =
        Array.init rows (fun _ -> draw.Int 0 3), Array.init columns (fun _ -> draw.Int 0 3)

    let d = rows * columns

    let solutions =
        [|
            for bits in 0 .. (1 <<< d) - 1 do
                let isTaken i j = (bits >>> (i * columns + j)) &&& 1

                if
                    Seq.forall (fun i -> Seq.sumBy (isTaken i) [ 0 .. columns - 1 ] <= a[i]) [ 0 .. rows - 1 ]
                    && Seq.forall (fun j -> Seq.sumBy (fun i -> isTaken i j) [ 0 .. rows - 1 ] <= b[j]) [
                        0 .. columns - 1
                    ]
                then
                    Array.init d (fun at -> float ((bits >>> at) &&& 1))
        |]

    listed $"Oracle.bMatching {Form.ints a} {Form.ints b}" (Oracle.bMatching a b) (theta rows columns) solutions

// The edge sets of the spanning trees of the complete bipartite graph.
let private trees =
    let known = ConcurrentDictionary<struct (int * int), int[][]>()

    let rec subsets (count: int) (from: int) (upTo: int) : int list list =
        if count = 0 then
            [ [] ]
        else
            [
                for e in from .. upTo - count do
                    for rest in subsets (count - 1) (e + 1) upTo do
                        e :: rest
            ]

    fun (rows: int) (columns: int) ->
        known.GetOrAdd(
            struct (rows, columns),
            fun _ ->
                subsets (rows + columns - 1) 0 (rows * columns)
                |> List.filter (fun edges ->
                    let label = Array.init (rows + columns) id

                    edges
                    |> List.forall (fun e ->
                        let a, b = label[e / columns], label[rows + e % columns]

                        Array.iteri
                            (fun v l ->
                                if l = a then
                                    label[v] <- b)
                            label

                        a <> b))
                |> List.map Array.ofList
                |> Array.ofList
        )

// The flow on a tree, leaf by leaf; exact, since marginals are multiples of one unit.
let private flow (a: float[]) (b: float[]) (tree: int[]) : float[] =
    let rows, columns = a.Length, b.Length
    let left = Array.append a b
    let y = Array.zeroCreate (rows * columns)
    let mutable edges = List.ofArray tree

    while not edges.IsEmpty do
        let ends e = [ e / columns; rows + e % columns ]
        let degree = edges |> List.collect ends |> List.countBy id |> dict

        let leaf =
            edges |> List.find (fun e -> ends e |> List.exists (fun v -> degree[v] = 1))

        let at = ends leaf |> List.find (fun v -> degree[v] = 1)
        y[leaf] <- left[at]
        let amount = left[at]
        ends leaf |> List.iter (fun v -> left[v] <- left[v] - amount)
        edges <- List.except [ leaf ] edges

    y

let transport (draw: Draw) : Outcome =
    let rows, columns = draw.Of [| 1, 2; 2, 2; 2, 3; 3, 2; 3, 3; 3, 3; 1, 1; 2, 4 |]

    let a, b =
        if draw.Chance 0.5 then
            // Whole numbers of one sum.
            Array.create rows (float columns), Array.create columns (float rows)
        else
            // Sums of a plan, whose entries are spread as far as marginals may be.
            let width = draw.Of [| 1.0; 6.0; 12.0 |]

            let plan =
                Array.init (rows * columns) (fun _ -> Math.Pow(10.0, width * (draw.Uniform() - 0.5)))

            Array.init rows (fun i -> Seq.sumBy (fun j -> plan[i * columns + j]) [ 0 .. columns - 1 ]),
            Array.init columns (fun j -> Seq.sumBy (fun i -> plan[i * columns + j]) [ 0 .. rows - 1 ])

    let oracle = Oracle.transport a b

    match oracle.Polytope with
    | Polytope.TransportPlans(a', b') ->
        let solutions =
            trees rows columns
            |> Array.map (flow a' b')
            |> Array.filter (Array.forall (fun x -> x >= 0.0))
            |> Array.distinct

        listed $"Oracle.transport {Form.vector a} {Form.vector b}" oracle (theta rows columns) solutions
    | _ -> Misjudged("Oracle.transport", "a transport polytope")
