/// The plain definitions that the solver kernels are checked against.
module Perturbed.Kernels.Tests.ReferenceSolvers

open System
open Perturbed.Functional.CSharp
open Perturbed.Kernels

let dot (y: float[]) (theta: float[]) : float = Array.sum (Array.map2 (*) y theta)

let indicator (dimension: int) (cells: int seq) : float[] =
    let chosen = Set.ofSeq cells
    Array.init dimension (fun i -> if chosen.Contains i then 1.0 else 0.0)

let argmax (theta: float[]) : float[] =
    indicator theta.Length [ Array.findIndex ((=) (Array.max theta)) theta ]

let topK (k: int) (theta: float[]) : float[] =
    indicator theta.Length (List.sortBy (fun i -> -theta[i], i) [ 0 .. theta.Length - 1 ] |> List.take k)

let ranking (v: float[]) (theta: float[]) : float[] =
    let order = List.sortBy (fun i -> theta[i], i) [ 0 .. theta.Length - 1 ]
    let y = Array.zeroCreate theta.Length
    List.iter2 (fun i entry -> y[i] <- entry) order (List.sort (List.ofArray v))
    y

// A number as a multiple of 2^-1074.
let private whole (x: float) : bigint =
    let bits = BitConverter.DoubleToInt64Bits(abs x)
    let exponent = max 1 (int (bits >>> 52))

    bigint (sign x)
    * (bigint (bits - (int64 (exponent - 1) <<< 52)) <<< (exponent - 1))

/// The first row of largest product, compared without rounding.
let finiteSet (rows: float[][]) (theta: float[]) : float[] =
    let exact (row: float[]) =
        Array.fold2 (fun sum x y -> sum + whole x * whole y) 0I row theta

    // Sums of doubles leave few rows to whole numbers.
    let size =
        Array.map (fun row -> dot (Array.map abs row) (Array.map abs theta)) rows
        |> Array.max

    let most = rows |> Array.map (fun row -> dot row theta) |> Array.max
    let near = rows |> Array.filter (fun row -> dot row theta >= most - 1e-12 * size)

    if near.Length = 1 then
        near[0]
    else
        let products = near |> Array.map exact
        near[Array.findIndex ((=) (Array.max products)) products]

/// The dynamic program, entering a cell from above where both ways are as good.
let rightDown (rows: int) (columns: int) (theta: float[]) : float[] =
    let best = Array2D.create rows columns (0.0, [])

    for r in 0 .. rows - 1 do
        for c in 0 .. columns - 1 do
            let value, path =
                match r, c with
                | 0, 0 -> 0.0, []
                | 0, _ -> best[r, c - 1]
                | _, 0 -> best[r - 1, c]
                | _ ->
                    if fst best[r, c - 1] > fst best[r - 1, c] then
                        best[r, c - 1]
                    else
                        best[r - 1, c]

            best[r, c] <- value + theta[r * columns + c], (r * columns + c) :: path

    indicator (rows * columns) (snd best[rows - 1, columns - 1])

let private offsets (moves: GridMoves) : (int * int) list =
    match moves with
    | GridMoves.RightDown -> [ 0, 1; 1, 0 ]
    | GridMoves.Four -> [ -1, 0; 0, -1; 0, 1; 1, 0 ]
    | _ -> [ -1, -1; -1, 0; -1, 1; 0, -1; 0, 1; 1, -1; 1, 0; 1, 1 ]

let private neighbours (rows: int) (columns: int) (moves: (int * int) list) (cell: int) : int list =
    [
        for down, right in moves do
            let r, c = cell / columns + down, cell % columns + right

            if r >= 0 && r < rows && c >= 0 && c < columns then
                yield r * columns + c
    ]

/// The indicators of all simple paths from the first cell to the last.
let simplePaths (rows: int) (columns: int) (moves: GridMoves) : float[] list =
    let rec extend cell (visited: Set<int>) =
        [
            if cell = rows * columns - 1 then
                yield visited
            else
                for next in neighbours rows columns (offsets moves) cell do
                    if not (visited.Contains next) then
                        yield! extend next (visited.Add next)
        ]

    extend 0 (Set.singleton 0) |> List.map (indicator (rows * columns))

/// One instance at a time, the sweeps that the kernel runs on eight: forward, backward, until one changes nothing.
let sweeps (rows: int) (columns: int) (moves: GridMoves) (theta: float[]) : float[] =
    let cells = rows * columns
    let goal = cells - 1
    let cost = theta |> Array.map (fun t -> max -t 0.0)
    let length = Array.create cells infinity
    let before = Array.create cells -1
    length[0] <- cost[0]

    let forwardMoves =
        if moves = GridMoves.Eight then
            [ -1, -1; -1, 0; -1, 1; 0, -1 ]
        else
            [ -1, 0; 0, -1 ]

    let backwardMoves = forwardMoves |> List.map (fun (down, right) -> -down, -right)

    let sweep order from =
        let bound = length[goal]
        let mutable improved = false

        for cell in order do
            match neighbours rows columns from cell with
            | [] -> ()
            | candidates ->
                let nearest = List.minBy (fun n -> length[n]) candidates // the first of several
                let found = length[nearest] + cost[cell]
                // The last cell's own label falls during a sweep; the others are held to its value at the start of the sweep.
                if found < min length[cell] bound then
                    length[cell] <- found
                    before[cell] <- nearest
                    improved <- true

        improved

    let rec run forward =
        if
            (if forward then
                 sweep [ 0..goal ] forwardMoves
             else
                 sweep [ goal .. -1 .. 0 ] backwardMoves)
        then
            run (not forward)

    run true

    let path =
        List.unfold (fun cell -> if cell < 0 then None else Some(cell, before[cell])) goal

    // From each cell to the farthest cell of the path that touches it.
    let rec follow path =
        match path with
        | [] -> []
        | cell :: rest ->
            let touching = neighbours rows columns (offsets moves) cell |> Set.ofList

            match List.tryFindIndexBack touching.Contains rest with
            | None -> [ cell ]
            | Some index -> cell :: follow (List.skip index rest)

    indicator cells (follow path)

let rec permutations (items: float list) : float list list =
    match items with
    | [] -> [ [] ]
    | _ ->
        [
            for i in 0 .. items.Length - 1 do
                for rest in permutations (List.removeAt i items) do
                    yield items[i] :: rest
        ]

let subsets (dimension: int) (k: int) : float[] list =
    [
        for bits in 0u .. (1u <<< dimension) - 1u do
            if Numerics.BitOperations.PopCount bits = k then
                yield Array.init dimension (fun i -> float ((bits >>> i) &&& 1u))
    ]
