namespace Perturbed.Functional

open System
open Perturbed.Kernels

/// The hull of given rows. A linear program decides whether a point is a mixture of them: it searches for a direction
/// in which the point exceeds all of them.
module internal HullPolytopes =

    // Whether the program is small enough for the dense solver.
    let private isTried (solutions: float[,]) : bool =
        int64 (Array2D.length1 solutions) * int64 (Array2D.length2 solutions + 1)
        <= int64 LinearProgramOracle.LargestSize

    // c, scaled so that every coordinate of y less the rows counts alike: max δ with ⟨c, y − row⟩ ≥ δ at every row, −1
    // ≤ c ≤ 1.
    let private direction (solutions: float[,]) (y: float[]) : float[] =
        let n, d = Array2D.length1 solutions, Array2D.length2 solutions

        let scales =
            Array.init d (fun i ->
                seq { 0 .. n - 1 }
                |> Seq.fold (fun most r -> max most (abs (y[i] - solutions[r, i]))) 0.0)

        let scaled (r: int) (i: int) : float =
            if i = d then 1.0
            elif scales[i] = 0.0 then 0.0
            else (solutions[r, i] - y[i]) / scales[i]

        let bounds (sign: float) (last: float) =
            Array.init (d + 1) (fun i -> if i < d then sign else last)

        let program =
            LinearProgramOracle(
                Array2D.init n (d + 1) scaled,
                Array.zeroCreate n,
                bounds -1.0 0.0,
                bounds 1.0 (2.0 * float d)
            )

        let answer = Array.zeroCreate<float>(d + 1)
        let theta = Array.init (d + 1) (fun i -> if i = d then 1.0 else 0.0)
        program.CreateSolver().Solve(ReadOnlySpan theta, Span answer, Span.Empty)
        Array.init d (fun i -> if scales[i] = 0.0 then 0.0 else answer[i] / scales[i])

    // Why a point is no mixture of the rows, proved by a direction; None where no direction proves it.
    let private outsideReason (allowance: Allowance) (solutions: float[,]) (y: float[]) : string option =
        let n, d = Array2D.length1 solutions, Array2D.length2 solutions
        let c = direction solutions y

        let isBeyond (r: int) : bool =
            let mutable gap, size = 0.0, 0.0

            for i in 0 .. d - 1 do
                gap <- gap + c[i] * (y[i] - solutions[r, i])
                size <- size + abs c[i] * (abs y[i] + abs solutions[r, i])

            gap > allowance.Relative * size

        if Array.forall isBeyond [| 0 .. n - 1 |] then
            let at (entry: int -> float) =
                Array.init d (fun i -> c[i] * entry i) |> Array.sum

            let largest =
                seq { 0 .. n - 1 }
                |> Seq.map (fun r -> at (fun i -> solutions[r, i]))
                |> Seq.max

            let weights =
                c |> Array.truncate 8 |> Array.map _.ToString("G4") |> String.concat ", "

            let rest = if d > 8 then ", …" else ""

            Some
                $"it is no mean of the rows: weighted by ({weights}{rest}) it sums to {at (fun i -> y[i])}, every row to at most {largest}"
        else
            None

    // Each coordinate lies between the least and the largest of the rows.
    let private betweenRows (solutions: float[,]) (y: float[]) : Requirement seq =
        LinearRequirements.entriesWithin y (fun i ->
            let column = solutions[*, i]
            struct (Array.min column, Array.max column))

    let private bySeparation (solutions: float[,]) (allowance: Allowance) (y: float[]) : Membership =
        if not (isTried solutions) then
            Membership.Undecided
                "each entry is between the least and the largest of the rows; there are too many for more"
        else
            try
                match outsideReason allowance solutions y with
                | Some reason -> Membership.Outside reason
                | None -> Membership.Inside
            with
            | :? OracleException
            | :? ArgumentException ->
                Membership.Undecided
                    "each entry is between the least and the largest of the rows; the linear program for more was not solved"

    // A row of a finite set is a vertex of the hull if some direction makes it the only maximiser; the direction from
    // the centroid proves it for every set on a sphere around it, where its gain on every other row is beyond the
    // rounding of that sum. Where it proves nothing the answer is no.
    let private isVertex (solutions: float[,]) (y: float[]) : bool =
        let n = Array2D.length1 solutions
        let k = Array2D.length2 solutions

        let centroid =
            Array.init k (fun i -> Seq.averageBy (fun r -> solutions[r, i]) (seq { 0 .. n - 1 }))

        let direction = Array.zeroCreate k

        for i in 0 .. k - 1 do
            direction[i] <- y[i] - centroid[i]

        let rounding = float (k + 3) * 2.0 ** -52.0
        let mutable isVertex = true

        for r in 0 .. n - 1 do
            let mutable isOther = false
            let mutable gain = 0.0
            let mutable size = 0.0

            for i in 0 .. k - 1 do
                isOther <- isOther || solutions[r, i] <> y[i]
                let term = direction[i] * (y[i] - solutions[r, i])
                gain <- gain + term
                size <- size + abs term

            if isOther && not (gain > rounding * size) then
                isVertex <- false

        isVertex

    /// The hull of the given rows.
    let hull (solutions: float[,]) : PolytopeFacts =
        { PolytopeFacts.describedBy (betweenRows solutions) with
            LargestInteger = PolytopeFacts.largestInteger (Seq.cast<float> solutions)
            BeyondRequirements = bySeparation solutions
            IsVertex = isVertex solutions
        }
