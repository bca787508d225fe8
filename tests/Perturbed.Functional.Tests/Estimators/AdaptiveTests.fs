module Perturbed.Functional.Tests.Estimators.AdaptiveTests

open System
open Expecto
open FsCheck
open FsCheck.FSharp
open Perturbed.Functional
open Perturbed.Functional.Tests.Theory
open Perturbed.Suite
open Xunit

let private op = perturb (Oracle.argmax 4) Noise.gumbel 0.7 64

let private theta = [| 0.4; -0.2; 1.1; 0.0 |]

[<Tests>]
let tests =
    testList "Estimators.Adaptive" [
        property
            30
            "The answer is that of the number of samples it names, and its standard error is what was asked"
            (fun () ->
                let law (seed: uint64) (size: int) : unit =
                    let op = op |> Smoothed.withKey (Key.create seed)

                    Reproduction.each [ op, theta ] (fun op theta ->
                        let target = [| 0.05; 0.01; 0.004 |][abs (size % 3)]
                        let adaptive = op |> Adaptive.maximizer target 1_000_000 theta
                        let same = op |> Smoothed.withSamples adaptive.Samples |> Smoothed.estimate theta
                        Assert.True adaptive.IsReached
                        Reproduction.atMost target adaptive.StandardError 0.0
                        Assert.Equal<float[]>(same.Maximizer, adaptive.Value)
                        Assert.Equal(Array.max same.MaximizerStandardErrors, adaptive.StandardError))

                law)

        testCase
            "Errors are as large as the standard errors say, though the number of samples depends on them"
            (fun () ->
                // softmax(θ/ε), by hand.
                let weights = theta |> Array.map (fun t -> exp (t / 0.7))
                let exact = weights |> Array.map (fun w -> w / Array.sum weights)
                let keys = 400

                let squares =
                    Array.init keys (fun k ->
                        let adaptive =
                            op
                            |> Smoothed.withKey (Key.create (uint64 k))
                            |> Adaptive.until
                                (fun op ->
                                    let e = op |> Smoothed.estimate theta
                                    e.Maximizer[2], e.MaximizerStandardErrors[2])
                                0.01
                                100_000

                        ((adaptive.Value - exact[2]) / adaptive.StandardError) ** 2.0)

                // The mean of 400 squared standard normals has a standard error of √(2/400) = 0.07: six of them.
                Assert.InRange(
                    Array.average squares,
                    1.0 - 6.0 * sqrt (2.0 / float keys),
                    1.0 + 6.0 * sqrt (2.0 / float keys)
                ))

        testCase "Where the budget ends first it is used up, and the answer says so" (fun () ->
            let adaptive = op |> Adaptive.maximum 1e-9 1000 theta
            Assert.False adaptive.IsReached
            Assert.Equal(1000, adaptive.Samples)
            Assert.True(adaptive.StandardError > 1e-9))

        testCase "Looks at least double, so that all of them cost at most twice the last" (fun () ->
            let looks = ResizeArray<int>()

            let adaptive =
                op
                |> Adaptive.until
                    (fun op ->
                        looks.Add op.Samples
                        let e = op |> Smoothed.estimate theta
                        e.Maximum, e.MaximumStandardError)
                    0.003
                    10_000_000

            Assert.True adaptive.IsReached
            Assert.Equal(64, looks[0])
            Assert.All(Seq.pairwise looks, fun (a, b) -> Assert.True(b >= 2 * a))
            Assert.True(Seq.sum looks <= 2 * adaptive.Samples))

        testCase "One sample has no standard error and is not enough; samples that vary in nothing are" (fun () ->
            let one = op |> Smoothed.withSamples 1 |> Adaptive.maximizer 0.05 100_000 theta
            Assert.True(one.IsReached && one.Samples > 1)

            let constant =
                perturb (Oracle.argmax 1) Noise.gumbel 0.7 8
                |> Adaptive.maximizer 0.05 100 [| 3.0 |]

            Assert.Equal(8, constant.Samples))

        testCase "Products with the Jacobian reach their standard error too" (fun () ->
            let g = [| 1.0; 0.0; -2.0; 0.5 |]
            let adaptive = op |> Adaptive.vectorJacobian g 0.02 1_000_000 theta

            let same =
                op |> Smoothed.withSamples adaptive.Samples |> Smoothed.vectorJacobian g theta

            Assert.True adaptive.IsReached
            Assert.Equal<float[]>(same.Value, adaptive.Value))

        testCase "An exact operator is asked once" (fun () ->
            let adaptive = op |> Smoothed.exact |> Adaptive.maximizer 1e-12 64 theta
            Assert.True adaptive.IsReached
            Assert.Equal(0.0, adaptive.StandardError))

        testCase "A target that is none and a budget that is too small are errors that name them" (fun () ->
            for target in [ 0.0; -1.0; nan; infinity ] do
                let error =
                    Assert.ThrowsAny<ArgumentException>(fun () -> op |> Adaptive.maximizer target 1000 theta |> ignore)

                Assert.Equal("standardError", error.ParamName)

            let error =
                Assert.ThrowsAny<ArgumentException>(fun () -> op |> Adaptive.maximizer 0.1 63 theta |> ignore)

            Assert.Equal("budget", error.ParamName)

            Assert.Throws<ArgumentException>(fun () ->
                perturb (Oracle.argmax 4) Noise.cauchy 1.0 8
                |> Adaptive.maximum 0.1 100 theta
                |> ignore)
            |> ignore)
    ]
