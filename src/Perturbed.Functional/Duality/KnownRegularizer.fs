namespace Perturbed.Functional

open System
open Perturbed.Kernels

/// εΩ where it needs no computation.
module internal KnownRegularizer =

    let private isVertex (s: Settings) (oracle: Oracle) (y: ReadOnlySpan<float>) : bool =
        oracle.Implementation.IsSolution y
        && (let copy = CallMemory.rent s.Memory y.Length
            y.CopyTo(Span copy)
            oracle.Facts.IsVertex copy)

    let private onSimplex (y: ReadOnlySpan<float>) : bool =
        let mutable total = 0.0
        let mutable least = 0.0

        for value in y do
            total <- total + value
            least <- min least value

        least >= 0.0 && abs (total - 1.0) <= 1e-12 * float y.Length

    /// εΩ(y) at a point of conv(Y): −⟨ε ⊙ E Z, y⟩ at a vertex (0 for centred noise); ε Σ y log y − ε E Z on the
    /// simplex under Gumbel noise of mean E Z, γ or 0; NaN otherwise.
    let inside (s: Settings) (row: int) (y: ReadOnlySpan<float>) : float =
        // Each row's target belongs to the oracle of its own instance.
        let oracle = s.OracleOf row
        let k = s.Oracle.SolutionDimension
        let isLinear = k = s.Oracle.Dimension && not oracle.Implementation.HasOffset

        if Option.isSome (Existence.maximumFault s) || not isLinear then
            nan
        elif s.Perturbation = Perturbation.Multiplicative then
            // The factor has mean one under the standard Gaussian only; then F_ε(0) = 0 bounds Ω from below and Jensen
            // from above.
            if (s.Noise :? GaussianNoise) && isVertex s oracle y then
                0.0
            else
                nan
        else
            let mean: float[] = CallMemory.rent s.Memory k
            s.Noise.Mean(Span mean)

            let mutable atVertex = 0.0

            for i in 0 .. k - 1 do
                atVertex <- atVertex - s.EpsilonOf i * mean[i] * y[i]

            if isVertex s oracle y then
                atVertex
            else
                match oracle.Facts.ClosedForm, s.Noise with
                | ClosedForm.Argmax, (:? GumbelNoise) when s.Epsilons.Length = 1 && onSimplex y ->
                    let mutable negentropy = 0.0

                    for value in y do
                        if value > 0.0 then
                            negentropy <- negentropy + value * log value

                    s.Epsilons[0] * negentropy + atVertex
                | _ -> nan

    /// εΩ(y) anywhere: +∞ outside of conv(Y). Under multiplicative noise means of y ⊙ factor leave conv(Y), and Ω is
    /// finite there.
    let at (s: Settings) (y: float[]) : float =
        if s.Noise.HasMean && s.Perturbation = Perturbation.Additive then
            match Memberships.ofOracle (s.OracleOf 0) y with
            | Membership.Outside _ -> infinity
            | _ -> inside s 0 (ReadOnlySpan y)
        else
            inside s 0 (ReadOnlySpan y)
