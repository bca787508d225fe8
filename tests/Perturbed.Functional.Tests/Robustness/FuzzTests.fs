/// Every oracle against exact arithmetic on hostile instances; the command in tests/Perturbed.Functional.Fuzz runs as many as one likes.
module Perturbed.Functional.Tests.FuzzTests

open System
open Expecto
open Perturbed.Functional
open Perturbed.Functional.Fuzz
open Xunit

// Takes a gain below 1e-10 of the largest entry for nothing.
let private coarseBox =
    Oracle.ofFunction 4 (fun theta ->
        let bar = 1e-10 * (theta |> Array.map abs |> Array.max)
        theta |> Array.map (fun t -> if t > bar then 1.0 else 0.0))

[<Tests>]
let tests =
    testList "Robustness.Fuzz" [
        testCase
            "Ten thousand instances spread over thirty orders of magnitude agree with exact arithmetic, warm and cold, on 1 and 8 threads"
            (fun () ->
                let found =
                    Runner.run
                        {
                            Families = Families.all
                            Instances = 11000L
                            Seed = 2UL
                            Only = None
                            Threads = Environment.ProcessorCount
                        }
                        ignore

                let texts = found |> List.collect _.Examples |> List.map snd
                Assert.True(texts.IsEmpty, String.Join("\n\n", List.truncate 20 texts))
                Assert.True(List.sumBy _.Instances found >= 10000L))

        testCase "A threshold scaled by the largest entry is found" (fun () ->
            let problem =
                {
                    Form = "coarse box"
                    Oracle = coarseBox
                    Theta = fun draw -> Vectors.any draw 4
                    Judge = Judge.only (Array.map (fun t -> if t > 0.0 then 1.0 else 0.0))
                }

            let complaints =
                [ 0UL .. 20UL ]
                |> List.collect (fun seed -> (Solves.run (Draw seed) false problem).Complaints)

            Assert.NotEmpty complaints
            Assert.Contains("expected", complaints.Head.Text))

        testCase "A warm start that changes an answer, and memory between rows, are found" (fun () ->
            // The last θ that was announced is a part of the answer.
            let oracle =
                Oracle.create
                    { new IOracle with
                        member _.Name = "loyal"
                        member _.Dimension = 3
                        member _.SolutionDimension = 3
                        member _.IsSolution _ = false

                        member _.CreateSolver() =
                            let inner = Oracle.argmax(3).Implementation.CreateSolver()
                            let mutable announced = 0.0

                            { new ISolver with
                                member _.Begin(_, theta) = announced <- theta[0]

                                member _.Solve(thetas, solutions, values) =
                                    inner.Solve(thetas, solutions, values)

                                    if thetas.Length = 3 && thetas[0] <> announced then
                                        solutions.Reverse()
                            }
                    }

            let problem =
                {
                    Form = "loyal"
                    Oracle = oracle
                    Theta = fun draw -> Vectors.any draw 3
                    Judge = fun _ _ -> Right
                }

            Assert.NotEmpty (Solves.run (Draw 1UL) false problem).Complaints)

        testCase "Sums and products of doubles are exact, from subnormal numbers to huge ones" (fun () ->
            let big, small = Dyadic.ofFloat 1e300, Dyadic.ofFloat 5e-324
            Assert.Equal(0, (big + small - big - small).Sign)
            Assert.Equal(1, (big + small - big).Sign)
            Assert.Equal(1e300, big.ToFloat())
            Assert.Equal(5e-324, small.ToFloat())
            // 0.1 is not a tenth.
            Assert.Equal(1, (Dyadic.ofFloat 0.1 * Dyadic.ofInt 10 - Dyadic.ofInt 1).Sign)
            Assert.Equal(0, (Dyadic.dot [| 1e15; 1.0; -1e15 |] [| 1.0; 0.25; 1.0 |] - Dyadic.ofFloat 0.25).Sign))

        testCase "The simplex method in whole numbers solves, and tells infeasible and unbounded programs" (fun () ->
            let whole = Array.map (fun (n: int) -> bigint n)

            let solve a b c =
                ExactSimplex.solve (Array.map whole a) (whole b) (whole c)

            // x + 2y ≤ 4, 3x + y ≤ 6: the vertex (8/5, 6/5).
            match solve [| [| 1; 2 |]; [| 3; 1 |] |] [| 4; 6 |] [| 1; 1 |] with
            | ExactSimplex.Optimal(z, d) -> Assert.Equal<bigint[]>([| d * 8I / 5I; d * 6I / 5I |], z)
            | other -> Assert.Fail $"%A{other}"

            // −x ≤ −1, x ≤ 3.
            match solve [| [| -1 |]; [| 1 |] |] [| -1; 3 |] [| -1 |] with
            | ExactSimplex.Optimal(z, d) -> Assert.Equal(d, z[0])
            | other -> Assert.Fail $"%A{other}"

            Assert.Equal(ExactSimplex.Infeasible, solve [| [| -1 |]; [| 1 |] |] [| -4; 3 |] [| 1 |])
            Assert.Equal(ExactSimplex.Unbounded, solve [| [| -1 |] |] [| -4 |] [| 1 |]))
    ]
