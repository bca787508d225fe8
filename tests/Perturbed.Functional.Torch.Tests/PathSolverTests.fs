/// Shortest paths on grids in tensor operations, against the core.
module Perturbed.Functional.Torch.Tests.PathSolverTests

open System
open Expecto
open TorchSharp
open Perturbed.Functional
open Perturbed.Functional.Torch.Tests.Helpers
open Xunit

let private grids: (int * int) list =
    [ 1, 1; 1, 5; 4, 1; 2, 2; 3, 3; 5, 4; 4, 7; 12, 12 ]

let private kinds: (GridMoves * string) list =
    [
        GridMoves.RightDown, "right and down"
        GridMoves.Four, "4 neighbours"
        GridMoves.Eight, "8 neighbours"
    ]

let private oracle (moves: GridMoves) (rows: int) (columns: int) : Oracle =
    if moves = GridMoves.RightDown then
        Oracle.rightDownPath rows columns
    else
        Oracle.gridPath moves NegativeCosts.ClampToZero rows columns

let private solve (moves: GridMoves) (rows: int) (columns: int) (theta: float[,]) : float[,] =
    // Of one sample and noise that is far below every gap.
    let op =
        Torch.perturb (TensorSolver.GridPath(moves, rows, columns)) Noise.gaussian 1e-13 1

    op |> Torch.maximizer (tensor theta) |> matrix

// A wall of high costs with a gap at alternating ends: the shortest path winds through all rows.
let private maze (rows: int) (columns: int) : float[,] =
    Array2D.init 1 (rows * columns) (fun _ place ->
        let i, j = place / columns, place % columns
        let isGap = (i % 4 = 1 && j = columns - 1) || (i % 4 = 3 && j = 0)
        // Different costs along the way, so that one path is the shortest.
        if i % 2 = 0 || isGap then
            -1.0 - 1e-3 * float (place % 7)
        else
            -1000.0)

[<Tests>]
let tests =
    testList "PathSolver" [
        for moves, name in kinds do
            testCase $"Paths are those of the core: {name}" (fun () ->
                for rows, columns in grids do
                    // Costs above 0, which have one shortest path.
                    let theta = thetas 40 (rows * columns) 1UL |> Array2D.map (fun v -> -exp v)
                    let expected = oracle moves rows columns |> Oracle.solveBatch theta
                    Assert.Equal<float>(flatten expected, flatten (solve moves rows columns theta)))

            testCase $"The longest winding paths are found: {name}" (fun () ->
                if moves <> GridMoves.RightDown then
                    for rows, columns in [ 5, 5; 7, 6; 11, 12; 12, 12 ] do
                        let theta = maze rows columns
                        let expected = oracle moves rows columns |> Oracle.solveBatch theta
                        Assert.Equal<float>(flatten expected, flatten (solve moves rows columns theta)))

            testCase $"Smoothed paths and their derivatives are those of the core: {name}" (fun () ->
                let row = [| -1.0; -0.6; -1.1; -0.2; -0.9; -1.3; -0.4; -0.8; -0.7 |]
                let copies = 3000
                let rows = Array2D.init copies 9 (fun _ i -> row[i])
                let cotangent = [| 1.0; -2.0; 0.5; 3.0; -1.0; 0.3; 0.7; -0.4; 2.0 |]
                let op = Torch.perturb (TensorSolver.GridPath(moves, 3, 3)) Noise.gaussian 0.5 8
                let x = leaf rows
                let y = op |> Torch.maximizer x
                let gradient = pull y (torch.tensor(cotangent).expand_as y) x

                let core = perturb (oracle moves 3 3) Noise.gaussian 0.5 8
                let expected, back = core |> Batch.pullback rows
                let slopes = back (Array2D.init copies 9 (fun _ i -> cotangent[i]))

                // Differences of independent replicates, with mean zero; 18 means within five of their errors.
                let difference (a: float[,]) (b: float[,]) =
                    Array2D.init copies 9 (fun r i -> a[r, i] - b[r, i])

                let isConstant (i: int) = i = 0 || i = 8

                let free (m: float[,]) =
                    Array2D.init copies 7 (fun r i -> m[r, i + 1])

                Assert.True(isConstant 0)
                assertMeans 5.0 (Array.zeroCreate 7) (free (difference (matrix y) expected))
                assertMeans 5.0 (Array.zeroCreate 9) (difference (matrix gradient) slopes))

        testCase "Costs of 0 make no cycles, and negative ones count as 0" (fun () ->
            for moves in [ GridMoves.Four; GridMoves.Eight ] do
                let zeros = Array2D.zeroCreate 3 20

                let mixed =
                    thetas 30 20 3UL |> Array2D.map (fun v -> if v > 0.0 then v else 10.0 * v)

                for theta in [ zeros; mixed ] do
                    let y = solve moves 4 5 theta
                    let best = oracle moves 4 5 |> Oracle.solveBatch theta

                    let cost (y: float[,]) (r: int) =
                        Seq.sum (seq { for i in 0..19 -> y[r, i] * max 0.0 -theta[r, i] })

                    for r in 0 .. Array2D.length1 theta - 1 do
                        Assert.Equal(1.0, y[r, 0])
                        Assert.Equal(1.0, y[r, 19])
                        // Noise of 1e-13 may choose among equal paths.
                        Assert.Equal(cost best r, cost y r, 9))

        testCase "Another dimension than that of the grid is refused" (fun () ->
            let op =
                Torch.perturb (TensorSolver.GridPath(GridMoves.Eight, 3, 4)) Noise.gaussian 1.0 2

            let error =
                Assert.ThrowsAny<ArgumentException>(fun () ->
                    op |> Torch.maximizer (tensor (thetas 2 9 1UL)) |> ignore)

            Assert.Contains("9", error.Message)
            Assert.Contains("3 × 4", error.Message)

            for rows, columns in [ 0, 3; 3, -1 ] do
                Assert.Throws<ArgumentOutOfRangeException>(fun () ->
                    TensorSolver.GridPath(GridMoves.Eight, rows, columns) |> ignore)
                |> ignore)

        testCase "An empty batch has an empty answer" (fun () ->
            for moves, _ in kinds do
                let op = Torch.perturb (TensorSolver.GridPath(moves, 3, 3)) Noise.gaussian 1.0 2
                let y = op |> Torch.maximizer (torch.zeros ([| 0L; 9L |], dtype = float64))
                Assert.Equal<int64>([| 0L; 9L |], y.shape))
    ]
