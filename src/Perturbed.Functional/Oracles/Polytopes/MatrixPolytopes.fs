namespace Perturbed.Functional

/// Matrices by their row and column sums: matchings and transport plans.
module internal MatrixPolytopes =

    let private saturating (rows: int) (columns: int) (y: float[]) : Requirement seq =
        Seq.append
            (LinearRequirements.unitEntries y)
            (LinearRequirements.sums
                y
                1.0
                (rows <= columns, columns <= rows)
                (Array.create rows 1.0)
                (Array.create columns 1.0))

    /// The matchings that saturate the smaller side.
    let matchings (rows: int) (columns: int) : PolytopeFacts =
        { PolytopeFacts.describedBy (saturating rows columns) with
            LargestInteger = 1.0
            AllowsUnknownEntries = true
        }

    let private withinLimits (rows: int[]) (columns: int[]) (y: float[]) : Requirement seq =
        Seq.append
            (LinearRequirements.unitEntries y)
            (LinearRequirements.sums y 1.0 (false, false) (Array.map float rows) (Array.map float columns))

    /// The matchings with at most so many pairs in each row and each column.
    let limitedMatchings (rowLimits: int[]) (columnLimits: int[]) : PolytopeFacts =
        { PolytopeFacts.describedBy (withinLimits rowLimits columnLimits) with
            LargestInteger = 1.0
            AllowsUnknownEntries = true
        }

    let private ofMarginals (rows: float[]) (columns: float[]) (y: float[]) : Requirement seq =
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

            yield! LinearRequirements.sums y 0.0 (true, true) rows columns
        }

    /// The plans of the given marginals.
    let transportPlans (rows: float[]) (columns: float[]) : PolytopeFacts =
        { PolytopeFacts.describedBy (ofMarginals rows columns) with
            LargestInteger = PolytopeFacts.largestInteger (Seq.append rows columns)
            AllowsUnknownEntries = true
        }
