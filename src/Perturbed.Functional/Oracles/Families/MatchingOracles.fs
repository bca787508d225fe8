namespace Perturbed.Functional

open Perturbed.Kernels

/// Matchings and transport plans.
module internal MatchingOracles =

    let assignment (rows: int) (columns: int) : Oracle =
        AssignmentOracle(rows, columns)
        |> Construct.builtInSlow (Polytope.Matchings(rows, columns))

    let transport (rowMarginals: float[]) (columnMarginals: float[]) : Oracle =
        Check.notNull (nameof rowMarginals) rowMarginals
        Check.notNull (nameof columnMarginals) columnMarginals
        let implementation = TransportOracle(rowMarginals, columnMarginals)

        implementation
        |> Construct.builtIn (
            Polytope.TransportPlans(implementation.RowMarginals.ToArray(), implementation.ColumnMarginals.ToArray())
        )

    let bMatching (rowLimits: int[]) (columnLimits: int[]) : Oracle =
        BMatchingOracle(rowLimits, columnLimits)
        |> Construct.builtInSlow (Polytope.LimitedMatchings(Array.copy rowLimits, Array.copy columnLimits))
