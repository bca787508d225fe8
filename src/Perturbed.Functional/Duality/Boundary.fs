namespace Perturbed.Functional

/// Which points are outside a known polytope or on its boundary, as far as that is cheap to decide.
module internal Boundary =

    // Whether an inequality is an equation on all of the polytope: the opposite direction's best point meets it too.
    let private isEquation (oracle: Oracle) (terms: struct (int * float)[]) (bound: float) : bool =
        let theta = Array.zeroCreate<float> oracle.Dimension

        for struct (i, c) in terms do
            theta[i] <- -c

        try
            let struct (y, _) =
                Unperturbed.solve oracle System.Threading.CancellationToken.None RowNumbers.FromZero theta 1

            let least = terms |> Array.sumBy (fun struct (i, c) -> c * y[i])
            least >= bound - 1e-9 * (1.0 + abs bound)
        with :? OracleException ->
            // Without a least value there are points off the face.
            false

    let private onBoundary (oracle: Oracle) (r: Requirement) : string option =
        if
            r.IsEquation
            || r.Value < r.Bound - r.Margin
            || System.Double.IsInfinity r.Margin
        then
            None
        else
            match r.Terms with
            | ValueSome terms when isEquation oracle (terms ()) r.Bound -> None
            | _ -> Some $"{r.Description()}: that is on the boundary"

    /// Why a point is not inside the polytope of an oracle, to rounding; None where it is, or where only samples can
    /// decide.
    let outsideReason (oracle: Oracle) (y: float[]) : string option =
        match PolytopeFacts.membership Allowance.ofDoubles y oracle.Facts with
        | Membership.Outside reason -> Some $"it is outside the hull of the solutions: {reason}"
        | _ -> oracle.Facts.Requirements y |> Seq.tryPick (onBoundary oracle)
