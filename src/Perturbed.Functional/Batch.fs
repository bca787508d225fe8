namespace Perturbed.Functional

/// <summary>Perturbed optimizers over batches: row r of the answer belongs to row r of θ, with noise of its
/// own.</summary>
/// <remarks>
/// A batch of one row gives the bits of the function of the same name in <c>Smoothed</c>. Work is shared over (row,
/// sample) by all threads of the operator; the bits do not depend on their number, and a batch may be cut into parts
/// with <c>Smoothed.withFirstRow</c>.
/// </remarks>
[<RequireQualifiedAccess>]
module Batch =

    /// <summary>F_ε of every row.</summary>
    /// <param name="thetas">B × d, finite; B = 0 is legal.</param>
    /// <param name="smoothed">The operator.</param>
    /// <returns>B numbers, in the unit of θ.</returns>
    /// <exception cref="T:System.ArgumentException">A wrong shape, NaN or ∞ (the row is named), or noise without a
    /// mean.</exception>
    let maximum (thetas: float[,]) (smoothed: Smoothed) : float[] =
        let batch = ThetaBatch.ofMatrix smoothed.Settings thetas
        smoothed.Expectations.Maximum batch

    /// <summary>F_ε of every row and its gradient, from one set of solves.</summary>
    /// <param name="thetas">B × d, finite; B = 0 is legal.</param>
    /// <param name="smoothed">The operator.</param>
    /// <returns>B numbers, in the unit of θ, and their gradients (B × d): ȳ with the bits of <c>maximizer</c>, under
    /// multiplicative noise the mean of y ⊙ exp(εZ − ε²/2).</returns>
    /// <exception cref="T:System.ArgumentException">A wrong shape, NaN or ∞ (the row is named), noise without a mean,
    /// or solutions of another dimension than θ.</exception>
    /// <remarks>Berthet et al. 2020, Definition 2.1 and Proposition 2.2.</remarks>
    let maximumAndGradient (thetas: float[,]) (smoothed: Smoothed) : float[] * float[,] =
        let oracle = smoothed.Oracle

        if oracle.Dimension <> oracle.SolutionDimension then
            invalidArg
                (nameof smoothed)
                $"The oracle '{oracle.Name}' maps dimension {oracle.Dimension} to {oracle.SolutionDimension}; the \
                  gradient of F_ε pairs θ with solutions of the same dimension."

        let batch = ThetaBatch.ofMatrix smoothed.Settings thetas
        let answer = smoothed.Expectations.ValueAndGradient batch
        answer.Values.Value, Rows.shape batch.Rows oracle.Dimension answer.Gradients

    /// <summary>y*_ε of every row.</summary>
    /// <param name="thetas">B × d, finite; B = 0 is legal.</param>
    /// <param name="smoothed">The operator.</param>
    /// <returns>B × k.</returns>
    /// <exception cref="T:System.ArgumentException">A wrong shape, NaN or ∞ (the row is named).</exception>
    /// <example><code>
    /// let soft = perturb (Oracle.argmax 2) Noise.gumbel 1.0 1000
    /// soft |> Batch.maximizer (array2D [ [ 1.0; 0.0 ]; [ 0.0; 2.0 ] ]) // [[0.721; 0.279] [0.109; 0.891]]
    /// </code></example>
    let maximizer (thetas: float[,]) (smoothed: Smoothed) : float[,] =
        let batch = ThetaBatch.ofMatrix smoothed.Settings thetas

        smoothed.Expectations.Maximizer batch
        |> Rows.shape batch.Rows smoothed.Oracle.SolutionDimension

    /// <summary>F_ε and y*_ε of every row from one set of solves, with standard errors.</summary>
    /// <param name="thetas">B × d, finite; B = 0 is legal.</param>
    /// <param name="smoothed">The operator.</param>
    /// <returns>B estimates.</returns>
    /// <exception cref="T:System.ArgumentException">A wrong shape, NaN or ∞ (the row is named).</exception>
    let estimate (thetas: float[,]) (smoothed: Smoothed) : Estimate[] =
        let batch = ThetaBatch.ofMatrix smoothed.Settings thetas
        smoothed.Expectations.Estimate batch

    /// <summary>M samples of p_θ for every row.</summary>
    /// <param name="thetas">B × d, finite; B = 0 is legal.</param>
    /// <param name="smoothed">The operator.</param>
    /// <returns>B × M × k; NaN for samples that were left out (<c>FailurePolicy</c>).</returns>
    /// <exception cref="T:System.ArgumentException">A wrong shape, NaN or ∞ (the row is named), or more numbers than
    /// an array holds.</exception>
    let samples (thetas: float[,]) (smoothed: Smoothed) : float[,,] =
        let batch = ThetaBatch.ofMatrix smoothed.Settings thetas

        MonteCarloExpectations.samples smoothed.Settings batch
        |> Rows.shape3 batch.Rows smoothed.Samples smoothed.Oracle.SolutionDimension

    /// <summary>The Jacobian ∂y*_ε/∂θ of every row.</summary>
    /// <param name="thetas">B × d, finite; B = 0 is legal.</param>
    /// <param name="smoothed">The operator.</param>
    /// <returns>B × k × d.</returns>
    /// <exception cref="T:System.ArgumentException">A wrong shape, NaN or ∞ (the row is named), or a zero in θ under
    /// multiplicative noise.</exception>
    let jacobian (thetas: float[,]) (smoothed: Smoothed) : float[,,] =
        let batch = ThetaBatch.ofMatrix smoothed.Settings thetas

        let formula = DerivativeFormula.OfMaximizer

        let struct (height, width) =
            JacobianShape.require smoothed.Settings formula batch.Rows

        smoothed.Expectations.Jacobian(batch, formula, false).Value
        |> Rows.shape3 batch.Rows height width

    /// <summary>The samples of every row with their scores, as automatic differentiation by another library needs
    /// them.</summary>
    /// <param name="thetas">B × d, finite; B = 0 is legal.</param>
    /// <param name="smoothed">The operator; from an exact one its M samples are drawn all the same.</param>
    /// <returns>ȳ, and for each sample y_m − c_m, z_m and ∇ν(z_m), in B·M·(k + 2d) numbers. Cost: M solves a row, and
    /// one at θ itself for the baseline y*(θ).</returns>
    /// <exception cref="T:System.ArgumentException">A wrong shape, NaN or ∞ (the row is named), noise without a score,
    /// a zero in θ under multiplicative noise, or more numbers than an array holds.</exception>
    /// <remarks>
    /// The vector-Jacobian product is gᵀJ = Σ_m ⟨g, y_m − c_m⟩ ∇ν(z_m) / (n ε), and the Jacobian-vector product J u =
    /// Σ_m (y_m − c_m) ⟨∇ν(z_m), u / ε⟩ / n; under multiplicative noise ε θ takes the place of ε. The sums differ from
    /// those of <c>pullback</c> and <c>jacobianVector</c> by rounding alone. With the weights w_m(θ') = μ(z_m − (θ' −
    /// θ)/ε)/μ(z_m), derivatives of every order of ȳ + Σ_m (y_m − c_m) (w_m − 1)/n at θ' = θ are estimates of those of
    /// y*_ε, where samples are independent and the density μ is smooth. Berthet et al. 2020, Proposition 3.1.
    /// </remarks>
    /// <example><code>
    /// let soft = perturb (Oracle.argmax 2) Noise.gaussian 0.5 1000
    /// let draws = soft |> Batch.draws (array2D [ [ 0.5; 0.0 ] ])
    /// let terms = Array.init 1000 (fun m -> draws.Centred[0, m, 0] * draws.Scores[0, m, 1])
    /// Array.sum terms / (0.5 * draws.Denominator) // -0.471
    /// let jacobian = soft |> Batch.jacobian (array2D [ [ 0.5; 0.0 ] ])
    /// jacobian[0, 0, 1] // -0.471
    /// </code></example>
    let draws (thetas: float[,]) (smoothed: Smoothed) : Draws =
        ThetaBatch.ofMatrix smoothed.Settings thetas
        |> ScoredDraws.ofBatch smoothed.Settings

    let private shape (rows: int) (width: int) (flat: Uncertain<float[]>) : Uncertain<float[,]> =
        {
            Value = Rows.shape rows width flat.Value
            StandardErrors = Rows.shape rows width flat.StandardErrors
            LeftOut = flat.LeftOut
        }

    /// <summary>The vector-Jacobian product of every row, with standard errors.</summary>
    /// <param name="cotangents">B × k: row r is the gradient of a loss with respect to row r of y.</param>
    /// <param name="thetas">B × d, finite; B = 0 is legal.</param>
    /// <param name="smoothed">The operator.</param>
    /// <returns>B × d.</returns>
    /// <exception cref="T:System.ArgumentException">A wrong shape, NaN or ∞ (the row is named), or a zero in θ under
    /// multiplicative noise.</exception>
    let vectorJacobian (cotangents: float[,]) (thetas: float[,]) (smoothed: Smoothed) : Uncertain<float[,]> =
        let batch = ThetaBatch.ofMatrix smoothed.Settings thetas

        let g =
            ThetaBatch.companion (nameof cotangents) cotangents batch.Rows smoothed.Oracle.SolutionDimension

        smoothed.Expectations.VectorJacobian(batch, g, true)
        |> shape batch.Rows smoothed.Oracle.Dimension

    /// <summary>The Jacobian-vector product of every row, with standard errors.</summary>
    /// <param name="tangents">B × d: row r is a direction in row r of θ.</param>
    /// <param name="thetas">B × d, finite; B = 0 is legal.</param>
    /// <param name="smoothed">The operator.</param>
    /// <returns>B × k.</returns>
    /// <exception cref="T:System.ArgumentException">A wrong shape, NaN or ∞ (the row is named), or a zero in θ under
    /// multiplicative noise.</exception>
    let jacobianVector (tangents: float[,]) (thetas: float[,]) (smoothed: Smoothed) : Uncertain<float[,]> =
        let batch = ThetaBatch.ofMatrix smoothed.Settings thetas

        let u =
            ThetaBatch.companion (nameof tangents) tangents batch.Rows smoothed.Oracle.Dimension

        smoothed.Expectations.JacobianVector(batch, u, true)
        |> shape batch.Rows smoothed.Oracle.SolutionDimension

    /// <summary>The Hessian-vector product ∇²F_ε·v of every row by a formula of Proposition 3.1, with standard
    /// errors.</summary>
    /// <param name="formula">From solutions, or from optimal values.</param>
    /// <param name="vectors">B × d: row r is the vector of row r.</param>
    /// <param name="thetas">B × d, finite; B = 0 is legal.</param>
    /// <param name="smoothed">The operator; additive.</param>
    /// <returns>B × d.</returns>
    /// <exception cref="T:System.ArgumentException">A wrong shape, NaN or ∞ (the row is named), multiplicative noise,
    /// or a formula that needs a curvature the noise lacks.</exception>
    let hessianVectorBy
        (formula: DerivativeFormula)
        (vectors: float[,])
        (thetas: float[,])
        (smoothed: Smoothed)
        : Uncertain<float[,]> =
        let batch = ThetaBatch.ofMatrix smoothed.Settings thetas

        let v =
            ThetaBatch.companion (nameof vectors) vectors batch.Rows smoothed.Oracle.Dimension

        smoothed.Expectations.HessianVector(batch, v, formula, true)
        |> shape batch.Rows smoothed.Oracle.Dimension

    /// <summary>y*_ε of every row, whether its samples agree, and the pullback of the batch, from one set of
    /// solves.</summary>
    /// <remarks>Where all M ≥ 2 samples of a row have one solution, ε is far below the gaps of θ and the row's
    /// estimated gradient is 0.</remarks>
    /// <param name="thetas">B × d, finite; B = 0 is legal.</param>
    /// <param name="smoothed">The operator.</param>
    /// <returns>B × k; whether all M ≥ 2 samples of each row have one solution (false for an exact operator); and the
    /// pullback, as of <c>pullback</c>. At most one comparison of solutions a sample more than
    /// <c>pullback</c>.</returns>
    /// <exception cref="T:System.ArgumentException">As <c>pullback</c>.</exception>
    let pullbackWithAgreement (thetas: float[,]) (smoothed: Smoothed) : float[,] * bool[] * (float[,] -> float[,]) =
        let batch = ThetaBatch.ofMatrix smoothed.Settings thetas
        let k = smoothed.Oracle.SolutionDimension
        let pullback = smoothed.Expectations.Pullback batch

        let back (cotangents: float[,]) =
            ThetaBatch.companion (nameof cotangents) cotangents batch.Rows k
            |> pullback.Back
            |> Rows.shape batch.Rows smoothed.Oracle.Dimension

        Rows.shape batch.Rows k pullback.Value, pullback.SamplesAgree, back

    /// <summary>y*_ε of every row and the pullback of the batch, from one set of solves.</summary>
    /// <param name="thetas">B × d, finite; B = 0 is legal.</param>
    /// <param name="smoothed">The operator.</param>
    /// <returns>B × k, and the function from cotangents (B × k) to gradients with respect to θ (B × d).</returns>
    /// <exception cref="T:System.ArgumentException">A wrong shape, NaN or ∞ (the row is named); in the pullback a zero
    /// in θ under multiplicative noise.</exception>
    /// <example><code>
    /// let soft = perturb (Oracle.argmax 2) Noise.gumbel 1.0 1000
    /// let y, pullback = soft |> Batch.pullback (array2D [ [ 1.0; 0.0 ]; [ 0.0; 2.0 ] ])
    /// pullback (array2D [ [ 1.0; 0.0 ]; [ 1.0; 0.0 ] ]) // [[0.211; -0.206] [0.09; -0.098]]
    /// </code></example>
    let pullback (thetas: float[,]) (smoothed: Smoothed) : float[,] * (float[,] -> float[,]) =
        let value, _, back = pullbackWithAgreement thetas smoothed
        value, back

    /// <summary>The operator on batches as a differentiable map, to be composed with <c>&gt;-&gt;</c>.</summary>
    /// <param name="smoothed">The operator.</param>
    /// <param name="thetas">B × d, where the map is evaluated.</param>
    /// <returns>Θ ↦ (y*_ε of every row, pullback), as <c>pullback</c>.</returns>
    /// <exception cref="T:System.ArgumentException">When used: the oracle has a problem for each instance and the
    /// operator was told no instances (<c>Smoothed.withInstances</c>); or as <c>pullback</c>.</exception>
    let differentiable (smoothed: Smoothed) : Differentiable<float[,], float[,]> =
        fun thetas ->
            if smoothed.Oracle.Instances.Length > 0 && smoothed.Instances.IsNone then
                invalidArg
                    (nameof smoothed)
                    $"The oracle '{smoothed.Oracle.Name}' has a problem for each instance, and a map of Θ alone \
                      cannot tell which rows it is given: `Smoothed.withInstances` says so, and a loss knows the \
                      instances of its batch (`LossBatch.Instances`)."

            pullback thetas smoothed
