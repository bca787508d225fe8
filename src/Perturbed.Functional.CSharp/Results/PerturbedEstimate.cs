namespace Perturbed.Functional.CSharp;

/// <summary>F_ε(θ) and y*_ε(θ) from one set of solves, with their standard errors (NaN for one sample).</summary>
public sealed record PerturbedEstimate
{
    internal PerturbedEstimate(Estimate core) => (Maximum, MaximumStandardError, Maximizer, MaximizerStandardErrors) =
        (core.Maximum, core.MaximumStandardError, core.Maximizer, core.MaximizerStandardErrors);

    /// <summary>F_ε(θ) = E F(θ + εZ), in the unit of θ; NaN where the noise has no mean.</summary>
    public double Maximum { get; }

    /// <summary>The standard error of <see cref="Maximum"/>.</summary>
    public double MaximumStandardError { get; }

    /// <summary>y*_ε(θ) = E y*(θ + εZ), of the dimension k.</summary>
    public double[] Maximizer { get; }

    /// <summary>The standard error of each entry of <see cref="Maximizer"/>.</summary>
    public double[] MaximizerStandardErrors { get; }

    /// <summary>Both estimates, for <c>var (maximum, maximizer) = …</c>.</summary>
    /// <param name="maximum">F_ε(θ).</param>
    /// <param name="maximizer">y*_ε(θ).</param>
    public void Deconstruct(out double maximum, out double[] maximizer) => (maximum, maximizer) = (Maximum, Maximizer);
}
