namespace Perturbed.Functional

/// <summary>The samples of every row of a batch, so that derivatives of y*_ε are sums over them.</summary>
/// <remarks>∂y*_ε,i/∂θ_j ≈ Σ_m Centred[m, i] Scores[m, j] / (n ε_j), with n the denominator; under multiplicative noise
/// divided by θ_j too. Made by <c>Batch.draws</c>. Berthet et al. 2020, Proposition 3.1.</remarks>
type Draws =
    {
        /// <summary>ȳ, the mean of each row's solutions, with the bits of <c>Batch.maximizer</c>: B × k.</summary>
        Maximizer: float[,]
        /// <summary>y_m − c_m, each solution less the baseline of derivatives (<c>VarianceReduction</c>): B × M × k. With
        /// leave-one-out c is ȳ for independent samples, and the mean outside of the sample's group for others. Samples
        /// that were left out (<c>FailurePolicy</c>) have 0, and the others are scaled so that n holds for every
        /// row.</summary>
        Centred: float[,,]
        /// z_m, the noise of each sample: B × M × d.
        Noise: float[,,]
        /// ∇ν(z_m), the score of each sample: B × M × d. A noise may score its samples before it rounds them.
        Scores: float[,,]
        /// n, what sums over samples are divided by: M − 1 for leave-one-out over independent samples, else M.
        Denominator: float
    }
