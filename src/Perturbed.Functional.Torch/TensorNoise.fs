namespace Perturbed.Functional

open System
open TorchSharp
open Perturbed.Kernels

/// Noise drawn where θ lives, by the device's own generator, seeded with a key.
module internal TensorNoise =

    let isKnown (noise: INoise) : bool =
        Likelihood.isSmooth noise || noise :? LaplaceNoise

    let require (noise: INoise) : unit =
        ArgumentNullException.ThrowIfNull(noise, nameof noise)

        if not (isKnown noise) then
            invalidArg
                (nameof noise)
                $"The noise '{noise.Name}' is not drawn on devices; gaussian, gumbel, centredGumbel, logistic, \
                  laplace, cauchy and studentT are. Every noise works with an oracle of the core."

    /// Samples of the shape rows × M × d, as a function of the key, the shape, the type and the device.
    let sample (noise: INoise) (key: Key) (shape: int64[]) (dtype: torch.ScalarType) (device: torch.Device) : Tensor =
        use generator = new torch.Generator(key.Value, device)

        let gaussian () : Tensor =
            torch.randn (shape, dtype = Nullable dtype, device = device, generator = generator)

        // Positive even where the generator rounds to zero, so that logarithms are finite.
        let exponential () : Tensor =
            use least = (1e-30).ToScalar()
            torch.empty(shape, dtype = Nullable dtype, device = device).exponential_(1.0, generator).clamp_ least

        match noise with
        | :? GaussianNoise -> gaussian ()
        | :? GumbelNoise as gumbel ->
            exponential().log().neg()
            |> Scale.plus (gumbel.CoordinateMean - 0.57721566490153286)
        | :? LogisticNoise -> exponential().log() - exponential().log()
        | :? LaplaceNoise -> exponential () - exponential ()
        | :? CauchyNoise -> gaussian () / gaussian ()
        | :? StudentTNoise as t ->
            // Bailey's polar method: (n (u₁^(−2/n) − 1))^½ cos 2πu₂ with −log u₁ exponential.
            let n = t.DegreesOfFreedom

            let radius =
                torch.expm1 (exponential () |> Scale.by (2.0 / n)) |> Scale.by n |> torch.sqrt

            let turn =
                torch.rand (shape, dtype = Nullable dtype, device = device, generator = generator)
                |> Scale.by (2.0 * Math.PI)

            radius * turn.cos ()
        | _ -> invalidArg (nameof noise) $"The noise '{noise.Name}' is not drawn on devices."

    /// The antithetic samples of given ones: −z of symmetric noise, and of Gumbel noise the quantile at 1 − u,
    /// where z is that at u.
    let mirrored (noise: INoise) (z: Tensor) : Tensor =
        match noise with
        | :? GumbelNoise as gumbel ->
            let location = gumbel.CoordinateMean - 0.57721566490153286
            let small = (z |> Scale.plus -location).neg().exp()
            // 1 − u = 1 − e^(−small), and its logarithm without loss on either side of one half.
            let upper = torch.log1p (small.neg().exp().neg())
            let lower = torch.log (torch.expm1(small.neg ()).neg())
            use half = (log 2.0).ToScalar()

            torch.where(small.gt half, upper, lower).neg().log().neg()
            |> Scale.plus location
        | _ -> z.neg ()
