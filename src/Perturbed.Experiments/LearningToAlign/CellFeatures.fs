namespace Perturbed.Experiments

/// <summary>What a network sees of a cell, a letter of each sequence: BLOSUM62 scores along its diagonal, and the
/// classes of the letters around each of the two.</summary>
[<RequireQualifiedAccess>]
module CellFeatures =

    // Letters before and after the cell, on its diagonal and in each sequence.
    let private diagonal, private window = 3, 2
    let private scores = 2 * diagonal + 1
    let private side = (2 * window + 1) * AminoAcids.classes.Length

    /// Numbers of a cell.
    let count: int = scores + 2 * side

    let private numbers (sequence: string) : int[] =
        sequence |> Seq.map AminoAcids.index |> Seq.toArray

    /// <summary>The numbers of some cells of a pair; beyond the ends of a sequence they are 0.</summary>
    /// <param name="pair">The sequences, of n and m letters.</param>
    /// <param name="cells">Cells (i, j) as i·m + j.</param>
    /// <returns>[cells × count].</returns>
    let ofCells (pair: SequencePair) (cells: int[]) : float[,] =
        let a, b = numbers pair.First, numbers pair.Second
        let m = b.Length
        let features = Array2D.zeroCreate<float> cells.Length count

        let classes (row: int) (start: int) (sequence: int[]) (at: int) =
            for k in max 0 (at - window) .. min (sequence.Length - 1) (at + window) do
                if sequence[k] >= 0 then
                    let from = start + (k - at + window) * AminoAcids.classes.Length

                    for number in AminoAcids.classesOf[sequence[k]] do
                        features[row, from + number] <- 1.0

        for row in 0 .. cells.Length - 1 do
            let i, j = cells[row] / m, cells[row] % m

            for k in max -diagonal (-(min i j)) .. min diagonal (min (a.Length - 1 - i) (m - 1 - j)) do
                features[row, k + diagonal] <- AminoAcids.blosum62 a[i + k] b[j + k] / 4.0

            classes row scores a i
            classes row (scores + side) b j

        features
