namespace Perturbed.Functional.CSharp;

/// <summary>The samples of every row of a batch, so that derivatives of y*_ε are sums over them.</summary>
/// <remarks>∂y*_ε,i/∂θ_j ≈ Σ_m Centred[m, i] Scores[m, j] / (n ε_j), with n the denominator; under multiplicative noise
/// divided by θ_j too. Made by <see cref="Smoothed.Draws"/>. Berthet et al. 2020, Proposition 3.1.</remarks>
public sealed record Draws
{
    internal Draws(Functional.Draws core) => (Maximizer, Centred, Noise, Scores, Denominator) =
        (core.Maximizer, core.Centred, core.Noise, core.Scores, core.Denominator);

    /// <summary>ȳ, the mean of each row's solutions, with the bits of <see cref="Smoothed.Maximizer(double[,])"/>: B × k.</summary>
    public double[,] Maximizer { get; }

    /// <summary>y_m − c_m, each solution less the baseline of derivatives (<see cref="VarianceReduction"/>): B × M × k.
    /// With leave-one-out c is ȳ for independent samples, and the mean outside of the sample's group for others. Samples
    /// that were left out (<see cref="FailurePolicy"/>) have 0, and the others are scaled so that n holds for every
    /// row.</summary>
    public double[,,] Centred { get; }

    /// <summary>z_m, the noise of each sample: B × M × d.</summary>
    public double[,,] Noise { get; }

    /// <summary>∇ν(z_m), the score of each sample: B × M × d. A noise may score its samples before it rounds them.</summary>
    public double[,,] Scores { get; }

    /// <summary>n, what sums over samples are divided by: M − 1 for leave-one-out over independent samples, else M.</summary>
    public double Denominator { get; }
}
