namespace Perturbed.Functional.CSharp;

/// <summary>F_ε(θ) and y*_ε(θ) from one set of solves, with their standard errors (NaN for one sample, or one group of
/// dependent samples).</summary>
public sealed record Estimate
{
    internal Estimate(Functional.Estimate core) =>
        (Maximum, MaximumStandardError, Maximizer, MaximizerStandardErrors, Remark, SamplesAgree, LeftOut) =
        (core.Maximum, core.MaximumStandardError, core.Maximizer, core.MaximizerStandardErrors, core.Remark?.Value, core.SamplesAgree,
            core.LeftOut);

    /// <summary>F_ε(θ) = E F(θ + εZ), in the unit of θ; NaN where it is not finite, as for a noise without a
    /// mean.</summary>
    public double Maximum { get; }

    /// <summary>The standard error of <see cref="Maximum"/>; ∞ where the values have no second moment.</summary>
    public double MaximumStandardError { get; }

    /// <summary>y*_ε(θ) = E y*(θ + εZ), of the dimension k.</summary>
    public double[] Maximizer { get; }

    /// <summary>The standard error of each entry of <see cref="Maximizer"/>.</summary>
    public double[] MaximizerStandardErrors { get; }

    /// <summary>Why <see cref="Maximum"/> or its standard error is not finite, by the moments of the noise; null where
    /// both are.</summary>
    public string? Remark { get; }

    /// <summary>Whether all M ≥ 2 samples have one solution: ε is then far below the gaps of θ, and derivatives are
    /// estimated as 0; a larger ε is needed. False for an exact operator.</summary>
    public bool SamplesAgree { get; }

    /// <summary>How many of the M samples were left out because they, or samples they depend on, have no solution
    /// (<see cref="FailurePolicy"/>). Where any were, all of this is conditional on success.</summary>
    public int LeftOut { get; }

    /// <summary>Both estimates, for <c>var (maximum, maximizer) = …</c>.</summary>
    /// <param name="maximum">F_ε(θ).</param>
    /// <param name="maximizer">y*_ε(θ).</param>
    public void Deconstruct(out double maximum, out double[] maximizer) => (maximum, maximizer) = (Maximum, Maximizer);
}
