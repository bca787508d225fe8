namespace Perturbed.Functional.CSharp;

/// <summary>Why a solve has no answer.</summary>
public enum SolveFailure
{
    /// <summary>The solver gave up, crashed or was not reachable.</summary>
    Failed,

    /// <summary>No solution exists.</summary>
    Infeasible,

    /// <summary>⟨y, θ⟩ has no maximum.</summary>
    Unbounded,

    /// <summary>The time limit of a solve ended before it did.</summary>
    TimedOut,
}
