/// What a silo does not take on is refused by name.
module Perturbed.Functional.Cluster.Tests.LimitTests

open System
open System.Threading
open Expecto
open Perturbed.Functional
open Perturbed.Functional.Cluster
open Xunit

let private limited (options: SiloOptions) : Silos.Cluster =
    new Silos.Cluster(
        [ TestOracles.registry, options ],
        TestOracles.registry,
        ClientOptions(Timeout = TimeSpan.FromSeconds 2.0)
    )

let private error (options: SiloOptions) (oracle: Oracle) (samples: int) : string =
    use cluster = limited options

    Assert
        .Throws<ClusterException>(fun () ->
            perturb oracle Noise.gaussian 0.5 samples
            |> Smoothed.onCluster cluster.Client
            |> Smoothed.maximizer (Array.init oracle.Dimension float)
            |> ignore)
        .Message

[<Tests>]
let tests =
    testSequenced
    <| testList "Cluster.Limits" [
        testCase "Dimension, samples and bytes" (fun () ->
            Assert.Contains("MaxDimension", error (SiloOptions(MaxDimension = 10)) (Oracle.ranking 11) 10)
            Assert.Contains("MaxSamples", error (SiloOptions(MaxSamples = 10L)) (Oracle.ranking 5) 100)
            Assert.Contains("MaxBytes", error (SiloOptions(MaxBytes = 1000L)) (Oracle.ranking 50) 100))

        testCase "Options out of range are errors" (fun () ->
            let bad (options: SiloOptions) =
                Assert.Throws<ArgumentException>(fun () ->
                    (new SiloWork(OracleRegistry.BuiltIn, options) :> IDisposable).Dispose())
                |> ignore

            bad (SiloOptions(Threads = 0))
            bad (SiloOptions(QueueLength = 0))
            bad (SiloOptions(MaxDimension = -1))
            bad (SiloOptions(Lease = TimeSpan.Zero)))

        testCase "A full queue has clients come again" (fun () ->
            use cluster =
                new Silos.Cluster(
                    [ TestOracles.registry, SiloOptions(Threads = 1, QueueLength = 1) ],
                    TestOracles.registry,
                    ClientOptions(Timeout = TimeSpan.FromSeconds 60.0, UnitTime = TimeSpan.FromMilliseconds 5.0)
                )

            let op =
                perturb (TestOracles.registry.Oracle("slow", 5.0, 2.0)) Noise.gaussian 0.5 64

            let remote = op |> Smoothed.onCluster cluster.Client
            let theta = Array.init 5 float
            let expected = op |> Smoothed.maximizer theta
            let answers = Array.zeroCreate 4

            let threads =
                Array.init 4 (fun i -> Thread((fun () -> answers[i] <- remote |> Smoothed.maximizer theta)))

            for thread in threads do
                thread.Start()

            for thread in threads do
                thread.Join()

            for answer in answers do
                Assert.Equal<float[]>(expected, answer))
    ]
