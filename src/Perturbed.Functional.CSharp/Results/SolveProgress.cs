namespace Perturbed.Functional.CSharp;

/// <summary>How far a pass over the samples is. A value is one pass, a derivative one or two, an adaptive call or a fit
/// many; each begins anew.</summary>
public sealed record SolveProgress
{
    internal SolveProgress(Functional.SolveProgress core) =>
        (Done, Total, Failures, StandardError, Share) = (core.Done, core.Total, core.Failures, core.StandardError, core.Share);

    /// <summary>How many samples are done, failed ones among them.</summary>
    public long Done { get; }

    /// <summary>The samples of all rows; the rows themselves for an exact operator.</summary>
    public long Total { get; }

    /// <summary>How many samples of those have no solution, where failed samples are left out; 0 elsewhere.</summary>
    public long Failures { get; }

    /// <summary>The largest standard error of an entry of the mean solution so far, as of independent samples; NaN before
    /// two samples, for a batch of several rows, and for an exact operator.</summary>
    public double StandardError { get; }

    /// <summary>Done / Total.</summary>
    public double Share { get; }
}
