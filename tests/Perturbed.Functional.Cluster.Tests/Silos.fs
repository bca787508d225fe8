/// Silos in this process.
module Perturbed.Functional.Cluster.Tests.Silos

open System
open System.Net
open System.Net.Sockets
open System.Threading
open Microsoft.Extensions.DependencyInjection
open Microsoft.Extensions.Hosting
open Microsoft.Extensions.Logging
open Orleans.Hosting
open Perturbed.Functional.Cluster

/// Ports that nothing listens at.
let freePorts (count: int) : int[] =
    let listeners =
        Array.init count (fun _ ->
            let listener = new TcpListener(IPAddress.Loopback, 0)
            listener.Start()
            listener)

    let ports =
        listeners
        |> Array.map (fun listener -> (listener.LocalEndpoint :?> IPEndPoint).Port)

    for listener in listeners do
        listener.Stop()

    ports

/// A silo's host, which is started.
let start
    (clustering: Clustering)
    (siloPort: int)
    (gatewayPort: int)
    (registry: OracleRegistry)
    (options: SiloOptions)
    (configure: ISiloBuilder -> unit)
    : IHost =
    let builder = Host.CreateEmptyApplicationBuilder(HostApplicationBuilderSettings())
    builder.Logging.SetMinimumLevel(LogLevel.Critical) |> ignore

    builder.UseOrleans(fun silo ->
        silo
            .UsePerturbedClustering(clustering, siloPort, gatewayPort, IPAddress.Loopback)
            .AddPerturbed(registry, options)
        |> configure)
    |> ignore

    let host = builder.Build()
    host.Start()
    host

/// A client whose silos answer at once, or not at all.
let quick: ClientOptions = ClientOptions(Timeout = TimeSpan.FromSeconds 60.0)

/// Some silos of this process with one client, until the end of a test.
[<Sealed>]
type Cluster(silos: (OracleRegistry * SiloOptions) list, registry: OracleRegistry, options: ClientOptions) =
    let ports = freePorts (2 * silos.Length)
    let clustering = Clustering.Localhost(ports[0])

    let hosts =
        silos
        |> List.mapi (fun i (registry, options) ->
            start clustering ports[2 * i] ports[2 * i + 1] registry options ignore)

    let client = PerturbedClient.Connect(clustering, registry, options, ports[1]).Result

    member _.Client: PerturbedClient = client

    member _.Work(silo: int) : SiloWork =
        hosts[silo].Services.GetRequiredService<SiloWork>()

    member _.Services(silo: int) : IServiceProvider = hosts[silo].Services

    interface IDisposable with
        member _.Dispose() =
            (client :> IDisposable).Dispose()

            // The first one has the table of all.
            for host in List.rev hosts do
                use soon = new CancellationTokenSource(TimeSpan.FromSeconds 1.0)

                try
                    host.StopAsync(soon.Token).Wait()
                with :? AggregateException ->
                    ()

                host.Dispose()

/// Equal silos.
let cluster (count: int) : Cluster =
    new Cluster(List.replicate count (TestOracles.registry, SiloOptions(Threads = 2)), TestOracles.registry, quick)
