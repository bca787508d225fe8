namespace Perturbed.Functional

open System
open Perturbed.Kernels

/// Expectations as means over M samples.
[<Sealed>]
type internal MonteCarloExpectations(s: Settings, executor: Executor) =
    inherit Expectations()

    let engine = Engine(s, executor)
    let k = s.Oracle.SolutionDimension
    let groups = Sampler.groups s

    let run (batch: ThetaBatch) (accumulator: Accumulator<'a>) : 'a =
        engine.Run(batch, ValueNone, accumulator)

    override _.Draws = ValueSome groups

    override _.Maximizer batch = run batch (Accumulators.solutions s)

    override _.Maximum batch =
        Existence.requireMaximum s
        (run batch (Accumulators.valueMoments s)).Value

    override _.SolutionMoments batch =
        run batch (Accumulators.solutionMoments s)

    override _.Estimate batch =
        let fault = Existence.maximumFault s
        let errorFault = if fault.IsNone then Existence.maximumErrorFault s else None
        let solutions = Accumulators.solutionMoments s |> Accumulators.besideAgreement s

        let struct (values, struct (struct (y, agree), counts)) =
            match fault with
            | None ->
                Accumulator.pair (Accumulators.values s) (Accumulator.counted solutions)
                |> run batch
            | Some _ ->
                // Where F has no finite expectation, its estimate is NaN.
                let unknown = Array.create batch.Rows nan
                let answer = run batch (Accumulator.counted solutions)

                struct ({
                            Value = unknown
                            StandardErrors = unknown
                            LeftOut = 0
                        },
                        answer)

        Array.init batch.Rows (fun row ->
            let errors = Array.sub y.StandardErrors (row * k) k

            {
                Maximum = values.Value[row]
                MaximumStandardError =
                    if errorFault.IsSome then
                        infinity
                    else
                        values.StandardErrors[row]
                Maximizer = Array.sub y.Value (row * k) k
                MaximizerStandardErrors =
                    // The mean of equal numbers rounds, and leaves deviations from itself.
                    if agree[row] && not (Double.IsNaN errors[0]) then
                        Array.zeroCreate k
                    else
                        errors
                Remark = Option.orElse errorFault fault
                SamplesAgree = agree[row]
                LeftOut = counts.LeftOut row
            })

    override _.Gradient batch =
        if s.Perturbation = Perturbation.Multiplicative then
            Existence.requireMaximum s

        run batch (Accumulators.gradients s)

    override _.ValueAndGradient batch =
        Existence.requireMaximum s

        let withAgreement =
            match s.Perturbation with
            | Perturbation.Additive -> Accumulators.withAgreement s
            | Perturbation.Multiplicative -> Accumulators.besideAgreement s (Accumulators.gradients s)

        let struct (struct (values, struct (gradients, agree)), counts) =
            Accumulator.pair (Accumulators.values s) withAgreement
            |> Accumulator.counted
            |> run batch

        {
            Values =
                { values with
                    StandardErrors = Existence.valueErrors s values.StandardErrors
                }
            Gradients = gradients
            SamplesAgree = agree
            Counts = counts
        }

    override _.Jacobian(batch, formula, withErrors) =
        Derivatives.jacobian engine batch formula withErrors

    override _.VectorJacobian(batch, cotangents, withErrors) =
        Derivatives.vectorJacobian engine batch cotangents withErrors

    override _.JacobianVector(batch, tangents, withErrors) =
        Derivatives.jacobianVector engine batch tangents withErrors

    override _.HessianVector(batch, vectors, formula, withErrors) =
        Derivatives.hessianVector engine batch vectors formula withErrors

    override _.MaximizerOfMaximum(batch, withErrors) =
        Derivatives.maximizerOfMaximum engine batch withErrors

    override _.Pullback batch =
        let cache = SolutionCache.TryCreate(batch.Rows, s, false)

        let struct (struct (means, agree), counts) =
            engine.Run(batch, cache, Accumulators.withAgreement s |> Accumulator.counted)

        // One baseline for every call of the pullback; it costs a solve only where it is y*(θ).
        let baseline = lazy (Baseline.create s batch counts means [||])

        {
            // The baseline keeps the means, so the caller has a copy.
            Value = CallMemory.copy s.Memory means
            SamplesAgree = agree
            Back =
                fun cotangents ->
                    Differentiability.requireScores s batch
                    (Derivatives.vectorJacobianOn engine batch cache (baseline.Force()) cotangents false).Value
        }

    override _.Covariance(batch, mean) =
        run batch (Accumulators.covariance s mean)

[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module internal MonteCarloExpectations =

    /// By an executor: `Smoothed.By` takes it as the method of an operator.
    let by (executor: Executor) (s: Settings) : Expectations = MonteCarloExpectations(s, executor)

    let create (s: Settings) : Expectations = by Executor.threads s

    /// The solutions of all samples, rows × M × k; NaN for those that were left out.
    let samples (s: Settings) (batch: ThetaBatch) : float[] =
        let k = s.Oracle.SolutionDimension

        if int64 batch.Rows * int64 s.Samples * int64 k > int64 Array.MaxLength then
            invalidArg
                "smoothed"
                $"{batch.Rows} × {s.Samples} samples of dimension {k} do not fit one array; `distribution` streams them."

        let target: float[] = Array.zeroCreate (batch.Rows * s.Samples * k)
        Recorders.marking s target
        Recorders.solutions s.Samples k target |> Engine.record s batch |> ignore
        Recorders.markGroups s target batch.Rows
        target

    /// The distinct solutions of one row.
    let distribution (s: Settings) (batch: ThetaBatch) : SolutionFrequency[] =
        let isIndependent = (Sampler.groups s).IsIndependent
        let counts = DistinctRows s.Oracle.SolutionDimension

        let samples =
            if s.LeavesOut && not isIndependent then
                // A group may turn out to be left out after some of it was counted.
                let all = samples s batch
                let k = s.Oracle.SolutionDimension

                for m in 0 .. s.Samples - 1 do
                    if not (Double.IsNaN all[m * k]) then
                        counts.Add(ReadOnlySpan(all, m * k, k))

                counts.ToArray() |> Array.sumBy (fun struct (_, count) -> count) |> float
            else
                float ((Recorders.distinct counts |> Engine.record s batch).Counts.Of 0)

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
