/// Quantile functions against their distribution functions, and the normal one against numbers of 40 digits.
module Perturbed.Kernels.Tests.QuantileTests

open System
open Expecto
open Perturbed.Functional.CSharp
open Perturbed.Kernels
open Perturbed.Kernels.Tests.NoiseLaws
open Perturbed.Suite
open Xunit

let private quantiles (law: IQuantileLaw) (u: float[]) : float[] =
    let z: float[] = Array.zeroCreate u.Length
    law.Quantiles(ReadOnlySpan u, Span z)
    z

let private coordinateLaws: ICoordinateLaw list =
    [
        GaussianNoise.Standard
        GumbelNoise.Standard
        GumbelNoise.Centred
        LogisticNoise.Standard
        LaplaceNoise.Standard
        CauchyNoise.Standard
        StudentTNoise 0.7
        StudentTNoise 3.0
        StudentTNoise 12.5
    ]

[<Tests>]
let tests =
    testList "Quantile" [
        // The roots of Φ(z) = u, computed with 40 digits. Three parts of 10¹⁶ are about two units in the last place.
        testCase "The normal quantile has the digits of a double, in the centre and in both tails" (fun () ->
            let table =
                [|
                    1e-300, -37.047096299361199237
                    1e-100, -21.273453560965324294
                    1e-20, -9.2623400897984075796
                    1e-12, -7.0344838253011319326
                    1e-05, -4.2648907939228246102
                    0.02, -2.0537489106318230443
                    0.0749, -1.4402382675279636631
                    0.0751, -1.4388253927525399824
                    0.2, -0.84162123357291416552
                    0.4999, -0.00025066283008800749239
                    0.7, 0.52440051270804065631
                    0.99, 2.3263478740408407676
                |]

            let z = quantiles GaussianNoise.Standard (Array.map fst table)

            for i in 0 .. z.Length - 1 do
                let u, expected = table[i]
                // Near ½ the rounding of u − ½ and above it that of 1 − u are parts of the question: one rounding of u moves z by u·2⁻⁵³/φ(z).
                let moved =
                    1.2e-16 * u / GaussianNoise.Standard.Density expected
                    * (if u > 0.4 then 1.0 else 0.0)

                Assert.True(
                    abs (z[i] - expected) <= 9e-16 * abs expected + moved,
                    $"{u}: {z[i]:R} is not {expected:R}"
                )

            Assert.Equal(0.0, (quantiles GaussianNoise.Standard [| 0.5 |])[0]))

        // The relative error of F(z) is that of z times |z| f(z)/F(z), beside that of F itself (1e-13 for the incomplete beta function).
        testCase "Every quantile function inverts its distribution function, relative to the smaller tail" (fun () ->
            let u =
                [|
                    for power in 1..15 do
                        10.0 ** float -power
                        1.0 - 10.0 ** float -power
                    for i in 1..99 do
                        float i / 100.0
                |]

            for law in coordinateLaws do
                let z = quantiles (law :?> IQuantileLaw) u

                for i in 0 .. z.Length - 1 do
                    let tail, expected =
                        if u[i] < 0.5 then
                            law.Cdf z[i], u[i]
                        else
                            law.Survival z[i], 1.0 - u[i]

                    let condition = abs z[i] * law.Density z[i] / expected
                    // 1 − u is exact, but for the fifteen digits of the smallest tails u itself is rounded by 2⁻⁵³.
                    let rounding = if u[i] < 0.5 then 0.0 else 2.3e-16 / expected

                    Assert.True(
                        abs (tail - expected) <= expected * (2e-13 + 2e-15 * condition + rounding),
                        $"{law.Name}: the tail beyond {z[i]:R} is {tail:R}, not {expected:R}"
                    ))

        testCase "Quantiles rise, mirror a symmetric law, and take one number as they take many" (fun () ->
            let u = Array.init 513 (fun i -> (float i + 0.5) / 513.0)

            for law in coordinateLaws do
                let quantileLaw = law :?> IQuantileLaw
                let z = quantiles quantileLaw u
                Assert.All(Array.pairwise z, (fun (a, b) -> Assert.True(a < b)))

                for i in 0..37..512 do
                    Assert.Equal(z[i], (quantiles quantileLaw [| u[i] |])[0])

                if law.IsSymmetric then
                    let mirrored = quantiles quantileLaw (u |> Array.map (fun x -> 1.0 - x))
                    // 1 − u is rounded: by 2⁻⁵⁴, which moves z by as much over the density.
                    Array.iter2 (fun a b -> Assert.True(abs (a + b) <= 1e-12 * (1.0 + abs a))) z mirrored

                Assert.Throws<ArgumentException>(fun () ->
                    quantileLaw.Quantiles(ReadOnlySpan u, Span(Array.zeroCreate 3)))
                |> ignore)

        testCase
            "A quantile noise is its function, and noises made by quantiles in double precision are those of their uniforms, bit by bit"
            (fun () ->
                let own =
                    QuantileNoise("own", (fun u -> 2.0 * u), (fun _ -> 0.0), null, 1.0, 1.0, false)

                Assert.Equal<float[]>([| 0.5; 1.5 |], quantiles own [| 0.25; 0.75 |])
                let uniforms: float[] = Array.zeroCreate 333
                Uniforms.Fill(key, 3u, 5L, Span uniforms)

                for noise in [ LogisticNoise.Standard :> INoise; LaplaceNoise.Standard; CauchyNoise.Standard ] do
                    Assert.Equal<int64[]>(
                        bits (sample noise key 3u 5L 1 333),
                        bits (quantiles (noise :?> IQuantileLaw) uniforms)
                    ))

        testCase "A correlated normal sample is the linear image of the standard one, bit by bit" (fun () ->
            let noise = CorrelatedGaussianNoise covariance
            let rows = sample noise.Source key 1u 4L 3 30
            noise.Transform(Span rows)
            Assert.Equal<int64[]>(bits (sample noise key 1u 4L 3 30), bits rows)

            Assert.Throws<ArgumentException>(fun () -> noise.Transform(Span(Array.zeroCreate 4)))
            |> ignore)

        sequencedCase "Quantiles allocate nothing" (fun () ->
            let u = Array.init 100 (fun i -> (float i + 0.5) / 100.0)
            let z: float[] = Array.zeroCreate 100

            for law in coordinateLaws do
                let quantileLaw = law :?> IQuantileLaw
                // Student's makes two delegates a call, none a number.
                let most = if law.Name.StartsWith "student" then 128L else 0L

                let bytes =
                    Allocation.steadyState (fun () -> quantileLaw.Quantiles(ReadOnlySpan u, Span z))

                Assert.True(bytes <= most, $"{law.Name}: {bytes} bytes"))
    ]
