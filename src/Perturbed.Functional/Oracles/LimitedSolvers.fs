namespace Perturbed.Functional

open System
open System.Diagnostics
open System.Threading

/// A solver whose every solve has a time limit: its token ends the solve, and an answer that comes late does not
/// count, whether the solver looked at the token or not.
[<Sealed>]
type internal TimeLimitedSolver(inner: ISolver, d: int, k: int, limit: TimeSpan) =
    let mutable cancellation = CancellationToken.None

    let timedOut (what: string) (error: exn | null) : unit =
        raise (SolveFailedException(SolveFailure.TimedOut, what, error))

    let solve (theta: ReadOnlySpan<float>) (y: Span<float>) (value: Span<float>) : unit =
        use source = CancellationTokenSource.CreateLinkedTokenSource cancellation
        let start = Stopwatch.GetTimestamp()
        source.CancelAfter limit
        inner.Cancellation <- source.Token

        try
            try
                inner.Solve(theta, y, value)
            with :? OperationCanceledException as error when
                (source.IsCancellationRequested && not cancellation.IsCancellationRequested) ->
                timedOut $"it was stopped at the limit of {limit.TotalSeconds} s." error
        finally
            inner.Cancellation <- cancellation

        let taken = Stopwatch.GetElapsedTime start

        if taken > limit then
            cancellation.ThrowIfCancellationRequested()
            timedOut $"it answered after {taken.TotalSeconds} s; the limit is {limit.TotalSeconds} s." null

    interface ISolver with
        member _.Cancellation
            with set token =
                cancellation <- token
                inner.Cancellation <- token

        member _.Begin(row, theta) = inner.Begin(row, theta)

        member _.Solve(thetas, solutions, values) =
            for m in 0 .. thetas.Length / d - 1 do
                solve
                    (thetas.Slice(m * d, d))
                    (solutions.Slice(m * k, k))
                    (if values.IsEmpty then values else values.Slice(m, 1))

/// A solver that solves again where a solve failed or timed out; an infeasible or unbounded problem stays one.
[<Sealed>]
type internal RetryingSolver(inner: ISolver, d: int, k: int, attempts: int) =
    let mutable cancellation = CancellationToken.None

    let isWorthwhile (failure: SolveFailedException | null) : bool =
        match failure with
        | null -> false
        | failure -> failure.Failure = SolveFailure.Failed || failure.Failure = SolveFailure.TimedOut

    interface ISolver with
        member _.Cancellation
            with set token =
                cancellation <- token
                inner.Cancellation <- token

        member _.Begin(row, theta) = inner.Begin(row, theta)

        member _.Solve(thetas, solutions, values) =
            let mutable attempt = 1
            let mutable isSolved = false

            while not isSolved do
                cancellation.ThrowIfCancellationRequested()

                try
                    inner.Solve(thetas, solutions, values)
                    isSolved <- true
                with error when attempt < attempts && isWorthwhile (SolveFailedException.Of error) ->
                    attempt <- attempt + 1

        member _.TrySolve(thetas, solutions, values, failures) =
            inner.TrySolve(thetas, solutions, values, failures)
            let mutable attempt = 1

            while attempt < attempts do
                attempt <- attempt + 1

                for m in 0 .. failures.Length - 1 do
                    if isWorthwhile failures[m] then
                        cancellation.ThrowIfCancellationRequested()

                        inner.TrySolve(
                            thetas.Slice(m * d, d),
                            solutions.Slice(m * k, k),
                            (if values.IsEmpty then values else values.Slice(m, 1)),
                            failures.Slice(m, 1)
                        )
