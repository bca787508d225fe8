namespace Perturbed.Functional

open Perturbed.Kernels

/// Largest entries, rankings and finite sets.
module internal RankingOracles =

    let argmax (dimension: int) : Oracle =
        ArgmaxOracle dimension |> Construct.builtIn (Polytope.Simplex dimension)

    let topK (k: int) (dimension: int) : Oracle =
        TopKOracle(dimension, k)
        |> Construct.builtIn (Polytope.Hypersimplex(dimension, k))

    let rankingOf (reference: float[]) : Oracle =
        Check.finiteVector (nameof reference) reference

        if reference.Length = 0 then
            invalidArg (nameof reference) "reference has length 0; it must have at least one entry."

        RankingOracle reference
        |> Construct.builtIn (Polytope.Permutahedron(Array.sort reference))

    let ranking (dimension: int) : Oracle =
        Check.dimension (nameof dimension) dimension
        rankingOf (Array.init dimension (fun i -> float (i + 1)))

    let finiteSet (solutions: float[,]) : Oracle =
        Check.finiteMatrix (nameof solutions) solutions

        if solutions.Length = 0 then
            invalidArg
                (nameof solutions)
                $"solutions is {Array2D.length1 solutions} × {Array2D.length2 solutions}; it must have at least one row and one column."

        FiniteSetOracle solutions
        |> Construct.builtIn (Polytope.Hull(Array2D.copy solutions))
