/// Ω's gradient exists inside conv(Y) alone: points on the boundary are told by name where the polytope is known.
module Perturbed.Functional.Tests.InteriorTests

open Expecto
open Perturbed.Functional
open Xunit

let private smooth (oracle: Oracle) : Smoothed = perturb oracle Noise.gaussian 1.0 2000

let private graph = Graph(4, [| 0; 0; 1; 2 |], [| 1; 2; 2; 3 |])

let private network = Digraph(4, [| 0; 0; 1; 1; 2 |], [| 1; 2; 2; 3; 3 |])

/// An oracle, a point on the boundary of its polytope, and words of the reason.
let private cases: (Oracle * float[] * string) list =
    [
        Oracle.argmax 3, [| 0.5; 0.5; 0.0 |], "entry 2 is 0"
        Oracle.topK 2 3, [| 1.0; 0.5; 0.5 |], "entry 0 is 1"
        Oracle.ranking 3, [| 1.0; 2.5; 2.5 |], "entry 0 is 1; ranks run from 1 to 3"
        Oracle.box [| -1.0; 2.0 |] [| 1.0; 3.0 |],
        [| 0.0; 3.0 |],
        "entry 1 is 3; it runs from 2 to 3: that is on the boundary"
        Oracle.l1Ball 2.0 3, [| 1.0; -0.5; 0.5 |], "l1 norm is 2"
        Oracle.groupBall [| 0; 0; 1 |] 6.0, [| 3.0; 4.0; 1.0 |], "group norms is 6"
        Oracle.nuclearBall 3.0 2 2, [| 2.0; 0.0; 0.0; 1.0 |], "nuclear norm is 3"
        Oracle.spectraplex 2, [| 0.5; 0.5; 0.5; 0.5 |], "least eigenvalue"
        Oracle.assignment 3 3, [| 0.5; 0.5; 0.0; 0.25; 0.25; 0.5; 0.25; 0.25; 0.5 |], "entry 2 is 0"
        Oracle.assignment 2 3, [| 0.5; 0.25; 0.25; 0.5; 0.25; 0.25 |], "column 0 sums to 1"
        Oracle.transport [| 2.0; 1.0 |] [| 1.0; 1.0; 1.0 |], [| 1.0; 0.5; 0.5; 0.0; 0.5; 0.5 |], "entry 0 is 1"
        Oracle.bMatching [| 1; 1 |] [| 2; 1 |], [| 0.5; 0.25; 0.75; 0.25 |], "row 1 sums to 1"
        Oracle.spanningTree graph, [| 1.0; 0.5; 0.5; 1.0 |], "entry 0 is 1"
        Oracle.flow [| 2; 1; 1; 1; 2 |] 0 3 network, [| 1.0; 1.0; 0.5; 0.5; 1.5 |], "entry 1 is 1"
        Oracle.knapsack [| 2; 3; 4 |] 5, [| 0.5; 0.0; 0.25 |], "entry 1 is 0"
        Oracle.linearProgram (array2D [ [ 1.0; 1.0 ]; [ 1.0; -1.0 ] ]) [| 4.0; 2.0 |],
        [| 2.0; 2.0 |],
        "constraint 0 sums to 4"
        Oracle.boundedLinearProgram [| -1.0; -1.0 |] [| 1.0; 1.0 |] (array2D [ [ 1.0; 1.0 ] ]) [| 1.0 |],
        [| -1.0; 0.5 |],
        "entry 0 is -1"
        Oracle.product [| Oracle.argmax 2; Oracle.unitBox 2 |], [| 0.5; 0.5; 0.5; 0.0 |], "of factor 1, entry 1 is 0"
        Oracle.minimise (Oracle.unitBox 2), [| -0.5; -1.0 |], "with its sign changed, entry 1 is 1"
    ]

[<Tests>]
let tests =
    testList "Robustness.Interior" [
        testCase
            "a point on the boundary of a known polytope is told why, and a mean of many solutions passes"
            (fun () ->
                for oracle, boundary, words in cases do
                    let op = smooth oracle

                    match op |> Regularizer.trySolve 1e-2 boundary with
                    | Ok _ -> Assert.Fail $"{oracle} took %A{boundary} for a point inside."
                    | Error reason -> Assert.Contains(words, reason)

                    // The mean at θ = 0 is inside: it is where Newton's steps start and end.
                    let inside =
                        op
                        |> Smoothed.withKey (Key.create 9UL)
                        |> Smoothed.maximizer (Array.zeroCreate oracle.Dimension)

                    match op |> Regularizer.trySolve 5e-2 inside with
                    | Ok _ -> ()
                    | Error reason -> Assert.Fail $"{oracle}: {reason}")

        testCase "a constraint that holds as an equation on all of a polytope is no boundary" (fun () ->
            // A bridge is in every tree; a fixed coordinate is at both its bounds; an equation is two constraints.
            for oracle in
                [
                    Oracle.spanningTree graph
                    Oracle.box [| 0.0; 1.0; 0.0 |] [| 1.0; 1.0; 2.0 |]
                    Oracle.linearProgram (array2D [ [ 1.0; 1.0; 1.0 ]; [ -1.0; -1.0; -1.0 ] ]) [| 2.0; -2.0 |]
                    Oracle.topK 3 3
                    |> fun fixedPoint -> Oracle.product [| fixedPoint; Oracle.argmax 3 |]
                    Oracle.transport [| 1.0; 2.0; 1.0 |] [| 4.0 |]
                    |> fun single -> Oracle.product [| single; Oracle.unitBox 1 |]
                ] do
                let op = smooth oracle
                let inside = op |> Smoothed.maximizer (Array.zeroCreate oracle.Dimension)

                match op |> Regularizer.trySolve 1e-2 inside with
                | Ok dual -> Assert.True(dual.Residual <= 1e-2)
                | Error reason -> Assert.Fail $"{oracle}: {reason}")
    ]
