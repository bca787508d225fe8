using System;
using Microsoft.FSharp.Core;

namespace Perturbed.Functional.CSharp;

/// <summary>The state of a training between two steps: all that is needed to go on with the same bits.</summary>
public sealed record TrainingState
{
    /// <summary>A checkpoint read back.</summary>
    /// <param name="epoch">Number of the running epoch, from 0.</param>
    /// <param name="step">Steps already taken in it.</param>
    /// <param name="parameters">w.</param>
    /// <param name="memory">The optimizer's memory.</param>
    /// <param name="lossSum">Sum over the rows seen in this epoch of their losses.</param>
    /// <param name="gradientNormSum">Sum over the steps of this epoch of the gradient's norm.</param>
    /// <param name="seconds">Wall-clock time of the steps of this epoch in seconds.</param>
    /// <param name="rowsWhereSamplesAgree">The rows of this epoch's steps whose samples agreed; null where no step
    /// told.</param>
    /// <exception cref="ArgumentNullException">Parameters or memory is null; shapes are checked when training goes
    /// on.</exception>
    public TrainingState(
        int epoch,
        int step,
        double[] parameters,
        OptimizerState memory,
        double lossSum,
        double gradientNormSum,
        double seconds,
        int? rowsWhereSamplesAgree = null) =>
        (Epoch, Step, Parameters, Memory, LossSum, GradientNormSum, Seconds, RowsWhereSamplesAgree) =
        (epoch, step, Crossing.NotNull(parameters), Crossing.NotNull(memory), lossSum, gradientNormSum, seconds, rowsWhereSamplesAgree);

    internal TrainingState(Functional.TrainingState core)
        : this(
            core.Epoch,
            core.Step,
            core.Parameters,
            new(core.Memory),
            core.LossSum,
            core.GradientNormSum,
            core.Seconds,
            core.RowsWhereSamplesAgree?.Value)
    {
    }

    /// <summary>Number of the running epoch, from 0; equal to the number of epochs when all are done.</summary>
    public int Epoch { get; }

    /// <summary>Steps already taken in it.</summary>
    public int Step { get; }

    /// <summary>w.</summary>
    public double[] Parameters { get; }

    /// <summary>The optimizer's memory.</summary>
    public OptimizerState Memory { get; }

    /// <summary>Sum over the rows seen in this epoch of their weights times their losses.</summary>
    public double LossSum { get; }

    /// <summary>Sum over the steps of this epoch of the gradient's norm.</summary>
    public double GradientNormSum { get; }

    /// <summary>Wall-clock time of the steps of this epoch in seconds.</summary>
    public double Seconds { get; }

    /// <summary>The rows of this epoch's steps whose samples agreed; null where no step told.</summary>
    public int? RowsWhereSamplesAgree { get; }

    internal Functional.TrainingState ToCore() => new(
        Epoch,
        Step,
        Parameters,
        Memory.ToCore(),
        LossSum,
        GradientNormSum,
        Seconds,
        RowsWhereSamplesAgree is { } rows ? FSharpOption<int>.Some(rows) : FSharpOption<int>.None);
}
