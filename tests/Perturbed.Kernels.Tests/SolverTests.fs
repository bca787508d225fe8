module Perturbed.Kernels.Tests.SolverTests

open System
open System.Threading.Tasks
open Expecto
open FsCheck
open FsCheck.FSharp
open Perturbed.Functional.CSharp
open Perturbed.Kernels
open Perturbed.Kernels.Tests
open Perturbed.Suite
open Xunit

let private solveWith (solver: ISolver) (oracle: IOracle) (rows: float[][]) : float[][] * float[] =
    let thetas = Array.concat rows
    let solutions = Array.create (rows.Length * oracle.SolutionDimension) nan
    let values = Array.create rows.Length nan
    solver.Solve(ReadOnlySpan thetas, Span solutions, Span values)
    Array.chunkBySize oracle.SolutionDimension solutions, values

let private solve (oracle: IOracle) (rows: float[][]) : float[][] * float[] =
    solveWith (oracle.CreateSolver()) oracle rows

/// Rows whose entries are sometimes all different and sometimes drawn from a few numbers, −0.0 and 0.0 among them, so that ties abound.
let private rowsOf (dimension: int) (count: int) (seed: int) : float[][] =
    let random = Random seed
    let few = [| -2.0; -1.0; -0.0; 0.0; 0.5; 1e300; -1e-310 |]

    Array.init count (fun row ->
        Array.init dimension (fun _ ->
            if row % 3 = 0 then
                random.NextDouble() * 4.0 - 2.0
            else
                few[random.Next(1 + seed % 7)]))

let private costsOf (dimension: int) (count: int) (seed: int) : float[][] =
    rowsOf dimension count seed
    |> Array.map (Array.map (fun t -> -(min (abs t) 5.0)))

let private forAll (sizes: int list) (law: int -> int -> int -> unit) : Property =
    let arbitrary =
        gen {
            let! size = Gen.elements sizes
            let! count = Gen.choose (1, 19)
            let! seed = Gen.choose (0, 1000000)
            return size, count, seed
        }
        |> Arb.fromGen

    Prop.forAll arbitrary (fun (size, count, seed) -> law size count seed)

let private equalRows (expected: float[][]) (actual: float[][]) =
    for row in 0 .. expected.Length - 1 do
        Assert.Equal<float[]>(expected[row], actual[row])

let private agree (reference: float[] -> float[]) (oracle: IOracle) (rows: float[][]) =
    let solutions, values = solve oracle rows
    equalRows (Array.map reference rows) solutions

    for row in 0 .. rows.Length - 1 do
        Assert.True(oracle.IsSolution(ReadOnlySpan solutions[row]), $"row {row} is not a solution")

        let scale =
            Array.fold2 (fun sum y t -> sum + abs (y * t)) 0.0 solutions[row] rows[row]
        // Two orders of summing d terms differ by at most 2·d·2⁻⁵³ of the sum of magnitudes.
        Assert.True(
            abs (values[row] - ReferenceSolvers.dot solutions[row] rows[row])
            <= float rows[row].Length * 2.3e-16 * scale
        )

let private maximises (vertices: float[] list) (oracle: IOracle) (rows: float[][]) =
    let solutions, _ = solve oracle rows

    for row in 0 .. rows.Length - 1 do
        let best =
            vertices |> List.map (fun y -> ReferenceSolvers.dot y rows[row]) |> List.max

        let scale = rows[row] |> Array.sumBy abs
        Assert.True(ReferenceSolvers.dot solutions[row] rows[row] >= best - 1e-14 * scale * 10.0)

/// v for a dimension: 1..d, or shuffled, descending, repeated.
let private referenceVector (dimension: int) (kind: int) : float[] =
    Array.init dimension (fun i ->
        match kind % 3 with
        | 0 -> float (i + 1)
        | 1 -> float (dimension - i) * 0.25
        | _ -> float (i * 7 % 5))

let private sizes = [ 1; 2; 5; 7; 8; 9; 15; 16; 17; 33; 40; 41; 64; 100 ]

let private oracles: (IOracle * bool) list =
    [
        for d in [ 1; 3; 8; 10; 17; 100 ] do
            ArgmaxOracle d, false
            TopKOracle(d, (d + 1) / 2), false
            TopKOracle(d, min d 3), false
            RankingOracle(referenceVector d 0), false
            RankingOracle(referenceVector d 2), false
            FiniteSetOracle(Array2D.init 37 d (fun n j -> float ((n * 13 + j * 7) % 11))), false
        for moves in [ GridMoves.RightDown; GridMoves.Four; GridMoves.Eight ] do
            GridPathOracle(5, 6, moves, NegativeCosts.Reject), true
            GridPathOracle(4, 7, moves, NegativeCosts.ClampToZero), moves = GridMoves.Four
    ]

let private grids = [ 1, 1; 1, 2; 1, 9; 9, 1; 2, 2; 3, 3; 5, 5; 4, 7; 12, 12 ]

[<Tests>]
let tests =
    testList "Solver" [
        property 300 "argmax agrees with the first largest entry" (fun () ->
            forAll (sizes @ [ 255; 256; 257; 1000 ]) (fun d count seed ->
                agree ReferenceSolvers.argmax (ArgmaxOracle d) (rowsOf d count seed)))

        testCase "top k agrees with sorting, for every k from 0 to d" (fun () ->
            forAll sizes (fun d count seed ->
                let k = seed % (d + 1)
                agree (ReferenceSolvers.topK k) (TopKOracle(d, k)) (rowsOf d count seed))
            |> check 300

            for k in [ 0; 1; 8; 9; 10; 500; 992; 999; 1000 ] do
                agree (ReferenceSolvers.topK k) (TopKOracle(1000, k)) (rowsOf 1000 4 5))

        testCase "ranking agrees with a stable sort, ties and signed zeros included" (fun () ->
            forAll sizes (fun d count seed ->
                let v = referenceVector d seed
                agree (ReferenceSolvers.ranking v) (RankingOracle v) (rowsOf d count seed))
            |> check 300

            for d in [ 255; 256; 257; 1000 ] do
                for kind in 0..2 do
                    let v = referenceVector d kind
                    agree (ReferenceSolvers.ranking v) (RankingOracle v) (rowsOf d 11 (d + kind)))

        testCase "ranking tells numbers apart that differ in the last bit" (fun () ->
            for d in [ 9; 50; 300 ] do
                let row =
                    Array.init d (fun i -> Math.BitIncrement(1.0 + float (i * 37 % d) * 2.0 ** -52.0))

                agree
                    (ReferenceSolvers.ranking (referenceVector d 0))
                    (RankingOracle(referenceVector d 0))
                    (Array.replicate 8 row))

        testCase "the two zeros are one tie among numbers that are all different" (fun () ->
            for d in [ 7; 9; 50; 300 ] do
                for first, second in [ 0.0, -0.0; -0.0, 0.0 ] do
                    let row =
                        Array.init d (fun i ->
                            if i = 2 then first
                            elif i = 5 then second
                            else float (i * 37 % d) - 3.5)

                    agree
                        (ReferenceSolvers.ranking (referenceVector d 0))
                        (RankingOracle(referenceVector d 0))
                        (Array.replicate 8 row)

                    agree (ReferenceSolvers.topK (d / 2)) (TopKOracle(d, d / 2)) (Array.replicate 8 row)
                    let nonPositive = row |> Array.map (fun x -> if x > 0.0 then -x else x)
                    agree ReferenceSolvers.argmax (ArgmaxOracle d) (Array.replicate 8 nonPositive))

        property 300 "the order in which v is given does not matter" (fun () ->
            forAll sizes (fun d count seed ->
                let v = referenceVector d seed
                let shuffled = Array.sortBy (fun x -> hash (x * 31.7 + float seed)) v
                let rows = rowsOf d count seed
                let expected, expectedValues = solve (RankingOracle v) rows

                for other in [ Array.rev v; Array.sort v; shuffled ] do
                    let solutions, values = solve (RankingOracle other) rows
                    equalRows expected solutions
                    Assert.Equal<float[]>(expectedValues, values)))

        property 300 "a finite set agrees with the scan, bit for bit" (fun () ->
            forAll [ 1; 2; 7; 8; 9; 31; 32; 33; 100 ] (fun n count seed ->
                let rows =
                    rowsOf (1 + seed % 11) n seed |> Array.map (Array.map (fun x -> min x 3.0))

                let oracle = FiniteSetOracle(Array2D.init n rows[0].Length (fun i j -> rows[i][j]))
                agree (ReferenceSolvers.finiteSet rows) oracle (rowsOf rows[0].Length count (seed + 1))))

        property 300 "right-down paths agree with the dynamic program, whatever the sign" (fun () ->
            forAll [ 0 .. grids.Length - 1 ] (fun grid count seed ->
                let r, c = grids[grid]
                let rows = rowsOf (r * c) count seed |> Array.map (Array.map (fun x -> min x 3.0))

                for policy in [ NegativeCosts.Reject; NegativeCosts.ClampToZero ] do
                    agree (ReferenceSolvers.rightDown r c) (GridPathOracle(r, c, GridMoves.RightDown, policy)) rows))

        property
            300
            "paths with four and eight neighbours agree with sweeps of one instance, ties and zero costs included"
            (fun () ->
                forAll [ 0 .. grids.Length - 1 ] (fun grid count seed ->
                    let r, c = grids[grid]

                    for moves in [ GridMoves.Four; GridMoves.Eight ] do
                        agree
                            (ReferenceSolvers.sweeps r c moves)
                            (GridPathOracle(r, c, moves, NegativeCosts.Reject))
                            (costsOf (r * c) count seed)

                        let clamped =
                            rowsOf (r * c) count seed |> Array.map (Array.map (fun x -> min x 3.0))

                        agree
                            (ReferenceSolvers.sweeps r c moves)
                            (GridPathOracle(r, c, moves, NegativeCosts.ClampToZero))
                            clamped))

        testCase "no vertex is better: simplex, subsets, permutations and all simple paths of small grids" (fun () ->
            for seed in 1..20 do
                maximises (ReferenceSolvers.subsets 7 1) (ArgmaxOracle 7) (costsOf 7 9 seed)

                for k in 0..7 do
                    maximises (ReferenceSolvers.subsets 7 k) (TopKOracle(7, k)) (costsOf 7 9 seed)

                let v = [ 3.0; -1.0; 0.5; 0.5; 8.0; 2.0 ]

                maximises
                    (ReferenceSolvers.permutations v |> List.map Array.ofList)
                    (RankingOracle(Array.ofList v))
                    (costsOf 6 9 seed)

            for r, c in [ 1, 1; 1, 4; 4, 1; 2, 3; 3, 3; 3, 4 ] do
                for moves in [ GridMoves.RightDown; GridMoves.Four; GridMoves.Eight ] do
                    let paths = ReferenceSolvers.simplePaths r c moves

                    for seed in 1..8 do
                        maximises paths (GridPathOracle(r, c, moves, NegativeCosts.Reject)) (costsOf (r * c) 9 seed))

        testCase "winding mazes are solved exactly" (fun () ->
            // Walls cost 1000, corridors 1; the only free way runs to and fro through every second row, and a spiral turns up again.
            let size = 11

            let isWall r c =
                r % 2 = 1 && c <> (if r % 4 = 1 then size - 1 else 0)

            let theta =
                Array.init (size * size) (fun i -> if isWall (i / size) (i % size) then -1000.0 else -1.0)

            let turned = Array.init (size * size) (fun i -> theta[i % size * size + i / size])

            for moves in [ GridMoves.Four; GridMoves.Eight ] do
                for row in [ theta; turned ] do
                    let oracle = GridPathOracle(size, size, moves, NegativeCosts.Reject)
                    agree (ReferenceSolvers.sweeps size size moves) oracle [| row |]
                    let _, values = solve oracle [| row |]
                    // Four neighbours: five corridors of 11 cells, five doors and the last cell. With eight, each door is entered and left
                    // over a corner, which saves the corridor's cells beside it, but for the last cell of all.
                    Assert.Equal((if moves = GridMoves.Four then -61.0 else -52.0), values[0]))

        testCase "an answer does not depend on the split of a batch into calls, bit for bit" (fun () ->
            for oracle, needsCosts in oracles do
                let rows = (if needsCosts then costsOf else rowsOf) oracle.Dimension 29 4
                let together, values = solve oracle rows

                for size in [ 1; 2; 3; 7; 8; 9; 16 ] do
                    let solver = oracle.CreateSolver()

                    let parts =
                        rows
                        |> Array.rev
                        |> Array.chunkBySize size
                        |> Array.map (solveWith solver oracle)

                    equalRows together (parts |> Array.collect fst |> Array.rev)
                    let bits = Array.map BitConverter.DoubleToInt64Bits
                    Assert.Equal<int64[]>(bits values, parts |> Array.collect snd |> Array.rev |> bits))

        testCase "solvers of one oracle work side by side" (fun () ->
            for oracle, needsCosts in oracles do
                let rows = (if needsCosts then costsOf else rowsOf) oracle.Dimension 64 9
                let expected, _ = solve oracle rows
                let answers = Array.init 8 (fun _ -> [||])
                Parallel.For(0, 8, fun i -> answers[i] <- fst (solve oracle rows)) |> ignore
                answers |> Array.iter (equalRows expected))

        sequencedCase "a solve allocates nothing" (fun () ->
            for oracle, needsCosts in oracles do
                let thetas =
                    (if needsCosts then costsOf else rowsOf) oracle.Dimension 27 4 |> Array.concat

                let solutions = Array.zeroCreate<float>(27 * oracle.SolutionDimension)
                let values = Array.zeroCreate<float> 27
                let solver = oracle.CreateSolver()

                let once () =
                    solver.Begin(0L, ReadOnlySpan(thetas, 0, oracle.Dimension))
                    solver.Solve(ReadOnlySpan thetas, Span solutions, Span values)
                    solver.Solve(ReadOnlySpan thetas, Span solutions, Span.Empty)

                Assert.Equal(0L, Allocation.steadyState once))

        testCase "only the vertices pass as solutions" (fun () ->
            let passes (oracle: IOracle) (y: float list) =
                oracle.IsSolution(ReadOnlySpan(Array.ofList y))

            let accepts oracle y =
                Assert.True(passes oracle y, $"{oracle.Name} must accept %A{y}")

            let rejects oracle y =
                Assert.False(passes oracle y, $"{oracle.Name} must reject %A{y}")

            accepts (ArgmaxOracle 3) [ 0.0; 1.0; -0.0 ]

            for y in [ [ 0.0; 0.0; 0.0 ]; [ 1.0; 1.0; 0.0 ]; [ 0.5; 0.5; 0.0 ]; [ nan; 1.0; 0.0 ]; [ 2.0; -1.0; 0.0 ] ] do
                rejects (ArgmaxOracle 3) y

            accepts (TopKOracle(3, 2)) [ 1.0; 0.0; 1.0 ]
            accepts (TopKOracle(3, 0)) [ 0.0; 0.0; 0.0 ]
            rejects (TopKOracle(3, 2)) [ 1.0; 0.0; 0.0 ]
            accepts (RankingOracle [| 2.0; 2.0; 5.0 |]) [ 2.0; 5.0; 2.0 ]
            rejects (RankingOracle [| 2.0; 2.0; 5.0 |]) [ 5.0; 5.0; 2.0 ]
            rejects (RankingOracle [| 2.0; 2.0; 5.0 |]) [ 3.0; 3.0; 3.0 ]
            accepts (FiniteSetOracle(array2D [ [ 1.0; 2.0 ]; [ 3.0; 4.0 ] ])) [ 3.0; 4.0 ]
            rejects (FiniteSetOracle(array2D [ [ 1.0; 2.0 ]; [ 3.0; 4.0 ] ])) [ 1.0; 4.0 ]

            let grid moves =
                GridPathOracle(3, 3, moves, NegativeCosts.Reject)

            let diagonal = [ 1.0; 0.0; 0.0; 0.0; 1.0; 0.0; 0.0; 0.0; 1.0 ]
            accepts (grid GridMoves.Eight) diagonal
            rejects (grid GridMoves.Four) diagonal
            rejects (grid GridMoves.RightDown) diagonal
            let corner = [ 1.0; 1.0; 1.0; 0.0; 0.0; 1.0; 0.0; 0.0; 1.0 ]
            accepts (grid GridMoves.RightDown) corner
            accepts (grid GridMoves.Four) corner
            rejects (grid GridMoves.Eight) corner // (0, 1) and (1, 2) touch: a chord
            rejects (grid GridMoves.Four) [ 1.0; 1.0; 1.0; 0.0; 0.0; 1.0; 1.0; 0.0; 1.0 ] // a cell apart
            rejects (grid GridMoves.Four) [ 1.0; 1.0; 1.0; 0.0; 0.0; 1.0; 0.0; 0.0; 0.0 ] // no end
            rejects (grid GridMoves.Four) [ 0.0; 1.0; 1.0; 0.0; 0.0; 1.0; 0.0; 0.0; 1.0 ] // no start
            rejects (grid GridMoves.RightDown) [ 1.0; 1.0; 0.0; 1.0; 1.0; 1.0; 0.0; 0.0; 1.0 ]) // a fork

        testCase "the points that pass as solutions of a grid are its paths without a chord" (fun () ->
            for r, c in [ 2, 3; 3, 3 ] do
                for moves in [ GridMoves.RightDown; GridMoves.Four; GridMoves.Eight ] do
                    let paths =
                        ReferenceSolvers.simplePaths r c moves |> List.map List.ofArray |> Set.ofList

                    // A path without a chord is one of which no proper subset is a path.
                    let support y =
                        y
                        |> List.indexed
                        |> List.filter (fun (_, x) -> x = 1.0)
                        |> List.map fst
                        |> Set.ofList

                    let supports = paths |> Set.map support

                    for k in 0 .. r * c do
                        for y in ReferenceSolvers.subsets (r * c) k do
                            let cells = support (List.ofArray y)

                            let isPath =
                                supports.Contains cells
                                && not (supports |> Set.exists (fun s -> Set.isProperSubset s cells))

                            Assert.Equal(
                                isPath,
                                (GridPathOracle(r, c, moves, NegativeCosts.Reject): IOracle).IsSolution(ReadOnlySpan y)
                            ))

        testCase "a negative cost is rejected by name, or clamped on request" (fun () ->
            let theta = [| -1.0; -1.0; -1.0; -1.0; 2.0; -1.0 |]
            let oracle = GridPathOracle(2, 3, GridMoves.Four, NegativeCosts.Reject)
            let solver = oracle.CreateSolver()
            solver.Begin(7L, ReadOnlySpan theta)

            let error =
                Assert.Throws<OracleException>(fun () ->
                    solveWith solver oracle [| Array.map (min 0.0) theta; theta |] |> ignore)

            Assert.Equal(7L, error.Row)
            Assert.Contains("cell (1, 1) has theta = 2", error.Message)

            Assert.Equal<float[]>(
                [| 1.0; 1.0; 1.0; 0.0; 0.0; 1.0 |],
                fst (solveWith solver oracle [| [| -1.0; 0.0; -1.0; -5.0; -5.0; -1.0 |] |])
                |> Array.head
            )

            let _, values =
                solve (GridPathOracle(2, 3, GridMoves.Four, NegativeCosts.ClampToZero)) [| theta |]

            Assert.Equal(-1.0, values[0]))

        testCase "a path whose cost overflows is an error of the oracle" (fun () ->
            let oracle = GridPathOracle(2, 2, GridMoves.Four, NegativeCosts.Reject)

            Assert.Throws<OracleException>(fun () -> solve oracle [| Array.create 4 -1e308 |] |> ignore)
            |> ignore)

        testCase "wrong sizes are errors that name the parameter, the actual and the expected" (fun () ->
            let outOfRange name (make: unit -> IOracle) =
                Assert.Throws<ArgumentOutOfRangeException>(name, (fun () -> make () |> ignore))
                |> ignore

            for size in [ 0; -1 ] do
                outOfRange "dimension" (fun () -> ArgmaxOracle size)
                outOfRange "dimension" (fun () -> TopKOracle(size, 0))
                outOfRange "rows" (fun () -> GridPathOracle(size, 3, GridMoves.Four, NegativeCosts.Reject))
                outOfRange "columns" (fun () -> GridPathOracle(3, size, GridMoves.Four, NegativeCosts.Reject))

            outOfRange "k" (fun () -> TopKOracle(3, 4))
            outOfRange "k" (fun () -> TopKOracle(3, -1))
            outOfRange "v" (fun () -> RankingOracle [||])
            outOfRange "rows" (fun () -> FiniteSetOracle(Array2D.zeroCreate 0 3))
            outOfRange "moves" (fun () -> GridPathOracle(3, 3, enum 9, NegativeCosts.Reject))

            Assert.Throws<ArgumentException>("v", (fun () -> RankingOracle [| 1.0; nan |] |> ignore))
            |> ignore

            Assert.Throws<ArgumentException>("rows", (fun () -> FiniteSetOracle(array2D [ [ infinity ] ]) |> ignore))
            |> ignore

            for oracle, _ in oracles do
                if oracle.Dimension > 1 then
                    let d = oracle.Dimension
                    let solver = oracle.CreateSolver()

                    let fails name thetas solutions values =
                        let error =
                            Assert.Throws<ArgumentException>(
                                name,
                                (fun () ->
                                    solver.Solve(
                                        ReadOnlySpan(Array.zeroCreate thetas),
                                        Span(Array.zeroCreate solutions),
                                        Span(Array.zeroCreate values)
                                    ))
                            )

                        Assert.Contains("expected", error.Message)

                    fails "thetas" (d + 1) d 1
                    fails "solutions" d (d - 1) 1
                    fails "values" d d 2

                    Assert.Throws<ArgumentException>(
                        "y",
                        (fun () -> oracle.IsSolution(ReadOnlySpan(Array.zeroCreate (d + 1))) |> ignore)
                    )
                    |> ignore

                    solver.Solve(ReadOnlySpan.Empty, Span.Empty, Span.Empty))
    ]
