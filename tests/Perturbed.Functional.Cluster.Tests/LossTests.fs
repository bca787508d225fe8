/// Silos as processes, and the loss of one in the middle of a call.
module Perturbed.Functional.Cluster.Tests.LossTests

open System
open System.Diagnostics
open System.Threading
open System.Threading.Tasks
open Expecto
open Perturbed.Functional
open Perturbed.Functional.Cluster
open Xunit

/// A long call, whose solves take some milliseconds each, and a θ.
let longCall (samples: int) (milliseconds: float) : Smoothed * float[] =
    perturb (TestOracles.registry.Oracle("slow", 5.0, milliseconds)) Noise.gaussian 0.5 samples,
    [| 0.3; -0.2; 0.1; 0.0; 0.5 |]

/// The time of a call of which a silo is killed at a moment; an error where its bits are others.
let timeWithKill
    (client: PerturbedClient)
    (call: Smoothed * float[])
    (expected: float[])
    (moment: TimeSpan)
    (victim: Processes.SiloProcess)
    : TimeSpan =
    let op, theta = call
    let since = Stopwatch.StartNew()

    let killing =
        Task.Run(fun () ->
            Thread.Sleep moment
            victim.Kill())

    let actual = op |> Smoothed.onCluster client |> Smoothed.maximizer theta
    let time = since.Elapsed
    killing.Wait()
    Assert.Equal<float[]>(expected, actual)
    time

[<Tests>]
let tests =
    testSequenced
    <| testList "Cluster.Loss" [
        testCase "Silos that are killed in the middle of a call cost time, and no bit" (fun () ->
            use first = new Processes.SiloProcess("localhost", "", 2)
            let clustering = Clustering.Localhost(int first.Place)

            use client =
                PerturbedClient.Connect(clustering, TestOracles.registry, Silos.quick, first.GatewayPort).Result

            let others =
                Array.Parallel.init 2 (fun _ -> new Processes.SiloProcess("localhost", first.Place, 2))

            try
                // Processes have the bits of this one.
                Assert.Equal<string list>([], BitsTests.different client [ 301..310 ])
                let op, theta = longCall 1500 4.0
                let expected = op |> Smoothed.withThreads 64 |> Smoothed.maximizer theta

                for victim in others do
                    let time =
                        timeWithKill client (op, theta) expected (TimeSpan.FromMilliseconds 300.0) victim

                    // 3 s alone.
                    Assert.True(time < TimeSpan.FromSeconds 60.0, $"{time}")
            finally
                for other in others do
                    (other :> IDisposable).Dispose())
    ]
