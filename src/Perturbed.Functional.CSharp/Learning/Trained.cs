using System;

namespace Perturbed.Functional.CSharp;

/// <summary>The result of a training.</summary>
public sealed record Trained
{
    internal Trained(Functional.Trained core) => (Parameters, History, Ending, State) =
        (core.Parameters, Array.ConvertAll(core.History, record => new EpochRecord(record)), core.Ending.ToKind(), new(core.State));

    /// <summary>The last parameters.</summary>
    public double[] Parameters { get; }

    /// <summary>One record for each epoch completed in this call.</summary>
    public EpochRecord[] History { get; }

    /// <summary>How it ended.</summary>
    public Ending Ending { get; }

    /// <summary>Where it ended, for
    /// <see cref="Model.Resume(TrainingState, TrainingConfig, Loss, Examples)"/>.</summary>
    public TrainingState State { get; }

    /// <summary>Parameters and records, for <c>var (parameters, history) = …</c>.</summary>
    /// <param name="parameters">The last parameters.</param>
    /// <param name="history">One record an epoch.</param>
    public void Deconstruct(out double[] parameters, out EpochRecord[] history) => (parameters, history) = (Parameters, History);
}
