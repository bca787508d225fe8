namespace Perturbed.Functional

open System
open System.Threading.Tasks
open Perturbed.Kernels

/// Every expectation of an operator over a flat batch: by its exact form, or from samples. The one place where that is decided.
module internal Expectation =

    // One answer for each row, rows side by side.
    let private rowByRow
        (op: Smoothed)
        (thetas: float[])
        (rows: int)
        (answer: ExactForm -> int -> float[] -> 'T)
        : 'T[] =
        let formOf = Exact.require op
        let d = op.Oracle.Dimension
        let answers: 'T[] = Array.zeroCreate rows

        let row (r: int) : unit =
            answers[r] <- answer (formOf r) r (Array.sub thetas (r * d) d)

        if rows > 1 && op.Threads > 1 then
            let options =
                ParallelOptions(MaxDegreeOfParallelism = op.Threads, CancellationToken = op.Cancellation)

            Parallel.For(0, rows, options, row) |> ignore
        else
            for r in 0 .. rows - 1 do
                op.Cancellation.ThrowIfCancellationRequested()
                row r

        answers

    let private zeros (values: float[]) : float[] = Array.zeroCreate values.Length

    // An exact answer, with standard errors of 0 where they are asked for.
    let private terms (withErrors: bool) (rows: float[][]) : Derivatives.Terms =
        let estimates = Array.concat rows

        {
            Estimates = estimates
            StandardErrors = if withErrors then zeros estimates else [||]
        }

    let maximizer (op: Smoothed) (thetas: float[]) (rows: int) : float[] =
        if op.IsExact then
            rowByRow op thetas rows (fun form _ theta -> form.Maximizer theta)
            |> Array.concat
        else
            Estimates.maximizer op thetas rows

    let maximum (op: Smoothed) (thetas: float[]) (rows: int) : float[] =
        if op.IsExact then
            Existence.requireMaximum op
            rowByRow op thetas rows (fun form _ theta -> form.Maximum theta)
        else
            Estimates.maximum op thetas rows

    let momentsOf (op: Smoothed) (thetas: float[]) (rows: int) : Estimate[] =
        if op.IsExact then
            let remark = Existence.maximumFault op

            rowByRow op thetas rows (fun form _ theta ->
                let y = form.Maximizer theta

                {
                    Maximum = if remark.IsNone then form.Maximum theta else nan
                    MaximumStandardError = if remark.IsNone then 0.0 else nan
                    Maximizer = y
                    MaximizerStandardErrors = zeros y
                    Remark = remark
                    SamplesAgree = false
                })
        else
            Estimates.momentsOf op thetas rows

    /// F_ε with standard errors, its gradient with respect to θ (rows × d), and whether the samples of each row agree, of an oracle with d = k and noise with a mean.
    let valueAndGradient (op: Smoothed) (thetas: float[]) (rows: int) : struct (Estimated<float[]> * float[] * bool[]) =
        Existence.requireMaximum op

        if op.IsExact then
            let values = maximum op thetas rows

            struct ({
                        Value = values
                        StandardErrors = zeros values
                    },
                    maximizer op thetas rows,
                    Array.zeroCreate rows)
        else
            let struct (values, sums, agree) = Estimates.valueAndGradient op thetas rows
            struct (values, sums |> Array.map (fun sum -> sum / float op.Samples), agree)

    // The symmetric Jacobian times one vector a row.
    let private products (op: Smoothed) (thetas: float[]) (rows: int) (vectors: float[]) (withErrors: bool) =
        let d = op.Oracle.Dimension

        rowByRow op thetas rows (fun form r theta -> form.Products(theta, [| Array.sub vectors (r * d) d |])[0])
        |> terms withErrors

    let jacobian
        (op: Smoothed)
        (thetas: float[])
        (rows: int)
        (formula: DerivativeFormula)
        (withSquares: bool)
        : Derivatives.Terms =
        let columns = op.Oracle.Dimension

        let height =
            match formula with
            | DerivativeFormula.OfMaximizer -> op.Oracle.SolutionDimension
            | DerivativeFormula.OfMaximum -> columns

        if rows = 1 then
            Sizes.Require<float>("smoothed", "The Jacobian", int64 height, int64 columns)
        else
            Sizes.Require<float>("thetas", "The Jacobian of the batch", int64 rows, int64 height, int64 columns)

        if op.IsExact then
            let d = columns

            let basis =
                Array.init d (fun j -> Array.init d (fun i -> if i = j then 1.0 else 0.0))

            rowByRow op thetas rows (fun form _ theta -> form.Products(theta, basis) |> Array.concat)
            |> terms withSquares
        else
            Derivatives.jacobian op thetas rows formula withSquares

    let vectorJacobian (op: Smoothed) (thetas: float[]) (rows: int) (cotangents: float[]) (withSquares: bool) =
        if op.IsExact then
            products op thetas rows cotangents withSquares
        else
            Derivatives.vectorJacobian op thetas rows cotangents withSquares

    let jacobianVector (op: Smoothed) (thetas: float[]) (rows: int) (tangents: float[]) (withSquares: bool) =
        if op.IsExact then
            products op thetas rows tangents withSquares
        else
            Derivatives.jacobianVector op thetas rows tangents withSquares

    let hessianVector
        (op: Smoothed)
        (thetas: float[])
        (rows: int)
        (vectors: float[])
        (formula: DerivativeFormula)
        (withSquares: bool)
        : Derivatives.Terms =
        if op.IsExact then
            products op thetas rows vectors withSquares
        else
            Derivatives.hessianVector op thetas rows vectors formula withSquares

    let maximizerOfMaximum (op: Smoothed) (thetas: float[]) (rows: int) (withSquares: bool) : Derivatives.Terms =
        if op.IsExact then
            terms withSquares [| maximizer op thetas rows |]
        else
            Derivatives.maximizerOfMaximum op thetas rows withSquares

    /// y (rows × k), whether the samples of each row agree, and the function that carries a cotangent back; samples are solved once for all.
    let watchedPullback
        (op: Smoothed)
        (thetas: float[])
        (rows: int)
        : struct (float[] * bool[] * (float[] -> float[])) =
        if op.IsExact then
            struct (maximizer op thetas rows,
                    Array.zeroCreate rows,
                    (fun cotangents -> (products op thetas rows cotangents false).Estimates))
        else
            let k = op.Oracle.SolutionDimension
            let tape = Tape.TryCreate(rows, op, false)
            let pass = Passes.solutions k |> Agreement.watch op true
            let states = Engine.run op thetas rows tape pass
            let width = pass.StateLength

            let agree =
                Array.init rows (fun r ->
                    let state = ReadOnlySpan(states, r * width, width)
                    Agreement.holds op true (state.Slice(0, k)) (state.Slice k))

            let means =
                Array.init (rows * k) (fun i -> states[i / k * width + i % k] / float op.Samples)

            // One centre for every call of the pullback; it costs a solve only where y*(θ) is the baseline.
            let centre = lazy (Derivatives.centre op thetas rows means [||])

            let pullback (cotangents: float[]) =
                Derivatives.requireScores op thetas rows
                (Derivatives.vectorJacobianOn op thetas rows tape (centre.Force()) cotangents false).Estimates

            struct (Array.copy means, agree, pullback)

    /// y (rows × k) and the function that carries a cotangent back.
    let pullback (op: Smoothed) (thetas: float[]) (rows: int) : float[] * (float[] -> float[]) =
        let struct (value, _, back) = watchedPullback op thetas rows
        value, back
