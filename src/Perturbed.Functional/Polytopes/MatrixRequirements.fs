namespace Perturbed.Functional

open Perturbed.Kernels

/// Requirements of points whose entries have bounds, and of matrices by their rows and columns.
module internal MatrixRequirements =

    let private unitWords = "entries run from 0 to 1"

    /// lower ≤ y_i ≤ upper for every entry, its solutions anywhere between.
    let entriesWithin (y: float[]) (bounds: int -> struct (float * float)) : Requirement seq =
        seq {
            for i in 0 .. y.Length - 1 do
                let struct (lower, upper) = bounds i
                let range = max (abs lower) (abs upper)
                yield! Requirement.entry y i (lower, range) (upper, range) $"it runs from {lower} to {upper}"
        }

    /// 0 ≤ y ≤ 1.
    let unitEntries (y: float[]) : Requirement seq =
        seq {
            for i in 0 .. y.Length - 1 do
                yield! Requirement.entry y i (0.0, 1.0) (1.0, 1.0) unitWords
        }

    /// Σ y_i = total.
    let total (y: float[]) (range: float) (total: float) : Requirement =
        Requirement.linear y range true (Array.init y.Length (fun i -> struct (i, 1.0))) total (fun sum ->
            $"the entries sum to {sum}; they must sum to {total}")

    /// A bound, or the value, of the sum of each row and each column; infinite bounds are none.
    let sums
        (y: float[])
        (range: float)
        (isEquation: bool * bool)
        (rows: float[])
        (columns: float[])
        : Requirement seq =
        let line (name: string) (index: int) (isEquation: bool) (bound: float) (places: int[]) =
            let must = if isEquation then "must sum to" else "may sum to at most"

            Requirement.linear y range isEquation (places |> Array.map (fun i -> struct (i, 1.0))) bound (fun sum ->
                $"{name} {index} sums to {sum}; it {must} {bound}")

        seq {
            for i in 0 .. rows.Length - 1 do
                line "row" i (fst isEquation) rows[i] (Array.init columns.Length (fun j -> i * columns.Length + j))

            for j in 0 .. columns.Length - 1 do
                line "column" j (snd isEquation) columns[j] (Array.init rows.Length (fun i -> i * columns.Length + j))
        }

    /// The matchings that match the smaller side completely.
    let matchings (rows: int) (columns: int) (y: float[]) : Requirement seq =
        Seq.append
            (unitEntries y)
            (sums y 1.0 (rows <= columns, columns <= rows) (Array.create rows 1.0) (Array.create columns 1.0))

    /// The plans of the given marginals.
    let plans (rows: float[]) (columns: float[]) (y: float[]) : Requirement seq =
        seq {
            for i in 0 .. rows.Length - 1 do
                for j in 0 .. columns.Length - 1 do
                    let most = min rows[i] columns[j]

                    yield!
                        Requirement.entry
                            y
                            (i * columns.Length + j)
                            (0.0, most)
                            (most, most)
                            $"it runs from 0 to {most}"

            yield! sums y 0.0 (true, true) rows columns
        }

    /// A y ≤ b row by row.
    let constraints (a: float[,]) (b: float[]) (range: float) (y: float[]) : Requirement seq =
        seq {
            for i in 0 .. b.Length - 1 do
                Requirement.linear
                    y
                    range
                    false
                    [|
                        for j in 0 .. y.Length - 1 do
                            if a[i, j] <> 0.0 then
                                struct (j, a[i, j])
                    |]
                    b[i]
                    (fun sum -> $"constraint {i} sums to {sum}; it may sum to at most {b[i]}")
        }

    /// {A y ≤ b, l ≤ y ≤ u}. How far an entry may lie beyond a bound by rounding is what the rows it is in would allow.
    let inequalities (a: float[,]) (b: float[]) (lower: float[]) (upper: float[]) (y: float[]) : Requirement seq =
        let sizes =
            Array.init b.Length (fun i ->
                let mutable size = abs b[i]

                for j in 0 .. y.Length - 1 do
                    size <- size + abs (a[i, j] * y[j])

                size)

        let scale (j: int) : float =
            let mutable least = infinity

            for i in 0 .. b.Length - 1 do
                if a[i, j] <> 0.0 then
                    least <- min least (sizes[i] / abs a[i, j])

            if least < infinity then least else 0.0

        seq {
            for j in 0 .. y.Length - 1 do
                let range = scale j

                yield!
                    Requirement.entry y j (lower[j], range) (upper[j], range) $"it runs from {lower[j]} to {upper[j]}"

            yield! constraints a b 0.0 y
        }

    /// 0/1 selections within the capacities, as far as W y ≤ c and items that fit alone tell.
    let knapsack (weights: int[,]) (capacities: int[]) (y: float[]) : Requirement seq =
        let tooHeavy (i: int) =
            seq { 0 .. capacities.Length - 1 }
            |> Seq.tryFind (fun k -> weights[k, i] > capacities[k])

        seq {
            for i in 0 .. y.Length - 1 do
                match tooHeavy i with
                | None -> yield! Requirement.entry y i (0.0, 1.0) (1.0, 1.0) unitWords
                | Some k ->
                    let words =
                        $"its weight {weights[k, i]} is above the capacity {capacities[k]}, so it must be 0"

                    yield! Requirement.entry y i (0.0, 1.0) (0.0, 1.0) words

            yield! constraints (Array2D.map float weights) (Array.map float capacities) 1.0 y
        }

    /// Alignments: each letter is used at most once, and in a global one every letter is.
    let alignments (n: int) (m: int) (kind: AlignmentKind) (y: float[]) : Requirement seq =
        let plane = n * m
        let isGlobal = kind = AlignmentKind.Global

        seq {
            for i in 0 .. y.Length - 1 do
                let most = if isGlobal && i = plane then 2.0 else 1.0
                yield! Requirement.entry y i (0.0, 1.0) (most, most) $"it runs from 0 to {most}"

            yield! sums (Array.truncate plane y) 1.0 (false, false) (Array.create n 1.0) (Array.create m 1.0)

            Requirement.linear
                y
                1.0
                isGlobal
                (Array.init y.Length (fun i -> struct (i, (if i < plane then 2.0 else 1.0))))
                (float (n + m))
                (fun used ->
                    let how = if isGlobal then "exactly" else "at most"
                    $"the steps use {used} letters, two a pair and one each else; the sequences have {n + m}, of which {how} all are used")
        }
