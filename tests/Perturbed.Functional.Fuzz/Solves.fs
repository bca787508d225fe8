/// One problem, solved on several θ: cold and judged, warm, beside other rows, and perturbed on one thread and on eight.
[<RequireQualifiedAccess>]
module Perturbed.Functional.Fuzz.Solves

open System
open Perturbed.Functional

/// How many θ each problem is solved on.
[<Literal>]
let Rows = 8

/// What was found wrong: the row of the problem, or −1, and the complaint.
type Complaint = { Row: int; Text: string }

type Report =
    {
        Coarse: int
        Complaints: Complaint list
    }

let private bits (x: float[]) : int64[] =
    x |> Array.map BitConverter.DoubleToInt64Bits

let private same (a: Answer) (b: Answer) : bool =
    match a, b with
    | Solved(y, v), Solved(y', v') -> bits y = bits y' && bits [| v |] = bits [| v' |]
    | Failed a, Failed b -> a = b
    | _ -> false

let private show (answer: Answer) : string =
    match answer with
    | Solved(y, v) -> $"{Form.vector y}, value {Form.number v}"
    | Failed message -> $"OracleException: {message}"

let private solve (oracle: Oracle) (solver: ISolver) (thetas: float[][]) : Answer[] =
    let k, n = oracle.SolutionDimension, thetas.Length
    let y: float[] = Array.create (n * k) nan
    let values: float[] = Array.create n nan

    try
        solver.Solve(ReadOnlySpan(Array.concat thetas), Span y, Span values)
        Array.init n (fun i -> Solved(Array.sub y (i * k) k, values[i]))
    with :? OracleException as e ->
        Array.create n (Failed e.Message)

let private start (solver: ISolver) (theta: float[]) : unit = solver.Begin(0L, ReadOnlySpan theta)

// Everything that an operator says on a number of threads.
let private perturbed (draw: Draw) (p: Problem) (thetas: float[][]) : string option =
    let d = p.Oracle.Dimension
    let samples = draw.Of [| 9; 27; 64 |]
    let noise = draw.Of [| Noise.gaussian; Noise.gumbel; Noise.laplace |]
    let kind = draw.Of [| Perturbation.Additive; Perturbation.Multiplicative |]

    let epsilons =
        match draw.Int 0 2 with
        | 0 -> Array.create d 0.5
        | 1 -> Array.create d (abs (draw.Spread()))
        | _ -> Array.init d (fun _ -> abs (draw.Spread()))

    let epsilons =
        if kind = Perturbation.Multiplicative then
            Array.create d (draw.Of [| 1e-12; 1e-3; 0.5; 8.0 |])
        else
            epsilons

    let key = draw.Word() % 1000000UL

    let operator =
        perturb p.Oracle noise 1.0 samples
        |> Smoothed.withEpsilons epsilons
        |> Smoothed.withPerturbation kind
        |> Smoothed.withKey (Key.create key)

    let on (threads: int) : Result<int64[], string> =
        try
            operator
            |> Smoothed.withThreads threads
            |> Batch.maximizer (array2D thetas)
            |> Seq.cast<float>
            |> Array.ofSeq
            |> bits
            |> Ok
        with e ->
            Error $"{e.GetType().Name}: {e.Message}"

    if on 1 = on 8 then
        None
    else
        Some(
            $"1 and 8 threads differ: {noise.GetType().Name}, epsilons {Form.vector epsilons}, {samples} samples, "
            + $"{kind}, key {key}, thetas {Form.matrix (array2D thetas)}"
        )

/// Tries a problem in every way.
let run (draw: Draw) (isPerturbed: bool) (p: Problem) : Report =
    let first = p.Theta draw

    let thetas =
        Array.init Rows (fun i ->
            if i = 0 then first
            elif i % 2 = 1 then Vectors.beside draw first
            else p.Theta draw)

    let complaints = ResizeArray<Complaint>()
    let mutable coarse = 0

    let report (row: int) (text: string) =
        complaints.Add
            {
                Row = row
                Text = $"{p.Form}\n    theta = {Form.vector thetas[max row 0]}\n    {text}"
            }

    let guarded (row: int) (action: unit -> unit) =
        try
            action ()
        with e ->
            report row $"it threw {e.GetType().Name}: {e.Message}"

    let cold = Array.create Rows (Failed "")

    for row in 0 .. Rows - 1 do
        guarded row (fun () ->
            let solver = p.Oracle.Implementation.CreateSolver()
            start solver thetas[row]
            cold[row] <- (solve p.Oracle solver [| thetas[row] |])[0]

            match p.Judge thetas[row] cold[row] with
            | Right -> ()
            | Coarse -> coarse <- coarse + 1
            | Wrong expected -> report row $"got {show cold[row]}\n    expected {expected}")

    let compare (how: string) (row: int) (answer: Answer) =
        if not (same answer cold[row]) then
            report row $"{how} {show answer}\n    cold {show cold[row]}"

    // A call has one exception, so rows that fail stay out of calls with others.
    let solvable =
        [| 0 .. Rows - 1 |]
        |> Array.filter (fun row ->
            match cold[row] with
            | Solved _ -> true
            | Failed _ -> false)

    guarded 0 (fun () ->
        let solver = p.Oracle.Implementation.CreateSolver()

        let together (announced: int) (rows: int[]) =
            start solver thetas[announced]

            if rows.Length > 0 then
                solve p.Oracle solver (rows |> Array.map (fun row -> thetas[row]))
                |> Array.iteri (fun i answer ->
                    compare $"warm from theta {Form.vector thetas[announced]}:" rows[i] answer)

        together 0 solvable
        start solver thetas[Rows - 1]

        for row in Rows - 1 .. -1 .. 0 do
            let alone = solve p.Oracle solver [| thetas[row] |]
            compare "after other rows:" row alone[0]

        together 2 (Array.rev solvable)
        together 1 (Array.append solvable solvable))

    if isPerturbed then
        guarded 0 (fun () -> perturbed draw p [| thetas[0]; thetas[2] |] |> Option.iter (report 0))

    {
        Coarse = coarse
        Complaints = List.ofSeq complaints
    }
