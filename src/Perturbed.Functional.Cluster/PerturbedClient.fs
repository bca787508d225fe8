namespace Perturbed.Functional.Cluster

open System
open System.Runtime.InteropServices
open System.Threading.Tasks
open Microsoft.Extensions.DependencyInjection
open Microsoft.Extensions.Hosting
open Microsoft.Extensions.Logging
open Orleans
open Orleans.Hosting
open Perturbed.Functional.Cluster.Grains
open Perturbed.Functional.Remote

/// <summary>A client of silos that compute the samples of operators: what <c>Smoothed.onCluster</c> takes.</summary>
/// <remarks>Safe to call from many threads. One that was made by <c>Connect</c> owns its connection, and ends it when
/// it is disposed of.</remarks>
[<Sealed>]
type PerturbedClient
    private (cluster: IClusterClient, host: IHost | null, registry: OracleRegistry, options: ClientOptions) =
    let sessions = SiloSessions(cluster, registry, options)

    let executor =
        { new RemoteExecutor() with
            member _.NameOf noise = registry.NameOf noise

            member _.Compute pass =
                ClusterCall(pass, sessions, sessions.State pass.Oracle).Run()
        }

    /// <summary>A client of a connected Orleans client.</summary>
    /// <param name="cluster">Orleans' client, of an application's own host.</param>
    /// <param name="registry">The oracles and noises, by the names that silos know.</param>
    /// <param name="options">How work is sent.</param>
    /// <exception cref="T:System.ArgumentException">A null argument, or an option out of range.</exception>
    new(cluster: IClusterClient, registry: OracleRegistry, options: ClientOptions) =
        ArgumentNullException.ThrowIfNull cluster
        ArgumentNullException.ThrowIfNull registry
        ArgumentNullException.ThrowIfNull options
        options.Check()
        new PerturbedClient(cluster, null, registry, options)

    /// <summary>A client of a connected Orleans client, with default options.</summary>
    /// <param name="cluster">Orleans' client, of an application's own host.</param>
    /// <param name="registry">The oracles and noises, by the names that silos know.</param>
    new(cluster: IClusterClient, registry: OracleRegistry) = new PerturbedClient(cluster, registry, ClientOptions())

    /// <summary>Connects to a cluster.</summary>
    /// <param name="clustering">How silos are found.</param>
    /// <param name="registry">The oracles and noises, by the names that silos know.</param>
    /// <param name="options">How work is sent; the default ones where left out.</param>
    /// <param name="gatewayPort">The port of a silo's gateway, for localhost clustering; 30000 where left out.</param>
    /// <param name="configure">What else the Orleans client is to have, such as
    /// <c>UsePerturbedTls</c>; may be left out.</param>
    /// <returns>The client, to dispose of at the end.</returns>
    static member Connect
        (
            clustering: Clustering,
            registry: OracleRegistry,
            [<Optional; DefaultParameterValue(null: ClientOptions | null)>] options: ClientOptions | null,
            [<Optional; DefaultParameterValue(30000)>] gatewayPort: int,
            [<Optional; DefaultParameterValue(null: Action<IClientBuilder> | null)>] configure:
                Action<IClientBuilder> | null
        ) : Task<PerturbedClient> =
        task {
            let options =
                match options with
                | null -> ClientOptions()
                | given -> given

            options.Check()
            let builder = Host.CreateEmptyApplicationBuilder(HostApplicationBuilderSettings())
            builder.Logging.SetMinimumLevel(LogLevel.Error) |> ignore

            builder.UseOrleansClient(fun client ->
                Clustering.addMessages client.Services
                Clustering.configureClient clustering gatewayPort client

                match configure with
                | null -> ()
                | configure -> configure.Invoke client)
            |> ignore

            let host = builder.Build()
            do! host.StartAsync()
            let cluster = host.Services.GetRequiredService<IClusterClient>()
            return new PerturbedClient(cluster, host, registry, options)
        }

    /// The oracles and noises.
    member _.Registry: OracleRegistry = registry

    /// How work is sent.
    member _.Options: ClientOptions = options

    member internal _.Executor: RemoteExecutor = executor

    /// <summary>The addresses of the active silos.</summary>
    /// <returns>Orleans' text of each.</returns>
    member _.Silos() : Task<string[]> =
        cluster.GetGrain<IMembersGrain>(0L).Active()

    /// <summary>Sends bytes to a silo and back: what a message costs without work.</summary>
    /// <param name="silo">The address of a silo.</param>
    /// <param name="payload">The bytes.</param>
    /// <returns>The same bytes.</returns>
    member _.Echo(silo: string, payload: byte[]) : Task<byte[]> =
        cluster.GetGrain<ISiloGrain>(silo).Echo payload

    interface IAsyncDisposable with
        member _.DisposeAsync() =
            match host with
            | null -> ValueTask.CompletedTask
            | host ->
                task {
                    do! host.StopAsync()
                    host.Dispose()
                }
                |> ValueTask

    interface IDisposable with
        member this.Dispose() =
            (this :> IAsyncDisposable).DisposeAsync().AsTask().Wait()
