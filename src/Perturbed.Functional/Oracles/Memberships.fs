namespace Perturbed.Functional

open System

/// Membership of points in the hulls of oracles' solutions.
module internal Memberships =

    let private within (allowance: Allowance) (y: float[]) (oracle: Oracle) : Membership =
        if
            oracle.Facts.IsSolutionTestExact
            && oracle.Implementation.IsSolution(ReadOnlySpan y)
        then
            Membership.Inside
        else
            PolytopeFacts.membership allowance y oracle.Facts

    /// Where a point lies for an oracle, which may know its solutions.
    let ofOracle (oracle: Oracle) (y: float[]) : Membership = within Allowance.ofDoubles y oracle

    let private check (y: float[]) (oracle: Oracle) : unit =
        Check.finiteVector (nameof y) y
        Check.length (nameof y) y.Length oracle.SolutionDimension $"the solution dimension of oracle '{oracle.Name}'"

    let membership (y: float[]) (oracle: Oracle) : Membership =
        check y oracle
        ofOracle oracle y

    let membershipWithin (tolerance: float) (y: float[]) (oracle: Oracle) : Membership =
        if not (tolerance >= 0.0 && tolerance < 1.0) then
            raise (
                ArgumentOutOfRangeException(
                    nameof tolerance,
                    tolerance,
                    $"tolerance is {tolerance}; a relative error of at least 0 and below 1 is needed."
                )
            )

        check y oracle
        within (Allowance.ofTolerance tolerance) y oracle

    /// An error for the first row that is outside; `oracleOf` is the oracle of each row.
    let checkTargets (name: string) (oracleOf: int -> Oracle) (targets: float[][]) : unit =
        for row in 0 .. targets.Length - 1 do
            let target, oracle = targets[row], oracleOf row
            Check.length name target.Length oracle.SolutionDimension $"the solution dimension of oracle '{oracle.Name}'"

            match ofOracle oracle target with
            | Membership.Outside reason ->
                let place = if targets.Length = 1 then name else $"{name}, row {row},"
                invalidArg name $"{place} is outside the hull of the solutions of oracle '{oracle.Name}': {reason}."
            | _ -> ()
