namespace Perturbed.Functional

open System
open Perturbed.Kernels

/// Sets of nodes that a flow in a network cannot leave: minimum cuts between two nodes, by the library's own solver.
module internal GraphCuts =

    /// <summary>The side of the source in a minimum cut.</summary>
    /// <param name="nodes">The number of nodes.</param>
    /// <param name="arcs">From, to and capacity; negative capacities count as 0.</param>
    /// <param name="source">Where flow starts.</param>
    /// <param name="target">Another node.</param>
    /// <returns>For each node whether it is on the source's side, the smallest such side.</returns>
    let sourceSide (nodes: int) (arcs: struct (int * int * float)[]) (source: int) (target: int) : bool[] =
        // An arc from the source to every node shows in the cut which nodes are beyond it.
        let all =
            Array.append
                arcs
                [|
                    for node in 0 .. nodes - 1 do
                        if node <> source then
                            struct (source, node, 0.0)
                |]

        let graph =
            Digraph(
                nodes,
                all |> Array.map (fun struct (from, _, _) -> from),
                all |> Array.map (fun struct (_, target, _) -> target)
            )

        let theta = all |> Array.map (fun struct (_, _, capacity) -> -(max 0.0 capacity))
        let cut = Array.zeroCreate<float> theta.Length
        let oracle = MinimumCutOracle(graph, source, target, NegativeCosts.Reject)
        oracle.CreateSolver().Solve(ReadOnlySpan theta, Span cut, Span.Empty)
        let isInside = Array.create nodes true

        for e in arcs.Length .. all.Length - 1 do
            let struct (_, node, _) = all[e]
            isInside[node] <- cut[e] = 0.0

        isInside

    /// Numbers for a message: all of them if they are few.
    let listed (numbers: int seq) : string =
        let all = Array.ofSeq numbers
        let shown = all |> Array.truncate 12 |> Array.map string |> String.concat ", "

        if all.Length > 12 then
            $"{shown}, … ({all.Length} in all)"
        else
            shown

    /// More nodes times edges than this are not searched for cuts.
    let LargestSearch = 1L <<< 24

    let isSearched (nodes: int) (edges: int) : bool =
        int64 nodes * int64 edges <= LargestSearch
