namespace Perturbed.Functional.CSharp;

/// <summary>
/// What to do about cells of negative cost, θ &gt; 0, where a walk could come back to them for ever.
/// </summary>
public enum NegativeCosts
{
    /// <summary>Such a cell is an error.</summary>
    Reject,

    /// <summary>Such a cell counts as free: the path is chosen by the costs max(−θ, 0).</summary>
    ClampToZero,
}
