namespace Perturbed.Functional.CSharp;

/// <summary>What a callback sees after an epoch.</summary>
public sealed record EpochSnapshot
{
    internal EpochSnapshot(EpochReport core) => (Summary, Parameters) = (new(core.Record), core.Parameters);

    /// <summary>The epoch's record.</summary>
    public EpochSummary Summary { get; }

    /// <summary>A copy of the parameters after the epoch.</summary>
    public double[] Parameters { get; }

    /// <summary>Record and parameters, for <c>var (summary, parameters) = …</c>.</summary>
    /// <param name="summary">The epoch's record.</param>
    /// <param name="parameters">A copy of the parameters.</param>
    public void Deconstruct(out EpochSummary summary, out double[] parameters) => (summary, parameters) = (Summary, Parameters);
}
