namespace Perturbed.Functional

open System
open System.Runtime.CompilerServices
open Perturbed.Functional.CSharp.Interop
open Perturbed.Functional.Cluster
open Perturbed.Functional.Remote

/// <summary>Perturbed optimizers over many machines.</summary>
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Smoothed =

    /// <summary>The operator whose samples are drawn, solved and summed by the silos of a cluster: the same functions,
    /// and the same bits for any number of silos.</summary>
    /// <param name="client">The client of the cluster.</param>
    /// <param name="smoothed">The operator, by samples. Its oracle was made by the client's registry, or is a built-in
    /// one that the registry names.</param>
    /// <returns>A copy. Its token stops the silos, and its listener hears of their progress; threads are the
    /// silos' own. Samples, distributions and solves at θ itself stay in this process.</returns>
    /// <exception cref="T:System.ArgumentException">A null argument, an exact operator, or an oracle without a name
    /// that silos know.</exception>
    let onCluster (client: PerturbedClient) (smoothed: Smoothed) : Smoothed =
        ArgumentNullException.ThrowIfNull client
        ArgumentNullException.ThrowIfNull smoothed
        client.Registry.Find smoothed.Oracle |> ignore
        smoothed |> Remote.by client.Executor

/// <summary>The same for C#.</summary>
[<Sealed; AbstractClass; Extension>]
type ClusterOperators =

    /// <summary>The operator whose samples are drawn, solved and summed by the silos of a cluster: the same methods,
    /// and the same bits for any number of silos.</summary>
    /// <param name="smoothed">The operator, by samples, of an oracle that silos know by name.</param>
    /// <param name="client">The client of the cluster.</param>
    /// <returns>A copy.</returns>
    [<Extension>]
    static member OnCluster(smoothed: CSharp.Smoothed, client: PerturbedClient) : CSharp.Smoothed =
        smoothed.ToCore() |> Smoothed.onCluster client |> CoreValues.ToFacade

    /// <summary>The registry with another oracle.</summary>
    /// <param name="registry">The registry.</param>
    /// <param name="name">Its name, not taken.</param>
    /// <param name="factory">Makes the oracle from the text and the numbers of a reference.</param>
    /// <returns>A copy.</returns>
    [<Extension>]
    static member WithOracle
        (registry: OracleRegistry, name: string, factory: Func<string, float[], CSharp.Oracle>)
        : OracleRegistry =
        ArgumentNullException.ThrowIfNull factory
        registry.With(name, (fun text numbers -> CoreValues.ToCore(factory.Invoke(text, numbers))))

    /// <summary>Makes an oracle, as silos make it.</summary>
    /// <param name="registry">The registry.</param>
    /// <param name="name">The name of its factory.</param>
    /// <param name="text">What the factory gets as text.</param>
    /// <param name="numbers">What the factory gets as numbers.</param>
    /// <returns>The oracle.</returns>
    [<Extension>]
    static member MakeOracle
        (registry: OracleRegistry, name: string, text: string, [<ParamArray>] numbers: float[])
        : CSharp.Oracle =
        registry.Oracle(name, text, numbers) |> CoreValues.ToFacade
