namespace Perturbed.Functional.CSharp;

/// <summary>What to do about edges of negative cost, θ &gt; 0, in a directed graph with cycles.</summary>
public enum NegativeEdges
{
    /// <summary>Such an edge is an error. Searches are Dijkstra's.</summary>
    Reject,

    /// <summary>
    /// Such an edge counts as free: the path is chosen by the costs max(−θ, 0). Searches are Dijkstra's.
    /// </summary>
    ClampToZero,

    /// <summary>
    /// Any sign: the answer is exact where no cycle on the way has a negative cost; such a cycle is an error that
    /// names it. Searches are Bellman's and Ford's.
    /// </summary>
    Allow,
}
