/// Linear programs against the simplex method in whole numbers.
[<RequireQualifiedAccess>]
module Perturbed.Functional.Fuzz.Programs

open System
open System.Numerics
open Perturbed.Functional

type private Program =
    {
        A: float[][]
        B: float[]
        Lower: float[]
        Upper: float[]
    }

// Whole multiples of one power of two.
let private whole (row: Dyadic[]) : BigInteger[] * int =
    let exponent =
        row
        |> Array.fold (fun least x -> if x.Sign = 0 then least else min least x.Exponent) Int32.MaxValue

    row
    |> Array.map (fun x ->
        if x.Sign = 0 then
            BigInteger.Zero
        else
            x.Mantissa <<< (x.Exponent - exponent)),
    exponent

// In z = y − l ≥ 0, finite upper bounds as rows.
let private solveExactly (p: Program) (theta: float[]) : ExactSimplex.Result =
    let d = theta.Length

    let rows =
        [|
            for i in 0 .. p.A.Length - 1 do
                Array.append (Array.map Dyadic.ofFloat p.A[i]) [| Dyadic.ofFloat p.B[i] - Dyadic.dot p.A[i] p.Lower |]

            for j in 0 .. d - 1 do
                if Double.IsFinite p.Upper[j] then
                    [|
                        for k in 0 .. d - 1 do
                            if k = j then Dyadic.ofInt 1 else Dyadic.Zero

                        Dyadic.ofFloat p.Upper[j] - Dyadic.ofFloat p.Lower[j]
                    |]
        |]
        |> Array.map (whole >> fst)

    ExactSimplex.solve
        (rows |> Array.map (Array.take d))
        (rows |> Array.map Array.last)
        (theta |> Array.map Dyadic.ofFloat |> whole |> fst)

let private times (x: Dyadic) (n: BigInteger) : Dyadic = x * { Mantissa = n; Exponent = 0 }

// Rows within the rounding of their terms, bounds exactly.
let private violation (p: Program) (y: float[]) : string option =
    let beyondBound =
        Array.tryFindIndex (fun j -> y[j] < p.Lower[j] || y[j] > p.Upper[j]) [| 0 .. y.Length - 1 |]
        |> Option.map (fun j -> $"entry {j} between its bounds")

    let beyondRow =
        Array.tryFindIndex
            (fun i ->
                let slack =
                    Dyadic.roundings (4 * (y.Length + 1))
                    * (Dyadic.dotSize p.A[i] y + (Dyadic.ofFloat p.B[i]).Abs)

                (Dyadic.dot p.A[i] y - Dyadic.ofFloat p.B[i] - slack).Sign > 0)
            [| 0 .. p.A.Length - 1 |]
        |> Option.map (fun i -> $"row {i} of A y at most {Form.number p.B[i]}")

    Option.orElse beyondRow beyondBound

let private judge (p: Program) (theta: float[]) (answer: Answer) : Verdict =
    match solveExactly p theta, answer with
    | ExactSimplex.Unbounded, Failed _ -> Right
    | ExactSimplex.Unbounded, Solved _ -> Wrong "an OracleException: the program is unbounded"
    | ExactSimplex.Infeasible, Failed _ -> Right
    | ExactSimplex.Infeasible, Solved(y, _) ->
        // Feasible but for rounding is feasible enough.
        match violation p y with
        | Some text -> Wrong $"an infeasible program; the answer has not {text}"
        | None -> Right
    | ExactSimplex.Optimal _, Failed _ -> Wrong "an answer; the program is feasible and bounded"
    | ExactSimplex.Optimal(z, denominator), Solved(y, found) ->
        match violation p y, Judge.value y theta found with
        | Some text, _ -> Wrong text
        | None, Right ->
            // All numbers are taken times the denominator.
            let best =
                Array.map2 (fun n l -> { Mantissa = n; Exponent = 0 } + times (Dyadic.ofFloat l) denominator) z p.Lower

            let gains = Array.map Dyadic.ofFloat theta
            let mine = y |> Array.map (fun x -> times (Dyadic.ofFloat x) denominator)
            let sum (terms: Dyadic seq) = Seq.fold (+) Dyadic.Zero terms
            let missing = sum (Array.map2 (*) best gains) - sum (Array.map2 (*) mine gains)

            let sizes =
                Array.map3 (fun (b: Dyadic) (m: Dyadic) (g: Dyadic) -> (b.Abs + m.Abs) * g.Abs) best mine gains

            let roundings = Dyadic.roundings (4 * (y.Length + 1))

            if
                (missing
                 - roundings
                   * sum (
                       Seq.indexed sizes
                       |> Seq.filter (fun (j, _) -> best[j] <> mine[j])
                       |> Seq.map snd
                   ))
                    .Sign
                <= 0
            then
                Right
            elif (missing - roundings * sum sizes).Sign <= 0 then
                Coarse
            else
                let scale = float denominator
                let bestText = best |> Array.map (fun x -> x.ToFloat() / scale) |> Form.vector
                Wrong $"{bestText}, better by {Form.number (missing.ToFloat() / scale)}"
        | None, wrong -> wrong

let private drawProgram (draw: Draw) : Program =
    let d, m = draw.Int 1 3, draw.Int 1 4
    let isBounded = draw.Chance 0.5
    let entries = draw.Int 0 3

    let row () =
        match entries with
        | 0 -> Array.init d (fun _ -> float (draw.Int -2 3))
        | 1 -> Vectors.any draw d
        | 2 -> Vectors.positive draw d
        | _ ->
            Array.init d (fun _ ->
                if draw.Chance 0.4 then
                    0.0
                else
                    draw.Gaussian() * Math.Pow(10.0, float (draw.Int -3 3)))

    let lower = if isBounded then Vectors.any draw d else Array.zeroCreate d

    let upper =
        if isBounded then
            let above = Vectors.any draw d
            Array.init d (fun j -> if draw.Chance 0.15 then infinity else max lower[j] above[j])
        else
            Array.create d infinity

    // A point within the bounds, at some of them.
    let inside =
        Array.init d (fun j ->
            if draw.Chance 0.3 then
                lower[j]
            elif Double.IsFinite upper[j] then
                min upper[j] (lower[j] + draw.Uniform() * (upper[j] - lower[j]))
            else
                lower[j] + abs (draw.Spread()))

    let dot (row: float[]) =
        Array.fold2 (fun sum a x -> sum + a * x) 0.0 row inside

    let constraints =
        [|
            for _ in 1..m do
                let a = row ()

                match draw.Int 0 4 with
                | 0 -> a, draw.Spread()
                | 1 -> a, float (draw.Int -2 5)
                | 2 -> a, dot a
                | 3 -> a, dot a + abs (draw.Spread())
                | _ ->
                    // An equation.
                    a, dot a
                    Array.map (~-) a, -dot a
        |]

    {
        A = Array.map fst constraints
        B = Array.map snd constraints
        Lower = lower
        Upper = upper
    }

let linearProgram (draw: Draw) : Outcome =
    let p = drawProgram draw
    let d = p.Lower.Length
    let a = array2D p.A

    let isPlain =
        Array.forall ((=) 0.0) p.Lower && Array.forall Double.IsPositiveInfinity p.Upper

    let form =
        if isPlain then
            $"Oracle.linearProgram {Form.matrix a} {Form.vector p.B}"
        else
            $"Oracle.boundedLinearProgram {Form.vector p.Lower} {Form.vector p.Upper} {Form.matrix a} {Form.vector p.B}"

    try
        let oracle =
            if isPlain then
                Oracle.linearProgram a p.B
            else
                Oracle.boundedLinearProgram p.Lower p.Upper a p.B

        Made
            {
                Form = form
                Oracle = oracle
                Theta =
                    fun draw ->
                        if draw.Chance 0.2 then
                            Vectors.costs draw d
                        else
                            Vectors.any draw d
                Judge = judge p
            }
    with :? ArgumentException as e ->
        match solveExactly p (Array.zeroCreate d) with
        | ExactSimplex.Infeasible -> Refused
        | _ -> Misjudged(form, $"a program, since it is feasible; it is refused: {e.Message}")
