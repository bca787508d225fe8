namespace Perturbed.Functional.CSharp;

/// <summary>What a callback sees after an epoch.</summary>
public sealed record EpochReport
{
    internal EpochReport(Functional.EpochReport core) => (Record, Parameters) = (new(core.Record), core.Parameters);

    /// <summary>The epoch's record.</summary>
    public EpochRecord Record { get; }

    /// <summary>A copy of the parameters after the epoch.</summary>
    public double[] Parameters { get; }

    /// <summary>Record and parameters, for <c>var (record, parameters) = …</c>.</summary>
    /// <param name="record">The epoch's record.</param>
    /// <param name="parameters">A copy of the parameters.</param>
    public void Deconstruct(out EpochRecord record, out double[] parameters) => (record, parameters) = (Record, Parameters);
}
