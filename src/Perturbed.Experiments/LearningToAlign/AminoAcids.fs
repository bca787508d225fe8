namespace Perturbed.Experiments

/// The twenty amino acids: their substitution scores and their classes.
[<RequireQualifiedAccess>]
module AminoAcids =

    /// The letters, in the order of the table.
    let letters: string = "ARNDCQEGHILKMFPSTWYV"

    let private table: int[][] =
        [|
            [| 4; -1; -2; -2; 0; -1; -1; 0; -2; -1; -1; -1; -1; -2; -1; 1; 0; -3; -2; 0 |]
            [| -1; 5; 0; -2; -3; 1; 0; -2; 0; -3; -2; 2; -1; -3; -2; -1; -1; -3; -2; -3 |]
            [| -2; 0; 6; 1; -3; 0; 0; 0; 1; -3; -3; 0; -2; -3; -2; 1; 0; -4; -2; -3 |]
            [| -2; -2; 1; 6; -3; 0; 2; -1; -1; -3; -4; -1; -3; -3; -1; 0; -1; -4; -3; -3 |]
            [| 0; -3; -3; -3; 9; -3; -4; -3; -3; -1; -1; -3; -1; -2; -3; -1; -1; -2; -2; -1 |]
            [| -1; 1; 0; 0; -3; 5; 2; -2; 0; -3; -2; 1; 0; -3; -1; 0; -1; -2; -1; -2 |]
            [| -1; 0; 0; 2; -4; 2; 5; -2; 0; -3; -3; 1; -2; -3; -1; 0; -1; -3; -2; -2 |]
            [| 0; -2; 0; -1; -3; -2; -2; 6; -2; -4; -4; -2; -3; -3; -2; 0; -2; -2; -3; -3 |]
            [| -2; 0; 1; -1; -3; 0; 0; -2; 8; -3; -3; -1; -2; -1; -2; -1; -2; -2; 2; -3 |]
            [| -1; -3; -3; -3; -1; -3; -3; -4; -3; 4; 2; -3; 1; 0; -3; -2; -1; -3; -1; 3 |]
            [| -1; -2; -3; -4; -1; -2; -3; -4; -3; 2; 4; -2; 2; 0; -3; -2; -1; -2; -1; 1 |]
            [| -1; 2; 0; -1; -3; 1; 1; -2; -1; -3; -2; 5; -1; -3; -1; 0; -1; -3; -2; -2 |]
            [| -1; -1; -2; -3; -1; 0; -2; -3; -2; 1; 2; -1; 5; 0; -2; -1; -1; -1; -1; 1 |]
            [| -2; -3; -3; -3; -2; -3; -3; -3; -1; 0; 0; -3; 0; 6; -4; -2; -2; 1; 3; -1 |]
            [| -1; -2; -2; -1; -3; -1; -1; -2; -2; -3; -3; -1; -2; -4; 7; -1; -1; -4; -3; -2 |]
            [| 1; -1; 1; 0; -1; 0; 0; 0; -1; -2; -2; 0; -1; -2; -1; 4; 1; -3; -2; -2 |]
            [| 0; -1; 0; -1; -1; -1; -1; -2; -2; -1; -1; -1; -1; -2; -1; 1; 5; -2; -2; 0 |]
            [| -3; -3; -4; -4; -2; -2; -3; -2; -2; -3; -2; -3; -1; 1; -4; -3; -2; 11; 2; -3 |]
            [| -2; -2; -2; -3; -2; -1; -2; -3; 2; -1; -1; -2; -1; 3; -3; -2; -2; 2; 7; -1 |]
            [| 0; -3; -3; -3; -1; -2; -2; -3; -3; 3; 1; -2; 1; -1; -2; -2; 0; -3; -1; 4 |]
        |]

    /// <summary>The number of a letter.</summary>
    /// <param name="letter">In upper case.</param>
    /// <returns>Its place among the letters; -1 for any other, such as X.</returns>
    let index (letter: char) : int = letters.IndexOf letter

    /// <summary>BLOSUM62 (Henikoff and Henikoff, 1992) in half bits.</summary>
    /// <param name="a">The number of a letter, or -1.</param>
    /// <param name="b">That of another.</param>
    /// <returns>The score; -1 where one of them is unknown.</returns>
    let blosum62 (a: int) (b: int) : float =
        if a < 0 || b < 0 then -1.0 else float (table[a][b])

    /// Classes of letters, which may overlap: aliphatic, aromatic, polar, positive, negative, glycine, proline.
    let classes: string[] = [| "AVILMC"; "FWYH"; "STNQ"; "KRH"; "DE"; "G"; "P" |]

    /// The classes of each letter, as numbers.
    let classesOf: int[][] =
        [|
            for letter in letters ->
                [|
                    for number in 0 .. classes.Length - 1 do
                        if classes[number].Contains letter then
                            number
                |]
        |]
