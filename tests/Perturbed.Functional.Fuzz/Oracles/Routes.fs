/// All simple paths of a small graph.
[<RequireQualifiedAccess>]
module Perturbed.Functional.Fuzz.Routes

open Perturbed.Functional

/// A simple path as its nodes and its edges, in order.
type Path = { Nodes: int list; Edges: int list }

/// The paths from one node to another that visit no node twice.
let simplePaths (graph: Digraph) (source: int) (target: int) : Path[] =
    let from, into = graph.From.ToArray(), graph.To.ToArray()

    let leaving =
        Array.init graph.Nodes (fun v -> [ 0 .. from.Length - 1 ] |> List.filter (fun e -> from[e] = v))

    let rec extend (node: int) (nodes: int list) (edges: int list) : Path list =
        if node = target then
            [
                {
                    Nodes = List.rev nodes
                    Edges = List.rev edges
                }
            ]
        else
            leaving[node]
            |> List.collect (fun e ->
                if List.contains into[e] nodes then
                    []
                else
                    extend into[e] (into[e] :: nodes) (e :: edges))

    extend source [ source ] [] |> Array.ofList

/// 1 at some places, 0 elsewhere.
let indicator (n: int) (places: int list) : float[] =
    let y = Array.zeroCreate n
    places |> List.iter (fun i -> y[i] <- 1.0)
    y

/// Costs of positive θ count as 0.
let clamp (theta: float[]) : float[] = Array.map (fun t -> min t 0.0) theta
