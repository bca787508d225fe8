/// The noises with independent coordinates, each beside the definition that the tests hold it to.
module Perturbed.Kernels.Tests.NoiseLaws

open System
open MathNet.Numerics.Distributions
open Perturbed.Functional.CSharp
open Perturbed.Kernels
open Xunit

/// A noise with independent coordinates and what its definition says of it.
type Law =
    {
        Noise: IndependentNoise
        Number: Key -> uint32 -> int64 -> float
        /// How far a number may be from its definition, absolute below 1 and relative above: what single or double precision leaves of two logarithms.
        Precision: float
        Cdf: float -> float
        Nu: float -> float
    }

let euler = 0.57721566490153286

let private double = 1e-13

let private single = 1e-6

let laws: Law list =
    let sumOfGamma (kappa: float) (terms: int) (tau: float) (cdf: float -> float) (nu: float -> float) : Law =
        // x = z + shift is the sum itself.
        let shift = tau / kappa * log (float terms)

        {
            Noise = SumOfGammaNoise(kappa, terms, tau)
            Number = ReferenceRandom.sumOfGamma kappa terms tau
            Precision = double
            Cdf = fun z -> cdf ((z + shift) / tau)
            Nu = fun z -> nu ((z + shift) / tau)
        }

    [
        {
            Noise = GaussianNoise.Standard
            Number = ReferenceRandom.gaussian
            Precision = single
            Cdf = fun z -> Normal.CDF(0.0, 1.0, z)
            Nu = fun z -> z * z / 2.0
        }
        {
            Noise = GumbelNoise.Standard
            Number = ReferenceRandom.gumbel
            Precision = single
            Cdf = fun z -> exp (-exp -z)
            Nu = fun z -> z + exp -z
        }
        {
            Noise = GumbelNoise.Centred
            Number = fun key row n -> ReferenceRandom.gumbel key row n - euler
            Precision = single
            Cdf = fun z -> exp (-exp(-z - euler))
            Nu = fun z -> z + exp (-z - euler)
        }
        {
            Noise = LogisticNoise.Standard
            Number = ReferenceRandom.logistic
            Precision = double
            Cdf = fun z -> 1.0 / (1.0 + exp -z)
            Nu = fun z -> z + 2.0 * log (1.0 + exp -z)
        }
        {
            Noise = LaplaceNoise.Standard
            Number = ReferenceRandom.laplace
            Precision = double
            Cdf = fun z -> if z < 0.0 then exp z / 2.0 else 1.0 - exp -z / 2.0
            Nu = abs
        }
        {
            Noise = CauchyNoise.Standard
            Number = ReferenceRandom.cauchy
            Precision = double
            Cdf = fun z -> 0.5 + atan z / Math.PI
            Nu = fun z -> log (1.0 + z * z)
        }
        for freedom in [ 0.7; 3.0; 12.5 ] do
            {
                Noise = StudentTNoise freedom
                Number = ReferenceRandom.studentT freedom
                Precision = double
                Cdf = fun z -> StudentT.CDF(0.0, 1.0, freedom, z)
                Nu = fun z -> (freedom + 1.0) / 2.0 * log (1.0 + z * z / freedom)
            }
        // One term is a gamma variate; with kappa = 1 the sum is the largest of s exponential variates (Rényi).
        for kappa in [ 0.4; 2.5 ] do
            sumOfGamma kappa 1 2.0 (fun x -> Gamma.CDF(1.0 / kappa, 1.0, max 0.0 x)) (fun x ->
                x - (1.0 / kappa - 1.0) * log x)
        sumOfGamma 1.0 10 1.5 (fun x -> (1.0 - exp -x) ** 10.0) (fun x -> x - 9.0 * log (1.0 - exp -x))
        {
            Noise = QuantileNoise("exponential", (fun u -> -log u), (fun _ -> 1.0), (fun _ -> 0.0), 1.0, 1.0, false)
            Number = fun key row n -> -log(ReferenceRandom.uniform key row n)
            Precision = double
            Cdf = fun z -> 1.0 - exp -z
            Nu = id
        }
    ]

let sample (noise: INoise) (key: Key) (row: uint32) (first: int64) (d: int) (length: int) : float[] =
    let z = Array.zeroCreate length
    noise.Sample(key, row, first, d, Span<float>(z))
    z

let score (noise: INoise) (d: int) (z: float[]) : float[] =
    let image = Array.zeroCreate z.Length
    noise.Score(ReadOnlySpan<float>(z), d, Span<float>(image))
    image

let curvature (noise: INoise) (v: float[]) (z: float[]) : float[] =
    let image = Array.zeroCreate z.Length
    noise.Curvature(ReadOnlySpan<float>(z), ReadOnlySpan<float>(v), Span<float>(image))
    image

let bits (x: float[]) : int64[] =
    Array.map BitConverter.DoubleToInt64Bits x

let near (tolerance: float) (context: string) (expected: float) (actual: float) : unit =
    Assert.True(
        abs (expected - actual) <= tolerance * max 1.0 (abs expected),
        $"{context}: expected {expected:R}, was {actual:R}"
    )

/// Six standard errors: a false alarm probability of 2e-9.
let sixErrors (context: string) (expected: float) (x: float[]) : unit =
    let mean, error = ReferenceRandom.meanAndError x

    Assert.True(
        abs (mean - expected) <= 6.0 * error,
        $"{context}: expected {expected}, was {mean} with standard error {error}"
    )

let covariance =
    array2D [ [ 2.0; 0.5; -0.3 ]; [ 0.5; 1.0; 0.2 ]; [ -0.3; 0.2; 0.7 ] ]

let key = Key.Create 20UL
