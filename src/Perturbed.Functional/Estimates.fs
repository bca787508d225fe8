namespace Perturbed.Functional

open System
open Perturbed.Kernels

/// <summary>F_ε(θ) and y*_ε(θ) from one set of solves, with their standard errors (NaN for one sample, or one group of dependent samples).</summary>
type Estimate =
    {
        /// F_ε(θ) = E F(θ + εZ); NaN where it is not finite, as for a noise without a mean.
        Maximum: float
        /// The standard error of Maximum; ∞ where the values have no second moment.
        MaximumStandardError: float
        /// y*_ε(θ) = E y*(θ + εZ), of the dimension k.
        Maximizer: float[]
        /// The standard error of each entry of Maximizer.
        MaximizerStandardErrors: float[]
        /// Why Maximum or its standard error is not finite, by the moments of the noise; None where both are.
        Remark: string option
        /// Whether all M ≥ 2 samples have one solution: ε is then far below the gaps of θ, and derivatives are estimated as 0; a larger ε is needed. False for an exact operator.
        SamplesAgree: bool
    }

/// <summary>An estimate, and the standard error of each of its entries (NaN for one sample, or one group of dependent samples).</summary>
type Estimated<'T> =
    {
        /// The estimate.
        Value: 'T
        /// The standard error of each entry, in the same shape.
        StandardErrors: 'T
    }

/// <summary>A solution y of the model p_θ, and how often it was drawn. Paper: Definition 2.1.</summary>
type SolutionFrequency =
    {
        /// The solution.
        Solution: float[]
        /// How many of the M samples it was.
        Count: int64
        /// Count / M, the estimate of p_θ(y).
        Probability: float
        /// √(p(1 − p)/M), the standard error of Probability; NaN where samples depend on each other (<c>SamplingDesign</c>).
        StandardError: float
    }

/// Arrays of two dimensions to and from row-major ones.
module internal Rows =

    let flatten (values: float[,]) : float[] =
        let flat: float[] = GC.AllocateUninitializedArray values.Length
        Buffer.BlockCopy(values, 0, flat, 0, 8 * values.Length)
        flat

    let shape (rows: int) (columns: int) (flat: float[]) : float[,] =
        let values = Array2D.zeroCreate rows columns
        Buffer.BlockCopy(flat, 0, values, 0, 8 * flat.Length)
        values

    let shape3 (rows: int) (n: int) (m: int) (flat: float[]) : float[,,] =
        let values = Array3D.zeroCreate rows n m
        Buffer.BlockCopy(flat, 0, values, 0, 8 * flat.Length)
        values

/// Everything an operator answers over a flat batch, without derivatives.
module internal Estimates =

    let checkRow (op: Smoothed) (theta: float[]) : unit =
        Check.notNull "theta" theta
        Check.length "theta" theta.Length op.Oracle.Dimension $"the dimension of oracle '{op.Oracle.Name}'"
        op.Rows.Check(op.Oracle, "theta", 1)
        SmoothedChecks.theta "theta" -1L (ReadOnlySpan theta)

    let checkBatch (op: Smoothed) (thetas: float[,]) : struct (float[] * int) =
        Check.notNull "thetas" thetas
        let rows = Array2D.length1 thetas

        if rows > 0 then
            let actual = Array2D.length2 thetas

            if actual <> op.Oracle.Dimension then
                invalidArg
                    "thetas"
                    $"thetas has rows of length {actual}; the dimension of oracle '{op.Oracle.Name}' is {op.Oracle.Dimension}."

        if op.FirstRow + int64 rows > int64 UInt32.MaxValue then
            invalidArg "thetas" $"Rows {op.FirstRow} to {op.FirstRow + int64 rows} exceed the 2^32 rows of a stream."

        op.Rows.Check(op.Oracle, "thetas", rows)
        let flat = Rows.flatten thetas

        for row in 0 .. rows - 1 do
            SmoothedChecks.theta
                "thetas"
                (int64 row)
                (ReadOnlySpan(flat, row * op.Oracle.Dimension, op.Oracle.Dimension))

        struct (flat, rows)

    /// A second argument of the batch, of the given width.
    let checkCompanion (name: string) (values: float[,]) (rows: int) (width: int) : float[] =
        Check.notNull name values

        if Array2D.length1 values <> rows then
            invalidArg name $"{name} has {Array2D.length1 values} rows; thetas has {rows}."

        if rows > 0 && Array2D.length2 values <> width then
            invalidArg name $"{name} has rows of length {Array2D.length2 values}; {width} was expected."

        Check.finiteMatrix name values
        Rows.flatten values

    let checkVector (name: string) (values: float[]) (width: int) : unit =
        Check.notNull name values
        Check.length name values.Length width "the expected length"
        Check.finiteVector name values

    let maximizer (op: Smoothed) (thetas: float[]) (rows: int) : float[] =
        let sums =
            Passes.solutions op.Oracle.SolutionDimension
            |> Engine.run op thetas rows ValueNone

        let samples = float op.Samples

        for i in 0 .. sums.Length - 1 do
            sums[i] <- sums[i] / samples

        sums

    let maximum (op: Smoothed) (thetas: float[]) (rows: int) : float[] =
        Existence.requireMaximum op
        let states = Engine.run op thetas rows ValueNone Passes.values
        Array.init rows (fun r -> states[r * Moments.Length 1 + 1])

    // A pass that starts with moments, and that ends with moments between groups where the design has such.
    let private withErrors (op: Smoothed) (pass: Pass) (withValue: bool) (k: int) : Pass =
        let groups = Sampler.groups op

        if groups.IsIndependent then
            pass
        else
            GroupPasses.withErrors groups pass withValue k

    // F and y of one row, or y alone: means and standard errors.
    let private readMoments (op: Smoothed) (state: ReadOnlySpan<float>) (hasValue: bool) (k: int) : Estimated<float[]> =
        let values = if hasValue then 1 else 0
        let head = if hasValue then Moments.Length 1 else 0
        let means: float[] = Array.zeroCreate (values + k)

        if hasValue then
            means[0] <- state[1]

        state.Slice(head + 1, k).CopyTo(Span(means, values, k))

        let errors =
            if (Sampler.groups op).IsIndependent then
                let errors: float[] = Array.zeroCreate means.Length

                if hasValue then
                    Moments.StandardErrors(state.Slice(0, head), Span(errors, 0, 1))

                Moments.StandardErrors(state.Slice(head, Moments.Length k), Span(errors, values, k))
                errors
            else
                let moments = GroupPasses.momentLength means.Length
                GroupPasses.standardErrors (state.Slice(state.Length - moments)) (ReadOnlySpan means)

        {
            Value = means
            StandardErrors = errors
        }

    /// Moments of y alone, for every row.
    let solutionMoments (op: Smoothed) (thetas: float[]) (rows: int) : Estimated<float[]>[] =
        let k = op.Oracle.SolutionDimension
        let pass = withErrors op (Passes.solutionMoments k) false k
        let states = Engine.run op thetas rows ValueNone pass

        Array.init rows (fun r -> readMoments op (ReadOnlySpan(states, r * pass.StateLength, pass.StateLength)) false k)

    /// F_ε with standard errors, the sums of ∂F/∂θ (rows × k), and whether the samples of each row agree.
    let valueAndGradient (op: Smoothed) (thetas: float[]) (rows: int) : struct (Estimated<float[]> * float[] * bool[]) =
        let k = op.Oracle.SolutionDimension
        let isMultiplicative = op.Perturbation = Perturbation.Multiplicative
        let sums = Passes.valueAndGradient isMultiplicative k
        let inner = Agreement.watch op (not isMultiplicative) sums
        let pass = withErrors op inner true 0
        let states = Engine.run op thetas rows ValueNone pass
        let start (r: int) = r * pass.StateLength
        let values = Array.init rows (fun r -> states[start r + 1])
        let errors: float[] = Array.zeroCreate rows
        let agree: bool[] = Array.zeroCreate rows

        for r in 0 .. rows - 1 do
            let state = ReadOnlySpan(states, start r, pass.StateLength)
            agree[r] <- Agreement.holds op (not isMultiplicative) (state.Slice(3, k)) (state.Slice sums.StateLength)

            if (Sampler.groups op).IsIndependent then
                Moments.StandardErrors(state.Slice(0, 3), Span(errors, r, 1))
            else
                let moments = state.Slice inner.StateLength
                errors[r] <- (GroupPasses.standardErrors moments (ReadOnlySpan(values, r, 1)))[0]

        struct ({
                    Value = values
                    StandardErrors = Existence.valueErrors op errors
                },
                Array.init (rows * k) (fun i -> states[start (i / k) + 3 + i % k]),
                agree)

    /// Moments of F and of y, for every row. Where F has no finite expectation, its estimate is NaN, and the remark says why.
    let momentsOf (op: Smoothed) (thetas: float[]) (rows: int) : Estimate[] =
        let k = op.Oracle.SolutionDimension
        let fault = Existence.maximumFault op
        let hasValue = fault.IsNone
        let values = if hasValue then 1 else 0

        let moments =
            if hasValue then
                Passes.moments k
            else
                Passes.solutionMoments k

        let pass = withErrors op (Agreement.watch op false moments) hasValue k
        let states = Engine.run op thetas rows ValueNone pass
        let errorFault = if hasValue then Existence.maximumErrorFault op else None

        Array.init rows (fun r ->
            let state = ReadOnlySpan(states, r * pass.StateLength, pass.StateLength)
            let found = readMoments op state hasValue k

            let agree =
                Agreement.holds op false ReadOnlySpan.Empty (state.Slice moments.StateLength)

            {
                Maximum = if hasValue then found.Value[0] else nan
                MaximumStandardError =
                    if not hasValue then nan
                    elif errorFault.IsSome then infinity
                    else found.StandardErrors[0]
                Maximizer = Array.sub found.Value values k
                MaximizerStandardErrors =
                    // The mean of equal numbers rounds, and leaves deviations from itself.
                    if agree && not (Double.IsNaN found.StandardErrors[values]) then
                        Array.zeroCreate k
                    else
                        Array.sub found.StandardErrors values k
                Remark = Option.orElse errorFault fault
                SamplesAgree = agree
            })

    let samples (op: Smoothed) (thetas: float[]) (rows: int) : float[] =
        let k = op.Oracle.SolutionDimension
        let total = int64 rows * int64 op.Samples * int64 k

        if total > int64 Array.MaxLength then
            invalidArg
                "smoothed"
                $"{rows} × {op.Samples} samples of dimension {k} do not fit one array; `distribution` streams them."

        let target: float[] = Array.zeroCreate (int total)

        Passes.copySolutions op.Samples k target
        |> Engine.run op thetas rows ValueNone
        |> ignore

        target

    let distribution (op: Smoothed) (theta: float[]) : SolutionFrequency[] =
        let counts = DistinctRows op.Oracle.SolutionDimension

        let pass =
            { new Pass(0) with
                member _.Add(block, _) =
                    counts.Add(Span.op_Implicit block.Solutions)
            }

        Engine.run op theta 1 ValueNone pass |> ignore
        let samples = float op.Samples
        let isIndependent = (Sampler.groups op).IsIndependent

        counts.ToArray()
        |> Array.map (fun struct (solution, count) ->
            let p = float count / samples

            {
                Solution = solution
                Count = count
                Probability = p
                StandardError =
                    if isIndependent then
                        sqrt (p * (1.0 - p) / samples)
                    else
                        nan
            })
