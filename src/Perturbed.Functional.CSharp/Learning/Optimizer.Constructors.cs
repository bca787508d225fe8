using System;

namespace Perturbed.Functional.CSharp;

public sealed partial record Optimizer
{
    /// <summary>Stochastic gradient descent, w ← w − η g.</summary>
    public static Optimizer Sgd => new(OptimizerModule.sgd);

    /// <summary>Heavy-ball momentum: v ← momentum·v + g, w ← w − η v.</summary>
    /// <param name="momentum">In [0, 1), usually 0.9.</param>
    /// <returns>An optimizer.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="momentum"/> is outside [0, 1).</exception>
    public static Optimizer Momentum(double momentum = 0.9) => new(OptimizerModule.momentum(momentum));

    /// <summary>Nesterov's momentum (Sutskever et al., ICML 2013): v ← momentum·v + g, w ← w − η (g +
    /// momentum·v).</summary>
    /// <param name="momentum">In [0, 1), usually 0.9.</param>
    /// <returns>An optimizer.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="momentum"/> is outside [0, 1).</exception>
    public static Optimizer Nesterov(double momentum = 0.9) => new(OptimizerModule.nesterov(momentum));

    /// <summary>Adam (Kingma and Ba, ICLR 2015, algorithm 1): w ← w − η m̂/(√v̂ + epsilon), with bias-corrected
    /// moments m̂ and v̂.</summary>
    /// <param name="beta1">Decay of the first moment, in [0, 1).</param>
    /// <param name="beta2">Decay of the second moment, in [0, 1).</param>
    /// <param name="epsilon">Added to the root, positive.</param>
    /// <returns>An optimizer; without arguments, with the constants of its paper.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A constant is out of its range.</exception>
    public static Optimizer Adam(double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8) =>
        new(OptimizerModule.adamWith(beta1, beta2, epsilon));
}
