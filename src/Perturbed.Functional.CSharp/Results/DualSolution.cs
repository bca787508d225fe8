namespace Perturbed.Functional.CSharp;

/// <summary>Ω(y) and ∇Ω(y), with what is known of their errors. Berthet et al. 2020, Propositions 2.1 and
/// 2.2.</summary>
public sealed record DualSolution
{
    internal DualSolution(Functional.DualSolution core) => (Value, StandardError, Gradient, GradientStandardErrors, Residual, Iterations) =
        (core.Value, core.StandardError, core.Gradient, core.GradientStandardErrors, core.Residual, core.Iterations);

    /// <summary>Ω(y) = sup over θ of ⟨θ, y⟩ − F_1(θ).</summary>
    public double Value { get; }

    /// <summary>The standard error of <see cref="Value"/>, from the M samples of F_1.</summary>
    public double StandardError { get; }

    /// <summary>∇Ω(y): the θ with y*_1(θ) = y, up to shifts orthogonal to conv(Y) (the smallest such θ).</summary>
    public double[] Gradient { get; }

    /// <summary>The standard error of each entry of <see cref="Gradient"/>: √diag(H⁻¹ Σ_Y H⁻¹ / M), H =
    /// ∇²F_1(θ).</summary>
    public double[] GradientStandardErrors { get; }

    /// <summary>max |y*_1(θ) − y| on the samples used; at most the tolerance.</summary>
    public double Residual { get; }

    /// <summary>Newton steps taken.</summary>
    public int Iterations { get; }

    /// <summary>Value and gradient, for <c>var (value, gradient) = …</c>.</summary>
    /// <param name="value">Ω(y).</param>
    /// <param name="gradient">∇Ω(y).</param>
    public void Deconstruct(out double value, out double[] gradient) => (value, gradient) = (Value, Gradient);
}
