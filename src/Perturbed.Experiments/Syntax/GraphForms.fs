namespace Perturbed.Experiments

open System
open Perturbed.Functional

/// Matchings and graphs.
[<RequireQualifiedAccess>]
module GraphForms =

    let private assignment (text: string) : Oracle =
        let rows, columns =
            if text.Contains 'x' then
                NameAndParameters.sides "assignment" text
            else
                let n = NumberSyntax.count 1 "the size of assignment" text
                n, n

        Oracle.assignment rows columns

    // GRAPH/K: the last part is the number of trees.
    let private forest (name: string) (create: int -> Graph -> Oracle) (text: string) : Oracle =
        let parts = text.Split '/'

        if parts.Length < 2 then
            Input.fail
                $"oracle '{name}:{text}': a graph and a number of trees were expected, as in {name}:complete/6/2."

        let components =
            NumberSyntax.count 1 $"the number of trees of {name}" (Array.last parts)

        create components (GraphSyntax.graph name parts[.. parts.Length - 2])

    /// The forms, in the order of the help.
    let all: OracleForm list =
        [
            OracleForm.ofOwnDimension
                "assignment"
                "N or RxC"
                "rows matched to columns; theta = gains, row by row"
                assignment
            OracleForm.ofOwnDimension
                "spanning-tree"
                "GRAPH"
                "the tree of largest weight; GRAPH is complete/N (theta = upper triangle, row by row) or 0-1/1-2/0-2"
                (fun text -> Oracle.spanningTree (GraphSyntax.graph "spanning-tree" (text.Split '/')))
            OracleForm.ofOwnDimension
                "forest"
                "GRAPH/K"
                "the forest of K trees, as forest:complete/6/2"
                (forest "forest" Oracle.spanningForest)
            OracleForm.ofOwnDimension
                "clusters"
                "GRAPH/K"
                "that forest, and after it the N x N matrix of who is in one tree"
                (forest "clusters" (Oracle.clusters LinkConstraints.None))
        ]
