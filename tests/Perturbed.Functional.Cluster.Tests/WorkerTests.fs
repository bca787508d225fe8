/// The tool perturbed-worker.
module Perturbed.Functional.Cluster.Tests.WorkerTests

open System
open System.Diagnostics
open System.IO
open System.Net.Http
open Expecto
open Perturbed.Functional
open Perturbed.Functional.Cluster
open Xunit

let private tool: string =
    Path.Combine(
        __SOURCE_DIRECTORY__,
        "../../src/Perturbed.Functional.Worker/bin/Release/net10.0/Perturbed.Functional.Worker.dll"
    )

let private says (arguments: string list) : int * string =
    use child =
        Process.Start(
            ProcessStartInfo("dotnet", tool :: arguments, RedirectStandardOutput = true, RedirectStandardError = true)
        )

    let error = child.StandardError.ReadToEndAsync()
    let output = child.StandardOutput.ReadToEnd()
    child.WaitForExit()
    child.ExitCode, output + error.Result

[<Tests>]
let tests =
    testSequenced
    <| testList "Cluster.Worker" [
        testCase "A worker computes built-in oracles and tells its health" (fun () ->
            let ports = Silos.freePorts 3

            use child =
                Processes.start
                    "dotnet"
                    [
                        tool
                        "--primary-port"
                        string ports[0]
                        "--silo-port"
                        string ports[0]
                        "--gateway-port"
                        string ports[1]
                        "--health-port"
                        string ports[2]
                        "--threads"
                        "2"
                    ]
                    "computes 2 units at once"

            try
                use client =
                    PerturbedClient
                        .Connect(Clustering.Localhost(ports[0]), OracleRegistry.BuiltIn, Silos.quick, ports[1])
                        .Result

                let op = perturb (Oracle.ranking 5) Noise.gaussian 0.5 1000
                let theta = [| 2.0; -1.0; 0.3; 4.1; 0.9 |]

                Assert.Equal<float[]>(
                    op |> Smoothed.maximizer theta,
                    op |> Smoothed.onCluster client |> Smoothed.maximizer theta
                )

                use http = new HttpClient()
                Assert.Equal("Healthy", http.GetStringAsync($"http://127.0.0.1:{ports[2]}/health").Result)
            finally
                child.Kill()
                child.WaitForExit())

        testCase "Wrong arguments are errors that name what was wrong" (fun () ->
            let refused (arguments: string list) (word: string) =
                let code, text = says arguments
                Assert.NotEqual(0, code)
                Assert.Contains(word, text)

            refused [ "--silo-port"; "70000" ] "--silo-port is 70000"
            refused [ "--address"; "here" ] "--address is 'here'"
            refused [ "--certificate"; "none.pfx" ] "both --certificate and --authority"
            refused [ "--certificate"; "none.pfx"; "--authority"; "none.pem" ] "there is no file 'none.pfx'"
            refused [ "--threads"; "0" ] "Threads is 0"
            let code, text = says [ "--help" ]
            Assert.Equal(0, code)
            Assert.Contains("--redis", text))
    ]
