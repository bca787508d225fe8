/// Linear programs against the enumeration of all bases, and against oracles that know their polytope.
module Perturbed.Kernels.Tests.LinearProgramTests

open System
open Perturbed.Functional
open Perturbed.Kernels
open Perturbed.Kernels.Tests
open Xunit

/// Solves a square system by Cramer's rule with cofactors, the plainest of methods.
let rec private determinant (m: float[][]) : float =
    if m.Length = 0 then
        1.0
    else
        m
        |> Array.mapi (fun i row ->
            if row[0] = 0.0 then
                0.0
            else
                let minor = m |> Array.removeAt i |> Array.map Array.tail
                (if i % 2 = 0 then 1.0 else -1.0) * row[0] * determinant minor)
        |> Array.sum

/// All vertices: every d of the M + d constraints that meet in one feasible point.
let private vertices (a: float[,]) (b: float[]) : float[][] =
    let m, d = Array2D.length1 a, Array2D.length2 a

    let rows =
        Array.append
            (Array.init m (fun i -> a[i, *]))
            (Array.init d (fun j -> Array.init d (fun k -> if j = k then 1.0 else 0.0)))

    let right = Array.append b (Array.zeroCreate d)

    [|
        for chosen in ReferenceSolvers.subsets (m + d) d do
            let tight = [| 0 .. m + d - 1 |] |> Array.filter (fun i -> chosen[i] = 1.0)
            let matrix = tight |> Array.map (fun i -> rows[i])
            let det = determinant matrix

            if abs det > 1e-9 then
                let y =
                    Array.init d (fun j ->
                        let replaced = Array.map2 (fun row i -> Array.updateAt j right[i] row) matrix tight
                        determinant replaced / det)

                let isFeasible =
                    Array.forall (fun x -> x >= -1e-9) y
                    && Array.forall (fun i -> OracleLaws.dot a[i, *] y <= b[i] + 1e-9) [| 0 .. m - 1 |]

                if isFeasible then
                    y
    |]

let private bounded: (float[,] * float[]) list =
    [
        array2D [ [ 1.0 ] ], [| 3.0 |]
        array2D [ [ 1.0; 1.0; 1.0 ] ], [| 1.0 |]
        // A box with a corner cut off, and the same with b < 0: y1 + y2 ≥ 1.
        array2D [ [ 1.0; 0.0 ]; [ 0.0; 1.0 ]; [ 1.0; 1.0 ] ], [| 2.0; 3.0; 4.0 |]
        array2D [ [ 1.0; 0.0 ]; [ 0.0; 1.0 ]; [ -1.0; -1.0 ] ], [| 2.0; 3.0; -1.0 |]
        // An equation, as two inequalities, beside a redundant row of zeros and a repeated one.
        array2D [ [ 1.0; 2.0; 3.0 ]; [ -1.0; -2.0; -3.0 ]; [ 0.0; 0.0; 0.0 ]; [ 1.0; 2.0; 3.0 ] ],
        [| 6.0; -6.0; 0.0; 6.0 |]
        // A single point, and a degenerate cone at 0.
        array2D [ [ 1.0; 1.0 ]; [ -1.0; -1.0 ]; [ 1.0; -1.0 ]; [ -1.0; 1.0 ] ], [| 2.0; -2.0; 0.0; 0.0 |]
        array2D [ [ 1.0; -1.0; 0.0 ]; [ 0.0; 1.0; -1.0 ]; [ -1.0; 0.0; 1.0 ]; [ 1.0; 1.0; 1.0 ] ],
        [| 0.0; 0.0; 0.0; 3.0 |]
        // The program on which Dantzig's rule cycles (Beale 1955), with a bound.
        array2D
            [
                [ 0.25; -60.0; -0.04; 9.0 ]
                [ 0.5; -90.0; -0.02; 3.0 ]
                [ 0.0; 0.0; 1.0; 0.0 ]
                [ 1.0; 1.0; 1.0; 1.0 ]
            ],
        [| 0.0; 0.0; 1.0; 100.0 |]
    ]

let private randomProgram (seed: int) : float[,] * float[] =
    let random = Random seed
    let m, d = 1 + random.Next 5, 1 + random.Next 4
    // The last row bounds every entry; a point y0 ≥ 0 satisfies all, so the program is feasible, b often negative.
    let y0 = Array.init d (fun _ -> float (random.Next 4))

    let a =
        Array2D.init (m + 1) d (fun i _ ->
            if i = m then
                1.0 + float (random.Next 3)
            else
                float (random.Next 9 - 4))

    let b =
        Array.init (m + 1) (fun i -> OracleLaws.dot a[i, *] y0 + (if i = m then 5.0 else float (random.Next 3)))

    a, b

[<Fact>]
let ``The answer is the best of all vertices, whatever the signs of A, b and theta`` () =
    for a, b in bounded @ List.init 60 randomProgram do
        let all = vertices a b
        let oracle = LinearProgramOracle(a, b)
        let thetas = OracleLaws.halvesOf oracle.Dimension 18 (Array2D.length1 a)
        let solutions, values = OracleLaws.solve oracle thetas
        OracleLaws.obeys oracle thetas

        for i in 0 .. thetas.Length - 1 do
            let best = all |> Array.map (fun y -> OracleLaws.dot y thetas[i]) |> Array.max

            Assert.True(
                abs (values[i] - best) <= 1e-9 * (1.0 + abs best),
                $"%A{a} %A{b} %A{thetas[i]}: {values[i]} is not {best}"
            )

            Assert.True((oracle: IOracle).IsSolution(ReadOnlySpan solutions[i]), $"%A{solutions[i]}")

            let nearest =
                all
                |> Array.map (fun y -> Array.fold2 (fun most p q -> max most (abs (p - q))) 0.0 y solutions[i])
                |> Array.min

            Assert.True(nearest <= 1e-9, $"%A{solutions[i]} is no vertex")

[<Fact>]
let ``The program that cycles under Dantzig's rule ends at its optimum`` () =
    let a, b = List.last bounded

    let _, values =
        OracleLaws.solve (LinearProgramOracle(a, b)) [| [| 0.75; -150.0; 0.02; -6.0 |] |]

    Assert.True(abs (values[0] - 0.05) <= 1e-12, $"{values[0]}")

[<Fact>]
let ``Integer programs of unit determinants have integer answers, bit for bit`` () =
    // Doubly stochastic 5 × 5 matrices, as equations: the vertices are the permutations.
    let n = 5

    let sums =
        [|
            for i in 0 .. n - 1 do
                Array.init (n * n) (fun at -> if at / n = i then 1.0 else 0.0)
                Array.init (n * n) (fun at -> if at % n = i then 1.0 else 0.0)
        |]

    let a =
        Array2D.init (4 * n) (n * n) (fun i j -> if i < 2 * n then sums[i][j] else -sums[i - 2 * n][j])

    let b = Array.init (4 * n) (fun i -> if i < 2 * n then 1.0 else -1.0)
    let oracle = LinearProgramOracle(a, b)
    let thetas = OracleLaws.halvesOf (n * n) 30 5
    let solutions, values = OracleLaws.solve oracle thetas
    let permutations = ReferenceSolvers.permutations [ for i in 0 .. n - 1 -> float i ]

    for i in 0 .. thetas.Length - 1 do
        Assert.All(solutions[i], fun x -> Assert.True((x = 0.0 || x = 1.0), $"{x}"))

        let best =
            permutations
            |> List.map (fun p -> p |> List.mapi (fun r c -> thetas[i][r * n + int c]) |> List.sum)
            |> List.max

        Assert.True(abs (values[i] - best) <= 1e-12 * (1.0 + abs best))

[<Fact>]
let ``An infeasible program is an error when it is made`` () =
    for a, b in
        [
            array2D [ [ 1.0; 1.0 ] ], [| -1.0 |]
            array2D [ [ 1.0 ]; [ -1.0 ] ], [| 1.0; -2.0 |]
            array2D [ [ 0.0; 0.0 ] ], [| -1e-3 |]
        ] do
        let error =
            Assert.Throws<ArgumentException>("b", (fun () -> LinearProgramOracle(a, b) |> ignore))

        Assert.Contains("infeasible", error.Message)

[<Fact>]
let ``An unbounded program is an error that names a direction, and only for a theta that gains along it`` () =
    // y1 ≤ 2, y1 − y2 ≤ 1: y2 may grow for ever.
    let oracle =
        LinearProgramOracle(array2D [ [ 1.0; 0.0 ]; [ 1.0; -1.0 ] ], [| 2.0; 1.0 |])

    Assert.Equal<float[]>([| 2.0; 1.0 |], OracleLaws.solve oracle [| [| 1.0; -0.5 |] |] |> fst |> Array.head)
    let solver = (oracle: IOracle).CreateSolver()
    solver.Begin(4L, ReadOnlySpan [| 0.0; 1.0 |])

    let error =
        Assert.Throws<OracleException>(fun () -> OracleLaws.solveWith solver oracle [| [| 0.5; 0.25 |] |] |> ignore)

    Assert.Equal(4L, error.Row)
    Assert.Contains("gains 0.25 for each unit along the direction y[1] += 1.", error.Message)

[<Fact>]
let ``Only vertices pass as solutions`` () =
    let oracle: IOracle =
        LinearProgramOracle(array2D [ [ 1.0; 0.0 ]; [ 0.0; 1.0 ]; [ 1.0; 1.0 ] ], [| 2.0; 3.0; 4.0 |])

    let accepts (y: float[]) = oracle.IsSolution(ReadOnlySpan y)

    for y in [ [| 0.0; 0.0 |]; [| 2.0; 0.0 |]; [| 2.0; 2.0 |]; [| 1.0; 3.0 |]; [| 0.0; 3.0 |] ] do
        Assert.True(accepts y)

    for y in [ [| 1.0; 0.0 |]; [| 2.0; 3.0 |]; [| 1.5; 2.5 |]; [| -1.0; 0.0 |]; [| nan; 0.0 |]; [| 1.0; 1.0 |] ] do
        Assert.False(accepts y)

[<Fact>]
let ``Wrong programs are errors that name the parameter`` () =
    OracleLaws.rejects "a" (fun () -> LinearProgramOracle(Array2D.zeroCreate 0 2, [||]))
    OracleLaws.rejects "a" (fun () -> LinearProgramOracle(Array2D.zeroCreate 2 0, [| 1.0; 1.0 |]))
    OracleLaws.rejects "a" (fun () -> LinearProgramOracle(array2D [ [ nan ] ], [| 1.0 |]))
    OracleLaws.rejects "b" (fun () -> LinearProgramOracle(array2D [ [ 1.0 ] ], [| infinity |]))
    OracleLaws.rejects "b" (fun () -> LinearProgramOracle(array2D [ [ 1.0 ] ], [| 1.0; 2.0 |]))
