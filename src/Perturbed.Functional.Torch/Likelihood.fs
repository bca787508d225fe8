namespace Perturbed.Functional

open TorchSharp
open Perturbed.Kernels

/// Densities of noises in tensor operations, so that autograd differentiates them.
module internal Likelihood =

    /// Whether the density is known here and smooth, so that derivatives of every order are expectations of
    /// derivatives of its ratios.
    let isSmooth (noise: INoise) : bool =
        match noise with
        | :? GaussianNoise
        | :? GumbelNoise
        | :? LogisticNoise
        | :? CauchyNoise
        | :? StudentTNoise -> true
        | _ -> false

    // ν, up to a constant.
    let private nu (noise: INoise) (z: Tensor) : Tensor =
        match noise with
        | :? GumbelNoise as gumbel ->
            // ν(z) = x + e^(−x) with x = z + γ − mean.
            let x = z |> Scale.plus (0.57721566490153286 - gumbel.CoordinateMean)
            x + torch.exp (x.neg ())
        | :? LogisticNoise -> z + (torch.logaddexp (torch.zeros_like z, z.neg ()) |> Scale.by 2.0)
        | :? CauchyNoise -> torch.log1p (z * z)
        | :? StudentTNoise as t ->
            let n = t.DegreesOfFreedom
            torch.log1p (z * z |> Scale.by (1.0 / n)) |> Scale.by (0.5 * (n + 1.0))
        | :? LaplaceNoise -> z.abs ()
        | _ -> invalidArg (nameof noise) $"The noise '{noise.Name}' has no density in tensor operations."

    /// ∇ν(z) of each coordinate.
    let score (noise: INoise) (z: Tensor) : Tensor =
        match noise with
        | :? GaussianNoise -> z
        | :? GumbelNoise as gumbel ->
            let x = z |> Scale.plus (0.57721566490153286 - gumbel.CoordinateMean)
            torch.expm1(x.neg ()).neg()
        | :? LogisticNoise -> (z |> Scale.by 0.5).tanh()
        | :? CauchyNoise -> (z |> Scale.by 2.0) / (z * z |> Scale.plus 1.0)
        | :? StudentTNoise as t ->
            let n = t.DegreesOfFreedom
            (z |> Scale.by (n + 1.0)) / (z * z |> Scale.plus n)
        | :? LaplaceNoise -> z.sign ()
        | _ -> invalidArg (nameof noise) $"The noise '{noise.Name}' has no score in tensor operations."

    /// log μ(z − u)/μ(z) = Σ_i ν(z_i) − ν(z_i − u_i) for z of B × M × d and u of B × 1 × d: B × M, exactly 0 where u
    /// is 0.
    let logRatio (noise: INoise) (z: Tensor) (u: Tensor) : Tensor =
        match noise with
        | :? GaussianNoise ->
            // Written out, it keeps no copy of z for the backward pass: ⟨z, u⟩ − ‖u‖²/2.
            torch.matmul(z, u.transpose (1L, 2L)).squeeze -1L
            - ((u * u).sum -1L |> Scale.by 0.5)
        | _ ->
            // Both logarithms by the same operations on the same numbers where u is 0.
            (nu noise z - nu noise (z - u)).sum -1L
