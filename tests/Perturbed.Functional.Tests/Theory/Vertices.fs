/// All solutions of small problems, and the plain arithmetic that the engine is checked against.
module Perturbed.Functional.Tests.Theory.Vertices


open Perturbed.Functional

let dot (a: float[]) (b: float[]) : float =
    Array.fold2 (fun sum x y -> sum + x * y) 0.0 a b

let norm (a: float[]) : float = sqrt (dot a a)

let subtract (a: float[]) (b: float[]) : float[] = Array.map2 (-) a b

let add (a: float[]) (b: float[]) : float[] = Array.map2 (+) a b

let scaled (factor: float) (a: float[]) : float[] = Array.map (fun x -> factor * x) a

let row (values: float[,]) (r: int) : float[] = values[r, *]

let rows (values: float[,]) : float[][] =
    Array.init (Array2D.length1 values) (row values)

/// The coordinatewise mean of some vectors.
let mean (vectors: float[][]) : float[] =
    let total = vectors |> Array.reduce add
    scaled (1.0 / float vectors.Length) total

let oneHot (dimension: int) (index: int) : float[] =
    Array.init dimension (fun i -> if i = index then 1.0 else 0.0)

/// The vertices of the probability simplex.
let simplex (dimension: int) : float[][] = Array.init dimension (oneHot dimension)

/// The k-hot vectors.
let hypersimplex (k: int) (dimension: int) : float[][] =
    [|
        for bits in 0 .. (1 <<< dimension) - 1 do
            if System.Numerics.BitOperations.PopCount(uint32 bits) = k then
                Array.init dimension (fun i -> float ((bits >>> i) &&& 1))
    |]

/// The distinct permutations of v.
let permutations (v: float[]) : float[][] =
    let rec arrange (items: float list) =
        match items with
        | [] -> [ [] ]
        | _ ->
            [
                for i in 0 .. items.Length - 1 do
                    for rest in arrange (List.removeAt i items) do
                        items[i] :: rest
            ]

    arrange (List.ofArray v)
    |> List.distinct
    |> List.map Array.ofList
    |> Array.ofList

/// The vertices of the cube {0, 1}^d.
let cube (dimension: int) : float[][] =
    Array.init (1 <<< dimension) (fun bits -> Array.init dimension (fun i -> float ((bits >>> i) &&& 1)))

let private offsets (moves: GridMoves) : (int * int) list =
    match moves with
    | GridMoves.RightDown -> [ 0, 1; 1, 0 ]
    | GridMoves.Four -> [ -1, 0; 0, -1; 0, 1; 1, 0 ]
    | _ -> [ -1, -1; -1, 0; -1, 1; 0, -1; 0, 1; 1, -1; 1, 0; 1, 1 ]

/// The cell indicators of all simple paths from the top left to the bottom right.
let paths (height: int) (width: int) (moves: GridMoves) : float[][] =
    let neighbours cell =
        [
            for down, right in offsets moves do
                let r, c = cell / width + down, cell % width + right

                if r >= 0 && r < height && c >= 0 && c < width then
                    r * width + c
        ]

    let rec extend (cell: int) (visited: Set<int>) : Set<int> list =
        if cell = height * width - 1 then
            [ visited ]
        else
            neighbours cell
            |> List.filter (fun next -> not (visited.Contains next))
            |> List.collect (fun next -> extend next (visited.Add next))

    extend 0 (Set.singleton 0)
    |> List.distinct
    |> List.map (fun cells -> Array.init (height * width) (fun i -> if cells.Contains i then 1.0 else 0.0))
    |> Array.ofList

/// y*(θ) by trying every vertex: the first of the best.
let argmaxOver (vertices: float[][]) (theta: float[]) : float[] =
    vertices |> Array.maxBy (fun y -> dot y theta)

/// R_C, the norm of the longest vertex.
let radius (vertices: float[][]) : float = vertices |> Array.map norm |> Array.max
