namespace Perturbed.Functional.CSharp;

/// <summary>The value of a Fenchel-Young loss, and whether it is the whole loss. Berthet et al. 2020, Definition
/// 4.1.</summary>
public readonly record struct LossValue
{
    internal LossValue(Functional.LossValue core) => (Value, StandardError, Regularizer, IsTrueLoss, Remark, SamplesAgree, LeftOut) =
        (core.Value, core.StandardError, core.Regularizer, core.IsTrueLoss, core.Remark?.Value, core.SamplesAgree, core.LeftOut);

    /// <summary>L_ε(θ; y) = F_ε(θ) + εΩ(y) − ⟨θ, y⟩ where εΩ(y) is known; F_ε(θ) − ⟨θ, y⟩, which differs by a constant
    /// in θ, where it is not.</summary>
    public double Value { get; }

    /// <summary>The standard error of <see cref="Value"/>; NaN for one sample, ∞ where the values have no second
    /// moment.</summary>
    public double StandardError { get; }

    /// <summary>εΩ(y), or NaN where it is not known; a y outside of conv(Y), where it is +∞, is an error.</summary>
    public double Regularizer { get; }

    /// <summary>Whether <see cref="Value"/> is the loss itself: ≥ 0 up to its standard error, and 0 only where y*_ε(θ)
    /// = y.</summary>
    public bool IsTrueLoss { get; }

    /// <summary>Why <see cref="StandardError"/> is infinite, by the moments of the noise; null where it is
    /// not.</summary>
    public string? Remark { get; }

    /// <summary>Whether all M ≥ 2 samples have one solution: ε is then far below the gaps of θ, and the gradient is
    /// y*(θ) − y, without noise. False for an exact operator.</summary>
    public bool SamplesAgree { get; }

    /// <summary>How many of the M samples were left out because they, or samples they depend on, have no solution
    /// (<see cref="FailurePolicy"/>). Where any were, loss and gradient are conditional on success.</summary>
    public int LeftOut { get; }

    /// <summary>Value and error, for <c>var (value, standardError) = …</c>.</summary>
    /// <param name="value">The loss.</param>
    /// <param name="standardError">Its standard error.</param>
    public void Deconstruct(out double value, out double standardError) => (value, standardError) = (Value, StandardError);
}
