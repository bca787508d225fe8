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

        if first.Length = 0 then
            invalidArg (nameof first) "first is empty; an alignment needs at least one letter of each sequence."

        if second.Length = 0 then
            invalidArg (nameof second) "second is empty; an alignment needs at least one letter of each sequence."

    /// <summary>θ for an alignment oracle: the same score for a pair of letters wherever it stands, and the same for
    /// every gap.</summary>
    /// <param name="substitution">The gain of a letter of the first sequence over one of the second, finite.</param>
    /// <param name="opening">The gain of the first letter of a gap, finite; negative as a rule.</param>
    /// <param name="extension">The gain of each further letter, finite; negative as a rule.</param>
    /// <param name="first">The first sequence, n ≥ 1 letters.</param>
    /// <param name="second">The second sequence, m ≥ 1 letters.</param>
    /// <returns>θ, of length 3·n·m: substitution, opening, extension, each n × m and row-major.</returns>
    /// <exception cref="T:System.ArgumentException">An empty sequence, or a score that is not finite.</exception>
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

    /// <summary>
    /// An alignment as three lines of text: the first sequence, a bar under equal letters and a dot under others, and
    /// the second sequence; a dash for a gap.
    /// </summary>
    /// <param name="kind">Whether y is a solution of <c>Oracle.alignment</c> or of
    /// <c>Oracle.localAlignment</c>.</param>
    /// <param name="first">The first sequence, n ≥ 1 letters.</param>
    /// <param name="second">The second sequence, m ≥ 1 letters.</param>
    /// <param name="y">The solution, of length 3·n·m: one alignment, not a mean of several.</param>
    /// <returns>Three lines, joined by line feeds. A local alignment shows its own part of the sequences only; the
    /// empty one is three empty lines.</returns>
    /// <exception cref="T:System.ArgumentException">An empty sequence, a wrong length, or a y that is no
    /// alignment.</exception>
    let render (kind: AlignmentKind) (first: string) (second: string) (y: float[]) : string =
        checkSequences first second
        Check.notNull (nameof y) y
        let oracle = AlignmentOracle(first.Length, second.Length, kind)
        Check.length (nameof y) y.Length oracle.Dimension "3·n·m, for the lengths of the sequences"

        match oracle.TryPath(ReadOnlySpan y) with
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
                $"y is not the solution of {kind} alignment of {first.Length} with {second.Length} letters; expected the steps of one."
