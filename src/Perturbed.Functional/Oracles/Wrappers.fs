namespace Perturbed.Functional

open System
open System.Threading

/// The same oracle with another name, another size of calls, or other solvers around its own.
[<Sealed>]
type internal WrappedOracle(inner: IOracle, name: string, batchSize: int, wrap: ISolver -> ISolver) =
    interface IOracle with
        member _.Name = name
        member _.Dimension = inner.Dimension
        member _.SolutionDimension = inner.SolutionDimension
        member _.DependsOnInstance = inner.DependsOnInstance
        member _.HasOffset = inner.HasOffset
        member _.BatchSize = batchSize
        member _.Shortfall(theta, distance) = inner.Shortfall(theta, distance)
        member _.IsReproducible = inner.IsReproducible
        member _.IsSolution y = inner.IsSolution y
        member _.CreateSolver() = wrap (inner.CreateSolver())

/// A solver whose errors carry the name its oracle was given.
[<Sealed>]
type internal RenamedSolver(name: string, inner: ISolver) =
    let renamed (e: OracleException) =
        OracleException(name, e.Row, e.Instance, e.Sample, e.Reason, e.InnerException)

    interface ISolver with
        member _.Cancellation
            with set token = inner.Cancellation <- token

        member _.Begin(row, theta) =
            try
                inner.Begin(row, theta)
            with :? OracleException as e ->
                raise (renamed e)

        member _.Solve(thetas, solutions, values) =
            try
                inner.Solve(thetas, solutions, values)
            with :? OracleException as e ->
                raise (renamed e)

        member _.TrySolve(thetas, solutions, values, failures) =
            try
                inner.TrySolve(thetas, solutions, values, failures)
            with :? OracleException as e ->
                raise (renamed e)

/// The same oracle with a user's test of membership.
[<Sealed>]
type internal MembershipOracle(isSolution: float[] -> bool, inner: IOracle) =
    interface IOracle with
        member _.Name = inner.Name
        member _.Dimension = inner.Dimension
        member _.SolutionDimension = inner.SolutionDimension
        member _.DependsOnInstance = inner.DependsOnInstance
        member _.HasOffset = inner.HasOffset
        member _.BatchSize = CallRows.ofOracle inner
        member _.Shortfall(theta, distance) = inner.Shortfall(theta, distance)
        member _.IsReproducible = inner.IsReproducible

        member _.IsSolution y =
            y.Length = inner.SolutionDimension && isSolution (y.ToArray())

        member _.CreateSolver() = inner.CreateSolver()

/// A solver that holds the lock while it solves.
[<Sealed>]
type internal SynchronizedSolver(gate: obj, inner: ISolver) =
    let mutable cancellation = CancellationToken.None

    interface ISolver with
        member _.Cancellation
            with set token =
                cancellation <- token
                inner.Cancellation <- token

        member _.Begin(row, theta) = inner.Begin(row, theta)

        member _.Solve(thetas, solutions, values) =
            Monitor.Enter gate

            try
                // The work may have been stopped while the lock was awaited.
                cancellation.ThrowIfCancellationRequested()
                inner.Solve(thetas, solutions, values)
            finally
                Monitor.Exit gate

        member _.TrySolve(thetas, solutions, values, failures) =
            Monitor.Enter gate

            try
                cancellation.ThrowIfCancellationRequested()
                inner.TrySolve(thetas, solutions, values, failures)
            finally
                Monitor.Exit gate
