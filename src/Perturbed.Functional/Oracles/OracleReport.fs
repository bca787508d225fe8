namespace Perturbed.Functional

open System

/// <summary>What an oracle promises, clause by clause.</summary>
[<RequireQualifiedAccess>]
type OracleRule =
    /// It answers at all: no exception on a finite θ.
    | Answers
    /// Every entry of a solution, and every value, is written and finite.
    | Finite
    /// The same θ gives the same bits again: at once, after other θ, with and without values, from another solver.
    | Deterministic
    /// A call leaves its input as it was.
    | Pure
    /// A row's answer does not depend on the rows solved beside it.
    | RowsIndependent
    /// A warm start at another θ changes no answer.
    | WarmStart
    /// Solvers on many threads at once answer as one alone.
    | ThreadSafe
    /// The value is ⟨y, θ⟩ (only where k = d, and the oracle declares no offset).
    | Value
    /// No answer seen elsewhere scores better: F(θ) ≥ F(θ') + ⟨y', θ − θ'⟩ (only where k = d).
    | Optimal
    /// An oracle that knows some of its answers as solutions knows all of them.
    | Membership

/// <summary>A broken promise, with a θ that shows it.</summary>
type OracleViolation =
    {
        /// The promise.
        Rule: OracleRule
        /// The θ at which it was broken.
        Theta: float[]
        /// What was found, and what was expected.
        Message: string
    }

/// <summary>What a check of an oracle found.</summary>
type OracleReport =
    {
        /// The name of the oracle.
        Oracle: string
        /// How many θ it was tried on.
        Directions: int
        /// The broken promises, at most three of each rule.
        Violations: OracleViolation list
    }

    /// Whether no promise was seen broken.
    member this.Passed: bool = this.Violations.IsEmpty

    // What follows the oracle's name.
    member internal this.Verdict: string =
        if this.Passed then
            $"kept its contract on {this.Directions} directions."
        else
            let lines =
                this.Violations
                |> List.map (fun v ->
                    let theta = String.Join(", ", v.Theta)
                    $"  {v.Rule}: {v.Message} (theta = [{theta}])")

            $"broke its contract on {this.Directions} directions:\n"
            + String.Join("\n", lines)

    override this.ToString() = $"{this.Oracle}: {this.Verdict}"
