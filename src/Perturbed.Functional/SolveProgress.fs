namespace Perturbed.Functional

/// <summary>How far a pass over the samples is. A value is one pass, a derivative one or two, an adaptive call or a fit
/// many; each begins anew.</summary>
type SolveProgress =
    {
        /// How many samples are done, failed ones among them.
        Done: int64
        /// The samples of all rows; the rows themselves for an exact operator.
        Total: int64
        /// How many samples of those have no solution, where failed samples are left out; 0 elsewhere.
        Failures: int64
        /// The largest standard error of an entry of the mean solution so far, as of independent samples; NaN before
        /// two samples, for a batch of several rows, and for an exact operator.
        StandardError: float
    }

    /// Done / Total.
    member this.Share: float = float this.Done / float this.Total
