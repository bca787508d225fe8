namespace Perturbed.Functional

open System
open System.Threading

/// A solver that hands each instance to the oracle of that instance.
[<Sealed>]
type internal PerInstanceSolver(oracles: Oracle[]) =
    // An oracle and a solver of its pool, or neither.
    let mutable current: struct (Oracle * ISolver) voption = ValueNone
    let mutable cancellation = CancellationToken.None

    let giveBack () : unit =
        match current with
        | ValueSome(oracle, solver) ->
            current <- ValueNone
            oracle.Return solver
        | ValueNone -> ()

    let solverOf (oracle: Oracle) : ISolver =
        match current with
        | ValueSome(rented, solver) when Object.ReferenceEquals(rented, oracle) -> solver
        | _ ->
            giveBack ()
            let solver = oracle.Rent cancellation
            current <- ValueSome(struct (oracle, solver))
            solver

    let announced () : ISolver =
        match current with
        | ValueSome(_, solver) -> solver
        | ValueNone -> invalidOp "No instance was announced; Begin comes before Solve."

    // A solver that threw may be in an undefined state, so it is not returned to its pool; one whose solve failed is as
    // good as new.
    let dropAfter (error: exn) : unit =
        if isNull (SolveFailedException.Of error) then
            current <- ValueNone

    interface ISolver with
        member _.Cancellation
            with set token =
                cancellation <- token

                match current with
                | ValueSome(_, solver) -> solver.Cancellation <- token
                | ValueNone -> ()

        member _.Begin(instance, theta) =
            if instance < 0L || instance >= int64 oracles.Length then
                raise (
                    ArgumentException(
                        $"The batch has an instance {instance}, but there are {oracles.Length} oracles, one for each instance from 0.",
                        "thetas"
                    )
                )

            let solver = solverOf oracles[int instance]

            try
                solver.Begin(instance, theta)
            with error ->
                dropAfter error
                reraise ()

        member _.Solve(thetas, solutions, values) =
            let solver = announced ()

            try
                solver.Solve(thetas, solutions, values)
            with error ->
                dropAfter error
                reraise ()

        member _.TrySolve(thetas, solutions, values, failures) =
            let solver = announced ()

            try
                solver.TrySolve(thetas, solutions, values, failures)
            with error ->
                dropAfter error
                reraise ()

/// A different oracle for each instance.
[<Sealed>]
type internal PerInstanceOracle(oracles: Oracle[]) =
    interface IOracle with
        member _.Name = "per-instance"
        member _.Dimension = oracles[0].Dimension
        member _.SolutionDimension = oracles[0].SolutionDimension
        member _.DependsOnInstance = true
        member _.HasOffset = oracles |> Array.exists _.Implementation.HasOffset
        member _.BatchSize = oracles |> Array.map _.CallRows |> Array.min
        member _.IsReproducible = oracles |> Array.forall _.IsReproducible

        member _.Shortfall(theta, distance) =
            let mutable most = 0.0

            for oracle in oracles do
                most <- max most (oracle.Implementation.Shortfall(theta, distance))

            most

        member _.IsSolution y =
            let copy = y.ToArray()
            oracles |> Array.forall _.Implementation.IsSolution(copy.AsSpan())

        member _.CreateSolver() = PerInstanceSolver oracles
