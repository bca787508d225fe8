/// Mutual TLS: who has no certificate of the authority takes no part.
module Perturbed.Functional.Cluster.Tests.TlsTests

open System
open System.Threading.Tasks
open Expecto
open Orleans.Hosting
open Perturbed.Functional
open Perturbed.Functional.Cluster
open Xunit

[<Tests>]
let tests =
    testSequenced
    <| testList "Cluster.Tls" [
        testCase "With certificates of one authority the bits are the same; without them nobody connects" (fun () ->
            let authority = Certificates.authority "the authority"
            let certificate = Certificates.signed "silo" authority
            let ports = Silos.freePorts 4
            let clustering = Clustering.Localhost(ports[0])

            let silo (i: int) =
                Silos.start clustering ports[2 * i] ports[2 * i + 1] TestOracles.registry (SiloOptions()) (fun silo ->
                    silo.UsePerturbedTls(certificate, authority) |> ignore)

            // The second one joins over TLS.
            use one = silo 0
            use two = silo 1

            let connect (configure: IClientBuilder -> unit) : Task<PerturbedClient> =
                PerturbedClient.Connect(
                    clustering,
                    TestOracles.registry,
                    Silos.quick,
                    ports[1],
                    Action<IClientBuilder> configure
                )

            do
                use client =
                    (connect (fun (client: IClientBuilder) ->
                        client.UsePerturbedTls(Certificates.signed "client" authority, authority)
                        |> ignore))
                        .Result

                Assert.Equal(2, client.Silos().Result.Length)
                Assert.Equal<string list>([], BitsTests.different client [ 401..405 ])

            let refused (configure: IClientBuilder -> unit) : unit =
                let connecting = connect configure

                let isRefused =
                    try
                        not (connecting.Wait(TimeSpan.FromSeconds 5.0))
                    with :? AggregateException ->
                        true

                Assert.True isRefused

            refused (fun _ -> ())

            let other = Certificates.authority "another authority"
            refused (fun client -> client.UsePerturbedTls(Certificates.signed "client" other, authority) |> ignore))
    ]
