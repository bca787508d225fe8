namespace Perturbed.Functional

open Perturbed.Kernels

/// Alignments of sequences.
module internal AlignmentOracles =

    let alignment (first: int) (second: int) : Oracle =
        AlignmentOracle(first, second, AlignmentKind.Global)
        |> Construct.builtInSlow (Polytope.Alignments(first, second, AlignmentKind.Global))

    let localAlignment (first: int) (second: int) : Oracle =
        AlignmentOracle(first, second, AlignmentKind.Local)
        |> Construct.builtInSlow (Polytope.Alignments(first, second, AlignmentKind.Local))
