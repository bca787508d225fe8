namespace Perturbed.Functional

open System
open System.Diagnostics
open System.Threading

/// The most by which another solution may score more, given θ and the distance to it.
type internal Shortfall = delegate of theta: ReadOnlySpan<float> * distance: float -> float

/// What a solve ended with.
[<Struct>]
type internal Outcome =
    {
        Status: SolveStatus
        /// What the model adds for variables that are not in y.
        Offset: float
        /// NaN where the solver gives none.
        Bound: float
        /// What the solver says, for an error.
        Reason: string
    }

/// A copy of a model, for one thread.
[<AbstractClass>]
type internal ModelCopy() =
    /// Solves at θ and writes y, from the kept solution where there is one.
    abstract Solve: theta: ReadOnlySpan<float> * y: Span<float> -> Outcome
    /// Lets the solves that follow start from the last solution, or from nothing.
    abstract Start: fromLast: bool -> unit
    default _.Start _ = ()
    /// Ends the solve that another thread is in, where the solver can.
    abstract Interrupt: unit -> unit
    default _.Interrupt() = ()

/// What an oracle is made of.
type internal ModelOracleParts =
    {
        Name: string
        Dimension: int
        HasOffset: bool
        Options: OrToolsOptions
        Shortfall: Shortfall
        IsSolution: float[] -> bool
        Copy: unit -> ModelCopy
    }

/// Solves rows on one copy of the model.
[<Sealed>]
type internal ModelSolver(parts: ModelOracleParts) =
    let d = parts.Dimension
    let options = parts.Options
    let copy = parts.Copy()
    let interrupt = Action copy.Interrupt
    let mutable cancellation = CancellationToken.None
    let mutable row = 0L

    let dot (y: Span<float>) (theta: ReadOnlySpan<float>) : float =
        let mutable sum = 0.0

        for i in 0 .. d - 1 do
            sum <- sum + y[i] * theta[i]

        sum

    let run (theta: ReadOnlySpan<float>) (y: Span<float>) : Outcome =
        if cancellation.CanBeCanceled then
            cancellation.ThrowIfCancellationRequested()
            let registration = cancellation.Register interrupt
            let outcome = copy.Solve(theta, y)
            registration.Dispose()
            cancellation.ThrowIfCancellationRequested()
            outcome
        else
            copy.Solve(theta, y)

    let isAnswer (status: SolveStatus) : bool =
        status = SolveStatus.Optimal
        || status = SolveStatus.Feasible && options.KeepFeasible

    let reported (theta: ReadOnlySpan<float>) (y: Span<float>) : Outcome =
        match options.OnSolve with
        | None -> run theta y
        | Some listener ->
            let started = Stopwatch.GetTimestamp()
            let outcome = run theta y

            listener
                {
                    Row = row
                    Status = outcome.Status
                    Value =
                        if outcome.Status = SolveStatus.Optimal || outcome.Status = SolveStatus.Feasible then
                            dot y theta + outcome.Offset
                        else
                            nan
                    Bound = outcome.Bound
                    Seconds = Stopwatch.GetElapsedTime(started).TotalSeconds
                }

            outcome

    interface ISolver with
        member _.Cancellation
            with set token = cancellation <- token

        member _.Begin(instance, theta) =
            row <- instance

            if options.Start = SolveStart.FromUnperturbed then
                copy.Start false
                let outcome = run theta (Span(Array.zeroCreate<float> d))
                // Without a solution there is nothing to start from; the samples say themselves what they lack.
                copy.Start(isAnswer outcome.Status)

        member _.Solve(thetas, solutions, values) =
            for m in 0 .. thetas.Length / d - 1 do
                let theta = thetas.Slice(m * d, d)
                let y = solutions.Slice(m * d, d)
                let outcome = reported theta y

                if not (isAnswer outcome.Status) then
                    let status =
                        if outcome.Status = SolveStatus.Feasible then
                            SolveStatus.TimedOut
                        else
                            outcome.Status

                    SolveFailures.fail status outcome.Reason

                if values.Length > 0 then
                    values[m] <- dot y theta + outcome.Offset

/// A model of OR-Tools as an oracle.
[<Sealed>]
type internal ModelOracle(parts: ModelOracleParts) =
    interface IOracle with
        member _.Name = parts.Name
        member _.Dimension = parts.Dimension
        member _.SolutionDimension = parts.Dimension

        // A report names the row too.
        member _.DependsOnInstance =
            parts.Options.Start = SolveStart.FromUnperturbed || parts.Options.OnSolve.IsSome

        member _.HasOffset = parts.HasOffset
        member _.IsReproducible = parts.Options.TimeLimit.IsNone

        member _.Shortfall(theta, distance) =
            if OptionChecks.isHeuristic parts.Options then
                infinity
            else
                parts.Shortfall.Invoke(theta, distance)

        member _.IsSolution y =
            y.Length = parts.Dimension && parts.IsSolution(y.ToArray())

        member _.CreateSolver() = ModelSolver parts

    static member Of(parts: ModelOracleParts) : IOracle =
        if parts.Dimension < 1 then
            invalidArg "variables" "variables is empty; y needs at least one variable."

        ModelOracle parts
