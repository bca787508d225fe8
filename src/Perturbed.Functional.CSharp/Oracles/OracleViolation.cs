namespace Perturbed.Functional.CSharp;

/// <summary>A broken promise, with a θ that shows it.</summary>
public sealed record OracleViolation
{
    internal OracleViolation(Functional.OracleViolation core) => (Rule, Theta, Message) = (core.Rule.ToKind(), core.Theta, core.Message);

    /// <summary>The promise.</summary>
    public OracleRule Rule { get; }

    /// <summary>The θ at which it was broken.</summary>
    public double[] Theta { get; }

    /// <summary>What was found, and what was expected.</summary>
    public string Message { get; }
}
