/// Sizes whose product is no array: errors that name them, and answers where no such product is needed.
module Perturbed.Functional.Tests.SizeTests

open System
open Expecto
open Perturbed.Functional
open Perturbed.Kernels
open Xunit

let private fails (parts: string list) (action: unit -> unit) : unit =
    let error = Assert.ThrowsAny<ArgumentException> action

    for part in parts do
        Assert.Contains(part, error.Message)

[<Tests>]
let tests =
    testList "Robustness.Size" [
        testCase "A Jacobian longer than an array is an error that names its sides, sampled and exact" (fun () ->
            let d = 46341
            let theta = Array.init d float
            let op = perturb (Oracle.ranking d) Noise.gumbel 1.0 2
            fails [ "Jacobian"; "46341 × 46341" ] (fun () -> Smoothed.jacobian theta op |> ignore)
            fails [ "46341 × 46341" ] (fun () -> Smoothed.jacobianBy DerivativeFormula.OfMaximum theta op |> ignore)
            fails [ "46341 × 46341" ] (fun () -> op |> Smoothed.exact |> Smoothed.jacobian theta |> ignore)

            fails [ "46341 × 46341" ] (fun () ->
                Regularizer.solveAt 0.1 theta (Smoothed.withSamples 100000 op) |> ignore)

            let wide = perturb (Oracle.argmax 20000) Noise.gumbel 1.0 2
            fails [ "8 × 20000 × 20000" ] (fun () -> Batch.jacobian (Array2D.zeroCreate 8 20000) wide |> ignore))

        testCase "A ranking of a hundred thousand has its maximizer, its loss and its pullback" (fun () ->
            let d = 100000
            let theta = Array.init d (fun i -> float (i * 7919 % d))
            let ranks = Array.init d (fun i -> theta[i] + 1.0)
            let op = perturb (Oracle.ranking d) Noise.gaussian 1e-3 3
            let y, pullback = Smoothed.pullback theta op
            // ε is far below the gaps of 1, so every sample is the ranking itself.
            Assert.Equal<float[]>(ranks, y)
            Assert.All(pullback ranks, (fun g -> Assert.Equal(0.0, g)))
            let _, gradient = op |> FenchelYoung.valueAndGradient theta ranks
            Assert.All(gradient, (fun g -> Assert.Equal(0.0, g))))

        testCase "Models of more parameters than an array holds are errors that name the layer" (fun () ->
            fails [ "65535"; "65536 × 65535" ] (fun () -> Perceptron.model 1 [| 65535; 65535; 1 |] |> ignore)
            fails [ "65537 × 65536" ] (fun () -> Model.affine 65536 65536 |> ignore)
            fails [ "65536 × 65536" ] (fun () -> Model.linear 65536 65536 |> ignore)
            fails [ "65536 × 65536" ] (fun () -> Model.shared 65536 65536 |> ignore)
            Assert.Equal(46339 * 46340, (Model.linear 46339 46340).ParameterCount))

        testCase "Graphs, products of oracles and samples of sizes beyond memory are errors that name them" (fun () ->
            fails [ "2147483647" ] (fun () -> Digraph(Int32.MaxValue, [| 0 |], [| 1 |]) |> ignore)
            fails [ "2147483647" ] (fun () -> Graph(Int32.MaxValue, [| 0 |], [| 1 |]) |> ignore)

            for oracle in [ Oracle.ranking; Oracle.unitBox; Oracle.sign ] do
                fails [ "dimension is 2000000000; it must be at most 67108864." ] (fun () ->
                    oracle 2_000_000_000 |> ignore)

            let huge = Oracle.argmax Int32.MaxValue
            fails [ "4294967294" ] (fun () -> Oracle.product [| huge; huge |] |> ignore)
            fails [ "65536 × 65536" ] (fun () -> Noise.sample 65536 65536 (Key.create 0UL) Noise.gaussian |> ignore)
            fails [ "count"; "2147483647" ] (fun () -> Key.create 0UL |> Key.split Int32.MaxValue |> ignore)
            fails [ "directions" ] (fun () -> Oracle.check (Key.create 0UL) 65536 (Oracle.argmax 65536) |> ignore)

            fails [ "setting"; "65536 × 65536" ] (fun () ->
                ArtificialRanking.generate
                    {
                        Rows = 10
                        Features = 65536
                        Labels = 65536
                        Noise = 0.0
                    }
                    (Key.create 0UL)
                |> ignore))

        testCase "Sizes are multiplied without overflow" (fun () ->
            Assert.Equal(12, Sizes.Product("p", "What", 3L, 4L))
            Assert.Equal(0, Sizes.Product("p", "What", 0L, 4294967296L))
            let most = int64 Int32.MaxValue

            fails [ "p"; "What would have"; $"{most} × {most} × {most}" ] (fun () ->
                Sizes.Product("p", "What", most, most, most) |> ignore)

            Assert.Equal<float[]>([| 0.0; 0.0 |], Sizes.Zeros<float>("p", "What", 2L)))
    ]
