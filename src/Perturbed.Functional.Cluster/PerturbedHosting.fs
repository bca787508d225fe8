namespace Perturbed.Functional.Cluster

open System
open System.Net
open System.Runtime.CompilerServices
open System.Security.Cryptography.X509Certificates
open Microsoft.Extensions.DependencyInjection
open Orleans.Hosting
open Perturbed.Functional.Cluster.Grains

/// <summary>What makes an Orleans host a silo that computes units, and a client that sends them.</summary>
[<Sealed; AbstractClass; Extension>]
type PerturbedHosting =

    /// <summary>Adds the computation of units to a silo, with a health check "perturbed".</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="registry">The oracles and noises, by name.</param>
    /// <param name="options">What the silo takes on.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="T:System.ArgumentException">A null argument, or an option out of range.</exception>
    [<Extension>]
    static member AddPerturbed(builder: ISiloBuilder, registry: OracleRegistry, options: SiloOptions) : ISiloBuilder =
        ArgumentNullException.ThrowIfNull builder
        ArgumentNullException.ThrowIfNull registry
        ArgumentNullException.ThrowIfNull options
        options.Check()

        Clustering.addMessages builder.Services

        builder.Services
            .AddSingleton<SiloWork>(fun _ -> new SiloWork(registry, options))
            .AddSingleton<ISiloWork>(fun (services: IServiceProvider) ->
                services.GetRequiredService<SiloWork>() :> ISiloWork)
            .AddHealthChecks()
            .AddCheck<SiloHealth>("perturbed")
        |> ignore

        builder.AddPlacementDirector<SiloPlacement, SiloPlacementDirector>()

    /// <summary>Adds the computation of units to a silo, with default options.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="registry">The oracles and noises, by name.</param>
    /// <returns>The builder.</returns>
    [<Extension>]
    static member AddPerturbed(builder: ISiloBuilder, registry: OracleRegistry) : ISiloBuilder =
        PerturbedHosting.AddPerturbed(builder, registry, SiloOptions())

    /// <summary>Has a silo find the others.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="clustering">How they find each other.</param>
    /// <param name="siloPort">The port for other silos.</param>
    /// <param name="gatewayPort">The port for clients.</param>
    /// <param name="address">The address that others reach the silo at, with Redis; null: the first one of this
    /// machine that is no loopback.</param>
    /// <returns>The builder.</returns>
    /// <remarks>A lost silo is found by two probes of 2 s that it leaves unanswered, by one vote.</remarks>
    [<Extension>]
    static member UsePerturbedClustering
        (builder: ISiloBuilder, clustering: Clustering, siloPort: int, gatewayPort: int, address: IPAddress | null)
        : ISiloBuilder =
        ArgumentNullException.ThrowIfNull builder
        Clustering.configureSilo clustering siloPort gatewayPort address builder
        builder

    /// <summary>Mutual TLS between silos.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="certificate">Its certificate, with the private key.</param>
    /// <param name="authority">The certificate that signed those of all silos and clients.</param>
    /// <returns>The builder.</returns>
    [<Extension>]
    static member UsePerturbedTls
        (builder: ISiloBuilder, certificate: X509Certificate2, authority: X509Certificate2)
        : ISiloBuilder =
        ArgumentNullException.ThrowIfNull certificate
        ArgumentNullException.ThrowIfNull authority
        builder.UseTls(Security.configure certificate authority)

    /// <summary>Mutual TLS of a client with its silos.</summary>
    /// <param name="builder">The client.</param>
    /// <param name="certificate">Its certificate, with the private key.</param>
    /// <param name="authority">The certificate that signed those of all silos and clients.</param>
    /// <returns>The builder.</returns>
    [<Extension>]
    static member UsePerturbedTls
        (builder: IClientBuilder, certificate: X509Certificate2, authority: X509Certificate2)
        : IClientBuilder =
        ArgumentNullException.ThrowIfNull certificate
        ArgumentNullException.ThrowIfNull authority
        builder.UseTls(Security.configure certificate authority)
