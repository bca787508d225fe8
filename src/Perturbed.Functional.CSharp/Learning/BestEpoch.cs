namespace Perturbed.Functional.CSharp;

/// <summary>The best epoch of a run.</summary>
public sealed record BestEpoch
{
    internal BestEpoch(Functional.BestEpoch core) => (Epoch, Metric, Parameters) = (core.Epoch, core.Metric, core.Parameters);

    /// <summary>Its number, from 0.</summary>
    public int Epoch { get; }

    /// <summary>Its metric.</summary>
    public double Metric { get; }

    /// <summary>The parameters after it.</summary>
    public double[] Parameters { get; }

    /// <summary>Metric and parameters, for <c>var (metric, parameters) = …</c>.</summary>
    /// <param name="metric">The best metric.</param>
    /// <param name="parameters">The parameters after that epoch.</param>
    public void Deconstruct(out double metric, out double[] parameters) => (metric, parameters) = (Metric, Parameters);
}
