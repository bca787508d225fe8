using System.Collections.Generic;
using System.Linq;

namespace Perturbed.Functional.CSharp;

/// <summary>What a check of an oracle found.</summary>
public sealed class OracleReport
{
    private readonly Functional.OracleReport core;

    internal OracleReport(Functional.OracleReport core) =>
        (this.core, Violations) = (core, [.. core.Violations.Select(violation => new OracleViolation(violation))]);

    /// <summary>The name of the oracle.</summary>
    public string Oracle => core.Oracle;

    /// <summary>How many θ it was tried on.</summary>
    public int Directions => core.Directions;

    /// <summary>The broken promises, at most three of each rule.</summary>
    public IReadOnlyList<OracleViolation> Violations { get; }

    /// <summary>Whether no promise was seen broken.</summary>
    public bool Passed => core.Passed;

    /// <summary>The report in words, one line a violation.</summary>
    /// <returns>A text that names the oracle, each rule and a θ that breaks it.</returns>
    public override string ToString() => core.ToString();
}
