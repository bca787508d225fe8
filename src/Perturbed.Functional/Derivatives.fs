namespace Perturbed.Functional

open System

/// <summary>The two ways Proposition 3.1 writes a derivative as an expectation.</summary>
[<RequireQualifiedAccess>]
type DerivativeFormula =
    /// From solutions: J = E[y*(θ+εZ) ∇ν(Z)ᵀ]/ε. The default: far less variance.
    | OfMaximizer
    /// From optimal values: y*_ε = E[F(θ+εZ) ∇ν(Z)]/ε and J = E[F(θ+εZ)(∇ν∇νᵀ − ∇²ν)]/ε².
    | OfMaximum

/// Score-function derivatives over a batch: sums by Passes, divided and scaled here.
module internal Derivatives =

    /// What the sums are divided by, what is subtracted from solutions (rows × k) and values (rows), and whether that is the samples' own mean,
    /// whose part in a group of dependent samples is to be left out.
    type Centre =
        {
            Solutions: float[]
            Values: float[]
            Denominator: float
            LeavesGroupsOut: bool
        }

    /// Sums of terms and of squares, scaled to an estimate and its standard error.
    [<Struct>]
    type Terms =
        {
            Estimates: float[]
            StandardErrors: float[]
        }

    let requireScores (op: Smoothed) (thetas: float[]) (rows: int) : unit =
        if not op.Noise.HasScore then
            invalidArg
                "smoothed"
                $"The density of the noise '{op.Noise.Name}' is not continuous, so its score gives no derivative. The Fenchel-Young gradient exists."

        if op.Perturbation = Perturbation.Multiplicative then
            let d = op.Oracle.Dimension

            for index in 0 .. rows * d - 1 do
                let epsilon =
                    if op.Scales.Length = 1 then
                        op.Scales[0]
                    else
                        op.Scales[index % d]

                if thetas[index] <> 0.0 && abs (epsilon * thetas[index]) < SmoothedChecks.smallest then
                    invalidArg
                        "theta"
                        $"theta is {thetas[index]} at row {op.FirstRow + int64 (index / d)}, coordinate {index % d}, and epsilon {epsilon}; a multiplicative derivative divides by their product, which must be at least {SmoothedChecks.smallest}."

                if thetas[index] = 0.0 then
                    invalidArg
                        "theta"
                        $"theta is 0 at {op.Rows.Describe(index / d)}, coordinate {index % d}; a multiplicative perturbation leaves a zero where it is, so the maximizer has no score-function derivative there. The Fenchel-Young gradient exists."

    let requireCurvature (op: Smoothed) : unit =
        if not op.Noise.HasCurvature then
            invalidArg
                "formula"
                $"The noise '{op.Noise.Name}' has no second derivative of ν everywhere; DerivativeFormula.OfMaximizer needs none."

        if not op.Noise.HasMean then
            invalidArg
                "formula"
                $"The perturbed maximum is infinite: the noise '{op.Noise.Name}' has no mean. DerivativeFormula.OfMaximizer needs none."

        let least = Array.min op.Scales

        if least * least < 1e-300 then
            invalidArg
                "formula"
                $"epsilon is {least}; DerivativeFormula.OfMaximum divides by its square, which must be at least 1E-300. DerivativeFormula.OfMaximizer divides by epsilon."

        if op.Perturbation = Perturbation.Multiplicative then
            invalidArg
                "formula"
                "DerivativeFormula.OfMaximum holds for additive perturbations; use DerivativeFormula.OfMaximizer."

    // 1/ε_j, and 1/(ε_j θ_j) under multiplicative noise: a shift of log θ.
    let scale (op: Smoothed) (thetas: float[]) (row: int) (j: int) : float =
        let d = op.Oracle.Dimension
        let epsilon = if op.Scales.Length = 1 then op.Scales[0] else op.Scales[j]

        match op.Perturbation with
        | Perturbation.Additive -> 1.0 / epsilon
        | Perturbation.Multiplicative -> 1.0 / (epsilon * thetas[row * d + j])

    /// The centre of the operator's variance reduction; `means` and `values` are those of the samples.
    let centre (op: Smoothed) (thetas: float[]) (rows: int) (means: float[]) (values: float[]) : Centre =
        let unperturbed () =
            let struct (solutions, values) =
                Engine.solve op.Oracle op.Cancellation op.Rows thetas rows

            {
                Solutions = solutions
                Values = values
                Denominator = float op.Samples
                LeavesGroupsOut = false
            }

        let groups = Sampler.groups op

        match op.VarianceReduction with
        | VarianceReduction.None ->
            {
                Solutions = Array.zeroCreate means.Length
                Values = Array.zeroCreate values.Length
                Denominator = float op.Samples
                LeavesGroupsOut = false
            }
        | VarianceReduction.Baseline -> unperturbed ()
        | VarianceReduction.LeaveOneOut when groups.Count = 1 -> unperturbed ()
        | VarianceReduction.LeaveOneOut ->
            {
                Solutions = means
                Values = values
                Denominator = float (if groups.IsIndependent then op.Samples - 1 else op.Samples)
                LeavesGroupsOut = not groups.IsIndependent
            }

    // Standard errors of one row's sums over independent samples: of the sums of squares behind them.
    let private independentErrors (op: Smoothed) (length: int) (state: ReadOnlySpan<float>) : float[] =
        let samples = float op.Samples
        let errors: float[] = Array.zeroCreate length

        for i in 0 .. length - 1 do
            let deviations = state[length + i] - state[i] * state[i] / samples

            errors[i] <-
                if op.Samples < 2 then
                    nan
                else
                    sqrt (max 0.0 deviations * samples / (samples - 1.0))

        errors

    // The same over groups of dependent samples.
    let private groupErrors (op: Smoothed) (length: int) (state: ReadOnlySpan<float>) : float[] =
        let samples = float op.Samples
        let means = Array.init length (fun _ -> 0.0)

        for i in 0 .. length - 1 do
            means[i] <- state[i] / samples

        GroupPasses.standardErrors (state.Slice(state.Length - GroupPasses.momentLength length)) (ReadOnlySpan means)
        |> Array.map (fun error -> error * samples)

    // The factors of a row's sums: under additive noise they are the same for every row.
    let private factorsOf (op: Smoothed) (length: int) (scaleOf: int -> int -> float) : int -> float[] =
        match op.Perturbation with
        | Perturbation.Additive ->
            let shared = lazy (Array.init length (scaleOf 0))
            fun _ -> shared.Force()
        | Perturbation.Multiplicative -> fun row -> Array.init length (scaleOf row)

    /// Runs the terms and scales their sums to estimates and standard errors; `scaleOf row index` multiplies both.
    let private run
        (op: Smoothed)
        (thetas: float[])
        (rows: int)
        (tape: Tape voption)
        (centre: Centre)
        (terms: ScoreTerms)
        (withErrors: bool)
        (scaleOf: int -> int -> float)
        : Terms =
        let groups = Sampler.groups op
        let length = terms.Length

        let pass =
            if groups.IsIndependent then
                ScoreTerms.pass terms withErrors
            else
                let cancels = terms.IsOdd && Sampler.isMirrored op
                GroupPasses.derivative groups terms (centre.LeavesGroupsOut && not cancels) withErrors

        let states = Engine.run op thetas rows tape pass
        let estimates: float[] = Array.zeroCreate (rows * length)

        let errors: float[] =
            if withErrors then
                Array.zeroCreate (rows * length)
            else
                [||]

        let factorsOf =
            factorsOf op length (fun row i -> scaleOf row i / centre.Denominator)

        for row in 0 .. rows - 1 do
            let factors = factorsOf row
            let state = ReadOnlySpan(states, row * pass.StateLength, pass.StateLength)

            let rowErrors =
                if not withErrors then
                    [||]
                elif groups.IsIndependent then
                    independentErrors op length state
                else
                    groupErrors op length state

            for i in 0 .. length - 1 do
                let factor = factors[i]
                estimates[row * length + i] <- factor * state[i]

                if withErrors then
                    errors[row * length + i] <- abs factor * rowErrors[i]

        let errors =
            if withErrors then
                Existence.scoreErrors op errors
            else
                errors

        {
            Estimates = estimates
            StandardErrors =
                if terms.NeedsValues then
                    Existence.valueErrors op errors
                else
                    errors
        }

    /// Runs the forward pass, then `backward` with its means and the tape, over groups of rows whose tapes fit the budget.
    let forwardThen
        (op: Smoothed)
        (thetas: float[])
        (rows: int)
        (withValues: bool)
        (backward: Smoothed -> float[] -> int -> int -> Tape voption -> Centre -> 'T)
        : 'T list =
        let d, k = op.Oracle.Dimension, op.Oracle.SolutionDimension

        let group =
            int (max 1L (min (int64 (max rows 1)) (op.TapeBytes / max 1L (Tape.Bytes(1, op, withValues)))))

        [
            for first in 0..group .. rows - 1 do
                let count = min group (rows - first)
                let op = op.With(rows' = op.Rows.Part(first, count))

                let part =
                    if count = rows then
                        thetas
                    else
                        Array.sub thetas (first * d) (count * d)

                let tape = Tape.TryCreate(count, op, withValues)

                let pass =
                    if withValues then
                        Passes.valueAndGradient false k
                    else
                        Passes.solutions k

                let sums = Engine.run op part count tape pass
                let offset = if withValues then 3 else 0
                let stride = k + offset
                let samples = float op.Samples

                let means =
                    Array.init (count * k) (fun i -> sums[i / k * stride + offset + i % k] / samples)

                let values =
                    Array.init count (fun r -> if withValues then sums[r * stride + 1] else 0.0)

                backward op part count first tape (centre op part count means values)
        ]

    let private concat (parts: Terms list) : Terms =
        match parts with
        | [ one ] -> one
        | _ ->
            {
                Estimates = parts |> List.map _.Estimates |> Array.concat
                StandardErrors = parts |> List.map _.StandardErrors |> Array.concat
            }

    let private slice (values: float[]) (first: int) (count: int) (width: int) : float[] =
        Array.sub values (first * width) (count * width)

    /// ∂⟨g, y*_ε(θ)⟩/∂θ for every row, given the forward pass.
    let vectorJacobianOn
        (op: Smoothed)
        (thetas: float[])
        (rows: int)
        (tape: Tape voption)
        (centre: Centre)
        (cotangents: float[])
        (withErrors: bool)
        : Terms =
        let d, k = op.Oracle.Dimension, op.Oracle.SolutionDimension
        let terms = ScoreTerms.vectorJacobian d k cotangents centre.Solutions
        run op thetas rows tape centre terms withErrors (scale op thetas)

    let vectorJacobian (op: Smoothed) (thetas: float[]) (rows: int) (cotangents: float[]) (withErrors: bool) : Terms =
        requireScores op thetas rows
        let k = op.Oracle.SolutionDimension

        forwardThen op thetas rows false (fun op part count first tape centre ->
            vectorJacobianOn op part count tape centre (slice cotangents first count k) withErrors)
        |> concat

    // The tangent with every coordinate divided by its noise scale.
    let private scaled (op: Smoothed) (thetas: float[]) (rows: int) (tangents: float[]) : float[] =
        let d = op.Oracle.Dimension
        Array.init (rows * d) (fun i -> tangents[i] * scale op thetas (i / d) (i % d))

    let jacobianVector (op: Smoothed) (thetas: float[]) (rows: int) (tangents: float[]) (withErrors: bool) : Terms =
        requireScores op thetas rows
        let d, k = op.Oracle.Dimension, op.Oracle.SolutionDimension

        forwardThen op thetas rows false (fun op part count first tape centre ->
            let tangents = scaled op part count (slice tangents first count d)
            let terms = ScoreTerms.jacobianVector d k tangents centre.Solutions
            run op part count tape centre terms withErrors (fun _ _ -> 1.0))
        |> concat

    let jacobian (op: Smoothed) (thetas: float[]) (rows: int) (formula: DerivativeFormula) (withErrors: bool) : Terms =
        requireScores op thetas rows
        let d, k = op.Oracle.Dimension, op.Oracle.SolutionDimension

        match formula with
        | DerivativeFormula.OfMaximizer ->
            forwardThen op thetas rows false (fun op part count _ tape centre ->
                let terms = ScoreTerms.jacobian d k centre.Solutions
                run op part count tape centre terms withErrors (fun row i -> scale op part row (i % d)))
        | DerivativeFormula.OfMaximum ->
            requireCurvature op

            forwardThen op thetas rows true (fun op part count _ tape centre ->
                let terms = ScoreTerms.valueJacobian op.Noise d centre.Values

                run op part count tape centre terms withErrors (fun row i ->
                    scale op part row (i / d) * scale op part row (i % d)))
        |> concat

    /// y*_ε as the gradient of F_ε, out of values: E[(F − centre) ∇ν]/ε.
    let maximizerOfMaximum (op: Smoothed) (thetas: float[]) (rows: int) (withErrors: bool) : Terms =
        requireScores op thetas rows
        let d = op.Oracle.Dimension

        forwardThen op thetas rows true (fun op part count _ tape centre ->
            let terms = ScoreTerms.valueScore d centre.Values
            run op part count tape centre terms withErrors (scale op part))
        |> concat

    let hessianVector
        (op: Smoothed)
        (thetas: float[])
        (rows: int)
        (vectors: float[])
        (formula: DerivativeFormula)
        (withErrors: bool)
        : Terms =
        if op.Perturbation = Perturbation.Multiplicative then
            invalidArg
                "smoothed"
                "The Hessian of F_ε is the Jacobian of the maximizer under additive perturbations only; this operator is multiplicative."

        match formula with
        | DerivativeFormula.OfMaximizer when op.Oracle.Dimension <> op.Oracle.SolutionDimension ->
            invalidArg
                "formula"
                $"The oracle '{op.Oracle.Name}' maps dimension {op.Oracle.Dimension} to {op.Oracle.SolutionDimension}, so its mean solution is not the gradient of F_ε. DerivativeFormula.OfMaximum takes the Hessian from values."
        | DerivativeFormula.OfMaximizer -> jacobianVector op thetas rows vectors withErrors
        | DerivativeFormula.OfMaximum ->
            requireCurvature op
            let d = op.Oracle.Dimension

            forwardThen op thetas rows true (fun op part count first tape centre ->
                let vectors = scaled op part count (slice vectors first count d)
                let terms = ScoreTerms.valueHessianVector op.Noise d vectors centre.Values
                run op part count tape centre terms withErrors (scale op part))
            |> concat
