namespace Perturbed.Functional.Cluster

open System
open Perturbed.Functional
open Perturbed.Kernels

/// The oracle of a problem that only silos can solve: it knows its shape.
[<Sealed>]
type internal ElsewhereOracle(name: string, dimension: int, solutionDimension: int) =
    interface IOracle with
        member _.Name = name
        member _.Dimension = dimension
        member _.SolutionDimension = solutionDimension
        member _.IsSolution _ = false

        member _.CreateSolver() =
            raise (
                NotSupportedException
                    $"The oracle '{name}' is solved on silos alone; this call solves in its own process."
            )

/// <summary>Which oracles and noises silos know, by name. A client and its silos have one with the same names.</summary>
/// <remarks>Immutable. It starts with the library's own: "argmax", "top k", "ranking", "assignment", "tsp", "sign",
/// "l1 ball", "box", "right-down paths", "knapsack" and "finite set".</remarks>
[<Sealed>]
type OracleRegistry private (factories: Map<string, string -> float[] -> Oracle>, noises: Map<string, INoise>) =

    /// The library's own oracles and noises.
    static member BuiltIn: OracleRegistry =
        OracleRegistry(Map.ofList BuiltInOracles.factories, Map.empty)

    /// The names of the oracles.
    member _.Names: string[] = factories |> Map.keys |> Array.ofSeq

    /// <summary>The registry with another oracle.</summary>
    /// <param name="name">Its name, not taken.</param>
    /// <param name="factory">Makes the oracle from the text and the numbers of a reference; called once for each
    /// reference on a silo, which keeps what it made, such as a licence.</param>
    /// <returns>A copy.</returns>
    /// <exception cref="T:System.ArgumentException">An empty name, or one that is taken.</exception>
    member _.With(name: string, factory: Func<string, float[], Oracle>) : OracleRegistry =
        if String.IsNullOrWhiteSpace name then
            invalidArg (nameof name) "name is empty; silos find an oracle by its name."

        ArgumentNullException.ThrowIfNull factory

        if factories.ContainsKey name then
            invalidArg (nameof name) $"The registry has an oracle '{name}' already."

        OracleRegistry(factories.Add(name, (fun text numbers -> factory.Invoke(text, numbers))), noises)

    /// <summary>The registry with an oracle without parameters.</summary>
    /// <param name="name">Its name, not taken.</param>
    /// <param name="oracle">The oracle.</param>
    /// <returns>A copy.</returns>
    /// <exception cref="T:System.ArgumentException">An empty name, or one that is taken.</exception>
    member this.With(name: string, oracle: Oracle) : OracleRegistry =
        ArgumentNullException.ThrowIfNull oracle
        this.With(name, Func<string, float[], Oracle>(fun _ _ -> oracle))

    /// <summary>The registry with a noise that is not built in: a user's own, or one with a covariance.</summary>
    /// <param name="name">Its name, not taken.</param>
    /// <param name="noise">The noise; operators of a client use this very one.</param>
    /// <returns>A copy.</returns>
    /// <exception cref="T:System.ArgumentException">An empty name, or one that is taken.</exception>
    member _.WithNoise(name: string, noise: INoise) : OracleRegistry =
        if String.IsNullOrWhiteSpace name then
            invalidArg (nameof name) "name is empty; silos find a noise by its name."

        ArgumentNullException.ThrowIfNull noise

        if noises.ContainsKey name then
            invalidArg (nameof name) $"The registry has a noise '{name}' already."

        OracleRegistry(factories, noises.Add(name, noise))

    /// <summary>Makes an oracle, as silos make it.</summary>
    /// <param name="name">The name of its factory.</param>
    /// <param name="text">What the factory gets as text.</param>
    /// <param name="numbers">What the factory gets as numbers.</param>
    /// <returns>The oracle.</returns>
    /// <exception cref="T:System.ArgumentException">No such name, or parameters that the factory refuses.</exception>
    member _.Oracle(name: string, text: string, numbers: float[]) : Oracle =
        ArgumentNullException.ThrowIfNull text
        ArgumentNullException.ThrowIfNull numbers

        match factories.TryFind name with
        | Some factory ->
            let reference =
                {
                    Name = name
                    Text = text
                    Numbers = Array.copy numbers
                }

            // What a factory hands out twice keeps its last reference; each makes the same oracle.
            factory text numbers |> KnownOracles.remember reference false
        | None ->
            let known = String.Join(", ", factories.Keys)
            invalidArg (nameof name) $"The registry has no oracle '{name}'; it has {known}."

    /// <summary>Makes an oracle of numbers alone.</summary>
    /// <param name="name">The name of its factory.</param>
    /// <param name="numbers">What the factory gets as numbers.</param>
    /// <returns>The oracle.</returns>
    member this.Oracle(name: string, [<ParamArray>] numbers: float[]) : Oracle = this.Oracle(name, "", numbers)

    /// <summary>An oracle that this process cannot make, such as one whose licence a silo has: its shape
    /// alone.</summary>
    /// <param name="name">The name of its factory on silos.</param>
    /// <param name="text">What the factory gets as text.</param>
    /// <param name="numbers">What the factory gets as numbers.</param>
    /// <param name="dimension">d.</param>
    /// <param name="solutionDimension">k.</param>
    /// <returns>The oracle. What solves at θ itself (the baseline y*(θ), <c>Smoothed.samples</c>) is an error.</returns>
    static member Elsewhere
        (name: string, text: string, numbers: float[], dimension: int, solutionDimension: int)
        : Oracle =
        ArgumentNullException.ThrowIfNull text
        ArgumentNullException.ThrowIfNull numbers

        ElsewhereOracle(name, dimension, solutionDimension)
        |> Oracle.create
        |> KnownOracles.remember
            {
                Name = name
                Text = text
                Numbers = Array.copy numbers
            }
            true

    /// The noise of a name.
    member internal _.Noise(name: string) : INoise =
        match noises.TryFind name with
        | Some noise -> noise
        | None -> invalidArg "noise" $"This silo's registry has no noise '{name}'."

    /// The name of a noise; null where there is none.
    member internal _.NameOf(noise: INoise) : string | null =
        noises
        |> Map.tryFindKey (fun _ known -> obj.ReferenceEquals(known, noise))
        |> Option.toObj

    /// How silos make an oracle.
    member internal _.Find(oracle: Oracle) : KnownOracle =
        match KnownOracles.tryFind oracle with
        | Some known -> known
        | None ->
            match BuiltInOracles.tryFind oracle with
            | Some reference -> KnownOracle(reference, false)
            | None ->
                invalidArg
                    "smoothed"
                    $"The oracle '{oracle.Name}' has no name that silos know. Register a factory by \
                      OracleRegistry.With on both ends, and make the oracle by registry.Oracle(name, …)."
