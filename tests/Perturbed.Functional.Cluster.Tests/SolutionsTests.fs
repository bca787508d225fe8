/// Solutions that come back are solved once.
module Perturbed.Functional.Cluster.Tests.SolutionsTests

open System
open Expecto
open Perturbed.Functional
open Perturbed.Functional.Cluster
open Xunit

[<Tests>]
let tests =
    testSequenced
    <| testList "Cluster.Solutions" [
        testCase "A pullback after a value solves nothing, where a solve costs more than sending its answer" (fun () ->
            use cluster = Silos.cluster 2
            let oracle = TestOracles.registry.Oracle("counted", 6.0)
            let op = perturb oracle Noise.gaussian 0.5 200
            let thetas, cotangents = Operators.random 2 6 1, Operators.random 2 6 2
            let remote = op |> Smoothed.onCluster cluster.Client
            // Silos make the oracle and probe it.
            remote |> Batch.maximizer thetas |> ignore
            let before = TestOracles.solveCount ()
            let y, _, back = remote |> Batch.pullbackWithAgreement thetas
            Assert.Equal(2 * 200, TestOracles.solveCount () - before)
            let gradient = back cotangents
            Assert.Equal(2 * 200, TestOracles.solveCount () - before)
            let localY, _, localBack = op |> Batch.pullbackWithAgreement thetas
            Assert.Equal<float[,]>(localY, y)
            Assert.Equal<float[,]>(localBack cotangents, gradient))

        testCase "Where solutions would take longer to send, they are solved again, with the same bits" (fun () ->
            use cluster =
                new Silos.Cluster(
                    [ TestOracles.registry, SiloOptions() ],
                    TestOracles.registry,
                    ClientOptions(Timeout = TimeSpan.FromSeconds 60.0, BytesPerSecond = 1.0)
                )

            let oracle = TestOracles.registry.Oracle("counted", 5.0)
            let op = perturb oracle Noise.gaussian 0.5 100
            let thetas, cotangents = Operators.random 1 5 1, Operators.random 1 5 2
            let remote = op |> Smoothed.onCluster cluster.Client
            remote |> Batch.maximizer thetas |> ignore
            let before = TestOracles.solveCount ()
            let _, _, back = remote |> Batch.pullbackWithAgreement thetas
            let gradient = back cotangents
            Assert.Equal(2 * 100, TestOracles.solveCount () - before)
            let _, _, localBack = op |> Batch.pullbackWithAgreement thetas
            Assert.Equal<float[,]>(localBack cotangents, gradient))
    ]
