/// Linear programs against the enumeration of all bases, and against oracles that know their polytope.
module Perturbed.Kernels.Tests.LinearProgramTests

open System
open Expecto
open Perturbed.Functional.CSharp
open Perturbed.Kernels
open Perturbed.Kernels.Tests
open Perturbed.Suite
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

/// All vertices: every d of the constraints and bounds that meet in one feasible point.
let private verticesWithin (lower: float[]) (upper: float[]) (a: float[,]) (b: float[]) : float[][] =
    let m, d = Array2D.length1 a, Array2D.length2 a

    let unit j =
        Array.init d (fun k -> if j = k then 1.0 else 0.0)

    let faces =
        [|
            for i in 0 .. m - 1 do
                a[i, *], b[i]

            for j in 0 .. d - 1 do
                unit j, lower[j]

                if Double.IsFinite upper[j] then
                    unit j, upper[j]
        |]

    [|
        for chosen in ReferenceSolvers.subsets faces.Length d do
            let tight =
                faces
                |> Array.indexed
                |> Array.filter (fun (i, _) -> chosen[i] = 1.0)
                |> Array.map snd

            let matrix = Array.map fst tight
            let det = determinant matrix

            if abs det > 1e-9 then
                let y =
                    Array.init d (fun j ->
                        let replaced = tight |> Array.map (fun (row, right) -> Array.updateAt j right row)

                        determinant replaced / det)

                let isFeasible =
                    Array.forall2 (fun x l -> x >= l - 1e-9) y lower
                    && Array.forall2 (fun x u -> x <= u + 1e-9) y upper
                    && Array.forall (fun i -> OracleLaws.dot a[i, *] y <= b[i] + 1e-9) [| 0 .. m - 1 |]

                if isFeasible then
                    y
    |]

/// Those of {A y ≤ b, y ≥ 0}.
let private vertices (a: float[,]) (b: float[]) : float[][] =
    let d = Array2D.length2 a
    verticesWithin (Array.zeroCreate d) (Array.create d infinity) a b

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
        array2D [
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

// Ties are decided in whole numbers, which need memory.
let private obeysButForTies (oracle: IOracle) (thetas: float[][]) : unit =
    OracleLaws.isFunctionOfTheta oracle thetas[thetas.Length / 2] thetas
    OracleLaws.isThreadSafe oracle thetas
    OracleLaws.refusesWrongLengths oracle

let private isBestOf (all: float[][]) (oracle: LinearProgramOracle) (thetas: float[][]) : unit =
    let solutions, values = OracleLaws.solve oracle thetas

    for i in 0 .. thetas.Length - 1 do
        let best = all |> Array.map (fun y -> OracleLaws.dot y thetas[i]) |> Array.max

        Assert.True(abs (values[i] - best) <= 1e-9 * (1.0 + abs best), $"%A{thetas[i]}: {values[i]} is not {best}")

        Assert.True((oracle: IOracle).IsSolution(ReadOnlySpan solutions[i]), $"%A{solutions[i]}")

        let nearest =
            all
            |> Array.map (fun y -> Array.fold2 (fun most p q -> max most (abs (p - q))) 0.0 y solutions[i])
            |> Array.min

        Assert.True(nearest <= 1e-9, $"%A{solutions[i]} is no vertex")

// Bounds around a feasible point, some fixed, some without an end.
let private randomBounds (seed: int) (y0: float[]) : float[] * float[] =
    let random = Random seed
    let lower = y0 |> Array.map (fun y -> floor y - float (random.Next 3))

    let upper =
        y0
        |> Array.map (fun y ->
            if random.Next 4 = 0 then
                infinity
            else
                ceil y + float (random.Next 3))

    lower, upper

[<Tests>]
let tests =
    testList "LinearProgram" [
        testCase "The answer is the best of all vertices, whatever the signs of A, b and theta" (fun () ->
            for a, b in bounded @ List.init 60 randomProgram do
                let oracle = LinearProgramOracle(a, b)
                let thetas = OracleLaws.halvesOf oracle.Dimension 18 (Array2D.length1 a)
                obeysButForTies oracle thetas
                isBestOf (vertices a b) oracle thetas)

        testCase "Within bounds of any sign, fixed or open, the answer is the best of all vertices too" (fun () ->
            for seed in 1..60 do
                let a, b = randomProgram seed
                // A feasible point of it, off the origin.
                let y0 =
                    (OracleLaws.solve (LinearProgramOracle(a, b)) [| Array.create (Array2D.length2 a) 1.0 |]
                     |> fst)[0]

                let lower, upper = randomBounds seed y0
                let oracle = LinearProgramOracle(a, b, lower, upper)
                Assert.Equal<float[]>(lower, oracle.Lower.ToArray())
                Assert.Equal<float[]>(upper, oracle.Upper.ToArray())
                let thetas = OracleLaws.halvesOf oracle.Dimension 18 seed
                obeysButForTies oracle thetas
                isBestOf (verticesWithin lower upper a b) oracle thetas)

        testCase "Bounds say what rows would say" (fun () ->
            for seed in 1..20 do
                let random = Random seed
                let m, d = 12, 8
                let a = Array2D.init m d (fun _ _ -> random.NextDouble() - 0.3)
                let b = Array.init m (fun _ -> random.NextDouble() + 0.1)
                let upper = Array.init d (fun _ -> random.NextDouble() + 0.1)

                let rows =
                    Array2D.init (m + d) d (fun i j ->
                        if i < m then a[i, j]
                        elif i - m = j then 1.0
                        else 0.0)

                let thetas = OracleLaws.halvesOf d 20 seed

                let within, values =
                    OracleLaws.solve (LinearProgramOracle(a, b, Array.zeroCreate d, upper)) thetas

                let beside, others =
                    OracleLaws.solve (LinearProgramOracle(rows, Array.append b upper)) thetas

                for i in 1 .. thetas.Length - 1 do
                    // Condition numbers of random 8 × 8 systems, far below 1e6, times the rounding of a hundred terms.
                    Assert.True(abs (values[i] - others[i]) <= 1e-9)

                    if i % 3 <> 1 then
                        Assert.All(Array.zip within[i] beside[i], fun (p, q) -> Assert.True(abs (p - q) <= 1e-9)))

        testCase
            "Next to an instance, rows that start at its basis get the answer they get from nothing, bit for bit"
            (fun () ->
                for seed in 1..10 do
                    let random = Random seed
                    let m, d = 15, 10
                    let a = Array2D.init m d (fun _ _ -> random.NextDouble())
                    let upper = Array.init d (fun j -> if j % 2 = 0 then 0.3 else infinity)

                    let oracle =
                        LinearProgramOracle(
                            a,
                            Array.init m (fun _ -> 1.0 + random.NextDouble()),
                            Array.zeroCreate d,
                            upper
                        )

                    let instance = Array.init d (fun _ -> random.NextDouble())

                    for noise in [ 0.0; 1e-12; 1e-6; 0.01; 0.3; 3.0 ] do
                        let near _ =
                            instance |> Array.map (fun t -> t + noise * (random.NextDouble() - 0.5))

                        OracleLaws.isFunctionOfTheta oracle instance (Array.init 24 near))

        sequencedCase "Solves whose best vertex is single allocate nothing, cold and warm" (fun () ->
            let random = Random 5

            let draw rows d =
                Array.init rows (fun _ -> Array.init d (fun _ -> random.NextDouble() - 0.2))

            for m, d, isEquation in [ 12, 8, false; 20, 10, true; 3, 30, false ] do
                let a = Array2D.init m d (fun _ _ -> random.NextDouble())
                let b = Array.init m (fun _ -> 1.0 + random.NextDouble())

                // Two rows that make an equation.
                if isEquation then
                    for j in 0 .. d - 1 do
                        a[1, j] <- -a[0, j]

                    b[1] <- -b[0]

                let oracle = LinearProgramOracle(a, b, Array.zeroCreate d, Array.create d 0.75)
                OracleLaws.allocatesNothing oracle (draw 16 d)
                let near = draw 1 d |> Array.head

                let perturbed =
                    Array.init 16 (fun _ -> near |> Array.map (fun t -> t + 1e-3 * random.NextDouble()))

                OracleLaws.allocatesNothing oracle perturbed

            // A path through flows: its vertices lie on more constraints than they need.
            let a =
                array2D [ [ 1.0; 1.0; 0.0 ]; [ -1.0; -1.0; 0.0 ]; [ 1.0; 0.0; -1.0 ]; [ -1.0; 0.0; 1.0 ] ]

            OracleLaws.allocatesNothing (LinearProgramOracle(a, [| 1.0; -1.0; 0.0; 0.0 |])) (draw 16 3))

        testCase "A basis that is told to be the only one has the only best vertex, and most are" (fun () ->
            let mutable single = 0
            let mutable all = 0

            for seed in 1..60 do
                let a, b = randomProgram seed
                let d = Array2D.length2 a
                let lower, upper = Array.zeroCreate d, Array.create d 3.0

                let program =
                    ScaledProgram(Array.init a.Length (fun i -> a[i / d, i % d]), b, lower, upper)

                let dictionary, proof = SimplexDictionary program, BasisProof program

                if dictionary.MakeFeasible() then
                    let points = verticesWithin lower upper a b

                    for theta in OracleLaws.halvesOf d 20 seed do
                        let scaled = Array.zeroCreate program.Stride
                        Assert.True(program.ScaleTheta(ReadOnlySpan theta, Span scaled))
                        dictionary.Price(ReadOnlySpan scaled)
                        Assert.Equal(SimplexDictionary.Optimal, dictionary.Climb())
                        let values = points |> Array.map (fun y -> OracleLaws.dot y theta)
                        let best = Array.max values

                        let winners =
                            Array.zip points values
                            |> Array.filter (fun (_, value) -> value >= best - 1e-9)
                            |> Array.distinctBy (fun (y, _) ->
                                y |> Array.map (fun x -> Math.Round(x, 6) + 0.0) |> List.ofArray)

                        all <- all + 1
                        let mutable isSingle = false

                        if
                            proof.Prove dictionary
                            && proof.IsBest(dictionary, ReadOnlySpan scaled, &isSingle)
                            && isSingle
                        then
                            single <- single + 1
                            Assert.Equal(1, winners.Length)

            // Rows of whole numbers tie often, and small whole programs have vertices on many constraints.
            Assert.True(4 * single > all, $"{single} of {all}"))

        testCase "The program that cycles under Dantzig's rule ends at its optimum" (fun () ->
            let a, b = List.last bounded

            let _, values =
                OracleLaws.solve (LinearProgramOracle(a, b)) [| [| 0.75; -150.0; 0.02; -6.0 |] |]

            Assert.True(abs (values[0] - 0.05) <= 1e-12, $"{values[0]}"))

        testCase "Integer programs of unit determinants have integer answers, bit for bit" (fun () ->
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

                Assert.True(abs (values[i] - best) <= 1e-12 * (1.0 + abs best)))

        testCase "An infeasible program is an error when it is made" (fun () ->
            for a, b in
                [
                    array2D [ [ 1.0; 1.0 ] ], [| -1.0 |]
                    array2D [ [ 1.0 ]; [ -1.0 ] ], [| 1.0; -2.0 |]
                    array2D [ [ 0.0; 0.0 ] ], [| -1e-3 |]
                ] do
                let error =
                    Assert.Throws<ArgumentException>("b", (fun () -> LinearProgramOracle(a, b) |> ignore))

                Assert.Contains("infeasible", error.Message))

        testCase
            "An unbounded program is an error that names a direction, and only for a theta that gains along it"
            (fun () ->
                // y1 ≤ 2, y1 − y2 ≤ 1: y2 may grow for ever.
                let oracle =
                    LinearProgramOracle(array2D [ [ 1.0; 0.0 ]; [ 1.0; -1.0 ] ], [| 2.0; 1.0 |])

                Assert.Equal<float[]>(
                    [| 2.0; 1.0 |],
                    OracleLaws.solve oracle [| [| 1.0; -0.5 |] |] |> fst |> Array.head
                )

                let solver = (oracle: IOracle).CreateSolver()
                solver.Begin(4L, ReadOnlySpan [| 0.0; 1.0 |])

                let error =
                    Assert.Throws<OracleException>(fun () ->
                        OracleLaws.solveWith solver oracle [| [| 0.5; 0.25 |] |] |> ignore)

                Assert.Equal(4L, error.Row)
                Assert.Contains("gains 0.25 for each unit along the direction y[1] += 1.", error.Message))

        testCase "Only vertices pass as solutions" (fun () ->
            let oracle: IOracle =
                LinearProgramOracle(array2D [ [ 1.0; 0.0 ]; [ 0.0; 1.0 ]; [ 1.0; 1.0 ] ], [| 2.0; 3.0; 4.0 |])

            let accepts (y: float[]) = oracle.IsSolution(ReadOnlySpan y)

            for y in [ [| 0.0; 0.0 |]; [| 2.0; 0.0 |]; [| 2.0; 2.0 |]; [| 1.0; 3.0 |]; [| 0.0; 3.0 |] ] do
                Assert.True(accepts y)

            for y in
                [ [| 1.0; 0.0 |]; [| 2.0; 3.0 |]; [| 1.5; 2.5 |]; [| -1.0; 0.0 |]; [| nan; 0.0 |]; [| 1.0; 1.0 |] ] do
                Assert.False(accepts y))

        testCase "Wrong programs are errors that name the parameter" (fun () ->
            OracleLaws.rejects "a" (fun () -> LinearProgramOracle(Array2D.zeroCreate 0 2, [||]))
            OracleLaws.rejects "a" (fun () -> LinearProgramOracle(Array2D.zeroCreate 2 0, [| 1.0; 1.0 |]))
            OracleLaws.rejects "a" (fun () -> LinearProgramOracle(array2D [ [ nan ] ], [| 1.0 |]))
            OracleLaws.rejects "b" (fun () -> LinearProgramOracle(array2D [ [ 1.0 ] ], [| infinity |]))
            OracleLaws.rejects "b" (fun () -> LinearProgramOracle(array2D [ [ 1.0 ] ], [| 1.0; 2.0 |]))

            let within (lower: float list) (upper: float list) () : IOracle =
                LinearProgramOracle(array2D [ [ 1.0; 1.0 ] ], [| 1.0 |], Array.ofList lower, Array.ofList upper)

            OracleLaws.rejects "lower" (within [ 0.0 ] [ 1.0; 1.0 ])
            OracleLaws.rejects "upper" (within [ 0.0; 0.0 ] [ 1.0 ])
            OracleLaws.rejects "lower" (within [ 0.0; -infinity ] [ 1.0; 1.0 ])
            OracleLaws.rejects "lower" (within [ nan; 0.0 ] [ 1.0; 1.0 ])
            OracleLaws.rejects "upper" (within [ 0.0; 2.0 ] [ 1.0; 1.0 ])
            OracleLaws.rejects "upper" (within [ 0.0; 0.0 ] [ 1.0; nan ])
            // Feasible but for the bounds.
            OracleLaws.rejects "b" (within [ 1.0; 0.5 ] [ 1.0; 1.0 ]))
    ]
