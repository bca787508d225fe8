namespace Perturbed.Functional.Charts

open Perturbed.Functional

/// Alignments of two sequences.
[<RequireQualifiedAccess>]
module AlignmentChart =

    /// <summary>How often each pair of letters is aligned, with frames around the pairs of the alignment without noise,
    /// which stands below as text.</summary>
    /// <param name="kind">Whether the solutions are of <c>Oracle.alignment</c> or of
    /// <c>Oracle.localAlignment</c>.</param>
    /// <param name="first">The first sequence, n ≥ 1 letters: the rows.</param>
    /// <param name="second">The second sequence, m ≥ 1 letters: the columns.</param>
    /// <param name="solution">y*(θ), of length 3·n·m.</param>
    /// <param name="probabilities">y*_ε(θ), of length 3·n·m.</param>
    /// <returns>A heat map.</returns>
    /// <exception cref="T:System.ArgumentException">An empty sequence, a wrong length, a value that is not finite, or a
    /// solution that is no alignment.</exception>
    let pairs
        (kind: AlignmentKind)
        (first: string)
        (second: string)
        (solution: float[])
        (probabilities: float[])
        : HeatMap =
        let rendered = Alignment.render kind first second solution
        let n, m = first.Length, second.Length
        Check.finiteVector (nameof probabilities) probabilities
        Check.length (nameof probabilities) probabilities.Length (3 * n * m) "3·n·m, for the lengths of the sequences"

        let letters (sequence: string) =
            sequence |> Seq.map string |> Seq.toArray

        { HeatMap.create "Alignment" "probability of the pair" (Array2D.init n m (fun i j -> probabilities[m * i + j])) with
            RowTitle = "first sequence"
            ColumnTitle = "second sequence"
            Rows = letters first
            Columns = letters second
            Framed =
                [|
                    for at in 0 .. n * m - 1 do
                        if solution[at] = 1.0 then
                            at / m, at % m
                |]
            Notes = rendered.Split '\n'
        }
