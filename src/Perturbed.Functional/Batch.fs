namespace Perturbed.Functional

/// <summary>Perturbed optimizers over batches: row r of the answer belongs to row r of θ, with noise of its own.</summary>
/// <remarks>
/// A batch of one row gives the bits of the function of the same name in <c>Smoothed</c>. Work is shared over (row, sample) by all threads
/// of the operator; the bits do not depend on their number, and a batch may be cut into parts with <c>Smoothed.withFirstRow</c>.
/// </remarks>
[<RequireQualifiedAccess>]
module Batch =

    /// <summary>F_ε of every row.</summary>
    /// <param name="thetas">B × d, finite; B = 0 is legal.</param>
    /// <param name="smoothed">The operator.</param>
    /// <returns>B numbers, in the unit of θ.</returns>
    /// <exception cref="T:System.ArgumentException">A wrong shape, NaN or ∞ (the row is named), or noise without a mean.</exception>
    let maximum (thetas: float[,]) (smoothed: Smoothed) : float[] =
        let struct (flat, rows) = Estimates.checkBatch smoothed thetas
        Expectation.maximum smoothed flat rows

    /// <summary>y*_ε of every row.</summary>
    /// <param name="thetas">B × d, finite; B = 0 is legal.</param>
    /// <param name="smoothed">The operator.</param>
    /// <returns>B × k.</returns>
    /// <exception cref="T:System.ArgumentException">A wrong shape, NaN or ∞ (the row is named).</exception>
    let maximizer (thetas: float[,]) (smoothed: Smoothed) : float[,] =
        let struct (flat, rows) = Estimates.checkBatch smoothed thetas

        Expectation.maximizer smoothed flat rows
        |> Rows.shape rows smoothed.Oracle.SolutionDimension

    /// <summary>F_ε and y*_ε of every row from one set of solves, with standard errors.</summary>
    /// <param name="thetas">B × d, finite; B = 0 is legal.</param>
    /// <param name="smoothed">The operator.</param>
    /// <returns>B estimates.</returns>
    /// <exception cref="T:System.ArgumentException">A wrong shape, NaN or ∞ (the row is named).</exception>
    let estimate (thetas: float[,]) (smoothed: Smoothed) : Estimate[] =
        let struct (flat, rows) = Estimates.checkBatch smoothed thetas
        Expectation.momentsOf smoothed flat rows

    /// <summary>M samples of p_θ for every row.</summary>
    /// <param name="thetas">B × d, finite; B = 0 is legal.</param>
    /// <param name="smoothed">The operator.</param>
    /// <returns>B × M × k.</returns>
    /// <exception cref="T:System.ArgumentException">A wrong shape, NaN or ∞ (the row is named), or more numbers than an array holds.</exception>
    let samples (thetas: float[,]) (smoothed: Smoothed) : float[,,] =
        let struct (flat, rows) = Estimates.checkBatch smoothed thetas

        Estimates.samples smoothed flat rows
        |> Rows.shape3 rows smoothed.Samples smoothed.Oracle.SolutionDimension

    /// <summary>The Jacobian ∂y*_ε/∂θ of every row.</summary>
    /// <param name="thetas">B × d, finite; B = 0 is legal.</param>
    /// <param name="smoothed">The operator.</param>
    /// <returns>B × k × d.</returns>
    /// <exception cref="T:System.ArgumentException">A wrong shape, NaN or ∞ (the row is named), or a zero in θ under multiplicative noise.</exception>
    let jacobian (thetas: float[,]) (smoothed: Smoothed) : float[,,] =
        let struct (flat, rows) = Estimates.checkBatch smoothed thetas

        (Expectation.jacobian smoothed flat rows DerivativeFormula.OfMaximizer false).Estimates
        |> Rows.shape3 rows smoothed.Oracle.SolutionDimension smoothed.Oracle.Dimension

    let private estimated (rows: int) (width: int) (terms: Derivatives.Terms) : Estimated<float[,]> =
        {
            Value = Rows.shape rows width terms.Estimates
            StandardErrors = Rows.shape rows width terms.StandardErrors
        }

    /// <summary>The vector-Jacobian product of every row, with standard errors.</summary>
    /// <param name="cotangents">B × k: row r is the gradient of a loss with respect to row r of y.</param>
    /// <param name="thetas">B × d, finite; B = 0 is legal.</param>
    /// <param name="smoothed">The operator.</param>
    /// <returns>B × d.</returns>
    /// <exception cref="T:System.ArgumentException">A wrong shape, NaN or ∞ (the row is named), or a zero in θ under multiplicative noise.</exception>
    let vectorJacobian (cotangents: float[,]) (thetas: float[,]) (smoothed: Smoothed) : Estimated<float[,]> =
        let struct (flat, rows) = Estimates.checkBatch smoothed thetas

        let g =
            Estimates.checkCompanion (nameof cotangents) cotangents rows smoothed.Oracle.SolutionDimension

        Expectation.vectorJacobian smoothed flat rows g true
        |> estimated rows smoothed.Oracle.Dimension

    /// <summary>The Jacobian-vector product of every row, with standard errors.</summary>
    /// <param name="tangents">B × d: row r is a direction in row r of θ.</param>
    /// <param name="thetas">B × d, finite; B = 0 is legal.</param>
    /// <param name="smoothed">The operator.</param>
    /// <returns>B × k.</returns>
    /// <exception cref="T:System.ArgumentException">A wrong shape, NaN or ∞ (the row is named), or a zero in θ under multiplicative noise.</exception>
    let jacobianVector (tangents: float[,]) (thetas: float[,]) (smoothed: Smoothed) : Estimated<float[,]> =
        let struct (flat, rows) = Estimates.checkBatch smoothed thetas

        let u =
            Estimates.checkCompanion (nameof tangents) tangents rows smoothed.Oracle.Dimension

        Expectation.jacobianVector smoothed flat rows u true
        |> estimated rows smoothed.Oracle.SolutionDimension

    /// <summary>The Hessian-vector product ∇²F_ε·v of every row by a formula of Proposition 3.1, with standard errors.</summary>
    /// <param name="formula">From solutions, or from optimal values.</param>
    /// <param name="vectors">B × d: row r is the vector of row r.</param>
    /// <param name="thetas">B × d, finite; B = 0 is legal.</param>
    /// <param name="smoothed">The operator; additive.</param>
    /// <returns>B × d.</returns>
    /// <exception cref="T:System.ArgumentException">A wrong shape, NaN or ∞ (the row is named), multiplicative noise, or a formula that needs a curvature the noise lacks.</exception>
    let hessianVectorBy
        (formula: DerivativeFormula)
        (vectors: float[,])
        (thetas: float[,])
        (smoothed: Smoothed)
        : Estimated<float[,]> =
        let struct (flat, rows) = Estimates.checkBatch smoothed thetas

        let v =
            Estimates.checkCompanion (nameof vectors) vectors rows smoothed.Oracle.Dimension

        Expectation.hessianVector smoothed flat rows v formula true
        |> estimated rows smoothed.Oracle.Dimension

    /// <summary>y*_ε of every row, whether its samples agree, and the pullback of the batch, from one set of solves.</summary>
    /// <remarks>Where all M ≥ 2 samples of a row have one solution, ε is far below the gaps of θ and the row's estimated gradient is 0.</remarks>
    /// <param name="thetas">B × d, finite; B = 0 is legal.</param>
    /// <param name="smoothed">The operator.</param>
    /// <returns>B × k; whether all M ≥ 2 samples of each row have one solution (false for an exact operator); and the pullback, as of <c>pullback</c>. At most one comparison of solutions a sample more than <c>pullback</c>.</returns>
    /// <exception cref="T:System.ArgumentException">As <c>pullback</c>.</exception>
    let pullbackWithAgreement (thetas: float[,]) (smoothed: Smoothed) : float[,] * bool[] * (float[,] -> float[,]) =
        let struct (flat, rows) = Estimates.checkBatch smoothed thetas
        let k = smoothed.Oracle.SolutionDimension
        let struct (value, agree, back) = Expectation.watchedPullback smoothed flat rows

        let pullback (cotangents: float[,]) =
            Estimates.checkCompanion (nameof cotangents) cotangents rows k
            |> back
            |> Rows.shape rows smoothed.Oracle.Dimension

        Rows.shape rows k value, agree, pullback

    /// <summary>y*_ε of every row and the pullback of the batch, from one set of solves.</summary>
    /// <param name="thetas">B × d, finite; B = 0 is legal.</param>
    /// <param name="smoothed">The operator.</param>
    /// <returns>B × k, and the function from cotangents (B × k) to gradients with respect to θ (B × d).</returns>
    /// <exception cref="T:System.ArgumentException">A wrong shape, NaN or ∞ (the row is named); in the pullback a zero in θ under multiplicative noise.</exception>
    let pullback (thetas: float[,]) (smoothed: Smoothed) : float[,] * (float[,] -> float[,]) =
        let value, _, back = pullbackWithAgreement thetas smoothed
        value, back

    /// <summary>The operator on batches as a differentiable map, to be composed with <c>&gt;-&gt;</c>.</summary>
    /// <param name="smoothed">The operator.</param>
    /// <param name="thetas">B × d, where the map is evaluated.</param>
    /// <returns>Θ ↦ (y*_ε of every row, pullback), as <c>pullback</c>.</returns>
    /// <exception cref="T:System.ArgumentException">When used: the oracle has a problem for each instance and the operator was told no instances (<c>Smoothed.withInstances</c>); or as <c>pullback</c>.</exception>
    let differentiable (smoothed: Smoothed) : Differentiable<float[,], float[,]> =
        fun thetas ->
            if smoothed.Oracle.Instances.Length > 0 && smoothed.Instances.IsNone then
                invalidArg
                    (nameof smoothed)
                    $"The oracle '{smoothed.Oracle.Name}' has a problem for each instance, and a map of Θ alone cannot tell which rows it is given: `Smoothed.withInstances` says so, and a loss knows the instances of its batch (`LossBatch.Instances`)."

            pullback thetas smoothed
