namespace Perturbed.Functional

open System
open MathNet.Numerics
open Perturbed.Kernels

/// <summary>The law of the difference W of two independent coordinates of a noise, in closed form, at x ≤ 0: what a
/// pair of a ranking needs.</summary>
/// <remarks>Excess is E max(0, x + W), whose derivative is Cdf, whose derivative is Density.</remarks>
[<AbstractClass>]
type internal PairLaw() =
    abstract Excess: x: float -> float
    abstract Cdf: x: float -> float
    abstract Density: x: float -> float

module internal PairLaws =

    // W ~ N(0, 2): Φ(x/√2), its density, and x Φ + 2 φ/√2.
    let private gaussian: PairLaw =
        let cdf x = 0.5 * SpecialFunctions.Erfc(-0.5 * x)

        let density x =
            exp (-0.25 * x * x) / (2.0 * sqrt Math.PI)

        { new PairLaw() with
            member _.Cdf x = cdf x
            member _.Density x = density x

            member _.Excess x =
                let x = max x -1e3
                x * cdf x + 2.0 * density x
        }

    // The difference of two Gumbel numbers is logistic; the excess is log(1 + eˣ).
    let private gumbel: PairLaw =
        let law = LogisticNoise.Standard

        { new PairLaw() with
            member _.Cdf x = law.Cdf x
            member _.Density x = law.Density x

            member _.Excess x =
                let e = exp x
                // log(1 + e) without the rounding of 1 + e.
                if 1.0 + e = 1.0 then
                    e
                else
                    log (1.0 + e) * e / ((1.0 + e) - 1.0)
        }

    // With u = −x: density (1 + u)e⁻ᵘ/4, and its two integrals.
    let private laplace: PairLaw =
        let size x = min -x 1e4

        { new PairLaw() with
            member _.Cdf x = 0.25 * (2.0 + size x) * exp x
            member _.Density x = 0.25 * (1.0 + size x) * exp x
            member _.Excess x = 0.25 * (3.0 + size x) * exp x
        }

    // Twice a Cauchy number. It has no excess.
    let private cauchy: PairLaw =
        let law = CauchyNoise.Standard

        { new PairLaw() with
            member _.Cdf x = law.Cdf(0.5 * x)
            member _.Density x = 0.5 * law.Density(0.5 * x)
            member _.Excess _ = infinity
        }

    // B_n/n! of u/(eᵘ − 1), even n from 2.
    let private bernoulli =
        [|
            1.0 / 12.0
            -1.0 / 720.0
            1.0 / 30240.0
            -1.0 / 1209600.0
            1.0 / 47900160.0
            -691.0 / 1307674368000.0
            1.0 / 74724249600.0
        |]

    // With u = −x the excess is u/(eᵘ − 1); below u = 1/2 its derivatives are those of the series, as their closed
    // forms cancel there.
    let private logistic: PairLaw =
        let series (term: float -> float -> float) =
            bernoulli |> Array.mapi (fun m b -> term b (float (2 * m + 2))) |> Array.sum

        { new PairLaw() with
            member _.Excess x =
                let u = min -x 1e3

                if u < 0.5 then
                    1.0 - 0.5 * u + series (fun b n -> b * Math.Pow(u, n))
                else
                    u / (exp u - 1.0)

            member _.Cdf x =
                let u = min -x 1e3

                if u < 0.5 then
                    0.5 - series (fun b n -> n * b * Math.Pow(u, n - 1.0))
                else
                    let a = exp -u
                    a * (a - 1.0 + u) / ((1.0 - a) * (1.0 - a))

            member _.Density x =
                let u = min -x 1e3

                if u < 0.5 then
                    series (fun b n -> n * (n - 1.0) * b * Math.Pow(u, n - 2.0))
                else
                    let a = exp -u
                    a * ((a + 1.0) * u - 2.0 * (1.0 - a)) / Math.Pow(1.0 - a, 3.0)
        }

    /// The law of differences, and the scale of each pair, where both are closed.
    let tryFind (noise: ICoordinateLaw) (epsilons: float[]) : struct (PairLaw * (int -> int -> float)) voption =
        let isScalar = epsilons |> Array.forall (fun e -> e = epsilons[0])
        let common (_: int) (_: int) = epsilons[0]

        match noise with
        | :? GaussianNoise ->
            // √((a² + b²)/2) without overflow.
            let scale i j =
                let large = max epsilons[i] epsilons[j]
                let ratio = min epsilons[i] epsilons[j] / large
                large * sqrt (0.5 + 0.5 * ratio * ratio)

            ValueSome(struct (gaussian, scale))
        | :? CauchyNoise -> ValueSome(struct (cauchy, (fun i j -> 0.5 * epsilons[i] + 0.5 * epsilons[j])))
        | :? GumbelNoise when isScalar -> ValueSome(struct (gumbel, common))
        | :? LaplaceNoise when isScalar -> ValueSome(struct (laplace, common))
        | :? LogisticNoise when isScalar -> ValueSome(struct (logistic, common))
        | _ -> ValueNone
