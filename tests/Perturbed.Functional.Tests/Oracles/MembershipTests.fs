/// Where points lie with respect to conv(Y): solutions and their means inside, points beyond a solver's maximum outside, and why.
module Perturbed.Functional.Tests.MembershipTests

open System
open Expecto
open Perturbed.Functional
open Xunit

let private network =
    Digraph(5, [| 0; 0; 1; 1; 2; 3; 2 |], [| 1; 2; 2; 3; 3; 4; 4 |])

/// Two ways from 0 to 5, with a cycle 1 → 2 → 3 → 1 on the way and one, 4 → 6 → 4, that can be left out.
let private cyclic =
    Digraph(7, [| 0; 1; 2; 3; 2; 3; 0; 4; 6; 4 |], [| 1; 2; 3; 1; 5; 5; 4; 6; 4; 5 |])

let private graph =
    Graph(6, [| 0; 0; 1; 1; 2; 3; 3; 4 |], [| 1; 2; 2; 3; 4; 4; 5; 5 |])

/// Oracles whose hull is decided exactly, and whether θ must not be positive.
let private exact: (Oracle * bool) list =
    [
        Oracle.argmax 4, false
        Oracle.topK 2 5, false
        Oracle.topK 0 3, false
        Oracle.ranking 5, false
        Oracle.rankingOf [| -2.0; 0.5; 0.5; 1e3 |], false
        Oracle.rightDownPath 3 4, false
        Oracle.rightDownPath 4 2, false
        Oracle.rightDownPath 1 3, false
        Oracle.assignment 3 3, false
        Oracle.assignment 2 4, false
        Oracle.assignment 4 2, false
        Oracle.bMatching [| 1; 2; 0 |] [| 1; 1; 2 |], false
        Oracle.transport [| 2.0; 1.5; 0.5 |] [| 1.0; 3.0 |], false
        Oracle.spanningTree graph, false
        Oracle.spanningTree (Graph.Complete 5), false
        Oracle.spanningForest 3 graph, false
        Oracle.shortestPath NegativeEdges.Allow 0 4 network, false
        Oracle.shortestPathWithin 4 0 4 network, false
        Oracle.flow [| 2; 1; 1; 1; 2; 3; 1 |] 0 4 network, false
        Oracle.flow [| 2; 1; 1; 1; 2; 2; 1; 1; 2; 1 |] 0 5 cyclic, false
        Oracle.finiteSet (array2D [ [ 0.0; 0.0 ]; [ 3.0; 1.0 ]; [ 1.0; 3.0 ]; [ 1.5; 1.5 ] ]), false
        Oracle.l1Ball 2.0 3, false
        Oracle.box [| -1.0; 2.0; 0.0 |] [| 1.0; 3.0; 1e-6 |], false
        Oracle.groupBall [| 0; 0; 1; 2; 2 |] 3.0, false
        Oracle.nuclearBall 2.0 2 3, false
        Oracle.tsp 5, false
        Oracle.boundedLinearProgram
            [| -1.0; 0.0; 0.0 |]
            [| 2.0; 1.0; 5.0 |]
            (array2D [ [ 1.0; 1.0; 1.0 ]; [ -1.0; 2.0; 0.5 ] ])
            [| 4.0; 1.0 |],
        false
        Oracle.product [| Oracle.argmax 3; Oracle.ranking 3 |], false
        Oracle.minimise (Oracle.topK 2 4), false
        Oracle.ranking 4 |> Oracle.withName "preferences" |> Oracle.synchronized, false
    ]

/// Oracles of which only necessary conditions are tried for points that are no 0/1 vectors.
let private necessary: (Oracle * bool) list =
    [
        Oracle.gridPath GridMoves.Four NegativeCosts.Reject 4 4, true
        Oracle.gridPath GridMoves.Eight NegativeCosts.ClampToZero 4 5, true
        Oracle.shortestPath NegativeEdges.Reject 0 5 cyclic, true
        Oracle.shortestPathWithin 3 0 4 network, false
        Oracle.gridEdgePath GridMoves.Four NegativeEdges.Reject 3 3, true
        Oracle.minimumCut NegativeCosts.Reject 0 4 network, true
        Oracle.minimumCut NegativeCosts.Reject 0 5 cyclic, true
        Oracle.knapsack [| 2; 3; 4; 9 |] 6, false
        Oracle.multiKnapsack (array2D [ [ 2; 3; 4 ]; [ 1; 1; 1 ] ]) [| 6; 2 |], false
        Oracle.tsp 7, false
        Oracle.tspHeuristic 2 8, false
        Oracle.alignment 3 4, false
        Oracle.localAlignment 3 3, false
        Oracle.semiGlobalAlignment 3 3, false
        Oracle.restrict [| 0; 2 |] [| 0.0; 0.5; 0.0; -0.5 |] (Oracle.topK 2 4), false
        Oracle.withOffset [| 1.0; -1.0; 0.5 |] (Oracle.ranking 3), false
    ]

let private direction (random: Random) (isNegative: bool) (d: int) : float[] =
    Array.init d (fun _ ->
        let x = 4.0 * random.NextDouble() - 2.0
        if isNegative then -abs x else x)

let private mixture (random: Random) (points: float[][]) : float[] =
    let weights = points |> Array.map (fun _ -> random.NextDouble())
    let sum = Array.sum weights

    Array.init points[0].Length (fun i -> Array.map2 (fun w (y: float[]) -> w / sum * y[i]) weights points |> Array.sum)

let private mean (points: float[][]) : float[] =
    Array.init points[0].Length (fun i -> (points |> Array.sumBy (fun y -> y[i])) / float points.Length)

/// An oracle, a point outside of its hull, and the words of the reason.
let private cases: (Oracle * float[] * string) list =
    [
        Oracle.ranking 3, [| 2.0; 0.0; 1.0 |], "entry 1 is 0; ranks run from 1 to 3"
        Oracle.ranking 3,
        [| 1.0; 1.0; 3.0 |],
        "the 2 smallest entries sum to 2; those of any permutation sum to 3 or more"
        Oracle.ranking 3, [| 2.0; 2.0; 3.0 |], "the entries sum to 7; they must sum to 6"
        Oracle.rankingOf [| 5.0; 2.0 |], [| 1.0; 6.0 |], "entry 0 is 1; entries run from 2 to 5"
        Oracle.topK 2 4, [| 1.0; 1.0; 1.0; 0.0 |], "the entries sum to 3; they must sum to 2"
        Oracle.argmax 2, [| 1.5; -0.5 |], "entry 0 is 1.5; entries run from 0 to 1"
        Oracle.rightDownPath 2 2,
        [| 1.0; 1.0; 1.0; 1.0 |],
        "the cells with row + column = 1 sum to 2; they must sum to 1"
        Oracle.rightDownPath 3 3,
        [| 1.0; 1.0; 0.0; 0.0; 0.0; 0.0; 1.0; 1.0; 1.0 |],
        "rows 0 to 0 of the cells with row + column = 1 hold 1"
        Oracle.gridPath GridMoves.Four NegativeCosts.Reject 3 3,
        [| 1.0; 1.0; 0.0; 0.0; 0.0; 0.0; 0.0; 1.0; 1.0 |],
        "cell 1 is 1 and its neighbours sum to 1"
        // A ring of cells beside the path: two neighbours each, but no way to them.
        Oracle.gridPath GridMoves.Four NegativeCosts.Reject 5 5,
        [|
            1.0
            0.0
            1.0
            1.0
            1.0
            1.0
            0.0
            1.0
            0.0
            1.0
            1.0
            0.0
            1.0
            1.0
            1.0
            1.0
            0.0
            0.0
            0.0
            0.0
            1.0
            1.0
            1.0
            1.0
            1.0
        |],
        "they mark no path"
        Oracle.gridPath GridMoves.Eight NegativeCosts.Reject 1 4,
        [| 1.0; 1.0; 0.5; 1.0 |],
        "cell 1 is 1 and its neighbours sum to 1.5"
        Oracle.assignment 2 2, [| 1.0; 0.0; 1.0; 0.0 |], "column 0 sums to 2; it must sum to 1"
        Oracle.assignment 2 3, [| 1.0; 0.0; 0.0; 1.0; 0.0; 0.0 |], "column 0 sums to 2; it may sum to at most 1"
        Oracle.bMatching [| 1; 1 |] [| 2; 1 |], [| 1.0; 1.0; 0.0; 0.0 |], "row 0 sums to 2; it may sum to at most 1"
        Oracle.transport [| 2.0; 1.0 |] [| 1.0; 2.0 |], [| 1.0; 0.5; 0.0; 1.0 |], "row 0 sums to 1.5; it must sum to 2"
        Oracle.spanningTree (Graph.Complete 4),
        [| 1.0; 1.0; 0.0; 1.0; 0.0; 0.0 |],
        "the edges among nodes 0, 1, 2 sum to 3; a forest has at most 2 there"
        Oracle.spanningForest 2 (Graph.Complete 5),
        [| 0.9; 0.9; 0.1; 0.0; 0.9; 0.1; 0.0; 0.1; 0.0; 0.0 |],
        "the edges among nodes 0, 1, 2 sum to 2.7; a forest has at most 2 there"
        Oracle.spanningTree (Graph.Complete 3), [| 1.0; 1.0; 1.0 |], "the entries sum to 3; they must sum to 2"
        Oracle.shortestPath NegativeEdges.Allow 0 4 network,
        [| 1.0; 0.0; 0.0; 0.0; 0.0; 0.0; 1.0 |],
        "node 1 gets 1 and passes on 0"
        Oracle.shortestPathWithin 2 0 4 network,
        [| 1.0; 0.0; 0.0; 1.0; 0.0; 1.0; 0.0 |],
        "the entries sum to 3; a path has at most 2 edges"
        Oracle.shortestPath NegativeEdges.Reject 0 5 cyclic,
        [| 1.0; 1.0; 0.0; 0.0; 1.0; 0.0; 0.0; 1.0; 1.0; 0.0 |],
        "node 4 gets 1, 1 more than can come to it from the source: there is a cycle beside the paths"
        Oracle.shortestPath NegativeEdges.Reject 0 5 cyclic,
        [| 0.5; 0.5; 0.0; 0.0; 0.5; 0.0; 0.5; 0.8; 0.8; 0.5 |],
        "node 4 gets 1.3; a path visits it once at most"
        Oracle.flow [| 2; 1; 1; 1; 2; 3; 1 |] 0 4 network,
        [| 1.0; 0.0; 0.5; 0.0; 0.5; 0.5; 0.0 |],
        "node 1 gets 1 and passes on 0.5"
        Oracle.flow [| 2; 1; 1; 1; 2; 3; 1 |] 0 4 network,
        [| 3.0; 0.0; 0.0; 1.0; 0.0; 1.0; 0.0 |],
        "entry 0 is 3; it runs from 0 to 2"
        Oracle.minimumCut NegativeCosts.Reject 0 2 (Digraph(3, [| 0; 1 |], [| 1; 2 |])),
        [| 1.0; 1.0 |],
        "no cuts mix to that"
        Oracle.minimumCut NegativeCosts.Reject 0 2 (Digraph(3, [| 0; 1 |], [| 1; 2 |])),
        [| 0.4; 0.5 |],
        "no cuts mix to that"
        Oracle.finiteSet (array2D [ [ 0.0; 0.0 ]; [ 3.0; 1.0 ]; [ 1.0; 3.0 ] ]),
        [| 0.5; 4.0 |],
        "entry 1 is 4; it runs from 0 to 3"
        Oracle.finiteSet (array2D [ [ 0.0; 0.0 ]; [ 3.0; 1.0 ]; [ 1.0; 3.0 ] ]),
        [| 2.5; 2.5 |],
        "it is no mean of the rows"
        Oracle.l1Ball 2.0 2, [| 1.5; -1.0 |], "the l1 norm is 2.5; it is at most the radius 2"
        Oracle.box [| 0.0 |] [| 1e-9 |], [| 2e-9 |], "entry 0 is 2E-09; it runs from 0 to 1E-09"
        Oracle.groupBall [| 0; 0; 1 |] 6.0, [| 3.0; 4.0; 1.5 |], "the sum of group norms is 6.5"
        Oracle.nuclearBall 3.0 2 2, [| 2.0; 0.0; 0.0; 1.5 |], "the nuclear norm is 3.5"
        Oracle.spectraplex 2, [| 0.5; 0.2; 0.0; 0.5 |], "entries 2 and 1 are 0 and 0.2; the matrix must be symmetric"
        Oracle.spectraplex 2, [| 0.5; 0.75; 0.75; 0.5 |], "the least eigenvalue is -0.25"
        Oracle.spectraplex 2, [| 0.5; 0.0; 0.0; 0.75 |], "the trace is 1.25; it must be 1"
        Oracle.knapsack [| 2; 3; 4 |] 5, [| 1.0; 0.0; 1.0 |], "constraint 0 sums to 6; it may sum to at most 5"
        Oracle.knapsack [| 2; 3; 9 |] 5,
        [| 0.0; 0.0; 0.5 |],
        "entry 2 is 0.5; its weight 9 is above the capacity 5, so it must be 0"
        // Two round trips through three cities each.
        Oracle.tsp 6,
        [| 1.0; 1.0; 0.0; 0.0; 0.0; 1.0; 0.0; 0.0; 0.0; 0.0; 0.0; 0.0; 1.0; 1.0; 1.0 |],
        "the edges out of cities 0, 1, 2 sum to 0; a tour has at least 2 there"
        Oracle.tsp 4, [| 1.0; 1.0; 1.0; 0.0; 0.0; 0.0 |], "the edges at city 0 sum to 3; they must sum to 2"
        Oracle.alignment 1 1, [| 1.0; 1.0; 0.0 |], "the steps use 3 letters"
        Oracle.alignment 2 2, [| 0.0; 1.0; 1.0; 0.0; 0.0; 0.0; 0.0; 0.0; 0.0; 0.0; 0.0; 0.0 |], "they mark no alignment"
        Oracle.linearProgram (array2D [ [ 1.0 ] ]) [| 1e-12 |],
        [| 1e-10 |],
        "constraint 0 sums to 1E-10; it may sum to at most 1E-12"
        Oracle.linearProgram (array2D [ [ 1.0; 0.0 ]; [ 0.0; 1.0 ] ]) [| 1e-12; 1e6 |],
        [| 1.01e-12; 1e6 |],
        "constraint 0 sums to 1.01E-12"
        Oracle.product [| Oracle.argmax 2; Oracle.ranking 2 |],
        [| 1.0; 0.0; 0.0; 1.0 |],
        "of factor 1, entry 0 is 0; ranks run from 1 to 2"
        Oracle.product [| Oracle.unitBox 1; Oracle.tsp 3 |],
        [| 0.5; 1.0; 1.0; 0.0 |],
        "of factor 1, the edges at city 1 sum to 1"
        Oracle.minimise (Oracle.topK 1 2), [| 1.0; 0.0 |], "with its sign changed, entry 0 is -1"
        Oracle.withOffset [| 1.0; -1.0 |] (Oracle.ranking 2), [| 0.0; 1.0 |], "entry 0 is 0; ranks run from 1 to 2"
        Oracle.restrict [| 2; 0 |] [| 0.0; 1.0; 0.0 |] (Oracle.topK 1 3), [| 1.5; 0.0 |], "entry 2 is 1.5"
        Oracle.finiteSetWithOffsets (array2D [ [ 0.0 ]; [ 1.0 ] ]) [| 0.5; 0.0 |],
        [| 2.0 |],
        "entry 0 is 2; it runs from 0 to 1"
    ]

let private smooth (oracle: Oracle) : Smoothed = perturb oracle Noise.gaussian 1.0 10

[<Tests>]
let tests =
    testList "Oracles.Membership" [
        testCase
            "solutions and their means, weighted or not, are never outside, and inside where that is decided"
            (fun () ->
                let random = Random 11

                for (oracle, isNegative), isExact in
                    Seq.append (exact |> Seq.map (fun o -> o, true)) (necessary |> Seq.map (fun o -> o, false)) do
                    let solutions =
                        Array.init 40 (fun _ -> Oracle.solve (direction random isNegative oracle.Dimension) oracle)

                    for y in solutions do
                        match Oracle.membership y oracle with
                        | Membership.Outside reason -> Assert.Fail $"{oracle}: the solution %A{y} is outside: {reason}"
                        | Membership.Undecided tried when isExact ->
                            Assert.Fail $"{oracle}: %A{y} is undecided: {tried}"
                        | _ -> ()

                    for points in [ solutions; solutions[..1]; solutions[..6] ] do
                        for y in [ mixture random points; mean points ] do
                            match Oracle.membership y oracle with
                            | Membership.Outside reason -> Assert.Fail $"{oracle}: the mean %A{y} is outside: {reason}"
                            | Membership.Undecided tried when isExact ->
                                Assert.Fail $"{oracle}: %A{y} is undecided: {tried}"
                            | _ -> ())

        testCase "a point beyond the maximum of some direction is outside, and never taken for one inside" (fun () ->
            let random = Random 12

            for (oracle, isNegative), isExact in
                Seq.append (exact |> Seq.map (fun o -> o, true)) (necessary |> Seq.map (fun o -> o, false)) do
                if not oracle.Implementation.HasOffset then
                    for _ in 1..30 do
                        let c = direction random isNegative oracle.Dimension
                        let best = Oracle.solve c oracle
                        let other = Oracle.solve (direction random isNegative oracle.Dimension) oracle
                        let dot (y: float[]) = Array.map2 (*) c y |> Array.sum
                        let share = if random.Next 2 = 0 then 0.0 else random.NextDouble()
                        let start = Array.map2 (fun a b -> (1.0 - share) * a + share * b) best other
                        // Along c until ⟨c, y⟩ exceeds max ⟨c, Y⟩ by a thousandth of the size of a step.
                        let step = (dot best - dot start) / dot c + 1e-3
                        let y = Array.map2 (fun a b -> a + step * b) start c

                        match Oracle.membership y oracle with
                        | Membership.Outside reason -> Assert.NotEmpty reason
                        | Membership.Undecided _ when not isExact -> ()
                        | other -> Assert.Fail $"{oracle}: %A{y}, beyond its maximum along %A{c}, is {other}.")

        testCase "a point outside is told by the entry or the sum that is wrong" (fun () ->
            for oracle, y, words in cases do
                match Oracle.membership y oracle with
                | Membership.Outside reason -> Assert.Contains(words, reason)
                | other -> Assert.Fail $"{oracle}: %A{y} is {other}; expected outside: {words}.")

        testCase "what rounding leaves of terms that cancel is inside" (fun () ->
            let thirds = Array.create 3 (1.0 / 3.0)
            Assert.Equal(Membership.Inside, Oracle.membership thirds (Oracle.argmax 3))
            Assert.Equal(Membership.Inside, Oracle.membership [| 1.0 - 0.9 - 0.1; 0.9; 0.1 |] (Oracle.argmax 3))
            Assert.Equal(Membership.Inside, Oracle.membership [| 0.1 + 0.2; 0.7 |] (Oracle.topK 1 2))
            Assert.True((Oracle.membership [| -1e-12; 1.0 |] (Oracle.argmax 2)).IsOutside)
            Assert.True((Oracle.membership [| 0.5; 0.500001 |] (Oracle.argmax 2)).IsOutside))

        testCase
            "a tolerance allows an error relative to an inequality's terms and to the range of solutions, and no more"
            (fun () ->
                let isInside (tolerance: float) (y: float[]) (oracle: Oracle) =
                    oracle |> Oracle.membershipWithin tolerance y = Membership.Inside

                let ranks = Oracle.ranking 3
                // Entry 2 is at most 3: its bound and its range allow 2 · 3 · 2⁻⁸.
                Assert.True(ranks |> isInside (2.0 ** -8.0) [| 1.0; 2.0; 3.0 + 2.0 ** -7.0 |])
                Assert.False(ranks |> isInside (2.0 ** -8.0) [| 1.0; 2.0; 3.0 + 2.0 ** -5.0 |])
                Assert.False(ranks |> isInside 0.0 [| 1.0; 2.0; 3.0 + 2.0 ** -50.0 |])
                Assert.True(ranks |> isInside 0.0 [| 2.0; 2.0; 2.0 |])

                for oracle, _ in exact do
                    let random = Random 3
                    let d = oracle.Dimension

                    // Paths and flows take θ ≤ 0.
                    let theta () =
                        Array.init d (fun _ -> -random.NextDouble())

                    let mean =
                        Array.init 7 (fun _ -> Oracle.solve (theta ()) oracle)
                        |> Array.reduce (Array.map2 (+))
                        |> Array.map (fun sum -> sum / 7.0)

                    Assert.True(oracle |> isInside 1e-5 (mean |> Array.map (float32 >> float)), oracle.Name)

                for tolerance in [ -1e-9; 1.0; nan; infinity ] do
                    let e =
                        Assert.Throws<ArgumentOutOfRangeException>(fun () ->
                            ranks |> Oracle.membershipWithin tolerance [| 1.0; 2.0; 3.0 |] |> ignore)

                    Assert.Equal("tolerance", e.ParamName)

                Assert.Throws<ArgumentException>(
                    "y",
                    fun () -> ranks |> Oracle.membershipWithin 1e-5 [| 1.0 |] |> ignore
                )
                |> ignore)

        testCase "what is not decided says what was tried, and nothing is said of an unknown hull" (fun () ->
            let tried (y: float[]) (oracle: Oracle) =
                match Oracle.membership y oracle with
                | Membership.Undecided tried -> tried
                | other -> failwith $"{oracle}: {other}"

            Assert.Contains("the capacities hold", tried [| 0.5; 0.5; 0.5 |] (Oracle.knapsack [| 2; 3; 4 |] 5))
            Assert.Contains("cities hold", tried (Array.create 15 0.4) (Oracle.tsp 6))
            Assert.Contains("nothing is known", tried [| 7.0 |] (Oracle.ofFunction 1 id))

            Assert.Contains(
                "nothing is known",
                tried [| 0.5; 0.5 |] (Oracle.perInstance [| Oracle.argmax 2; Oracle.argmax 2 |])
            )

            // Without cycles among its edges a unit flow is a mixture of paths, whatever cycles the graph has.
            let y = [| 0.5; 0.5; 0.0; 0.0; 0.5; 0.0; 0.5; 0.0; 0.0; 0.5 |]
            Assert.Equal(Membership.Inside, Oracle.membership y (Oracle.shortestPath NegativeEdges.Reject 0 5 cyclic)))

        testCase "a point of another length or not finite is an error" (fun () ->
            let oracle = Oracle.argmax 2

            let wrong y =
                Assert.Throws<ArgumentException>(fun () -> Oracle.membership y oracle |> ignore).Message

            Assert.Contains("y has length 3", wrong [| 1.0; 0.0; 0.0 |])
            Assert.Contains("y[1] is NaN", wrong [| 1.0; nan |]))

        testCase
            "a Fenchel-Young target outside is an error that names the row, the entry and what was expected"
            (fun () ->
                let op = smooth (Oracle.ranking 3)
                let theta = array2D [ [ 1.0; 2.0; 3.0 ]; [ 1.0; 2.0; 3.0 ] ]
                let targets = array2D [ [ 1.0; 2.0; 3.0 ]; [ 2.0; 0.0; 1.0 ] ]

                let words =
                    "is outside the hull of the solutions of oracle 'ranking': entry 1 is 0; ranks run from 1 to 3."

                let error (call: unit -> unit) =
                    let e = Assert.ThrowsAny<ArgumentException> call
                    Assert.Contains(words, e.Message)
                    e.Message

                Assert.Contains(
                    "targets, row 1,",
                    error (fun () -> FenchelYoung.valueAndGradientBatch theta targets op |> ignore)
                )

                Assert.Contains(
                    "targets, row 1,",
                    error (fun () -> FenchelYoung.gradientBatch theta targets op |> ignore)
                )

                Assert.StartsWith(
                    "target is",
                    error (fun () -> FenchelYoung.value theta[0, *] targets[1, *] op |> ignore)
                )

                Assert.StartsWith(
                    "target is",
                    error (fun () -> FenchelYoung.gradient theta[0, *] targets[1, *] op |> ignore)
                )

                Assert.StartsWith("observations, row 1,", error (fun () -> Estimation.fit 0.1 targets op |> ignore))

                match Regularizer.trySolve 0.1 targets[1, *] op with
                | Error reason ->
                    Assert.Contains("outside the hull of the solutions: entry 1 is 0; ranks run from 1 to 3", reason)
                | Ok _ -> Assert.Fail "a point outside has no dual solution")

        testCase "each row's target belongs to the oracle of its own row" (fun () ->
            let op =
                smooth (
                    Oracle.perInstance [|
                        Oracle.finiteSet (array2D [ [ 0.0 ]; [ 1.0 ] ])
                        Oracle.finiteSet (array2D [ [ 2.0 ]; [ 3.0 ] ])
                    |]
                )

            let theta = array2D [ [ 0.0 ]; [ 0.0 ] ]

            FenchelYoung.valueAndGradientBatch theta (array2D [ [ 0.5 ]; [ 2.5 ] ]) op
            |> ignore

            let e =
                Assert.ThrowsAny<ArgumentException>(fun () ->
                    FenchelYoung.valueAndGradientBatch theta (array2D [ [ 1.0 ]; [ 1.0 ] ]) op
                    |> ignore)

            Assert.Contains(
                "row 1, is outside the hull of the solutions of oracle 'finite-set': entry 0 is 1; it runs from 2 to 3",
                e.Message
            ))

        testCase "epsilon Omega is infinite outside, and not known only where it is" (fun () ->
            let op = smooth (Oracle.ranking 3)
            Assert.Equal(infinity, Regularizer.known [| 0.0; 1.0; 2.0 |] op)
            Assert.Equal(0.0, Regularizer.known [| 1.0; 2.0; 3.0 |] op)
            Assert.True(Double.IsNaN(Regularizer.known [| 2.0; 2.0; 2.0 |] op))
            Assert.True(Double.IsNaN(Regularizer.known [| 7.0 |] (smooth (Oracle.ofFunction 1 id))))
            // Gradients under multiplicative noise leave conv(Y), and Ω is finite there.
            let multiplicative = op |> Smoothed.withPerturbation Perturbation.Multiplicative
            Assert.True(Double.IsNaN(Regularizer.known [| 0.0; 1.0; 2.0 |] multiplicative)))

        testCase "a row of a finite set counts as a vertex only where rounding cannot have made it one" (fun () ->
            // The middle row is the mean of the others: no direction makes it the only best one, at any scale.
            for scale in [ 1.0; 1e8; 1e-8; 1e150 ] do
                let rows =
                    array2D [ [ scale; 3.0 * scale ]; [ 2.0 * scale; 2.0 * scale ]; [ 3.0 * scale; scale ] ]

                let op = smooth (Oracle.finiteSet rows)
                Assert.True(Double.IsNaN(Regularizer.known [| rows[1, 0]; rows[1, 1] |] op))
                Assert.Equal(0.0, Regularizer.known [| rows[0, 0]; rows[0, 1] |] op))
    ]
