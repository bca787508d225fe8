/// Silos that find each other by Redis; any of them may be lost, the client's own gateway too.
module Perturbed.Functional.Cluster.Tests.RedisTests

open System
open System.Diagnostics
open System.IO
open Expecto
open Perturbed.Functional
open Perturbed.Functional.Cluster
open Xunit

let private runs (file: string) (arguments: string) : bool =
    try
        use child =
            Process.Start(
                ProcessStartInfo(file, arguments, RedirectStandardOutput = true, RedirectStandardError = true)
            )

        child.StandardOutput.ReadToEndAsync() |> ignore
        child.StandardError.ReadToEndAsync() |> ignore
        child.WaitForExit(TimeSpan.FromMinutes 2.0) && child.ExitCode = 0
    with :? ComponentModel.Win32Exception ->
        false

/// Whether there is a redis-server, or it can be installed.
let isThere: Lazy<bool> =
    lazy
        (runs "redis-server" "--version"
         || (runs "apt-get" "install -y --no-install-recommends redis-server"
             || runs "apt-get" "update"
                && runs "apt-get" "install -y --no-install-recommends redis-server")
            && runs "redis-server" "--version")

/// A server of its own, empty.
[<Sealed; AllowNullLiteral>]
type RedisServer() =
    let port = (Silos.freePorts 1)[0]
    let folder = Directory.CreateTempSubdirectory "redis"

    let child =
        Processes.start
            "redis-server"
            [ "--port"; string port; "--bind"; "127.0.0.1"; "--dir"; folder.FullName; "--save"; "" ]
            "Ready to accept connections"

    member _.Connection: string = $"127.0.0.1:{port}"

    interface IDisposable with
        member _.Dispose() =
            child.Kill()
            child.WaitForExit()
            folder.Delete true

[<Tests>]
let tests =
    testSequenced
    <| testList "Cluster.Redis" [
        testCase "Silos found by Redis have the bits of one machine, whichever of them is killed" (fun () ->
            if not isThere.Value then
                skiptest "There is no redis-server, and it cannot be installed."

            use redis = new RedisServer()

            let silos =
                Array.Parallel.init 3 (fun _ -> new Processes.SiloProcess("redis", redis.Connection, 2))

            try
                use client =
                    PerturbedClient
                        .Connect(Clustering.Redis redis.Connection, TestOracles.registry, Silos.quick)
                        .Result

                Assert.Equal<string list>([], BitsTests.different client [ 501..505 ])
                let op, theta = LossTests.longCall 1500 4.0
                let expected = op |> Smoothed.withThreads 64 |> Smoothed.maximizer theta

                // The client has connections to all.
                for victim in silos[..1] do
                    LossTests.timeWithKill client (op, theta) expected (TimeSpan.FromMilliseconds 300.0) victim
                    |> ignore
            finally
                for silo in silos do
                    (silo :> IDisposable).Dispose())
    ]
