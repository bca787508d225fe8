using System;
using System.Threading;

namespace Perturbed.Functional.CSharp;

/// <summary>What a loss is taken of: the rows of a step, each with its target, its weight and the instance that it is.
/// Rows are numbered for the noise by their place in the batch, under the key of the step.</summary>
/// <remarks>Rows are numbered for the noise by their place in the batch, under the key of the step; the instance says
/// by which problem a row is solved.</remarks>
public sealed record LossBatch
{
    /// <summary>A batch of rows of weight 1 that are the instances 0, 1, …, at time 0: the whole data, or problems
    /// that do not differ from row to row.</summary>
    /// <param name="key">Seeds whatever the loss draws.</param>
    /// <param name="theta">Θ, [rows × d]; not copied.</param>
    /// <param name="targets">Y, [rows × k]; not copied.</param>
    /// <exception cref="ArgumentException">The numbers of rows differ.</exception>
    public LossBatch(Key key, double[,] theta, double[,] targets) => Core = LossBatchModule.create(key, theta, targets);

    internal LossBatch(Functional.LossBatch core) => Core = core;

    internal Functional.LossBatch Core { get; }

    /// <summary>Seeds whatever the loss draws.</summary>
    public Key Key => Core.Key;

    /// <summary>Θ, [rows × d].</summary>
    public double[,] Theta => Core.Theta;

    /// <summary>Y, [rows × k].</summary>
    public double[,] Targets => Core.Targets;

    /// <summary>How much each row counts, at least 0.</summary>
    public double[] Weights => Core.Weights;

    /// <summary>The instance that each row is: its number in the data, for <see cref="Smoothed.WithInstances"/> and
    /// <see cref="Oracle.Solve(double[,], int[])"/>.</summary>
    public int[] Instances => Core.Instances;

    /// <summary>The time of the step in epochs, counted as by a Schedule, for a loss that changes over the training
    /// (<see cref="Loss.Scheduled"/>).</summary>
    public double Time => Core.Time;

    /// <summary>Stops the loss with an <see cref="OperationCanceledException"/>; <see cref="Loss.FenchelYoung"/> and
    /// <see cref="Loss.SmoothedSquared"/> hand it to their operators, and a loss of one's own may look at
    /// it.</summary>
    public CancellationToken Cancellation => Core.Cancellation;

    /// <summary>Tells the training how many rows have M ≥ 2 samples that all have one solution, for
    /// <see cref="EpochRecord.RowsWhereSamplesAgree"/>.</summary>
    /// <param name="rows">How many, at most the number of rows.</param>
    public void ReportSamplesAgree(int rows) => Core.OnSamplesAgree.Invoke(rows);

    /// <summary>The number of rows.</summary>
    public int Count => LossBatchModule.count(Core);

    /// <summary>The batch with another Θ, such as what an operator made of it; row by row the same
    /// instances.</summary>
    /// <param name="theta">Θ, of as many rows.</param>
    /// <returns>A copy.</returns>
    /// <exception cref="ArgumentException">Another number of rows.</exception>
    public LossBatch WithTheta(double[,] theta) => new(LossBatchModule.withTheta(theta, Core));

    /// <summary>The batch with other targets, such as centred ones; row by row the same instances.</summary>
    /// <param name="targets">Y, of as many rows.</param>
    /// <returns>A copy.</returns>
    /// <exception cref="ArgumentException">Another number of rows.</exception>
    public LossBatch WithTargets(double[,] targets) => new(LossBatchModule.withTargets(targets, Core));

    /// <summary>The weighted mean of the rows' losses and gradients, Σ w_i l_i / Σ w_i: the last step of a loss of
    /// one's own.</summary>
    /// <param name="losses">The loss of each row.</param>
    /// <param name="gradients">The gradient of each row's loss with respect to its θ, [rows × d]; not changed.</param>
    /// <returns>The mean and its gradient; 0 where no row counts.</returns>
    /// <exception cref="ArgumentException">Another number of losses or of gradients than rows.</exception>
    public (double Value, double[,] Gradient) Mean(double[] losses, double[,] gradients) =>
        LossBatchModule.mean(losses, gradients, Core).ToValueTuple();
}
