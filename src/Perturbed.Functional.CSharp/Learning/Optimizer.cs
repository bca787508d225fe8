using System;

namespace Perturbed.Functional.CSharp;

/// <summary>A rule of descent with its weight decay: a plain value without state.</summary>
public sealed partial record Optimizer
{
    internal Optimizer(Functional.Optimizer core) => Core = core;

    internal Functional.Optimizer Core { get; }

    /// <summary>The optimizer without weight decay.</summary>
    /// <returns>An optimizer with the same rule.</returns>
    public Optimizer WithoutDecay() => new(OptimizerModule.withDecay(WeightDecay.None, Core));

    /// <summary>The optimizer with the penalty ½ λ ‖w‖² in the loss: g ← g + λ w before the rule.</summary>
    /// <param name="lambda">λ, at least 0 and finite.</param>
    /// <returns>An optimizer with the same rule.</returns>
    /// <exception cref="ArgumentOutOfRangeException">λ is negative or not finite.</exception>
    public Optimizer WithPenalty(double lambda) => new(OptimizerModule.withDecay(WeightDecay.NewPenalty(lambda), Core));

    /// <summary>The optimizer with decay decoupled from the rule (Loshchilov and Hutter, ICLR 2019; AdamW): w ← (1 − η
    /// λ) w beside the rule's step.</summary>
    /// <param name="lambda">λ, at least 0 and finite.</param>
    /// <returns>An optimizer with the same rule.</returns>
    /// <exception cref="ArgumentOutOfRangeException">λ is negative or not finite.</exception>
    public Optimizer WithDecoupledDecay(double lambda) => new(OptimizerModule.withDecay(WeightDecay.NewDecoupled(lambda), Core));

    /// <summary>The state before the first step.</summary>
    /// <param name="parameterCount">Length of the parameter vector, at least 0.</param>
    /// <returns>Zero moments, no steps taken.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="parameterCount"/> is negative.</exception>
    public OptimizerState Initialise(int parameterCount) => new(OptimizerModule.initialise(parameterCount, Core));

    /// <summary>One step: new parameters and state, the given ones unchanged.</summary>
    /// <param name="learningRate">η, at least 0 and finite.</param>
    /// <param name="gradient">g, the gradient of the loss at the parameters.</param>
    /// <param name="parameters">w, of the gradient's length.</param>
    /// <param name="state">From <see cref="Initialise"/> or the step before, for the same rule and length.</param>
    /// <returns>w and state after the step; O(length), at most three new arrays.</returns>
    /// <exception cref="ArgumentException">Lengths disagree, or the learning rate is negative or not
    /// finite.</exception>
    public (double[] Parameters, OptimizerState State) Step(
        double learningRate, double[] gradient, double[] parameters, OptimizerState state) =>
        Views.Step(OptimizerModule.step(Core, learningRate, gradient, parameters, Crossing.NotNull(state).ToCore()));

    /// <summary>Rule and decay in a line.</summary>
    /// <returns>The rule with its constants.</returns>
    public override string ToString() => $"{Core.Rule}, decay {Core.Decay}";
}
