namespace Perturbed.Functional

open System
open System.Text
open Perturbed.Kernels

/// <summary>Scores for alignment oracles out of letters, and their solutions as text.</summary>
[<RequireQualifiedAccess>]
module Alignment =

    let private checkSequences (first: string) (second: string) : unit =
        Check.notNull (nameof first) first
        Check.notNull (nameof second) second

    /// <summary>θ for an alignment oracle: the same score for a pair of letters wherever it stands, and the same for
    /// every gap.</summary>
    /// <param name="substitution">The gain of a letter of the first sequence over one of the second, finite.</param>
    /// <param name="opening">The gain of the first letter of a gap, finite; negative as a rule.</param>
    /// <param name="extension">The gain of each further letter, finite; negative as a rule.</param>
    /// <param name="first">The first sequence, of n letters.</param>
    /// <param name="second">The second sequence, of m letters.</param>
    /// <returns>θ, of length 3·n·m: substitution, opening, extension, each n × m and row-major; empty where a sequence
    /// is.</returns>
    /// <exception cref="T:System.ArgumentException">A score that is not finite.</exception>
    let scores
        (substitution: char -> char -> float)
        (opening: float)
        (extension: float)
        (first: string)
        (second: string)
        : float[] =
        Check.notNull (nameof substitution) substitution
        Check.finite (nameof opening) opening
        Check.finite (nameof extension) extension
        checkSequences first second
        let n, m = first.Length, second.Length

        Array.init (3 * n * m) (fun at ->
            match at / (n * m) with
            | 0 ->
                let a, b = first[at / m], second[at % m]
                let score = substitution a b

                if not (Double.IsFinite score) then
                    invalidArg (nameof substitution) $"substitution '{a}' '{b}' is {score}; it must be finite."

                score
            | 1 -> opening
            | _ -> extension)

    /// <summary>The alignment with given pairs of letters as a solution of an alignment oracle: the target of training
    /// from known alignments.</summary>
    /// <remarks>
    /// Between two pairs, letters of the first sequence stand before those of the second. So they do at the ends of a
    /// global alignment; those of a local one are its first and its last pair; a semi-global one has steps there where
    /// both sequences have letters left, of the first sequence.
    /// </remarks>
    /// <param name="kind">Of which oracle.</param>
    /// <param name="n">Letters of the first sequence, at least 0.</param>
    /// <param name="m">Letters of the second, at least 0.</param>
    /// <param name="pairs">The indices of the letters of each pair, both ascending; none for a y of 0, which is no
    /// global alignment unless a sequence has no letters.</param>
    /// <returns>y, of length 3·n·m.</returns>
    /// <exception cref="T:System.ArgumentException">A negative length, a pair beyond the sequences or out of order, or
    /// none for a global alignment.</exception>
    /// <example><code>
    /// // AC over A: the second letter is alone.
    /// Alignment.ofPairs AlignmentKind.Global 2 1 [| struct (0, 0) |] // [|1; 0; 0; 1; 0; 0|]
    /// </code></example>
    let ofPairs (kind: AlignmentKind) (n: int) (m: int) (pairs: struct (int * int)[]) : float[] =
        Check.notNull (nameof pairs) pairs
        Check.notNegative (nameof n) (float n)
        Check.notNegative (nameof m) (float m)

        pairs
        |> Array.iteri (fun k struct (i, j) ->
            let struct (before, left) = if k = 0 then struct (-1, -1) else pairs[k - 1]

            if i <= before || j <= left || i >= n || j >= m then
                invalidArg
                    (nameof pairs)
                    $"pairs[{k}] is ({i}, {j}); expected a pair after ({before}, {left}) and before ({n}, {m}).")

        if pairs.Length = 0 && kind = AlignmentKind.Global && n > 0 && m > 0 then
            invalidArg
                (nameof pairs)
                $"pairs is empty; a global alignment of {n} with {m} letters was expected to have one."

        let y = Array.zeroCreate<float>(3 * n * m)

        let mark (plane: int) (row: int) (column: int) : unit =
            let at = plane * n * m + max row 0 * m + max column 0
            y[at] <- y[at] + 1.0

        // A gap of letters of the first sequence from i to before `toI`, then one of the second from j to before `toJ`.
        let gaps struct (i: int, j: int) struct (toI: int, toJ: int) : unit =
            for k in i .. toI - 1 do
                mark (if k = i then 1 else 2) k (j - 1)

            for k in j .. toJ - 1 do
                mark (if k = j then 1 else 2) (toI - 1) k

        for struct (i, j) in pairs do
            mark 0 i j

        for struct (i, j), next in Array.pairwise pairs do
            gaps struct (i + 1, j + 1) next

        if pairs.Length > 0 then
            let struct (i, j), struct (k, l) = pairs[0], pairs[pairs.Length - 1]

            match kind with
            | AlignmentKind.Global ->
                gaps struct (0, 0) struct (i, j)
                gaps struct (k + 1, l + 1) struct (n, m)
            | AlignmentKind.SemiGlobal ->
                if j > 0 then
                    gaps struct (0, j) struct (i, j)

                if l + 1 < m then
                    gaps struct (k + 1, l + 1) struct (n, l + 1)
            | _ -> ()

        y

    /// <summary>The pairs of letters that a solution aligns.</summary>
    /// <param name="n">Letters of the first sequence, at least 0.</param>
    /// <param name="m">Letters of the second, at least 0.</param>
    /// <param name="y">The solution, of length 3·n·m, or longer and padded (<c>Oracle.alignments</c>).</param>
    /// <returns>The indices of the letters of each pair, ascending.</returns>
    /// <exception cref="T:System.ArgumentException">A length below 3·n·m.</exception>
    let pairs (n: int) (m: int) (y: float[]) : struct (int * int)[] =
        Check.notNull (nameof y) y
        Check.notNegative (nameof n) (float n)
        Check.notNegative (nameof m) (float m)

        if int64 y.Length < 3L * int64 n * int64 m then
            invalidArg (nameof y) $"y has length {y.Length}; at least 3·n·m = {3L * int64 n * int64 m} was expected."

        [|
            for at in 0 .. n * m - 1 do
                if y[at] = 1.0 then
                    struct (at / m, at % m)
        |]

    /// <summary>
    /// An alignment as three lines of text: the first sequence, a bar under equal letters and a dot under others, and
    /// the second sequence; a dash for a gap.
    /// </summary>
    /// <param name="kind">Whether y is a solution of <c>Oracle.alignment</c>, of <c>Oracle.localAlignment</c> or of
    /// <c>Oracle.semiGlobalAlignment</c>.</param>
    /// <param name="first">The first sequence, of n letters.</param>
    /// <param name="second">The second sequence, of m letters.</param>
    /// <param name="y">The solution, of length 3·n·m: one alignment, not a mean of several.</param>
    /// <returns>Three lines, joined by line feeds. An alignment that is not global shows its own part of the sequences
    /// only; the empty one is three empty lines.</returns>
    /// <exception cref="T:System.ArgumentException">A wrong length, or a y that is no alignment.</exception>
    let render (kind: AlignmentKind) (first: string) (second: string) (y: float[]) : string =
        checkSequences first second
        Check.notNull (nameof y) y
        let n, m = first.Length, second.Length
        Check.length (nameof y) y.Length (3 * n * m) "3·n·m, for the lengths of the sequences"

        // A sequence without letters has no cells: all of the other one is a gap.
        let found =
            if n > 0 && m > 0 then
                AlignmentOracle(n, m, kind).TryPath(ReadOnlySpan y)
            elif kind = AlignmentKind.Global then
                let step = if m = 0 then AlignmentStep.First else AlignmentStep.Second
                true, AlignmentPath(0, 0, Array.create (n + m) step)
            else
                true, AlignmentPath(0, 0, [||])

        match found with
        | true, path when not (isNull path) ->
            let path = Unchecked.nonNull path
            let top, middle, bottom = StringBuilder(), StringBuilder(), StringBuilder()
            let mutable i = path.FirstStart
            let mutable j = path.SecondStart

            for step in path.Steps do
                let a = if step = AlignmentStep.Second then '-' else first[i]
                let b = if step = AlignmentStep.First then '-' else second[j]

                top.Append a |> ignore
                bottom.Append b |> ignore

                middle.Append(
                    if step <> AlignmentStep.Pair then ' '
                    elif a = b then '|'
                    else '.'
                )
                |> ignore

                if step <> AlignmentStep.Second then
                    i <- i + 1

                if step <> AlignmentStep.First then
                    j <- j + 1

            $"{top}\n{middle}\n{bottom}"
        | _ ->
            invalidArg
                (nameof y)
                $"y is not the solution of {kind} alignment of {n} with {m} letters; expected the steps of one."
