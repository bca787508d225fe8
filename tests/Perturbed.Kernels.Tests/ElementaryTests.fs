module Perturbed.Kernels.Tests.ElementaryTests

open System
open System.Runtime.Intrinsics
open Expecto
open Perturbed.Functional.CSharp
open Perturbed.Kernels
open Xunit

let private key = Key.Create 20UL

/// The distance in units in the last place of the expected value.
let private ulps (expected: float) (actual: float) : float =
    if expected = actual || (Double.IsNaN expected && Double.IsNaN actual) then
        0.0
    else
        abs (expected - actual) / (Math.BitIncrement(abs expected) - abs expected)

[<Tests>]
let tests =
    testList "Elementary" [
        testCase "Vectorised elementary functions stay within two ulp of the scalar ones" (fun () ->
            let worst (f: Vector512<float> -> Vector512<float>) (g: float -> float) (x: float seq) : float =
                x |> Seq.map (fun x -> ulps (g x) ((f (Vector512.Create x))[0])) |> Seq.max

            let u: float[] = Array.zeroCreate 500_000
            Uniforms.Fill(key, 10u, 0L, Span<float>(u))

            let extremes =
                [
                    Math.ScaleB(1.0, -53)
                    1.0 - Math.ScaleB(1.0, -53)
                    0.5
                    0.25
                    sqrt 0.5
                    Math.BitDecrement(sqrt 0.5)
                ]

            let small = u |> Seq.map (fun x -> Math.ScaleB(x, -int(x * 1e6) % 50))
            let open01 = Seq.concat [ Seq.ofArray u; small; Seq.ofList extremes ]
            Assert.InRange(worst Elementary.Log log open01, 0.0, 2.0)
            Assert.InRange(worst Elementary.Log log (Seq.map (fun x -> 1.0 / x) open01), 0.0, 2.0)

            let wide =
                Seq.append (u |> Seq.map (fun x -> 1500.0 * x - 760.0)) [
                    0.0
                    709.7
                    709.79
                    -745.1
                    -746.0
                    infinity
                    -infinity
                    nan
                ]

            let normal = wide |> Seq.filter (fun x -> not (x < -708.0 && x > -746.0))
            Assert.InRange(worst Elementary.Exp exp normal, 0.0, 2.0)
            // e^x - 1 = 2 sinh(x/2) e^(x/2), itself within two ulp.
            let near0 = u |> Seq.map (fun x -> Math.ScaleB(x - 0.5, -int(x * 1e6) % 60))

            let expM1 (x: float) : float =
                if abs x > 1.0 then
                    exp x - 1.0
                else
                    2.0 * sinh (x / 2.0) * exp (x / 2.0)

            Assert.InRange(worst Elementary.ExpM1 expM1 (Seq.append near0 normal), 0.0, 4.0)

            let part
                (pick: Vector512<float> -> Vector512<float> -> Vector512<float>)
                (t: Vector512<float>)
                : Vector512<float> =
                let mutable sine = Vector512<float>.Zero
                let mutable cosine = Vector512<float>.Zero
                Elementary.SinCosOfTurns(t, &sine, &cosine)
                pick sine cosine

            Assert.InRange(worst (part (fun s _ -> s)) (ReferenceRandom.sinCosOfTurns >> fst) open01, 0.0, 2.0)
            Assert.InRange(worst (part (fun _ c -> c)) (ReferenceRandom.sinCosOfTurns >> snd) open01, 0.0, 2.0))
    ]
