namespace Perturbed.Functional

open System
open Perturbed.Kernels

/// Score-function derivatives over a batch (Proposition 3.1): sums of score terms, divided and scaled.
module internal Derivatives =

    // 1/ε_j, and 1/(ε_j θ_j) under multiplicative noise: a shift of log θ.
    let scale (s: Settings) (batch: ThetaBatch) (row: int) (j: int) : float =
        match s.Perturbation with
        | Perturbation.Additive -> 1.0 / s.EpsilonOf j
        | Perturbation.Multiplicative -> 1.0 / (s.EpsilonOf j * (batch.Row row)[j])

    // The factors of a row's sums: under additive noise they are the same for every row of as many samples.
    let private factorsOf (s: Settings) (isShared: bool) (length: int) (scaleOf: int -> int -> float) : int -> float[] =
        match s.Perturbation with
        | Perturbation.Additive when isShared ->
            let shared = lazy (Array.init length (scaleOf 0))
            fun _ -> shared.Force()
        | _ -> fun row -> Array.init length (scaleOf row)

    // Sums the terms, and scales the sums to estimates and standard errors; `scaleOf row index` multiplies both.
    let private run
        (engine: Engine)
        (batch: ThetaBatch)
        (cache: SolutionCache voption)
        (baseline: Baseline)
        (term: ScoreTerm)
        (withErrors: bool)
        (scaleOf: int -> int -> float)
        : Uncertain<float[]> =
        let s = engine.Settings
        let terms = ScoreSums.termsOf s term
        let length = terms.Length

        let used = baseline.Counts.Data batch.Rows

        let states =
            engine.Run(batch, cache, Accumulators.scoreSums s term baseline.LeavesGroupsOut withErrors used)

        let counts = states.Counts

        let estimates: float[] = CallMemory.rent s.Memory (batch.Rows * length)

        let errors: float[] =
            if withErrors then
                Array.zeroCreate estimates.Length
            else
                [||]

        let factorsOf =
            factorsOf s (baseline.Counts.IsAll && counts.IsAll) length (fun row i ->
                scaleOf row i / baseline.DenominatorOf(row, counts))

        for row in 0 .. batch.Rows - 1 do
            let factors = factorsOf row
            let state = states.Row row

            for i in 0 .. length - 1 do
                estimates[row * length + i] <- factors[i] * state[i]

            if withErrors then
                let rowErrors = SumErrors.ofRow s (counts.Of row) length state

                for i in 0 .. length - 1 do
                    errors[row * length + i] <- abs factors[i] * rowErrors[i]

        let ofScores =
            if withErrors then
                Existence.scoreErrors s errors
            else
                errors

        {
            Value = estimates
            StandardErrors =
                if terms.Needs.HasFlag Needs.Values then
                    Existence.valueErrors s ofScores
                else
                    ofScores
            LeftOut = counts.AllLeftOut
        }

    // Runs the forward pass, then `backward` with its baseline and cache, over as many rows at once as have caches
    // within the bound.
    let private forwardThen
        (engine: Engine)
        (batch: ThetaBatch)
        (withValues: bool)
        (backward: ThetaBatch -> int -> SolutionCache voption -> Baseline -> Uncertain<float[]>)
        : Uncertain<float[]> =
        let s = engine.Settings

        let rows =
            int (min (int64 (max batch.Rows 1)) (SolutionCache.MostRows(s, withValues)))

        let parts =
            [
                for first in 0..rows .. batch.Rows - 1 do
                    let part = batch.Part(first, min rows (batch.Rows - first))
                    let cache = SolutionCache.TryCreate(part.Rows, s, withValues)

                    let struct (means, values, counts) =
                        if withValues then
                            let both = Accumulator.pair (Accumulators.valueMoments s) (Accumulators.solutions s)

                            let struct (struct (values, means), counts) =
                                engine.Run(part, cache, Accumulator.counted both)

                            struct (means, values.Value, counts)
                        else
                            let struct (means, counts) =
                                engine.Run(part, cache, Accumulator.counted (Accumulators.solutions s))

                            struct (means, Array.zeroCreate part.Rows, counts)

                    backward part first cache (Baseline.create s part counts means values)
            ]

        match parts with
        | [ one ] -> one
        | _ ->
            {
                Value = parts |> List.map _.Value |> Array.concat
                StandardErrors = parts |> List.map _.StandardErrors |> Array.concat
                LeftOut = parts |> List.sumBy _.LeftOut
            }

    let private slice (values: float[]) (first: int) (count: int) (width: int) : float[] =
        if first = 0 && values.Length = count * width then
            values
        else
            Array.sub values (first * width) (count * width)

    /// ∂⟨g, y*_ε(θ)⟩/∂θ for every row, given the forward pass.
    let vectorJacobianOn
        (engine: Engine)
        (batch: ThetaBatch)
        (cache: SolutionCache voption)
        (baseline: Baseline)
        (cotangents: float[])
        (withErrors: bool)
        : Uncertain<float[]> =
        let term = ScoreTerm.VectorJacobian(cotangents, baseline.Solutions)
        run engine batch cache baseline term withErrors (scale engine.Settings batch)

    let vectorJacobian
        (engine: Engine)
        (batch: ThetaBatch)
        (cotangents: float[])
        (withErrors: bool)
        : Uncertain<float[]> =
        let s = engine.Settings
        Differentiability.requireScores s batch
        let k = s.Oracle.SolutionDimension

        forwardThen engine batch false (fun part first cache baseline ->
            vectorJacobianOn engine part cache baseline (slice cotangents first part.Rows k) withErrors)

    // The tangents with every coordinate divided by its noise scale.
    let private scaled (s: Settings) (part: ThetaBatch) (first: int) (tangents: float[]) : float[] =
        let d = s.Oracle.Dimension
        Array.init (part.Rows * d) (fun i -> tangents[first * d + i] * scale s part (i / d) (i % d))

    let jacobianVector
        (engine: Engine)
        (batch: ThetaBatch)
        (tangents: float[])
        (withErrors: bool)
        : Uncertain<float[]> =
        let s = engine.Settings
        Differentiability.requireScores s batch

        forwardThen engine batch false (fun part first cache baseline ->
            let term =
                ScoreTerm.JacobianVector(scaled s part first tangents, baseline.Solutions)

            run engine part cache baseline term withErrors (fun _ _ -> 1.0))

    let jacobian
        (engine: Engine)
        (batch: ThetaBatch)
        (formula: DerivativeFormula)
        (withErrors: bool)
        : Uncertain<float[]> =
        let s = engine.Settings
        Differentiability.requireScores s batch
        let d = s.Oracle.Dimension

        match formula with
        | DerivativeFormula.OfMaximizer ->
            forwardThen engine batch false (fun part _ cache baseline ->
                let term = ScoreTerm.Jacobian baseline.Solutions
                run engine part cache baseline term withErrors (fun row i -> scale s part row (i % d)))
        | DerivativeFormula.OfMaximum ->
            Differentiability.requireCurvature s

            forwardThen engine batch true (fun part _ cache baseline ->
                let term = ScoreTerm.ValueJacobian baseline.Values

                run engine part cache baseline term withErrors (fun row i ->
                    scale s part row (i / d) * scale s part row (i % d)))

    /// y*_ε as the gradient of F_ε, out of values: E[(F − baseline) ∇ν]/ε.
    let maximizerOfMaximum (engine: Engine) (batch: ThetaBatch) (withErrors: bool) : Uncertain<float[]> =
        let s = engine.Settings
        Differentiability.requireScores s batch

        forwardThen engine batch true (fun part _ cache baseline ->
            run engine part cache baseline (ScoreTerm.ValueScore baseline.Values) withErrors (scale s part))

    let hessianVector
        (engine: Engine)
        (batch: ThetaBatch)
        (vectors: float[])
        (formula: DerivativeFormula)
        (withErrors: bool)
        : Uncertain<float[]> =
        let s = engine.Settings

        if s.Perturbation = Perturbation.Multiplicative then
            invalidArg
                "smoothed"
                "The Hessian of F_ε is the Jacobian of the maximizer under additive perturbations only; this operator is multiplicative."

        match formula with
        | DerivativeFormula.OfMaximizer when s.Oracle.Dimension <> s.Oracle.SolutionDimension ->
            invalidArg
                "formula"
                $"The oracle '{s.Oracle.Name}' maps dimension {s.Oracle.Dimension} to {s.Oracle.SolutionDimension}, \
                  so its mean solution is not the gradient of F_ε. DerivativeFormula.OfMaximum takes the Hessian \
                  from values."
        | DerivativeFormula.OfMaximizer -> jacobianVector engine batch vectors withErrors
        | DerivativeFormula.OfMaximum ->
            Differentiability.requireScores s batch
            Differentiability.requireCurvature s

            forwardThen engine batch true (fun part first cache baseline ->
                let term =
                    ScoreTerm.ValueHessianVector(scaled s part first vectors, baseline.Values)

                run engine part cache baseline term withErrors (scale s part))
