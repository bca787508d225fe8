namespace Perturbed.Functional

open System
open DiffSharp
open Perturbed.Kernels

/// y*_ε as a program whose derivatives of every order are estimates: ȳ + Σ_m (y_m − c_m) (w_m − 1)/n with the
/// likelihood ratios w_m = μ(z_m − δ/ε)/μ(z_m) of the samples' noise, where δ = θ − primal θ is 0.
module internal LikelihoodRatios =

    /// Why derivatives of y*_ε beyond the first are not known, if they are not.
    let fault (smoothed: Smoothed) : string option =
        match smoothed.Noise with
        | _ when smoothed.IsExact -> Some "the operator is exact"
        | _ when smoothed.Sampling <> SamplingDesign.Independent -> Some $"its samples are {smoothed.Sampling}"
        | :? GaussianNoise
        | :? GumbelNoise
        | :? LogisticNoise
        | :? CauchyNoise
        | :? StudentTNoise -> None
        | noise -> Some $"the density of the noise '{noise.Name}' is not smooth, or not known here"

    // ν, up to a constant.
    let private nu (noise: INoise) (z: Tensor) : Tensor =
        match noise with
        | :? GumbelNoise as gumbel ->
            let x = z + (0.57721566490153286 - gumbel.CoordinateMean)
            x + exp (-x)
        | :? LogisticNoise ->
            let size = abs z
            size + 2.0 * log (1.0 + exp (-size))
        | :? CauchyNoise -> log (1.0 + z * z)
        | :? StudentTNoise as t ->
            let n = t.DegreesOfFreedom
            0.5 * (n + 1.0) * log (1.0 + z * z / n)
        | _ -> 0.5 * z * z

    // ⟨ , ⟩ over the last dimension.
    let private inner (a: Tensor) (b: Tensor) : Tensor = (a * b).sum -1

    /// The program at a θ (rows × d) that has been read as rows.
    let maximizer (smoothed: Smoothed) (thetas: float[,]) (theta: Tensor) : Tensor =
        let d, k = smoothed.Oracle.Dimension, smoothed.Oracle.SolutionDimension
        let rows, samples = Array2D.length1 thetas, smoothed.Samples
        let draws = smoothed |> Batch.draws thetas
        let constant (shape: int[]) (numbers: Array) : Tensor = TensorRows.constant theta shape numbers
        let noise: float[] = Array.zeroCreate draws.Noise.Length
        Buffer.BlockCopy(draws.Noise, 0, noise, 0, 8 * noise.Length)

        // A noise may score its samples before it rounds them: what the scores differ by from those of the rounded
        // samples.
        let differences: float[] = Array.zeroCreate noise.Length
        smoothed.Noise.Score(ReadOnlySpan noise, d, Span differences)
        let mutable i = 0

        for score in Seq.cast<float> draws.Scores do
            differences[i] <- score - differences[i]
            i <- i + 1

        let inverse =
            let epsilons = smoothed.Epsilon
            Array.init d (fun j -> 1.0 / epsilons[if epsilons.Length = 1 then 0 else j])

        let shift =
            match smoothed.Perturbation with
            | Perturbation.Additive -> theta - theta.primalDeep
            | Perturbation.Multiplicative -> log (abs theta) - log (abs theta.primalDeep)
            |> fun moved -> (moved * constant [| 1; d |] inverse).unsqueeze 1

        let z = constant [| rows; samples; d |] noise

        let logRatio =
            match smoothed.Noise with
            | :? GaussianNoise -> inner z shift - 0.5 * inner shift shift
            | other -> (nu other z - nu other (z - shift)).sum -1

        let moved =
            exp logRatio - 1.0 + inner (constant [| rows; samples; d |] differences) shift

        constant [| rows; k |] draws.Maximizer
        + (moved.unsqueeze -1 * constant [| rows; samples; k |] draws.Centred).sum 1
          / draws.Denominator
