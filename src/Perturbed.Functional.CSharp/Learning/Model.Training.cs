using System;

namespace Perturbed.Functional.CSharp;

public sealed partial class Model
{
    /// <summary>Trains from the model's initial parameters, by mini-batches.</summary>
    /// <param name="config">How to train.</param>
    /// <param name="loss">The loss; the key it gets is folded with epoch and step, so every step has noise of its
    /// own.</param>
    /// <param name="examples">The data; at least one row.</param>
    /// <returns>Parameters, one record an epoch, and how it ended; the same key gives the same bits. A cancelled run
    /// returns what it reached.</returns>
    /// <exception cref="ArgumentException">The batch size is below 1, a shape disagrees with the model, the schedule is 0
    /// before the end, or the loss is not defined at a target (the row is named).</exception>
    /// <exception cref="TrainingDivergedException">A loss, gradient or parameter is no longer finite.</exception>
    public Trained Train(TrainingConfig config, Loss loss, Examples examples) =>
        new(Training.run(Crossing.NotNull(config).ToCore(), Core, Crossing.NotNull(loss).Core, Crossing.NotNull(examples).Core));

    /// <summary>Trains until a metric has not improved for some epochs in a row, and keeps the best
    /// parameters.</summary>
    /// <param name="stopping">Patience, goal and metric; the metric is taken after each epoch, ties keep the earlier
    /// epoch.</param>
    /// <param name="config">How to train; its own OnEpoch is still called and may stop as well.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="examples">The training data.</param>
    /// <returns>The best epoch, null where no epoch was completed, and the training's own result, whose parameters are
    /// the last ones.</returns>
    /// <exception cref="ArgumentException">Patience is below 1, the metric is NaN, or as for
    /// <see cref="Train(TrainingConfig, Loss, Examples)"/>.</exception>
    /// <exception cref="TrainingDivergedException">A loss, gradient or parameter is no longer finite.</exception>
    public (BestEpoch? Best, Trained Training) Train(
        EarlyStopping stopping, TrainingConfig config, Loss loss, Examples examples) =>
        Views.Stopped(EarlyStoppingModule.run(
            Crossing.NotNull(stopping).ToCore(), Crossing.NotNull(config).ToCore(), Core, Crossing.NotNull(loss).Core,
                Crossing.NotNull(examples).Core));

    /// <summary>The state before the first step: the model's initial parameters under a child of the configured
    /// key.</summary>
    /// <param name="config">How to train.</param>
    /// <returns>Epoch 0, step 0.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="config"/> is null.</exception>
    public TrainingState Start(TrainingConfig config) => new(Training.start(Crossing.NotNull(config).ToCore(), Core));

    /// <summary>Goes on from a state: the parameters end with the bits of an uninterrupted run under the same
    /// arguments.</summary>
    /// <param name="state">From <see cref="Start"/>, or the state of an earlier result.</param>
    /// <param name="config">How to train; Epochs counts from the very start, so a larger number prolongs a completed
    /// run.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="examples">The data; at least one row.</param>
    /// <returns>Parameters, the epochs completed in this call, and how it ended. A cancelled run returns what it
    /// reached.</returns>
    /// <exception cref="ArgumentException">The batch size is below 1, a shape disagrees with the model, the schedule is 0
    /// before the end, or the loss is not defined at a target (the row is named).</exception>
    /// <exception cref="TrainingDivergedException">A loss, gradient or parameter is no longer finite.</exception>
    public Trained Resume(TrainingState state, TrainingConfig config, Loss loss, Examples examples) =>
        new(Training.resume(
            Crossing.NotNull(state).ToCore(), Crossing.NotNull(config).ToCore(), Core, Crossing.NotNull(loss).Core,
                Crossing.NotNull(examples).Core));
}
