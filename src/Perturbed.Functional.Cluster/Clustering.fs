namespace Perturbed.Functional.Cluster

open System
open System.Net
open Microsoft.Extensions.DependencyInjection
open Microsoft.Extensions.Hosting
open Orleans.Configuration
open Orleans.Hosting
open Orleans.Serialization
open Perturbed.Functional.Cluster.Grains
open StackExchange.Redis

[<RequireQualifiedAccess>]
type internal ClusteringKind =
    | Localhost of primaryPort: int
    | Redis of connection: string

/// <summary>How the silos of a cluster, and its clients, find each other.</summary>
[<Sealed; AllowNullLiteral(false)>]
type Clustering private (kind: ClusteringKind) =

    /// <summary>On one machine, to try it.</summary>
    /// <param name="primaryPort">The port of the silo that others ask; its loss ends the cluster.</param>
    /// <returns>The clustering.</returns>
    static member Localhost(primaryPort: int) : Clustering =
        if primaryPort < 1 || primaryPort > 65535 then
            invalidArg (nameof primaryPort) $"primaryPort is {primaryPort}; a port is from 1 to 65535."

        Clustering(ClusteringKind.Localhost primaryPort)

    /// <summary>By a table in Redis.</summary>
    /// <param name="connection">Its address, a connection string of StackExchange.Redis such as
    /// "redis:6379".</param>
    /// <returns>The clustering.</returns>
    static member Redis(connection: string) : Clustering =
        if String.IsNullOrWhiteSpace connection then
            invalidArg (nameof connection) "connection is empty; Redis has an address, such as redis:6379."

        Clustering(ClusteringKind.Redis connection)

    member internal _.Kind: ClusteringKind = kind

[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module internal Clustering =

    let clusterId = "perturbed"

    /// Orleans finds the messages by the program's references, which a script has none of.
    let addMessages (services: IServiceCollection) : unit =
        services.AddSerializer(fun (serializer: ISerializerBuilder) ->
            serializer.AddAssembly(typeof<ISiloGrain>.Assembly) |> ignore)
        |> ignore

    // Lost silos are found within about 6 s: two probes of 2 s without an answer, and one vote.
    let private membership (options: ClusterMembershipOptions) : unit =
        options.ProbeTimeout <- TimeSpan.FromSeconds 2.0
        options.NumMissedProbesLimit <- 2
        options.NumVotesForDeathDeclaration <- 1
        options.TableRefreshTimeout <- TimeSpan.FromSeconds 5.0
        options.IAmAliveTablePublishTimeout <- TimeSpan.FromSeconds 10.0

    let configureSilo
        (clustering: Clustering)
        (siloPort: int)
        (gatewayPort: int)
        (address: IPAddress | null)
        (builder: ISiloBuilder)
        : unit =
        match clustering.Kind with
        | ClusteringKind.Localhost primary ->
            let endpoint = IPEndPoint(IPAddress.Loopback, primary)

            builder.UseLocalhostClustering(siloPort, gatewayPort, endpoint, clusterId, clusterId)
            |> ignore
        | ClusteringKind.Redis connection ->
            builder
                .UseRedisClustering(fun (options: Orleans.Clustering.Redis.RedisClusteringOptions) ->
                    options.ConfigurationOptions <- ConfigurationOptions.Parse connection)
                .Configure(fun (options: ClusterOptions) ->
                    options.ClusterId <- clusterId
                    options.ServiceId <- clusterId)
            |> ignore

            match address with
            | null -> builder.ConfigureEndpoints(siloPort, gatewayPort) |> ignore
            | address -> builder.ConfigureEndpoints(address, siloPort, gatewayPort) |> ignore

        builder.Configure(Action<ClusterMembershipOptions> membership) |> ignore

    let configureClient (clustering: Clustering) (gatewayPort: int) (builder: IClientBuilder) : unit =
        match clustering.Kind with
        | ClusteringKind.Localhost _ -> builder.UseLocalhostClustering(gatewayPort, clusterId, clusterId) |> ignore
        | ClusteringKind.Redis connection ->
            builder
                .UseRedisClustering(fun (options: Orleans.Clustering.Redis.RedisClusteringOptions) ->
                    options.ConfigurationOptions <- ConfigurationOptions.Parse connection)
                .Configure(fun (options: ClusterOptions) ->
                    options.ClusterId <- clusterId
                    options.ServiceId <- clusterId)
            |> ignore
