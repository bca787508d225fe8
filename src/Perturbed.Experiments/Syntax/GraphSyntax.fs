namespace Perturbed.Experiments

open Perturbed.Functional

/// Graphs as a user writes them.
[<RequireQualifiedAccess>]
module GraphSyntax =

    let private edge (name: string) (separator: char) (text: string) : int * int =
        match text.Split separator with
        | [| a; b |] -> NumberSyntax.count 0 $"a node of {name}" a, NumberSyntax.count 0 $"a node of {name}" b
        | _ -> Input.fail $"an edge of {name} is '{text}'; two nodes such as 0{separator}1 were expected."

    /// <summary>Two nodes such as <c>0-4</c>.</summary>
    /// <param name="name">The oracle, for the message.</param>
    /// <param name="text">The nodes with a dash between.</param>
    /// <returns>The two.</returns>
    /// <exception cref="T:Perturbed.Experiments.InputException">Not two whole numbers.</exception>
    let pair (name: string) (text: string) : struct (int * int) =
        let a, b = edge name '-' text
        struct (a, b)

    let private ends (name: string) (edges: string[]) : int * int[] * int[] =
        let from, target = edges |> Array.map (edge name '-') |> Array.unzip
        1 + max (Array.max from) (Array.max target), from, target

    /// <summary>An undirected graph: <c>complete/6</c>, or its edges with nodes from 0, as
    /// <c>0-1/1-2/0-2</c>.</summary>
    /// <param name="name">The oracle, for the message.</param>
    /// <param name="parts">The text, cut at the slashes.</param>
    /// <returns>The graph; the edges of a complete one are the upper triangle, row by row.</returns>
    /// <exception cref="T:Perturbed.Experiments.InputException">Neither of the two.</exception>
    let graph (name: string) (parts: string[]) : Graph =
        match parts with
        | [| "complete"; nodes |] -> Graph.Complete(NumberSyntax.count 1 $"the number of nodes of {name}" nodes)
        | edges -> Graph(ends name edges)

    /// <summary>A directed graph: its edges with nodes from 0, as <c>0-1/1-2/0-2</c>, each from its first node to its
    /// second.</summary>
    /// <param name="name">The oracle, for the message.</param>
    /// <param name="parts">The text, cut at the slashes.</param>
    /// <returns>The graph.</returns>
    /// <exception cref="T:Perturbed.Experiments.InputException">An edge that is not two nodes.</exception>
    let digraph (name: string) (parts: string[]) : Digraph = Digraph(ends name parts)
