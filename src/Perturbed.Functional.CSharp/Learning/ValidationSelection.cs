using System;
using Microsoft.FSharp.Core;

namespace Perturbed.Functional.CSharp;

/// <summary>The candidate with the best mean score, and every candidate's result.</summary>
/// <typeparam name="TCandidate">What was tried, such as a learning rate.</typeparam>
public sealed record ValidationSelection<TCandidate>
{
    internal ValidationSelection(Tuple<FSharpOption<TCandidate>?, Tuple<TCandidate, Functional.CrossValidated>[]> core) =>
        (HasBest, Best, Table) =
        (core.Item1 is not null,
         core.Item1 is null ? default : core.Item1.Value,
         Array.ConvertAll(core.Item2, entry => (entry.Item1, new CrossValidated(entry.Item2))));

    /// <summary>Whether there is a best candidate: false where all means are NaN or the run was cancelled.</summary>
    public bool HasBest { get; }

    /// <summary>The best candidate; the default of its type where there is none.</summary>
    public TCandidate? Best { get; }

    /// <summary>Every candidate with its result, in the order given.</summary>
    public (TCandidate Candidate, CrossValidated Result)[] Table { get; }
}
