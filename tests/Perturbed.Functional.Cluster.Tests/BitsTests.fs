/// A cluster has the bits of one machine.
module Perturbed.Functional.Cluster.Tests.BitsTests

open System.Threading.Tasks
open Expecto
open Perturbed.Functional
open Perturbed.Functional.Cluster
open Xunit

/// Operators with other bits on a cluster; none.
let different (client: PerturbedClient) (numbers: int seq) : string list =
    [
        for number in numbers do
            let op, rows = Operators.operator number
            yield! Operators.differences client op rows number
    ]

[<Tests>]
let tests =
    testSequenced
    <| testList "Cluster.Bits" [
        testCase "Two silos of one process have the bits of one machine for random operators" (fun () ->
            use cluster = Silos.cluster 2
            Assert.Equal<string list>([], different cluster.Client [ 1..60 ]))

        testCase "Units of any size have the same bits" (fun () ->
            // One sample a unit, and everything in one.
            for time, shortest in [ 1e-6, 1e-7; 100.0, 100.0 ] do
                use cluster =
                    new Silos.Cluster(
                        List.replicate 2 (TestOracles.registry, SiloOptions(Threads = 2)),
                        TestOracles.registry,
                        ClientOptions(
                            Timeout = System.TimeSpan.FromSeconds 60.0,
                            UnitTime = System.TimeSpan.FromSeconds time,
                            ShortestUnitTime = System.TimeSpan.FromSeconds shortest,
                            MessageTime = System.TimeSpan.FromTicks 1L
                        )
                    )

                Assert.Equal<string list>([], different cluster.Client [ 101..110 ]))

        testCase "Calls side by side have the same bits" (fun () ->
            use cluster = Silos.cluster 2
            let found = System.Collections.Concurrent.ConcurrentBag<string>()

            Parallel.For(
                201,
                217,
                ParallelOptions(MaxDegreeOfParallelism = 8),
                fun number ->
                    for difference in different cluster.Client [ number ] do
                        found.Add difference
            )
            |> ignore

            Assert.Empty found)

        testCase "The C# operator has them too" (fun () ->
            use cluster = Silos.cluster 1
            let soft = CSharp.Oracle.Ranking(5).Perturb(CSharp.Noise.Gaussian, 0.5, 1000)
            let theta = [| 2.0; -1.0; 0.3; 4.1; 0.9 |]
            let remote = ClusterOperators.OnCluster(soft, cluster.Client)
            Assert.Equal<float[]>(soft.Maximizer theta, remote.Maximizer theta))

        testCase "An empty batch asks nobody" (fun () ->
            use cluster = Silos.cluster 1

            let remote =
                perturb (Oracle.ranking 5) Noise.gaussian 0.5 10
                |> Smoothed.onCluster cluster.Client

            Assert.Empty(remote |> Batch.maximizer (Array2D.zeroCreate 0 5)))
    ]
