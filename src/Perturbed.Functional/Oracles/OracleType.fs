namespace Perturbed.Functional

open System
open System.Collections.Concurrent
open System.Threading
open Perturbed.Kernels

/// How many rows a call of a solver is given, at most.
module internal CallRows =

    /// Built-in solvers take any number, since they look at the token inside; a user's solver one, or as many as it
    /// declares.
    let ofOracle (oracle: IOracle) : int =
        if oracle.BatchSize > 0 then
            oracle.BatchSize
        elif oracle.GetType().Assembly = typeof<GaussianNoise>.Assembly then
            Int32.MaxValue
        else
            1

/// <summary>A discrete solver y*(θ) = argmax over y ∈ Y of ⟨y, θ⟩, ready to be perturbed: always
/// maximisation.</summary>
/// <remarks>
/// Immutable and safe to call from many threads. Solvers with their scratch memory are pooled, one a thread,
/// so repeated calls allocate nothing. Paper: equation (1).
/// </remarks>
[<Sealed; AllowNullLiteral(false)>]
type Oracle internal (implementation: IOracle, polytope: Polytope, isExpensive: bool, instances: Oracle[]) =
    let solvers = ConcurrentBag<ISolver>()
    let facts = Polytopes.facts polytope
    let encoding = Polytopes.encoding facts
    let callRows = CallRows.ofOracle implementation

    internal new(implementation: IOracle, polytope: Polytope, isExpensive: bool) =
        Oracle(implementation, polytope, isExpensive, [||])

    /// The name in messages and reports.
    member _.Name: string = implementation.Name

    /// The dimension d of θ.
    member _.Dimension: int = implementation.Dimension

    /// The dimension k of a solution.
    member _.SolutionDimension: int = implementation.SolutionDimension

    /// The hull of the solutions, where it is known by name.
    member _.Polytope: Polytope = polytope

    /// The contract behind this oracle, for solvers that build on it.
    member _.Implementation: IOracle = implementation

    /// <summary>How many instances have a problem of their own (<c>Oracle.perInstance</c>); 0 where one problem serves
    /// every instance.</summary>
    member _.InstanceCount: int = instances.Length

    /// Whether the same θ gives the same answer on every run and machine; false where a limit of wall-clock time may end
    /// a solve.
    member _.IsReproducible: bool = implementation.IsReproducible

    // What is known of the hull of the solutions.
    member internal _.Facts: PolytopeFacts = facts

    // The oracle of each instance, where they differ; empty where one answers for all.
    member internal _.Instances: Oracle[] = instances

    // The oracle that solves an instance: what is known of its polytope and its solutions belongs to that instance.
    member internal this.OfInstance(instance: int64) : Oracle =
        if instances.Length = 0 then
            this
        else
            instances[int instance].OfInstance instance

    // How solutions are encoded between two passes.
    member internal _.Encoding: SolutionEncoding = encoding

    // How many ones a solution has, where it is encoded by their indices.
    member internal _.Ones: int = facts.Ones

    // The most rows of one call.
    member internal _.CallRows: int = callRows

    // A user's function may cost milliseconds, so even two calls of it are worth a second thread.
    member internal _.IsExpensive: bool = isExpensive

    // A solver whose calls the token stops, until it is returned.
    member internal _.Rent(cancellation: CancellationToken) : ISolver =
        let solver =
            match solvers.TryTake() with
            | true, solver -> solver
            | false, _ -> implementation.CreateSolver()

        solver.Cancellation <- cancellation
        solver

    member internal _.Return(solver: ISolver) : unit =
        solver.Cancellation <- CancellationToken.None
        solvers.Add solver

    override _.ToString() =
        $"{implementation.Name} (dimension {implementation.Dimension})"
