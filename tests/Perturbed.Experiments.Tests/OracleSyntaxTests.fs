module Perturbed.Experiments.Tests.OracleSyntaxTests

open Expecto
open Perturbed.Experiments
open Perturbed.Experiments.Tests.Helpers
open Perturbed.Functional
open Xunit

// The policy is written where it acts, and nowhere else.
let private parse (text: string) : int -> Oracle =
    let name = text.Split(':')[0]

    let policy =
        OracleSyntax.forms
        |> List.tryFind (fun form -> form.Name = name && form.HasPolicy)
        |> Option.map (fun _ -> NegativeEdges.ClampToZero)

    OracleSyntax.parse policy text

let private theta = [| -3.0; -1.0; -2.0; -0.5; -4.0; -2.5 |]

// tinyEWDn.txt of Sedgewick and Wayne's Algorithms, 4th edition: from, to, weight.
let private tinyEWDn =
    [
        4, 5, 0.35
        5, 4, 0.35
        4, 7, 0.37
        5, 7, 0.28
        7, 5, 0.28
        5, 1, 0.32
        0, 4, 0.38
        0, 2, 0.26
        7, 3, 0.39
        1, 3, 0.29
        2, 7, 0.34
        6, 2, -1.20
        3, 6, 0.52
        6, 0, -1.40
        6, 4, -1.25
    ]

[<Tests>]
let tests =
    testList "OracleSyntax" [
        testCase "Every form names the oracle of the library with its parameters" (fun () ->
            use solutions = new TemporaryFile(".csv", "1,0,0,0,0,0\n0,1,1,0,0,0\n0 0 0 0 0 1\n")
            let set = NumberRows.loadMatrix solutions.Path
            let reference = [| 9.0; 1.0; 4.0; 2.5; -1.0; 0.0 |]

            let wheel = Graph(5, [| 0; 1; 2; 3; 1; 4 |], [| 1; 2; 3; 0; 4; 2 |])

            let grid moves =
                Oracle.gridPath moves NegativeCosts.ClampToZero 2 3

            let moves moves =
                Oracle.gridEdgePath moves NegativeEdges.ClampToZero 2 2

            let digraph = Digraph(4, [| 0; 0; 1; 1; 2; 3 |], [| 1; 2; 2; 3; 3; 0 |])
            let path = digraph |> Oracle.shortestPath NegativeEdges.ClampToZero 0 3
            let cut = digraph |> Oracle.minimumCut NegativeCosts.ClampToZero 0 3

            let links together apart = LinkConstraints(together, apart)
            let opposed = array2D [ [ 1.0; 1.0 ]; [ -1.0; -2.5 ] ]

            let expected =
                [
                    "argmax", "argmax", Oracle.argmax 6
                    "top-k", "top-k:3", Oracle.topK 3 6
                    "ranking", "ranking", Oracle.ranking 6
                    "ranking", "ranking:9/1/4/2.5/-1/0", Oracle.rankingOf reference
                    "set", $"set:{solutions.Path}", Oracle.finiteSet set
                    "grid", "grid:2x3", grid GridMoves.Eight
                    "grid4", "grid4:2x3", grid GridMoves.Four
                    "grid-rd", "grid-rd:2x3", Oracle.rightDownPath 2 3
                    "assignment", "assignment:2x3", Oracle.assignment 2 3
                    "spanning-tree", "spanning-tree:complete/4", Oracle.spanningTree (Graph.Complete 4)
                    "spanning-tree", "spanning-tree:0-1/1-2/2-3/3-0/1-4/4-2", Oracle.spanningTree wheel
                    "forest", "forest:complete/4/2", Oracle.spanningForest 2 (Graph.Complete 4)
                    "forest", "forest:0-1/1-2/2-3/3-0/1-4/4-2/3", Oracle.spanningForest 3 wheel
                    "clusters", "clusters:complete/4/2", Oracle.clusters LinkConstraints.None 2 (Graph.Complete 4)
                    "constrained-forest",
                    "constrained-forest:complete/4/2",
                    Oracle.constrainedForest LinkConstraints.None 2 (Graph.Complete 4)
                    "constrained-forest",
                    "constrained-forest:complete/4/2::0-1/2-3",
                    Oracle.constrainedForest (links [||] [| struct (0, 1); struct (2, 3) |]) 2 (Graph.Complete 4)
                    "constrained-forest",
                    "constrained-forest:complete/4/2:0-3:1-2",
                    Oracle.constrainedForest (links [| struct (0, 3) |] [| struct (1, 2) |]) 2 (Graph.Complete 4)
                    "shortest-path", "shortest-path:0-1/0-2/1-2/1-3/2-3/3-0/0/3", path
                    "shortest-path-within",
                    "shortest-path-within:2:0-1/1-2/0-2/2-3/1-3/0/3",
                    Digraph(4, [| 0; 1; 0; 2; 1 |], [| 1; 2; 2; 3; 3 |])
                    |> Oracle.shortestPathWithin 2 0 3
                    "grid-moves", "grid-moves:2x2", moves GridMoves.Eight
                    "grid-moves4", "grid-moves4:2x2", moves GridMoves.Four
                    "grid-moves-rd", "grid-moves-rd:2x2", Oracle.rightDownEdgePath 2 2
                    "minimum-cut", "minimum-cut:0-1/0-2/1-2/1-3/2-3/3-0/0/3", cut
                    "flow",
                    "flow:0-1-3/0-2-1/1-2-2/1-3-0/2-3-4/3-0-1/0/3",
                    Oracle.flow [| 3; 1; 2; 0; 4; 1 |] 0 3 digraph
                    "transport", "transport:2/1:1/1.5/0.5", Oracle.transport [| 2.0; 1.0 |] [| 1.0; 1.5; 0.5 |]
                    "b-matching", "b-matching:2/1:1/0/2", Oracle.bMatching [| 2; 1 |] [| 1; 0; 2 |]
                    "knapsack", "knapsack:4/3/2/5/1/1/7", Oracle.knapsack [| 4; 3; 2; 5; 1; 1 |] 7
                    "multi-knapsack",
                    "multi-knapsack:4,3,2,5,1,1,7/0,1,0,2,3,1,2",
                    Oracle.multiKnapsack (array2D [ [ 4; 3; 2; 5; 1; 1 ]; [ 0; 1; 0; 2; 3; 1 ] ]) [| 7; 2 |]
                    "tsp", "tsp:4", Oracle.tsp 4
                    "tsp-heuristic", "tsp-heuristic:4", Oracle.tspHeuristic 1 4
                    "tsp-heuristic", "tsp-heuristic:4/3", Oracle.tspHeuristic 3 4
                    "alignment", "alignment:1x2", Oracle.alignment 1 2
                    "alignment", "alignment:2x1", Oracle.alignment 2 1
                    "local-alignment", "local-alignment:2x1", Oracle.localAlignment 2 1
                    "semi-global-alignment", "semi-global-alignment:2x1", Oracle.semiGlobalAlignment 2 1
                    "linear-program", "linear-program:1,1,4/-1,-2.5,-6", Oracle.linearProgram opposed [| 4.0; -6.0 |]
                    "linear-program",
                    "linear-program:1,1,4/-1,-2.5,6:-2",
                    Oracle.boundedLinearProgram [| -2.0; -2.0 |] [| infinity; infinity |] opposed [| 4.0; 6.0 |]
                    "linear-program",
                    "linear-program:1,1,4/-1,-2.5,6:-2/3",
                    Oracle.boundedLinearProgram [| -2.0; -2.0 |] [| 3.0; 3.0 |] opposed [| 4.0; 6.0 |]
                    "box", "box", Oracle.unitBox 6
                    "box", "box:-2/0.5", Oracle.box (Array.create 6 -2.0) (Array.create 6 0.5)
                    "sign", "sign", Oracle.sign 6
                    "l1", "l1", Oracle.l1Ball 1.0 6
                    "l1", "l1:2.5", Oracle.l1Ball 2.5 6
                    "group", "group:0/1/1/0/2/2/1.5", Oracle.groupBall [| 0; 1; 1; 0; 2; 2 |] 1.5
                    "nuclear", "nuclear:2x3", Oracle.nuclearBall 1.0 2 3
                    "nuclear", "nuclear:3x2/0.5", Oracle.nuclearBall 0.5 3 2
                ]

            for _, text, oracle in expected do
                let parsed = parse text theta.Length
                Assert.Equal(oracle.Dimension, parsed.Dimension)

                // Selections take nothing where every gain is negative.
                for sign in [ 1.0; -1.0 ] do
                    let theta = Array.init oracle.Dimension (fun i -> sign * theta[i % theta.Length])
                    Assert.Equal<float[]>(Oracle.solve theta oracle, Oracle.solve theta parsed)

            // The grids differ on this theta, and so does each from the others' answers.
            Assert.Equal<string list>(
                OracleSyntax.forms |> List.map _.Name,
                (expected |> List.map (fun (name, _, _) -> name) |> List.distinct)
                @ [ "spectraplex" ]
            ))

        testCase "Square matrices are asked for by one number" (fun () ->
            let theta = [| 3.0; 1.0; -2.0; 0.5 |]

            for text, oracle in [ "assignment:2", Oracle.assignment 2 2; "spectraplex:2", Oracle.spectraplex 2 ] do
                let parsed = parse text 4
                Assert.Equal(4, parsed.Dimension)
                Assert.Equal<float[]>(Oracle.solve theta oracle, Oracle.solve theta parsed))

        testCase "The policy on negative costs reaches the grids that need one" (fun () ->
            let refusing text =
                OracleSyntax.parse (Some NegativeEdges.Reject) text 4

            let positive = [| 1.0; 1.0; 1.0; 1.0 |]

            for text in [ "grid:2x2"; "grid4:2x2" ] do
                Assert.Throws<OracleException>(fun () -> refusing text |> Oracle.solve positive |> ignore)
                |> ignore

                Assert.Equal(4, (parse text 4 |> Oracle.solve positive).Length)

            Assert.Equal(4, (parse "grid-rd:2x2" 4 |> Oracle.solve positive).Length)

            for text in [ "argmax"; "grid-rd:2x2"; "grid-moves-rd:2x2"; "tsp:4"; "ranking" ] do
                Assert.Contains("has no effect on " + text.Split(':')[0], refusal (fun () -> refusing text))

            for text in [ "grid:2x2"; "grid4:2x2"; "grid-moves:2x2"; "grid-moves4:2x2"; "minimum-cut:0-1/0/1" ] do
                Assert.Contains(
                    "needs --negative-costs reject or clamp",
                    refusal (fun () -> OracleSyntax.parse None text 4)
                )

            for text in [ "grid:2x2"; "grid4:2x2"; "minimum-cut:0-1/0/1" ] do
                let allow () =
                    OracleSyntax.parse (Some NegativeEdges.Allow) text 4

                Assert.Contains("--negative-costs is allow; for " + text.Split(':')[0], refusal allow))

        testCase "Shortest paths count negative costs as they are unless a policy says otherwise" (fun () ->
            let edges = tinyEWDn |> List.map (fun (a, b, _) -> $"{a}-{b}") |> String.concat "/"

            let theta = tinyEWDn |> List.map (fun (_, _, cost) -> -cost) |> Array.ofList
            let text = $"shortest-path:{edges}/0/6"

            let costOf policy target =
                let y =
                    OracleSyntax.parse policy $"shortest-path:{edges}/0/{target}" 15
                    |> Oracle.solve theta

                -(Array.map2 (*) y theta |> Array.sum)

            // The book's answers from 0: 0.26 to vertex 4 and 0.93 and 0.61 to 1 and 5 lead over the negative edges.
            for target, cost in [ 1, 0.93; 2, 0.26; 3, 0.99; 4, 0.26; 5, 0.61; 6, 1.51; 7, 0.60 ] do
                Assert.Equal(cost, costOf None target, 12)
                Assert.Equal(cost, costOf (Some NegativeEdges.Allow) target, 12)

            Assert.Equal(1.05, costOf (Some NegativeEdges.ClampToZero) 1, 12)

            Assert.Throws<OracleException>(fun () ->
                OracleSyntax.parse (Some NegativeEdges.Reject) text 15
                |> Oracle.solve theta
                |> ignore)
            |> ignore

            // Without a cycle no policy acts.
            Assert.Contains(
                "no effect on a shortest-path without cycles",
                refusal (fun () -> OracleSyntax.parse (Some NegativeEdges.Reject) "shortest-path:0-1/1-2/0/2" 2)
            ))

        testCase "A word near a name, or another word of the field for it, is answered with the name" (fun () ->
            for text, name in
                [
                    "topk:2", "top-k"
                    "TopK:2", "top-k"
                    "agrmax", "argmax"
                    "sort", "ranking"
                    "hungarian:3", "assignment"
                    "shortestpath:0-1/0/1", "shortest-path"
                    "mincut:0-1/0/1", "minimum-cut"
                    "knapsak:1/2", "knapsack"
                ] do
                Assert.StartsWith(
                    $"oracle '{text}' is unknown. Did you mean {name}? One of argmax, ",
                    refusal (fun () -> OracleSyntax.parse None text 4)
                )

            for text, name in
                [
                    "normal", "gaussian"
                    "gausian", "gaussian"
                    "student:3", "student-t"
                    "centered-gumbel", "centred-gumbel"
                ] do
                Assert.StartsWith(
                    $"noise '{text}' is unknown. Did you mean {name}? One of ",
                    refusal (fun () -> NoiseSyntax.parse text)
                )

            Assert.StartsWith(
                "--x is 'leave_one_out', which is unknown. Did you mean leave-one-out? One of none, ",
                refusal (fun () -> EvalChoices.parse "--x" EvalChoices.varianceReductions "leave_one_out")
            )

            Assert.StartsWith(
                "--sampling is 'sobl:4', which is unknown. Did you mean sobol? One of ",
                refusal (fun () -> EvalChoices.sampling "sobl:4")
            )

            Assert.EndsWith("was expected.", refusal (fun () -> OracleSyntax.parse None "zzzzzzzz" 4)))

        testCase "A size that is refused is named with the oracle, and with what takes larger ones" (fun () ->
            let message = refusal (fun () -> parse "tsp:14" 91)
            Assert.StartsWith("oracle 'tsp:14': cities is 14; it must be from 3 to 12", message)
            Assert.Contains("tsp-heuristic", message)
            Assert.Contains("OrToolsOracle.tsp", message)

            Assert.StartsWith(
                "oracle 'spectraplex:9999': size is 9999",
                refusal (fun () -> parse "spectraplex:9999" 4)
            )

            Assert.StartsWith("oracle 'top-k:9': k is 9", refusal (fun () -> parse "top-k:9" 4)))

        testCase "An oracle that cannot be read is refused with what was written and what was expected" (fun () ->
            for text, words in
                [
                    "", "oracle '' is unknown"
                    "sort", "oracle 'sort' is unknown. Did you mean ranking? One of argmax"
                    "argmax:3", "argmax takes no parameter"
                    "top-k", "it is written top-k:K"
                    "top-k:", "it is written top-k:K"
                    "top-k:-1", "K of top-k is '-1'"
                    "top-k:1.5", "K of top-k is '1.5'"
                    "ranking:1//2", "an entry of V of ranking is ''"
                    "ranking:1/x", "an entry of V of ranking is 'x'"
                    "grid", "it is written grid:RxC"
                    "grid:12", "ROWSxCOLUMNS such as 12x12"
                    "grid:0x3", "the number of rows of grid is '0'"
                    "grid4:3xb", "the number of columns of grid4 is 'b'"
                    "grid-rd:2x3x4", "the size is '2x3x4'"
                    "set", "it is written set:FILE"
                    "assignment", "it is written assignment:N or RxC"
                    "assignment:x", "the number of rows of assignment is ''"
                    "assignment:a", "the size of assignment is 'a'"
                    "spanning-tree", "it is written spanning-tree:GRAPH"
                    "spanning-tree:complete", "an edge of spanning-tree is 'complete'; two nodes such as 0-1"
                    "spanning-tree:complete/0", "the number of nodes of spanning-tree is '0'"
                    "spanning-tree:0-1/2", "an edge of spanning-tree is '2'"
                    "spanning-tree:0-b", "a node of spanning-tree is 'b'"
                    "forest:2", "a graph and a number of trees were expected, as in forest:complete/6/2"
                    "forest:complete/6", "an edge of forest is 'complete'"
                    "clusters:complete/6/0", "the number of trees of clusters is '0'"
                    "shortest-path:0-1/0", "edges, a source and a target were expected"
                    "shortest-path:0-1/a/1", "the source of shortest-path is 'a'"
                    "shortest-path:0-1/0/b", "the target of shortest-path is 'b'"
                    "shortest-path-within:0-1/0/1", "the number of edges of shortest-path-within is '0-1/0/1'"
                    "shortest-path:0/0/1", "an edge of shortest-path is '0'"
                    "grid-moves:2", "the size is '2'"
                    "minimum-cut:0-1", "as in minimum-cut:0-1/1-2/0-2/0/2"
                    "transport:1/2", "a column sum of transport is ''"
                    "transport:1/0:1", "a row sum of transport is 0"
                    "knapsack:4", "weights and a capacity were expected"
                    "knapsack:4/x/5", "a weight or the capacity of knapsack is 'x'"
                    "constrained-forest:complete/4/2:0", "an edge of constrained-forest is '0'"
                    "flow:0-1-2/0", "edges with capacities, a source and a target were expected"
                    "flow:0/0/1", "an edge of flow is '0'; two nodes and a capacity"
                    "flow:0-1/0/1", "an edge of flow is '0'; two nodes"
                    "flow:0-1-x/0/1", "a capacity of flow is 'x'"
                    "b-matching:1/2", "the limit of a column of b-matching is ''"
                    "b-matching:1/-1:1", "the limit of a row of b-matching is '-1'"
                    "multi-knapsack:1,2/3", "a constraint has 1 numbers, the first 2"
                    "multi-knapsack:1,2.5", "a weight or a capacity of multi-knapsack is '2.5'"
                    "linear-program:4", "a constraint has 1 numbers"
                    "linear-program:1,a", "a constraint of linear-program '1,a': entry 1 is 'a'"
                    "linear-program:1,4:0/1/2", "3 bounds; at most two were expected"
                    "linear-program:1,4:x", "the lower bound of linear-program is 'x'"
                    "tsp:2", "the number of cities of tsp is '2'"
                    "tsp-heuristic:5/0", "the number of starts of tsp-heuristic is '0'"
                    "alignment:5", "the size is '5'"
                    "local-alignment:3x0", "the number of columns of local-alignment is '0'"
                    "box:1", "1 bounds; two were expected"
                    "box:a/1", "the lower bound of box is 'a'"
                    "box:0/b", "the upper bound of box is 'b'"
                    "l1:0", "the radius of l1 is 0"
                    "group:1", "groups and a radius were expected"
                    "group:0/-1/1", "a group of group is '-1'"
                    "group:0/1/-1", "the radius of group is -1"
                    "nuclear:3/1", "the size is '3'"
                    "nuclear:3x4/r", "the radius of nuclear is 'r'"
                    "spectraplex:0", "the order of spectraplex is '0'"
                ] do
                Assert.Contains(words, refusal (fun () -> parse text 6)))

        testCase
            "The table of oracles names every form, and every function of the library that makes an oracle"
            (fun () ->
                let table =
                    System.IO.File.ReadAllText(System.IO.Path.Combine(__SOURCE_DIRECTORY__, "../../docs/oracles.md"))

                let makes (method: System.Reflection.MethodInfo) =
                    method.ReturnType = typeof<Oracle>
                    && method.GetParameters()
                       |> Array.forall (fun p -> p.ParameterType <> typeof<Oracle>)

                let functions =
                    typeof<Oracle>.Assembly.GetTypes()
                    |> Array.filter (fun t -> t.FullName = "Perturbed.Functional.OracleModule")
                    |> Array.collect _.GetMethods()
                    |> Array.filter makes
                    |> Array.map _.Name
                    |> Array.toList

                Assert.True(functions.Length > 20, $"only {functions.Length} functions were found")

                for name in functions do
                    Assert.Matches($"`{name}[` ]", table)

                for form in OracleSyntax.forms do
                    Assert.Matches($"`{form.Name}[`:]", table))
    ]
