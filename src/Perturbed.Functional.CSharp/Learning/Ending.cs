namespace Perturbed.Functional.CSharp;

/// <summary>How long work ended.</summary>
public enum Ending
{
    /// <summary>All of it was done.</summary>
    Completed,

    /// <summary>A callback stopped it before the last epoch.</summary>
    StoppedEarly,

    /// <summary>Its cancellation token was cancelled; what was reached is returned.</summary>
    Cancelled,
}
