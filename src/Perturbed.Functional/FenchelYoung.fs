namespace Perturbed.Functional

open System
open Perturbed.Kernels

/// <summary>The value of a Fenchel-Young loss, and whether it is the whole loss. Berthet et al. 2020, Definition
/// 4.1.</summary>
[<Struct>]
type LossValue =
    {
        /// L_ε(θ; y) = F_ε(θ) + εΩ(y) − ⟨θ, y⟩ where εΩ(y) is known; F_ε(θ) − ⟨θ, y⟩, which differs by a constant in
        /// θ, where it is not.
        Value: float
        /// The standard error of Value; NaN for one sample, ∞ where the values have no second moment.
        StandardError: float
        /// εΩ(y), or NaN where it is not known; a y outside of conv(Y), where it is +∞, is an error.
        Regularizer: float
        /// Why StandardError is infinite, by the moments of the noise; None where it is not.
        Remark: string option
        /// Whether all M ≥ 2 samples have one solution: ε is then far below the gaps of θ, and the gradient is y*(θ) −
        /// y, without noise. False for an exact operator.
        SamplesAgree: bool
        /// <summary>How many of the M samples were left out because they, or samples they depend on, have no solution
        /// (<c>FailurePolicy</c>). Where any were, loss and gradient are conditional on success.</summary>
        LeftOut: int
    }

    /// Whether Value is the loss itself: ≥ 0 up to its standard error, and 0 only where y*_ε(θ) = y.
    member this.IsTrueLoss: bool = not (Double.IsNaN this.Regularizer)

/// <summary>Fenchel-Young losses L_ε(θ; y) = F_ε(θ) + εΩ(y) − ⟨θ, y⟩: convex in θ, zero iff y*_ε(θ) = y, with gradient
/// y*_ε(θ) − y.</summary>
/// <remarks>
/// The gradient exists for every noise and every target (multiplicative noise needs a finite E exp(εZ)), and needs no
/// derivative of the solver: one pass of M solves. The value is the loss itself where εΩ(y) is known (a solution of
/// the oracle under noise with a mean; any point of the simplex under Gumbel noise), and the loss up to a constant in
/// θ elsewhere: <c>LossValue.IsTrueLoss</c> says which. Outside of conv(Y) the loss is +∞, and a target there is an
/// error that names the inequality it breaks (<c>Oracle.membership</c>), but for multiplicative noise, whose gradients
/// leave conv(Y). Under multiplicative noise the gradient is E[y*(η) ⊙ exp(εZ − ε²/2)] − y, the gradient of F_ε there.
/// Value and gradient share their noise, so the gradient is the derivative of the value. Berthet et al. 2020,
/// Definition 4.1; Blondel, Martins and Niculae 2020.
/// </remarks>
[<RequireQualifiedAccess>]
module FenchelYoung =

    let private dot (a: ReadOnlySpan<float>) (b: ReadOnlySpan<float>) : float =
        let mutable total = 0.0

        for i in 0 .. a.Length - 1 do
            total <- total + a[i] * b[i]

        total

    let private requireLinear (op: Smoothed) : unit =
        if op.Oracle.Dimension <> op.Oracle.SolutionDimension then
            invalidArg
                "smoothed"
                $"The oracle '{op.Oracle.Name}' maps dimension {op.Oracle.Dimension} to \
                  {op.Oracle.SolutionDimension}; a Fenchel-Young loss pairs θ with solutions of the same dimension."

    // Losses and gradients (B × d) over a flat batch.
    let private both (op: Smoothed) (batch: ThetaBatch) (targets: float[]) : struct (LossValue[] * float[]) =
        requireLinear op
        let d = op.Oracle.Dimension
        let answer = op.Expectations.ValueAndGradient batch

        let remark =
            match op.Expectations.Draws with
            | ValueSome _ -> Existence.maximumErrorFault op.Settings
            | ValueNone -> None

        let losses =
            Array.init batch.Rows (fun r ->
                let target = ReadOnlySpan(targets, r * d, d)
                let regularizer = KnownRegularizer.inside op.Settings r target
                let gap = answer.Values.Value[r] - dot (batch.Row r) target

                {
                    Value = if Double.IsNaN regularizer then gap else gap + regularizer
                    StandardError = answer.Values.StandardErrors[r]
                    Regularizer = regularizer
                    Remark = remark
                    SamplesAgree = answer.SamplesAgree[r]
                    LeftOut = answer.Counts.LeftOut r
                })

        let gradients = Array.map2 (-) answer.Gradients targets
        struct (losses, gradients)

    let private gradientOnly (op: Smoothed) (batch: ThetaBatch) (targets: float[]) : float[] =
        requireLinear op
        Array.map2 (-) (op.Expectations.Gradient batch) targets

    // Outside of conv(Y) the loss is +∞, so a target there is an error; under multiplicative noise it need not be.
    let private requireInside (name: string) (op: Smoothed) (targets: float[][]) : unit =
        if op.Perturbation = Perturbation.Additive then
            Memberships.checkTargets name op.Settings.OracleOf targets

    let private checkTarget (op: Smoothed) (target: float[]) : unit =
        ThetaBatch.vector "target" target op.Oracle.SolutionDimension
        requireInside "target" op [| target |]

    let private checkTargets (targets: float[,]) (op: Smoothed) : unit =
        requireInside (nameof targets) op (Array.init (Array2D.length1 targets) (fun r -> targets[r, *]))

    /// <summary>The Fenchel-Young loss L_ε(θ; y) = F_ε(θ) + εΩ(y) − ⟨θ, y⟩ and its gradient y*_ε(θ) − y, from one set
    /// of solves.</summary>
    /// <param name="theta">θ, of the oracle's dimension d, finite.</param>
    /// <param name="target">y, of the dimension d, finite: a solution, or a mean of solutions.</param>
    /// <param name="smoothed">The operator.</param>
    /// <returns>The loss in the unit of θ with its standard error, and y*_ε(θ) − y (d).</returns>
    /// <exception cref="T:System.ArgumentException">A bad θ or y, such as a y outside of conv(Y); or noise without a
    /// mean, where only <c>gradient</c> exists.</exception>
    /// <example><code>
    /// let soft = perturb (Oracle.ranking 3) Noise.gaussian 1.0 1000
    /// let loss, gradient = soft |> FenchelYoung.valueAndGradient [| 1.0; 0.0; -0.5 |] [| 3.0; 2.0; 1.0 |]
    /// loss.Value, loss.StandardError // (0.61, 0.116)
    /// gradient // [|-0.421; -0.113; 0.534|]
    /// </code></example>
    let valueAndGradient (theta: float[]) (target: float[]) (smoothed: Smoothed) : LossValue * float[] =
        let batch = ThetaBatch.ofRow smoothed.Settings theta
        checkTarget smoothed target
        let struct (losses, gradients) = both smoothed batch target
        losses[0], gradients

    /// <summary>The loss.</summary>
    /// <param name="theta">θ, of the oracle's dimension d, finite.</param>
    /// <param name="target">y, of the dimension d, finite.</param>
    /// <param name="smoothed">The operator.</param>
    /// <returns>The loss in the unit of θ, its standard error, and whether it is whole.</returns>
    /// <exception cref="T:System.ArgumentException">A bad θ or y, such as a y outside of conv(Y), or noise without a
    /// mean.</exception>
    let value (theta: float[]) (target: float[]) (smoothed: Smoothed) : LossValue =
        fst (valueAndGradient theta target smoothed)

    /// <summary>The gradient y*_ε(θ) − y of the Fenchel-Young loss, which exists for every additive noise.</summary>
    /// <param name="theta">θ, of the oracle's dimension d, finite.</param>
    /// <param name="target">y, of the dimension d, finite.</param>
    /// <param name="smoothed">The operator.</param>
    /// <returns>The gradient with respect to θ (d).</returns>
    /// <exception cref="T:System.ArgumentException">A bad θ or y, such as a y outside of conv(Y), or multiplicative
    /// noise with an infinite E exp(εZ).</exception>
    /// <example><code>
    /// let soft = perturb (Oracle.argmax 2) Noise.gumbel 1.0 1000
    /// soft |> FenchelYoung.gradient [| 1.0; 0.0 |] [| 0.0; 1.0 |] // [|0.721; -0.721|]
    /// </code></example>
    let gradient (theta: float[]) (target: float[]) (smoothed: Smoothed) : float[] =
        let batch = ThetaBatch.ofRow smoothed.Settings theta
        checkTarget smoothed target
        gradientOnly smoothed batch target

    /// <summary>The Fenchel-Young loss and the gradient of every row of a batch, for targets of which the caller knows
    /// that they are in conv(Y).</summary>
    /// <remarks>
    /// As <c>valueAndGradientBatch</c> without <c>Oracle.membership</c> of each target: for a training that checks its
    /// data once. At a target outside of conv(Y), where the loss is +∞, the value is finite and means nothing, and the
    /// gradient leads to no minimum.
    /// </remarks>
    /// <param name="thetas">B × d, finite; B = 0 is legal.</param>
    /// <param name="targets">B × d, finite, each row in conv(Y).</param>
    /// <param name="smoothed">The operator.</param>
    /// <returns>B losses, and their gradients (B × d), not divided by B.</returns>
    /// <exception cref="T:System.ArgumentException">A wrong shape, NaN or ∞ (the row is named), or noise without a
    /// mean.</exception>
    let valueAndGradientUnchecked (thetas: float[,]) (targets: float[,]) (smoothed: Smoothed) : LossValue[] * float[,] =
        let batch = ThetaBatch.ofMatrix smoothed.Settings thetas

        let y =
            ThetaBatch.companion (nameof targets) targets batch.Rows smoothed.Oracle.SolutionDimension

        let struct (losses, gradients) = both smoothed batch y
        losses, Rows.shape batch.Rows smoothed.Oracle.Dimension gradients

    /// <summary>The Fenchel-Young loss and the gradient of every row of a batch, from one set of solves.</summary>
    /// <param name="thetas">B × d, finite; B = 0 is legal.</param>
    /// <param name="targets">B × d, finite.</param>
    /// <param name="smoothed">The operator.</param>
    /// <returns>B losses, and their gradients (B × d), not divided by B.</returns>
    /// <exception cref="T:System.ArgumentException">A wrong shape, NaN or ∞, or a target outside of conv(Y) (the row
    /// is named), or noise without a mean.</exception>
    let valueAndGradientBatch (thetas: float[,]) (targets: float[,]) (smoothed: Smoothed) : LossValue[] * float[,] =
        let batch = ThetaBatch.ofMatrix smoothed.Settings thetas

        ThetaBatch.companion (nameof targets) targets batch.Rows smoothed.Oracle.SolutionDimension
        |> ignore

        checkTargets targets smoothed
        valueAndGradientUnchecked thetas targets smoothed

    /// <summary>The gradient of the Fenchel-Young loss for every row of a batch.</summary>
    /// <param name="thetas">B × d, finite; B = 0 is legal.</param>
    /// <param name="targets">B × d, finite.</param>
    /// <param name="smoothed">The operator.</param>
    /// <returns>B × d, not divided by B.</returns>
    /// <exception cref="T:System.ArgumentException">A wrong shape, NaN or ∞, or a target outside of conv(Y) (the row
    /// is named).</exception>
    let gradientBatch (thetas: float[,]) (targets: float[,]) (smoothed: Smoothed) : float[,] =
        let batch = ThetaBatch.ofMatrix smoothed.Settings thetas

        let y =
            ThetaBatch.companion (nameof targets) targets batch.Rows smoothed.Oracle.SolutionDimension

        checkTargets targets smoothed
        gradientOnly smoothed batch y |> Rows.shape batch.Rows smoothed.Oracle.Dimension

    /// <summary>The loss at a target as a differentiable map from θ to a number, to be composed with
    /// <c>&gt;-&gt;</c>.</summary>
    /// <param name="target">y, of the dimension d, finite.</param>
    /// <param name="smoothed">The operator.</param>
    /// <param name="theta">θ, where the map is evaluated.</param>
    /// <returns>θ ↦ (L_ε(θ; y), c ↦ c (y*_ε(θ) − y)).</returns>
    /// <exception cref="T:System.ArgumentException">When used: a bad θ or y, or noise without a mean.</exception>
    let differentiable (target: float[]) (smoothed: Smoothed) : Differentiable<float[], float> =
        fun theta ->
            let loss, gradient = valueAndGradient theta target smoothed
            loss.Value, fun (cotangent: float) -> gradient |> Array.map (fun g -> cotangent * g)
