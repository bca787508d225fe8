namespace Perturbed.Functional

open Perturbed.Kernels

module internal Shortcuts =

    // What a shortcut finds out about a row is earned back over some samples.
    let private fewest = 32

    /// The shorter way to the solutions of an operator; null where there is none.
    let between (op: Smoothed) : Shortcut | null =
        if
            op.Perturbation = Perturbation.Multiplicative
            || op.Sampling <> SamplingDesign.Independent
            || op.Samples < fewest
        then
            null
        else
            Shortcut.Between(op.Noise, op.Oracle.Implementation)
