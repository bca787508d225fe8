/// Errors, cancellation, progress, health and metrics of a call.
module Perturbed.Functional.Cluster.Tests.CallTests

open System
open System.Collections.Concurrent
open System.Diagnostics
open System.Diagnostics.Metrics
open System.Threading
open Expecto
open Microsoft.Extensions.DependencyInjection
open Microsoft.Extensions.Diagnostics.HealthChecks
open Perturbed.Functional
open Perturbed.Functional.Cluster
open Xunit

let private slow (milliseconds: float) : Oracle =
    TestOracles.registry.Oracle("slow", 5.0, milliseconds)

let private waitFor (what: string) (patience: TimeSpan) (condition: unit -> bool) : unit =
    let since = Stopwatch.StartNew()

    while not (condition ()) do
        if since.Elapsed > patience then
            failwith $"{what} did not happen within {patience}."

        Thread.Sleep 20

[<Tests>]
let tests =
    testSequenced
    <| testList "Cluster.Calls" [
        testCase "An oracle's error is the one that one machine raises" (fun () ->
            use cluster = Silos.cluster 2

            let op =
                perturb (TestOracles.registry.Oracle("failing", 3.0, 2.5)) Noise.gaussian 1.0 500

            let thetas = Array2D.init 6 3 (fun row _ -> if row >= 3 then 1.0 else -9.0)

            let error (op: Smoothed) =
                Assert.Throws<OracleException>(fun () -> op |> Batch.maximizer thetas |> ignore)

            let local, remote = error op, error (op |> Smoothed.onCluster cluster.Client)
            Assert.Equal(local.Message, remote.Message)
            Assert.Equal(3L, remote.Row))

        testCase "Failed samples are left out as on one machine" (fun () ->
            use cluster = Silos.cluster 2

            let op =
                perturb (TestOracles.registry.Oracle("infeasible", 3.0, 1.5)) Noise.gaussian 1.0 400
                |> Smoothed.withFailures (FailurePolicy.LeaveOut 0.5)

            let remote = op |> Smoothed.onCluster cluster.Client
            let theta, cotangent = [| 0.2; 0.0; -0.1 |], [| 1.0; -1.0; 0.5 |]
            let local, there = op |> Smoothed.estimate theta, remote |> Smoothed.estimate theta
            Assert.True(local.LeftOut > 0)
            Assert.Equal(local.LeftOut, there.LeftOut)
            Assert.Equal<float[]>(local.Maximizer, there.Maximizer)

            let gradient (op: Smoothed) =
                (op |> Smoothed.vectorJacobian cotangent theta).Value

            Assert.Equal<float[]>(gradient op, gradient remote))

        testCase "Cancellation reaches the silos" (fun () ->
            use cluster = Silos.cluster 2
            use source = new CancellationTokenSource()

            let remote =
                perturb (slow 20.0) Noise.gaussian 0.5 4000
                |> Smoothed.withCancellation source.Token
                |> Smoothed.onCluster cluster.Client

            source.CancelAfter 1500
            let since = Stopwatch.StartNew()

            Assert.ThrowsAny<OperationCanceledException>(fun () ->
                remote |> Smoothed.maximizer (Array.init 5 float) |> ignore)
            |> ignore

            // 20 s a silo without it.
            Assert.True(since.Elapsed < TimeSpan.FromSeconds 8.0, $"{since.Elapsed}")

            waitFor "The end of the silos' work" (TimeSpan.FromSeconds 5.0) (fun () ->
                [ 0; 1 ]
                |> List.forall (fun silo -> cluster.Work(silo).Running = 0 && cluster.Work(silo).Waiting = 0)))

        testCase "A call whose client is gone ends by its lease" (fun () ->
            use work =
                new SiloWork(TestOracles.registry, SiloOptions(Threads = 1, Lease = TimeSpan.FromMilliseconds 300.0))

            let silo = work :> Grains.ISiloWork
            let mutable unit: Grains.UnitRequest = null

            // A unit as a client writes it.
            let capture =
                { new Remote.RemoteExecutor() with
                    member _.Compute pass =
                        let range: Remote.UnitRange =
                            {
                                Row = 0
                                Rows = 1
                                Part = 0
                                Parts = pass.Parts
                            }

                        unit <- Grains.UnitRequest(Work = pass.Write(range, false))
                        raise (OperationCanceledException())
                }

            let op = perturb (slow 20.0) Noise.gaussian 0.5 1000 |> Remote.Remote.by capture

            Assert.ThrowsAny<OperationCanceledException>(fun () ->
                op |> Smoothed.maximizer (Array.init 5 float) |> ignore)
            |> ignore

            let numbers = Array.concat [ BitConverter.GetBytes 5.0; BitConverter.GetBytes 20.0 ]
            let version = silo.Join(Grains.JoinRequest()).Result.Version

            Assert.Equal(
                "",
                silo.Join(Grains.JoinRequest(Version = version, Name = "slow", Numbers = numbers)).Result.Error
            )

            let reference: OracleReference =
                {
                    Name = "slow"
                    Text = ""
                    Numbers = [| 5.0; 20.0 |]
                }

            unit.Version <- version
            unit.Call <- "a client that is gone"
            unit.Oracle <- reference.Digest
            let since = Stopwatch.StartNew()
            let reply = silo.Compute(unit).Result
            Assert.Equal(Grains.UnitStatus.Cancelled, reply.Status)
            // 20 s without it.
            Assert.True(since.Elapsed < TimeSpan.FromSeconds 5.0, $"{since.Elapsed}"))

        testCase "Progress comes back" (fun () ->
            use cluster = Silos.cluster 2
            let shares = ConcurrentQueue<float>()

            let listener =
                { new IProgress<float> with
                    member _.Report share = shares.Enqueue share
                }

            let remote =
                perturb (slow 4.0) Noise.gaussian 0.5 1000
                |> Smoothed.withProgress listener
                |> Smoothed.onCluster cluster.Client

            remote |> Smoothed.maximizer (Array.init 5 float) |> ignore
            Assert.True(shares.Count > 5, $"{shares.Count} reports")
            Assert.Equal(1.0, Seq.max shares))

        testCase "Health and metrics of a silo" (fun () ->
            let measured = ConcurrentDictionary<string, float>()
            use listener = new MeterListener()

            listener.InstrumentPublished <-
                fun instrument listener ->
                    if instrument.Meter.Name = "Perturbed.Functional.Cluster" then
                        listener.EnableMeasurementEvents instrument

            let add (instrument: Instrument) (value: float) =
                measured.AddOrUpdate(instrument.Name, value, (fun _ before -> before + value))
                |> ignore

            listener.SetMeasurementEventCallback<int64>(fun instrument value _ _ -> add instrument (float value))
            listener.SetMeasurementEventCallback<float>(fun instrument value _ _ -> add instrument value)
            listener.Start()
            use cluster = Silos.cluster 1

            perturb (Oracle.ranking 5) Noise.gaussian 0.5 1000
            |> Smoothed.onCluster cluster.Client
            |> Smoothed.maximizer (Array.init 5 float)
            |> ignore

            Assert.Equal(1000.0, measured["perturbed.silo.solves"])
            Assert.True(measured["perturbed.silo.unit.duration"] > 0.0)
            Assert.True(measured["perturbed.client.unit.duration"] > 0.0)
            Assert.Equal(0.0, measured["perturbed.silo.queue.length"])

            let health =
                cluster.Services(0).GetRequiredService<HealthCheckService>().CheckHealthAsync().Result

            Assert.Equal(HealthStatus.Healthy, health.Entries["perturbed"].Status))
    ]
