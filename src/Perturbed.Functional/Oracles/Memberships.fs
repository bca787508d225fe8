namespace Perturbed.Functional

open System

/// Membership of points in the hulls of oracles' solutions.
module internal Memberships =

    /// Where a point lies for an oracle, which may know its solutions.
    let ofOracle (allowance: Allowance) (oracle: Oracle) (y: float[]) : Membership =
        if
            oracle.Facts.IsSolutionTestExact
            && oracle.Implementation.IsSolution(ReadOnlySpan y)
        then
            Membership.Inside
        else
            PolytopeFacts.membership allowance y oracle.Facts

    let membership (y: float[]) (oracle: Oracle) : Membership =
        Check.finiteVector (nameof y) y
        Check.length (nameof y) y.Length oracle.SolutionDimension $"the solution dimension of oracle '{oracle.Name}'"
        ofOracle Allowance.ofDoubles oracle y

    /// An error for the first row that is outside; `oracleOf` is the oracle of each row, `isChecked` whether its
    /// target counts.
    let checkTargets
        (allowance: Allowance)
        (name: string)
        (oracleOf: int -> Oracle)
        (isChecked: int -> bool)
        (targets: float[][])
        : unit =
        for row in 0 .. targets.Length - 1 do
            if isChecked row then
                let target, oracle = targets[row], oracleOf row

                Check.length
                    name
                    target.Length
                    oracle.SolutionDimension
                    $"the solution dimension of oracle '{oracle.Name}'"

                match ofOracle allowance oracle target with
                | Membership.Outside reason ->
                    let place = if targets.Length = 1 then name else $"{name}, row {row},"
                    invalidArg name $"{place} is outside the hull of the solutions of oracle '{oracle.Name}': {reason}."
                | _ -> ()
