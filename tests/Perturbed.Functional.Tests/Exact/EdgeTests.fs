/// Exact expectations where numbers are large, equal or few, and where there are none.
module Perturbed.Functional.Tests.Exact.EdgeTests

open System
open Expecto
open Perturbed.Functional
open Perturbed.Functional.Tests.Exact.Settings
open Xunit

let private scalar: Smoothed list =
    all |> List.filter (fun op -> op.Epsilon.Length = 1)

[<Tests>]
let tests =
    testList "Exact.Edge" [
        testCase "A theta far larger than epsilon gives the solution itself, and its value" (fun () ->
            for op in scalar do
                let sizes =
                    if List.contains op.Noise.Name [ "gaussian"; "cauchy" ] then
                        [ 1e30; 1e280 ]
                    else
                        [ 1e30 ]

                for size in sizes do
                    let scores = [| 0.3; -0.9; 0.1; 0.8; -0.2 |] |> Array.map (fun t -> size * t)
                    let y = Smoothed.maximizer scores op
                    let solution = Oracle.solve scores op.Oracle
                    // The heaviest tail, Student's of one half, falls as 1/√(size/ε).
                    allNear 1e-12 solution y
                    Assert.All(Smoothed.hessianVector vector scores op, (fun x -> Assert.True(abs x < 1e-12)))

                    if op.Noise.HasMean then
                        near 1e-12 1.0 (Smoothed.maximum scores op / dot scores solution))

        testCase "An epsilon at the ends of its range neither overflows nor vanishes" (fun () ->
            for op in scalar do
                for epsilon in [ 1e-290; 1e280 ] do
                    let changed = op |> Smoothed.withEpsilon epsilon
                    let same = theta |> Array.map (fun t -> t * min 1.0 epsilon)
                    let y = Smoothed.maximizer same changed
                    Assert.All(y, (fun value -> Assert.True(Double.IsFinite value)))
                    near 1e-12 (Array.sum (Oracle.solve theta op.Oracle)) (Array.sum y))

        // y_ε(θ) = y_1(θ/ε) and F_ε(θ) = ε F_1(θ/ε): Proposition 2.2.
        testCase "Exact values scale with epsilon" (fun () ->
            for op in scalar do
                let one = Smoothed.withEpsilon 1.0 op
                let standard = theta |> Array.map (fun t -> t / 0.8)
                allNear 1e-13 (Smoothed.maximizer standard one) (Smoothed.maximizer theta op)

                if op.Noise.HasMean then
                    near 1e-13 (0.8 * Smoothed.maximum standard one) (Smoothed.maximum theta op))

        testCase "Equal scores share alike" (fun () ->
            for op in scalar do
                let scores = Array.create 5 0.7
                let total = Oracle.solve scores op.Oracle |> Array.sum
                allNear 1e-12 (Array.create 5 (total / 5.0)) (Smoothed.maximizer scores op))

        testCase "Entries of the exact maximizer add to those of a solution, however theta is spread" (fun () ->
            for op in all do
                for spread in [ 0.0; 1.0; 50.0; 1e4 ] do
                    let y = Smoothed.maximizer (theta |> Array.map (fun t -> spread * t)) op
                    near 1e-12 (Oracle.solve theta op.Oracle |> Array.sum) (Array.sum y))

        testCase "One coordinate, none of them and all of them are constants" (fun () ->
            for noise in noises do
                let exact oracle =
                    perturb oracle noise 0.5 1 |> Smoothed.exact

                for op, y in
                    [
                        exact (Oracle.argmax 1), [| 1.0 |]
                        exact (Oracle.ranking 1), [| 1.0 |]
                        exact (Oracle.rankingOf [| 3.0; 3.0 |]), [| 3.0; 3.0 |]
                        exact (Oracle.topK 0 2), [| 0.0; 0.0 |]
                        exact (Oracle.topK 2 2), [| 1.0; 1.0 |]
                    ] do
                    let scores = Array.init y.Length (fun i -> 0.3 - float i)
                    allNear 1e-13 y (Smoothed.maximizer scores op)
                    let mean: float[] = Array.zeroCreate y.Length
                    noise.Mean(Span mean)

                    if noise.HasMean then
                        near 1e-12 (dot y scores + 0.5 * dot y mean) (Smoothed.maximum scores op)

                    Assert.All(Smoothed.hessianVector scores scores op, (fun x -> near 1e-13 0.0 x)))

        testCase "A batch is its rows, bit by bit, for any number of threads" (fun () ->
            let thetas = Array2D.init 3 5 (fun r i -> theta[(r + i) % 5] * float r)
            let vectors = Array2D.init 3 5 (fun r i -> vector[(r + 2 * i) % 5])
            let row (values: float[,]) (r: int) = values[r, *]

            // One of each form, and of each step to it.
            let forms =
                all
                |> List.filter (fun op -> List.contains op.Noise.Name [ "gaussian"; "gumbel"; "laplace" ])

            for op in forms do
                for threads in [ 1; 2 ] do
                    let op = Smoothed.withThreads threads op
                    let y = Batch.maximizer thetas op
                    let products = Batch.vectorJacobian vectors thetas op
                    let jacobians = Batch.jacobian thetas op
                    let estimates = Batch.estimate thetas op
                    let pulledY, back = Batch.pullback thetas op
                    let pulled = back vectors
                    let targets = Oracle.solveBatch vectors op.Oracle
                    let gradients = FenchelYoung.gradientBatch thetas targets op

                    for r in 0..2 do
                        let scores, v = row thetas r, row vectors r
                        let expected = Smoothed.maximizer scores op
                        Assert.Equal<float[]>(expected, row y r)
                        Assert.Equal<float[]>(expected, row pulledY r)
                        Assert.Equal<float[]>(expected, estimates[r].Maximizer)
                        Assert.Equal<float[]>(FenchelYoung.gradient scores (row targets r) op, row gradients r)
                        let product = Smoothed.vectorJacobian v scores op
                        Assert.Equal<float[]>(product.Value, row products.Value r)
                        Assert.Equal<float[]>(product.StandardErrors, row products.StandardErrors r)
                        Assert.Equal<float[]>(product.Value, row pulled r)
                        Assert.Equal<float[,]>(Smoothed.jacobian scores op, jacobians[r, *, *])

            Assert.Empty(
                Batch.maximum
                    (Array2D.zeroCreate 0 5)
                    (perturb (Oracle.argmax 5) Noise.gaussian 1.0 1 |> Smoothed.exact)
            ))

        testCase "An exact operator still draws its samples" (fun () ->
            let op = perturb (Oracle.ranking 5) Noise.gaussian 1.0 50
            let exact = Smoothed.exact op
            Assert.True exact.IsExact
            Assert.False op.IsExact
            Assert.False (Smoothed.sampled exact).IsExact
            Assert.Equal<float[,]>(Smoothed.samples theta op, Smoothed.samples theta exact)

            Assert.Equal(
                Smoothed.distribution theta op |> Array.length,
                Smoothed.distribution theta exact |> Array.length
            )

            Assert.True((exact |> Smoothed.withSamples 7 |> Smoothed.withKey (Key.create 3UL)).IsExact)
            Assert.EndsWith("exact", string exact)
            Assert.Equal<float[]>(Smoothed.maximizer theta op, exact |> Smoothed.sampled |> Smoothed.maximizer theta))

        testCase "Where nothing is exact the error names the reason and what is available" (fun () ->
            let normal = perturb (Oracle.argmax 2) Noise.gaussian 1.0 10

            for attempt, reason in
                [
                    (fun () -> perturb (Oracle.rightDownPath 2 2) Noise.gaussian 1.0 9), "grid"
                    (fun () -> perturb (Oracle.finiteSet (array2D [ [ 0.0; 1.0 ] ])) Noise.gaussian 1.0 9),
                    "none is known"
                    (fun () -> perturb (Oracle.ofFunction 2 id) Noise.gaussian 1.0 9), "none is known"
                    (fun () -> perturb (Oracle.argmax 2) (Noise.sumOfGamma 1.0 10 1.0) 1.0 9), "density"
                    (fun () ->
                        perturb (Oracle.argmax 2) (Noise.gaussianWith (array2D [ [ 2.0; 0.0 ]; [ 0.0; 1.0 ] ])) 1.0 9),
                    "density"
                    (fun () -> Smoothed.withPerturbation Perturbation.Multiplicative normal), "multiplicative"
                ] do
                let error =
                    Assert.Throws<ArgumentException>(fun () -> attempt () |> Smoothed.exact |> ignore)

                Assert.Equal("smoothed", error.ParamName)
                Assert.Contains(reason, error.Message)
                Assert.Contains("top k", error.Message)
                Assert.Contains("logistic", error.Message)

            let turned () =
                normal
                |> Smoothed.exact
                |> Smoothed.withPerturbation Perturbation.Multiplicative
                |> ignore

            Assert.Throws<ArgumentException> turned |> ignore

            let infinite = perturb (Oracle.argmax 2) Noise.cauchy 1.0 10 |> Smoothed.exact

            Assert.Throws<ArgumentException>(fun () -> Smoothed.maximum [| 0.0; 1.0 |] infinite |> ignore)
            |> ignore

            Assert.True(Double.IsNaN (Smoothed.estimate [| 0.0; 1.0 |] infinite).Maximum))

        // A user's own law: Gumbel numbers under another name take the integral and give softmax.
        testCase "A user's own law is exact as well" (fun () ->
            let gumbel = Noise.gumbel :?> ICoordinateLaw

            let own =
                { new ICoordinateLaw with
                    member _.Name = "own"
                    member _.Dimension = 0
                    member _.IsSymmetric = false
                    member _.HasMean = true
                    member _.HasCurvature = true
                    member _.Sample(key, row, first, d, z) = gumbel.Sample(key, row, first, d, z)
                    member _.Score(z, d, score) = gumbel.Score(z, d, score)
                    member _.Curvature(z, v, product) = gumbel.Curvature(z, v, product)
                    member _.Mean mean = gumbel.Mean mean
                    member _.ScoreNorm d = gumbel.ScoreNorm d
                    member _.Density z = gumbel.Density z
                    member _.Cdf z = gumbel.Cdf z
                    member _.Survival z = gumbel.Survival z
                    member _.Resolution distance = gumbel.Resolution distance
                }

            for oracle in oracles do
                let known = perturb oracle Noise.gumbel 0.8 1 |> Smoothed.exact
                let theirs = perturb oracle own 0.8 1 |> Smoothed.exact
                allNear 1e-12 (Smoothed.maximizer theta known) (Smoothed.maximizer theta theirs)
                near 1e-12 (Smoothed.maximum theta known) (Smoothed.maximum theta theirs))
    ]
