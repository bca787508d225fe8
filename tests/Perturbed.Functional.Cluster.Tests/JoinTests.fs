/// A silo takes part where its version, noise, sums and oracle are those of the client.
module Perturbed.Functional.Cluster.Tests.JoinTests

open System
open Expecto
open Perturbed.Functional
open Perturbed.Functional.Cluster
open Perturbed.Functional.Cluster.Grains
open Xunit

let private with' (silos: OracleRegistry list) (registry: OracleRegistry) : Silos.Cluster =
    new Silos.Cluster(
        silos |> List.map (fun registry -> registry, SiloOptions(Threads = 1)),
        registry,
        ClientOptions(Timeout = TimeSpan.FromSeconds 2.0)
    )

let private named (oracle: Oracle) : OracleRegistry =
    OracleRegistry.BuiltIn.With("mine", oracle)

let private ask (client: PerturbedClient) (oracle: Oracle) : float[] =
    perturb oracle Noise.gaussian 0.5 100
    |> Smoothed.onCluster client
    |> Smoothed.maximizer (Array.init oracle.Dimension float)

[<Tests>]
let tests =
    testSequenced
    <| testList "Cluster.Join" [
        testCase "A silo whose oracle has other solutions takes no part, and the error says so" (fun () ->
            let registry = named (Oracle.ranking 5)

            use cluster =
                with' [ named (Oracle.rankingOf [| 1.0; 2.0; 3.0; 4.0; 6.0 |]) ] registry

            let error =
                Assert.Throws<ClusterException>(fun () -> ask cluster.Client (registry.Oracle("mine", [||])) |> ignore)

            Assert.Contains("its oracle 'mine' has other solutions than the client's", error.Message))

        testCase "Others go on without it" (fun () ->
            let registry = named (Oracle.ranking 5)

            use cluster =
                with' [ named (Oracle.rankingOf [| 1.0; 2.0; 3.0; 4.0; 6.0 |]); registry ] registry

            let oracle = registry.Oracle("mine", [||])

            let local =
                perturb oracle Noise.gaussian 0.5 100 |> Smoothed.maximizer (Array.init 5 float)

            Assert.Equal<float[]>(local, ask cluster.Client oracle))

        testCase "A name that a silo does not know, and a factory that fails, are named" (fun () ->
            let registry = named (Oracle.ranking 5)
            use unknown = with' [ OracleRegistry.BuiltIn ] registry

            let error =
                Assert.Throws<ClusterException>(fun () -> ask unknown.Client (registry.Oracle("mine", [||])) |> ignore)

            Assert.Contains("no oracle 'mine'", error.Message)

            use failing =
                with' [ OracleRegistry.BuiltIn.With("mine", fun _ _ -> failwith "no licence") ] registry

            let error =
                Assert.Throws<ClusterException>(fun () -> ask failing.Client (registry.Oracle("mine", [||])) |> ignore)

            Assert.Contains("no licence", error.Message))

        testCase "An oracle that only silos have is solved there" (fun () ->
            use cluster =
                with' [ TestOracles.registry; TestOracles.registry ] OracleRegistry.BuiltIn

            let oracle = OracleRegistry.Elsewhere("signs", "", [||], 7, 7)

            let local =
                perturb (TestOracles.registry.Oracle("signs", [||])) Noise.gaussian 0.5 100
                |> Smoothed.maximizer (Array.init 7 float)

            Assert.Equal<float[]>(local, ask cluster.Client oracle)

            let error =
                Assert.ThrowsAny<exn>(fun () ->
                    perturb oracle Noise.gaussian 0.5 10
                    |> Smoothed.onCluster cluster.Client
                    |> Smoothed.samples (Array.zeroCreate 7)
                    |> ignore)

            Assert.Contains("solved on silos alone", error.ToString()))

        testCase "Oracles and noises without a name are refused before anything is sent" (fun () ->
            use cluster = with' [ OracleRegistry.BuiltIn ] OracleRegistry.BuiltIn

            let error =
                Assert.Throws<ArgumentException>(fun () -> ask cluster.Client (Oracle.ofFunction 5 id) |> ignore)

            Assert.Contains("OracleRegistry.With", error.Message)

            let error =
                Assert.Throws<ArgumentException>(fun () ->
                    perturb (Oracle.ranking 7) TestOracles.ownNoise 0.5 100
                    |> Smoothed.onCluster cluster.Client
                    |> Smoothed.maximizer (Array.zeroCreate 7)
                    |> ignore)

            Assert.Contains("The noise 'own' has no name", error.Message)

            let error =
                Assert.Throws<ArgumentException>(fun () ->
                    perturb (Oracle.ranking 7) Noise.gaussian 0.5 100
                    |> Smoothed.exact
                    |> Smoothed.onCluster cluster.Client
                    |> ignore)

            Assert.Contains("exact", error.Message))

        testCase "Messages of another version are refused by name" (fun () ->
            use work = new SiloWork(OracleRegistry.BuiltIn, SiloOptions())
            let silo = work :> ISiloWork
            let joined = silo.Join(JoinRequest(Version = 7, Name = "argmax")).Result
            Assert.Contains("version", joined.Error)
            let reply = silo.Compute(UnitRequest(Version = 7)).Result
            Assert.Equal(UnitStatus.Refused, reply.Status)
            Assert.Contains("version", reply.Error))

        testCase "Every built-in name makes an oracle that is found again" (fun () ->
            use cluster = with' [ OracleRegistry.BuiltIn ] OracleRegistry.BuiltIn

            for oracle in
                [
                    Oracle.argmax 4
                    Oracle.topK 2 5
                    Oracle.ranking 6
                    Oracle.rankingOf [| 2.0; 7.0; 1.0 |]
                    Oracle.assignment 2 3
                    Oracle.tsp 5
                    Oracle.sign 3
                    Oracle.l1Ball 1.5 4
                    Oracle.box [| 0.0; -1.0 |] [| 1.0; 3.0 |]
                    Oracle.rightDownPath 3 4
                    Oracle.knapsack [| 2; 3; 4 |] 5
                    Oracle.finiteSet (Array2D.init 3 2 (fun i j -> float (i + j)))
                ] do
                let theta = Array.init oracle.Dimension (fun i -> -1.0 - float (i % 3))

                let op = perturb oracle Noise.gaussian 0.1 50
                let remote = op |> Smoothed.onCluster cluster.Client
                Assert.Equal<float[]>(op |> Smoothed.maximizer theta, remote |> Smoothed.maximizer theta))
    ]
