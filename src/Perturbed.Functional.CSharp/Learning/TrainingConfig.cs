using System;
using System.Threading;
using Microsoft.FSharp.Core;

namespace Perturbed.Functional.CSharp;

/// <summary>How to train: a value, changed by <c>settings with { Epochs = 20 }</c>.</summary>
public sealed record TrainingConfig
{
    /// <summary>Settings without callback, progress or cancellation.</summary>
    /// <param name="epochs">Passes over the data, at least 0.</param>
    /// <param name="batchSize">Rows of a step, at least 1.</param>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="schedule">The learning rate at each time: one of <see cref="Schedule"/>, or any function.</param>
    /// <param name="key">The key of everything random.</param>
    /// <exception cref="ArgumentNullException">Optimizer or schedule is null; the numbers are checked when training
    /// starts.</exception>
    public TrainingConfig(int epochs, int batchSize, Optimizer optimizer, Func<double, double> schedule, Key key = default) =>
        (Epochs, BatchSize, Optimizer, Schedule, Key) = (epochs, batchSize, Crossing.NotNull(optimizer), Crossing.NotNull(schedule), key);

    /// <summary>Passes over the data, at least 0.</summary>
    public int Epochs { get; init; }

    /// <summary>Rows of a step, at least 1; the last step of an epoch takes the rows that are left.</summary>
    public int BatchSize { get; init; }

    /// <summary>The optimizer.</summary>
    public Optimizer Optimizer { get; init => field = Crossing.NotNull(value, nameof(Optimizer)); }

    /// <summary>The learning rate at each time, in epochs from 0.</summary>
    public Func<double, double> Schedule { get; init => field = Crossing.NotNull(value, nameof(Schedule)); }

    /// <summary>The key of everything random: the start, the order of the rows, the noise of the loss.</summary>
    public Key Key { get; init; }

    /// <summary>Called after each epoch, on the training thread; by default it goes on.</summary>
    public Func<EpochReport, EpochDecision> OnEpoch { get; init => field = Crossing.NotNull(value, nameof(OnEpoch)); } =
        static _ => EpochDecision.Continue;

    /// <summary>Called after each epoch; null for none.</summary>
    public IProgress<EpochRecord>? Progress { get; init; }

    /// <summary>Read before each step, and passed to the loss, which may stop inside one: the training then ends
    /// where that step began.</summary>
    public CancellationToken Cancellation { get; init; }

    internal Functional.TrainingConfig ToCore() => new(
        Epochs,
        BatchSize,
        Optimizer.Core,
        Crossing.Function(Schedule),
        Key,
        FuncConvert.FromFunc((Functional.EpochReport report) => OnEpoch(new(report)).ToCore(nameof(OnEpoch))),
        Views.Progress(Progress, (Functional.EpochRecord record) => new EpochRecord(record)),
        Cancellation);
}
