module Perturbed.Functional.Tests.Learning.PerceptronTests

open System
open Expecto
open FsCheck.FSharp
open Perturbed.Functional
open Perturbed.Functional.Tests.Learning.Helpers
open Perturbed.Suite
open Xunit

/// θ of one row by the definition: parameters are W [inputs × outputs] and b of each layer in turn.
let private naive (sizes: int[]) (w: float[]) (x: float[]) : float[] =
    let rec go (start: int) (sizes: int list) (x: float[]) =
        match sizes with
        | inputs :: (outputs :: rest as next) ->
            let y =
                Array.init outputs (fun j ->
                    Seq.sum (seq { for i in 0 .. inputs - 1 -> x[i] * w[start + i * outputs + j] })
                    + w[start + inputs * outputs + j])

            let y = if rest.IsEmpty then y else Array.map (max 0.0) y
            go (start + (inputs + 1) * outputs) next y
        | _ -> x

    go 0 (List.ofArray sizes) x

let private cases =
    gen {
        let! sizes = Gen.choose (1, 20) |> Gen.arrayOfLength 4
        let! depth = Gen.choose (2, 4)
        let sizes = Array.truncate depth sizes
        let count = sizes |> Array.pairwise |> Array.sumBy (fun (p, d) -> (p + 1) * d)
        let! rows = Gen.choose (0, 9)
        let! w = vector count
        let! x = matrix rows sizes[0]
        return sizes, w, x
    }

[<Tests>]
let tests =
    testList "Learning.Perceptron" [
        property 200 "a perceptron is dense layers with rectifiers between them" (fun () ->
            forAll cases (fun (sizes, w, x) ->
                let model = Perceptron.model 2 sizes
                let theta = model |> Model.predict w x

                model.ParameterCount = w.Length
                && Seq.forall
                    (fun r -> allNear (naive sizes w x[r, *]) theta[r, *])
                    (seq { 0 .. Array2D.length1 x - 1 })))

        testCase "the pullback is the derivative with respect to every parameter" (fun () ->
            for sizes in [ [| 5; 3 |]; [| 4; 7; 2 |]; [| 3; 6; 5; 2 |] ] do
                let model = Perceptron.model 1 sizes
                let w = model.Initial(Key.create 3UL) |> Array.map (fun v -> v + 0.05)
                let drawn = Draw.normals 100 (Key.create 4UL)
                let rows = 6
                let x = Array2D.init rows sizes[0] (fun r c -> drawn[r * sizes[0] + c])

                let u =
                    Array2D.init rows (Array.last sizes) (fun r c -> drawn[60 + r * Array.last sizes + c])

                let along (w: float[]) =
                    dot (flat u) (flat (Model.predict w x model))

                let back = snd (model.Apply x w) u
                // ⟨u, θ⟩ is linear in one weight between the kinks, so the difference quotient errs by rounding alone: 1e-15 · |⟨u, θ⟩| / h.
                let h = 1e-6

                for i in 0 .. w.Length - 1 do
                    let moved step =
                        Array.mapi (fun j v -> if j = i then v + step else v) w

                    let quotient = (along (moved h) - along (moved -h)) / (2.0 * h)

                    Assert.True(
                        abs (quotient - back[i]) < 1e-7,
                        $"{sizes.Length} sizes, parameter {i}: {quotient}, {back[i]}"
                    ))

        testCase
            "values and pullbacks have the same bits on any number of threads, and a row the bits of the row alone"
            (fun () ->
                let sizes = [| 130; 96; 40; 7 |]
                let rows = 150
                let drawn = Draw.normals (rows * sizes[0]) (Key.create 1UL)
                let x = Array2D.init rows sizes[0] (fun r c -> drawn[r * sizes[0] + c])
                let u = Array2D.init rows 7 (fun r c -> drawn[r * 7 + c])
                let one = Perceptron.model 1 sizes
                let w = one.Initial(Key.create 2UL)
                let theta, pullback = one.Apply x w
                let back = pullback u

                for threads in [ 2; 3; 8 ] do
                    let theta', pullback' = (Perceptron.model threads sizes).Apply x w
                    Assert.Equal<float[]>(flat theta, flat theta')
                    Assert.Equal<float[]>(back, pullback' u)

                for r in [ 0; 77; 149 ] do
                    let alone = one |> Model.predict w (Array2D.init 1 sizes[0] (fun _ c -> x[r, c]))
                    Assert.Equal<float[]>(theta[r, *], alone[0, *]))

        testCase "a pullback may be called again, and does not see parameters that changed after its value" (fun () ->
            let model = Perceptron.model 2 [| 3; 8; 2 |]
            let w = model.Initial(Key.create 2UL)
            let x = Array2D.init 4 3 (fun r c -> float (r - c))
            let u = Array2D.init 4 2 (fun r c -> float (r + c))
            let _, pullback = model.Apply x w
            let first = pullback u
            Array.fill w 0 w.Length 0.0
            Assert.Equal<float[]>(first, pullback u))

        testCase "a perceptron learns what no affine model can" (fun () ->
            // Exclusive or: the classes' means coincide, so the best affine model leaves a loss of log 2.
            let x = array2D [ [ 0.0; 0.0 ]; [ 0.0; 1.0 ]; [ 1.0; 0.0 ]; [ 1.0; 1.0 ] ]
            let y = array2D [ [ 1.0; 0.0 ]; [ 0.0; 1.0 ]; [ 0.0; 1.0 ]; [ 1.0; 0.0 ] ]

            let config =
                Training.config 300 4 Optimizer.adam (Schedule.constant 0.02) (Key.create 0UL)

            let loss (model: Model) =
                let trained = Examples.create x y |> Training.run config model Loss.crossEntropy
                (Array.last trained.History).Loss

            Assert.True(loss (Model.affine 2 2) > 0.69)
            Assert.True(loss (Perceptron.model 1 [| 2; 16; 2 |]) < 0.05))

        testCase "the start has weights of variance 2/inputs and offsets of 0" (fun () ->
            let w = (Perceptron.model 1 [| 200; 300; 10 |]).Initial(Key.create 9UL)
            let weights = Array.sub w 0 60000
            let variance = Array.averageBy (fun v -> v * v) weights
            // The sample variance of n normals of variance s has standard deviation s·√(2/n); five of them: one false alarm in 10⁶.
            Assert.True(abs (variance - 0.01) < 5.0 * 0.01 * sqrt (2.0 / 60000.0), $"{variance}")
            Assert.All(Array.sub w 60000 300, (fun b -> Assert.Equal(0.0, b))))

        testCase "sizes and shapes that cannot be are named" (fun () ->
            raises<ArgumentException> "sizes has length 1; features and outputs are needed at least." (fun () ->
                Perceptron.model 1 [| 3 |] |> ignore)

            raises<ArgumentException> "sizes[1] is 0; it must be at least 1." (fun () ->
                Perceptron.model 1 [| 3; 0; 2 |] |> ignore)

            raises<ArgumentException> "threads is 0; it must be at least 1." (fun () ->
                Perceptron.model 0 [| 3; 2 |] |> ignore)

            let model = Perceptron.model 1 [| 3; 4; 2 |]
            let w = model.Initial(Key.create 0UL)

            raises<ArgumentException> "inputs is [5 × 2]; the model takes 3 columns." (fun () ->
                Model.predict w (Array2D.zeroCreate 5 2) model |> ignore)

            raises<ArgumentException> "parameters has length 25; the model's ParameterCount is 26." (fun () ->
                Model.predict w[1..] (Array2D.zeroCreate 5 3) model |> ignore)

            raises<ArgumentException> "cotangent is [5 × 3]; the value is [5 × 2]." (fun () ->
                snd (model.Apply (Array2D.zeroCreate 5 3) w) (Array2D.zeroCreate 5 3) |> ignore))
    ]
