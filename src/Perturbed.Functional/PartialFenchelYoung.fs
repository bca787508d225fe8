namespace Perturbed.Functional

open Perturbed.Kernels

/// <summary>Partial Fenchel-Young losses F_ε(θ) − F_ε(θ; Y_p) ≥ 0: of a solution is known only that it lies in Y_p ⊂
/// Y.</summary>
/// <remarks>
/// F_ε(θ; Y_p) = E max over y ∈ Y_p of ⟨y, θ + εZ⟩ is the perturbed maximum of a restricted oracle, such as
/// <c>Oracle.constrainedForest</c> beside <c>Oracle.spanningForest</c>. Both oracles solve the same draws, so the
/// difference is at least 0 in each of them and has the standard error of one. Y_p = {y} gives the Fenchel-Young loss
/// of y, Y_p = Y gives 0. That Y_p ⊂ Y is not checked. A restricted oracle that is a heuristic gives an upper bound of
/// the loss, still at least 0. A sample that either oracle fails at is left out of both. In general not convex in θ.
/// Stewart, Bach, Llinares-López and Berthet 2023.
/// </remarks>
[<RequireQualifiedAccess>]
module PartialFenchelYoung =

    // The operator whose solutions are differences.
    let private difference (restricted: Oracle) (smoothed: Smoothed) : Smoothed =
        Check.notNull (nameof restricted) restricted
        Check.notNull (nameof smoothed) smoothed
        let oracle = CombinedOracles.difference smoothed.Oracle restricted
        let settings = smoothed.Settings

        let rows =
            match settings.Rows.Given with
            | null -> settings.Rows
            | given -> RowNumbers.Of(settings.Rows.First, given, oracle)

        smoothed.With
            { settings with
                Oracle = oracle
                Rows = rows
            }

    let private both (op: Smoothed) (batch: ThetaBatch) : struct (LossValue[] * float[]) =
        let answer = op.Expectations.ValueAndGradient batch
        let remark = Existence.maximumErrorFault op.Settings

        let losses =
            Array.init batch.Rows (fun r ->
                {
                    Value = answer.Values.Value[r]
                    StandardError = answer.Values.StandardErrors[r]
                    Regularizer = 0.0
                    Remark = remark
                    SamplesAgree = answer.SamplesAgree[r]
                    LeftOut = answer.Counts.LeftOut r
                })

        struct (losses, answer.Gradients)

    /// <summary>The partial Fenchel-Young loss F_ε(θ) − F_ε(θ; Y_p) and its gradient y*_ε(θ) − y*_ε(θ; Y_p), from
    /// one set of draws.</summary>
    /// <param name="theta">θ, of the oracle's dimension d, finite.</param>
    /// <param name="restricted">The oracle of Y_p, of the same dimension d.</param>
    /// <param name="smoothed">The operator on Y.</param>
    /// <returns>The loss in the unit of θ with the standard error of the difference, and the gradient (d). Its
    /// Regularizer is 0: nothing is left out of the value. M solves of each oracle.</returns>
    /// <exception cref="T:System.ArgumentException">A bad θ; oracles of different dimensions, or with solutions of
    /// another dimension than θ; noise without a mean; an exact operator.</exception>
    /// <exception cref="T:Perturbed.Functional.CSharp.OracleException">An oracle failed, as a greedy search for a
    /// forest under cannot-link pairs may, and failed samples are not left out
    /// (<c>Smoothed.withFailures</c>).</exception>
    /// <example><code>
    /// // Of a choice among three is known that it is not the first.
    /// let soft = perturb (Oracle.argmax 3) Noise.gaussian 1.0 1000
    /// let others = Oracle.finiteSet (array2D [ [ 0.0; 1.0; 0.0 ]; [ 0.0; 0.0; 1.0 ] ])
    /// let loss, gradient = soft |> PartialFenchelYoung.valueAndGradient [| 1.0; 0.0; -0.5 |] others
    /// loss.Value, loss.StandardError // (0.881, 0.031)
    /// gradient // [|0.669; -0.426; -0.243|]
    /// </code></example>
    let valueAndGradient (theta: float[]) (restricted: Oracle) (smoothed: Smoothed) : LossValue * float[] =
        let op = difference restricted smoothed
        let struct (losses, gradient) = ThetaBatch.ofRow op.Settings theta |> both op
        losses[0], gradient

    /// <summary>The gradient y*_ε(θ) − y*_ε(θ; Y_p) of the partial Fenchel-Young loss, which exists for every additive
    /// noise.</summary>
    /// <param name="theta">θ, of the oracle's dimension d, finite.</param>
    /// <param name="restricted">The oracle of Y_p, of the same dimension d.</param>
    /// <param name="smoothed">The operator on Y.</param>
    /// <returns>The gradient with respect to θ (d).</returns>
    /// <exception cref="T:System.ArgumentException">As <c>valueAndGradient</c>, but noise without a mean.</exception>
    let gradient (theta: float[]) (restricted: Oracle) (smoothed: Smoothed) : float[] =
        let op = difference restricted smoothed
        ThetaBatch.ofRow op.Settings theta |> op.Expectations.Gradient

    /// <summary>The partial Fenchel-Young loss and the gradient of every row of a batch, from one set of
    /// draws.</summary>
    /// <param name="thetas">B × d, finite; B = 0 is legal.</param>
    /// <param name="restricted">The oracle of Y_p; with <c>Oracle.perInstance</c> a set Y_p for each row.</param>
    /// <param name="smoothed">The operator on Y.</param>
    /// <returns>B losses, and their gradients (B × d), not divided by B.</returns>
    /// <exception cref="T:System.ArgumentException">A wrong shape, NaN or ∞ (the row is named), more rows than oracles
    /// of instances; or as <c>valueAndGradient</c>.</exception>
    let valueAndGradientBatch (thetas: float[,]) (restricted: Oracle) (smoothed: Smoothed) : LossValue[] * float[,] =
        let op = difference restricted smoothed
        let batch = ThetaBatch.ofMatrix op.Settings thetas
        let struct (losses, gradients) = both op batch
        losses, Rows.shape batch.Rows op.Oracle.Dimension gradients

    /// <summary>The partial loss as a differentiable map from θ to a number, to be composed with
    /// <c>&gt;-&gt;</c>.</summary>
    /// <param name="restricted">The oracle of Y_p, of the operator's dimension d.</param>
    /// <param name="smoothed">The operator on Y.</param>
    /// <param name="theta">θ, where the map is evaluated.</param>
    /// <returns>θ ↦ (F_ε(θ) − F_ε(θ; Y_p), c ↦ c (y*_ε(θ) − y*_ε(θ; Y_p))).</returns>
    /// <exception cref="T:System.ArgumentException">When used: as <c>valueAndGradient</c>.</exception>
    let differentiable (restricted: Oracle) (smoothed: Smoothed) : Differentiable<float[], float> =
        fun theta ->
            let loss, gradient = valueAndGradient theta restricted smoothed
            loss.Value, fun (cotangent: float) -> gradient |> Array.map (fun g -> cotangent * g)
