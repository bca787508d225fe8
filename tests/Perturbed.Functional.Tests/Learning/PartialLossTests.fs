/// The partial Fenchel-Young loss of constrained forests: a set for each row, training, and bad input.
module Perturbed.Functional.Tests.Learning.PartialLossTests

open System
open Expecto
open Xunit
open Perturbed.Functional
open Perturbed.Functional.Tests.Learning.Helpers

let private nodes = 6
let private graph = Graph.Complete nodes

let private forests = Oracle.spanningForest 2 graph

let private constrained (must: struct (int * int) list) (cannot: struct (int * int) list) : Oracle =
    graph
    |> Oracle.constrainedForest (LinkConstraints(List.toArray must, List.toArray cannot)) 2

let private restricted =
    Oracle.perInstance [|
        constrained [ struct (0, 1); struct (1, 2) ] [ struct (0, 3) ]
        constrained [] [ struct (4, 5) ]
        constrained [] []
    |]

let private thetas =
    Array2D.init 3 graph.Edges (fun r e -> sin (float (7 * e + 3 * r)))

let private soft =
    perturb forests Noise.gaussian 0.5 40 |> Smoothed.withKey (Key.create 3UL)

[<Tests>]
let tests =
    testList "Learning.PartialLoss" [
        testCase "each row is restricted by the oracle of its instance, with the bits of the row alone" (fun () ->
            let instances = [| 2; 0; 1 |]

            let losses, gradients =
                soft
                |> Smoothed.withInstances instances
                |> PartialFenchelYoung.valueAndGradientBatch thetas restricted

            for r in 0..2 do
                let loss, gradient =
                    soft
                    |> Smoothed.withFirstRow (int64 r)
                    |> PartialFenchelYoung.valueAndGradient thetas[r, *] (Oracle.ofInstance instances[r] restricted)

                Assert.Equal(loss.Value, losses[r].Value)
                Assert.Equal(loss.StandardError, losses[r].StandardError)
                Assert.Equal<float[]>(gradient, gradients[r, *])

            Assert.Equal(0.0, losses[0].Value)
            Assert.Equal(0.0, losses[0].StandardError)
            Assert.True(losses[1].Value > 0.0 && losses[2].Value > 0.0))

        testCase "training by constraints alone finds weights whose forest obeys them" (fun () ->
            // One row whose θ is the parameters.
            let must, cannot =
                [ struct (0, 3); struct (1, 4) ], [ struct (0, 1); struct (2, 0) ]

            let truth = constrained must cannot
            let loss = soft |> Loss.partialFenchelYoung truth
            let model = Model.linear 1 graph.Edges |> Model.withNormalInitial 1.0
            let examples = Examples.create (array2D [ [ 1.0 ] ]) (array2D [ [ 0.0 ] ])

            let trained =
                examples
                |> Training.run
                    (Training.config 200 1 Optimizer.sgd (Schedule.constant 0.5) (Key.create 1UL))
                    model
                    loss

            let forest = forests |> Oracle.solve trained.Parameters
            Assert.True(truth.Implementation.IsSolution(ReadOnlySpan forest))
            Assert.True((Array.last trained.History).Loss < 0.1 * trained.History[0].Loss))

        testCase "its gradient is that of finite differences on shared noise" (fun () ->
            let batch = LossBatch.create (Key.create 5UL) thetas (Array2D.zeroCreate 3 1)

            let discrepancy =
                soft |> Loss.partialFenchelYoung restricted |> Loss.discrepancy 1e-6 batch

            Assert.InRange(discrepancy, 0.0, 1e-6))

        testCase "oracles that do not fit each other are named, and so is an instance without an oracle" (fun () ->
            raises<ArgumentException>
                "restricted has length 3; the dimension of oracle 'spanning-forest' is 15."
                (fun () -> soft |> PartialFenchelYoung.gradient thetas[0, *] (Oracle.argmax 3) |> ignore)

            raises<ArgumentException> "The oracle 'clusters' maps dimension 15 to 51;" (fun () ->
                soft
                |> PartialFenchelYoung.gradient thetas[0, *] (Oracle.clusters LinkConstraints.None 2 graph)
                |> ignore)

            raises<ArgumentException>
                "instances[0] is 3; 'spanning-forest minus per-instance' has 3 oracles, those of the instances 0 to 2."
                (fun () ->
                    soft
                    |> Smoothed.withInstances [| 3 |]
                    |> PartialFenchelYoung.valueAndGradient thetas[0, *] restricted
                    |> ignore)

            raises<ArgumentException> "theta[2] is NaN" (fun () ->
                let theta = thetas[0, *]
                theta[2] <- nan
                soft |> PartialFenchelYoung.valueAndGradient theta forests |> ignore))

        testCase "noise without a mean has a gradient and no value" (fun () ->
            let heavy = perturb forests Noise.cauchy 0.5 20
            let one = Oracle.ofInstance 0 restricted
            Assert.All(heavy |> PartialFenchelYoung.gradient thetas[0, *] one, (fun g -> Assert.InRange(g, -1.0, 1.0)))

            raises<ArgumentException> "The perturbed maximum is infinite" (fun () ->
                heavy |> PartialFenchelYoung.valueAndGradient thetas[0, *] one |> ignore))
    ]
