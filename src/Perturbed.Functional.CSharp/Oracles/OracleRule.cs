namespace Perturbed.Functional.CSharp;

/// <summary>What an oracle promises, clause by clause.</summary>
public enum OracleRule
{
    /// <summary>It answers at all: no exception on a finite θ.</summary>
    Answers,

    /// <summary>Every entry of a solution, and every value, is written and finite.</summary>
    Finite,

    /// <summary>The same θ gives the same bits again: at once, after other θ, with and without values, from another
    /// solver.</summary>
    Deterministic,

    /// <summary>A call leaves its input as it was.</summary>
    Pure,

    /// <summary>A row's answer does not depend on the rows solved beside it.</summary>
    RowsIndependent,

    /// <summary>A warm start at another θ changes no answer.</summary>
    WarmStart,

    /// <summary>Solvers on many threads at once answer as one alone.</summary>
    ThreadSafe,

    /// <summary>The value is ⟨y, θ⟩ (only where k = d, and the oracle declares no offset).</summary>
    Value,

    /// <summary>No answer seen elsewhere scores better: F(θ) ≥ F(θ') + ⟨y', θ − θ'⟩ (only where k = d).</summary>
    Optimal,

    /// <summary>An oracle that knows some of its answers as solutions knows all of them.</summary>
    Membership,
}
