/// Decisions that rounding could reverse: sums that tie exactly, eigenvalues that are close, entries far below the largest.
module Perturbed.Kernels.Tests.CloseDecisionTests

open System
open Expecto
open Perturbed.Kernels
open Perturbed.Suite
open Xunit

let private answer (oracle: Perturbed.Functional.CSharp.IOracle) (theta: float[]) : float[] =
    OracleLaws.solve oracle [| theta |] |> fst |> Array.head

[<Tests>]
let tests =
    testList "CloseDecision" [
        testCase "Rows of a finite set that tie exactly give the first, whichever sum rounds up" (fun () ->
            // 0.1 + 0.2 + 0.3 rounds to another double than 0.3 + 0.2 + 0.1.
            let rows = [ [ 0.1; 0.2; 0.3 ]; [ 0.3; 0.2; 0.1 ] ]

            for order in [ rows; List.rev rows ] do
                let oracle = FiniteSetOracle(array2D order)
                Assert.Equal<float[]>(Array.ofList order.Head, answer oracle [| 1.0; 1.0; 1.0 |]))

        testCase "A row of a finite set that is better by less than its sums round is found" (fun () ->
            // The sums are 1e16 + 1 and 1e16 + 2, in doubles both 1e16 and 1e16 + 2; with 1e16 + 3 the tie of roundings is decided upwards.
            for small, large in [ 1.0, 2.0; 2.0, 3.0; 3.0, 4.0; 1e-30, 2e-30 ] do
                for rows in [ [ [ 1e16; small ]; [ 1e16; large ] ]; [ [ 1e16; large ]; [ 1e16; small ] ] ] do
                    Assert.Equal<float[]>([| 1e16; large |], answer (FiniteSetOracle(array2D rows)) [| 1.0; 1.0 |]))

        testCase "The value of a finite set's row is its plain sum, decided closely or not" (fun () ->
            let rows = Array2D.init 40 5 (fun n j -> float ((n * 7 + j * 3) % 5) / 10.0)
            let oracle = FiniteSetOracle rows

            for theta in [ [| 0.1; 0.1; 0.1; 0.1; 0.1 |]; [| 1.0; -2.0; 0.5; 0.3; -0.7 |] ] do
                let solutions, values = OracleLaws.solve oracle [| theta |]
                let plain = Array.fold2 (fun sum y t -> sum + t * y) 0.0 solutions[0] theta
                Assert.Equal(plain, values[0]))

        sequencedCase "Close decisions of a finite set allocate nothing" (fun () ->
            let rows = Array2D.init 40 5 (fun n j -> float ((n * 7 + j * 3) % 5) / 10.0)

            let solver =
                (FiniteSetOracle rows :> Perturbed.Functional.CSharp.IOracle).CreateSolver()

            let theta = Array.create 5 0.1
            let y, values = Array.zeroCreate<float> 5, Array.zeroCreate<float> 1

            let solve () =
                for _ in 1..100 do
                    solver.Solve(ReadOnlySpan theta, Span y, Span values)

            Assert.Equal(0L, Allocation.steadyState solve))

        testCase "Groups whose norms tie exactly give the lowest, in whatever order their squares are added" (fun () ->
            let entries = [| 0.1; 0.7; 0.2; 0.30000000000000004 |]
            let shuffled = [| 0.30000000000000004; 0.2; 0.1; 0.7 |]
            let oracle = GroupBallOracle([| 0; 0; 0; 0; 1; 1; 1; 1 |], 1.0)

            for theta in [ Array.append entries shuffled; Array.append shuffled entries ] do
                let y = answer oracle theta
                Assert.All(y[4..], fun entry -> Assert.Equal(0.0, entry)))

        testCase "A group longer by less than squares round is found" (fun () ->
            let oracle = GroupBallOracle([| 0; 1; 1 |], 1.0)
            let y = answer oracle [| 1e10; 1e10; 1e-3 |]
            Assert.Equal(0.0, y[0])
            Assert.Equal(1.0, y[1], 12))

        testCase "An eigenvector of small whole numbers is found" (fun () ->
            // Eigenvalue 2 with (1, 1, −1, 1)/2, 0 twice and −2.
            let theta =
                [| 0.0; 0.0; -1.0; 1.0; 0.0; 0.0; -1.0; 1.0; -1.0; -1.0; 0.0; 0.0; 1.0; 1.0; 0.0; 0.0 |]

            let _, values = OracleLaws.solve (SpectraplexOracle 4) [| theta |]
            Assert.Equal(2.0, values[0], 12)
            let random = Random 3

            for _ in 1..200 do
                let n = random.Next(2, 6)
                let v = Array.init n (fun _ -> float (random.Next(-2, 3)))
                v[0] <- 1.0
                // λ₁ = |v|² beside eigenvalues 0.
                let theta = Array.init (n * n) (fun at -> v[at / n] * v[at % n])
                let _, values = OracleLaws.solve (SpectraplexOracle n) [| theta |]
                Assert.Equal(Array.sumBy (fun x -> x * x) v, values[0], 11))

        testCase "Singular values that differ in the ninth digit are told apart" (fun () ->
            // (a + b, 0; 0, a − b) turned by 45 degrees: a on the diagonal, b off it.
            for gap in [ 1e-7; 1e-8; 1e-9; 1e-10; 1e-11 ] do
                let a, b = 5499059.657393036, 5499059.657393036 * gap

                let _, values =
                    OracleLaws.solve (NuclearBallOracle(2, 2, 1.0)) [| [| a; b; b; a |] |]

                Assert.True(abs (values[0] - (a + b)) <= 1e-12 * a, $"gap {gap}: {values[0]} is not {a + b}"))

        testCase "An eigenvalue far below the norm is right to its own size" (fun () ->
            for huge in [ 1e6; 1e12; 1e15 ] do
                // A block with eigenvalues 3 and 1 beside a huge negative entry.
                let theta = [| -huge; 0.0; 0.0; 0.0; 2.0; 1.0; 0.0; 1.0; 2.0 |]
                let solutions, values = OracleLaws.solve (SpectraplexOracle 3) [| theta |]
                Assert.Equal(3.0, values[0], 12)
                Assert.Equal(0.5, solutions[0][5], 12))
    ]
