namespace Perturbed.Functional

/// Inequalities that several polytopes share: bounds of entries, sums of all of them, sums by rows and columns, rows
/// of a matrix.
module internal LinearRequirements =

    /// The description of 0 ≤ y_i ≤ 1 in messages.
    let unitWords = "entries run from 0 to 1"

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
