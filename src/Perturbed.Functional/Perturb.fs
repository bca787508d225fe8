namespace Perturbed.Functional

open Perturbed.Kernels

/// The one function that is open by default: it makes a perturbed optimizer out of a solver.
[<AutoOpen>]
module Perturb =

    /// <summary>The perturbed optimizer y*_ε(θ) = E[y*(θ + εZ)] of an oracle, estimated from M samples.</summary>
    /// <param name="oracle">The solver y*(θ) = argmax over y ∈ Y of ⟨y, θ⟩.</param>
    /// <param name="noise">The law of Z. If it has a dimension of its own, it is the oracle's.</param>
    /// <param name="epsilon">The noise scale ε, positive, in the unit of θ; from 1e-300 to 1e280.</param>
    /// <param name="samples">The number M of samples, at least 1; the standard error falls as 1/√M and the cost grows
    /// as M.</param>
    /// <returns>An operator: a pure function of θ, with key 0, leave-one-out derivatives and all processors.</returns>
    /// <exception cref="T:System.ArgumentException">ε below 1e-300, above 1e280 or not finite, M &lt; 1, or the
    /// noise's dimension is not the oracle's.</exception>
    /// <remarks>Berthet et al. 2020, Definitions 2.1 and 3.1.</remarks>
    /// <example><code>
    /// let softmax = perturb (Oracle.argmax 3) Noise.gumbel 1.0 10_000
    /// softmax |> Smoothed.maximizer [| 1.0; 0.0; -1.0 |] // [|0.671; 0.237; 0.092|]
    /// </code></example>
    let perturb (oracle: Oracle) (noise: INoise) (epsilon: float) (samples: int) : Smoothed =
        Check.notNull (nameof oracle) oracle
        Check.notNull (nameof noise) noise
        Check.epsilon (nameof epsilon) epsilon
        Check.positiveInt (nameof samples) samples

        if noise.Dimension <> 0 && noise.Dimension <> oracle.Dimension then
            invalidArg
                (nameof noise)
                $"The noise '{noise.Name}' has dimension {noise.Dimension}; the oracle '{oracle.Name}' has dimension {oracle.Dimension}."

        Smoothed(Settings.create oracle noise epsilon samples, MonteCarloExpectations.create)
