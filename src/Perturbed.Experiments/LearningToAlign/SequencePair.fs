namespace Perturbed.Experiments

open System
open Perturbed.Functional

/// Two sequences with the letters that belong together.
type SequencePair =
    {
        /// Their family; of two families, both.
        Family: string
        First: string
        Second: string
        /// The pairs of the true alignment, ascending: an index into each sequence. None where there is no alignment.
        Matches: (int * int)[]
    }

/// Pairs drawn from families.
[<RequireQualifiedAccess>]
module SequencePair =

    /// The most letters of a family in a sequence.
    [<Literal>]
    let Core = 48

    /// The most letters before them, and after them.
    [<Literal>]
    let Flank = 8

    // A whole number below a bound.
    let private below (bound: int) (key: Key) : int = (Permutation.create bound key)[0]

    /// <summary>Letters in another order.</summary>
    /// <param name="key">Which one.</param>
    /// <param name="letters">The letters.</param>
    /// <returns>As many of each.</returns>
    let shuffle (key: Key) (letters: string) : string =
        Permutation.create letters.Length key
        |> Array.map (fun i -> letters[i])
        |> String

    // Random letters before and after a piece of a sequence, in the proportions of the sequence.
    let private flank (isLocal: bool) (key: Key) (whole: string) (core: string) : int * string =
        if not isLocal then
            0, core
        else
            let part (number: int) =
                let length = min whole.Length (below (Flank + 1) (Key.fold (2 * number) key))
                (shuffle (Key.fold (2 * number + 1) key) whole)[.. length - 1]

            let before, after = part 0, part 1
            before.Length, before + core + after

    // The columns from a start that hold at most Core letters of each row.
    let private window (first: string) (second: string) (start: int) : int =
        let mutable stop = start
        let mutable a = 0
        let mutable b = 0

        let fits () =
            let more (row: string) =
                if Char.IsAsciiLetter row[stop] then 1 else 0

            a + more first <= Core && b + more second <= Core

        while stop < first.Length && fits () do
            if Char.IsAsciiLetter first[stop] then
                a <- a + 1

            if Char.IsAsciiLetter second[stop] then
                b <- b + 1

            stop <- stop + 1

        stop

    // The letters of both rows in some columns, and which of them stand in one column. Letters in lower case are
    // inserted, not aligned.
    let private cut (first: string) (second: string) (start: int) (stop: int) =
        let matches = ResizeArray<int * int>()
        let mutable i = 0
        let mutable j = 0

        for column in start .. stop - 1 do
            let a, b = first[column], second[column]

            if Char.IsAsciiLetterUpper a && Char.IsAsciiLetterUpper b then
                matches.Add((i, j))

            if Char.IsAsciiLetter a then
                i <- i + 1

            if Char.IsAsciiLetter b then
                j <- j + 1

        Stockholm.letters first[start .. stop - 1], Stockholm.letters second[start .. stop - 1], matches.ToArray()

    /// The fewest aligned letters of a pair.
    [<Literal>]
    let FewestMatches = 16

    /// <summary>A piece of two sequences of a family, as the family's alignment aligns them.</summary>
    /// <param name="isLocal">Whether random letters stand before and after the pieces.</param>
    /// <param name="family">The family.</param>
    /// <param name="key">Draws sequences, piece and letters.</param>
    /// <returns>A pair with at least 16 aligned letters.</returns>
    let related (isLocal: bool) (family: ProteinFamily) (key: Key) : SequencePair =
        let rec draw (attempt: int) =
            let key = Key.fold attempt key
            let order = Permutation.create family.Rows.Length (Key.fold 0 key)
            let first, second = family.Rows[order[0]], family.Rows[order[1]]
            let start = below first.Length (Key.fold 1 key)

            match cut first second start (window first second start) with
            | _, _, matches when matches.Length < FewestMatches -> draw (attempt + 1)
            | a, b, matches ->
                let left, a = flank isLocal (Key.fold 2 key) (Stockholm.letters first) a
                let right, b = flank isLocal (Key.fold 3 key) (Stockholm.letters second) b

                {
                    Family = family.Name
                    First = a
                    Second = b
                    Matches = matches |> Array.map (fun (i, j) -> i + left, j + right)
                }

        draw 0

    /// <summary>Pieces of sequences of two families, without an alignment.</summary>
    /// <param name="one">A family.</param>
    /// <param name="other">Another.</param>
    /// <param name="key">Draws sequences, pieces and letters.</param>
    /// <returns>A pair without matches.</returns>
    let unrelated (one: ProteinFamily) (other: ProteinFamily) (key: Key) : SequencePair =
        let of' (family: ProteinFamily) number =
            (related true family (Key.fold number key)).First

        {
            Family = $"{one.Name} and {other.Name}"
            First = of' one 0
            Second = of' other 1
            Matches = [||]
        }

    /// <summary>A pair whose second sequence is shuffled.</summary>
    /// <param name="key">Which order.</param>
    /// <param name="pair">The pair.</param>
    /// <returns>A pair without matches.</returns>
    let shuffled (key: Key) (pair: SequencePair) : SequencePair =
        { pair with
            Second = shuffle key pair.Second
            Matches = [||]
        }

    /// <summary>The share of aligned letters that are equal.</summary>
    /// <param name="pair">A pair with matches.</param>
    /// <returns>From 0 to 1.</returns>
    let identity (pair: SequencePair) : float =
        let same =
            pair.Matches |> Array.filter (fun (i, j) -> pair.First[i] = pair.Second[j])

        float same.Length / float pair.Matches.Length
