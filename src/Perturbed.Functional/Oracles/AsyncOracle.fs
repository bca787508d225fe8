namespace Perturbed.Functional

open System
open System.Runtime.ExceptionServices
open System.Threading
open System.Threading.Tasks

/// A solver that answers by tasks, a few of them at once; its answers are validated.
[<Sealed>]
type internal AsyncSolver
    (name: string, d: int, gate: SemaphoreSlim, solve: CancellationToken -> float[] -> Task<float[]>) =
    let mutable row = 0L
    let mutable cancellation = CancellationToken.None

    // One row, as soon as fewer than the most are under way; an error other than a failed solve stops the others.
    let answer (stop: CancellationTokenSource) (theta: float[]) : Task<float[]> =
        task {
            do! gate.WaitAsync stop.Token

            try
                try
                    return! solve stop.Token theta
                with error ->
                    if isNull (SolveFailedException.Of error) then
                        stop.Cancel()

                    ExceptionDispatchInfo.Throw error
                    return [||]
            finally
                gate.Release() |> ignore
        }

    let errorOf (task: Task<float[]>) : exn | null =
        match task.Exception with
        | null -> null
        | error -> error.GetBaseException()

    // The error that ends the call, if one does: the first that stopped the others.
    let requireNoError (tasks: Task<float[]>[]) : unit =
        for task in tasks do
            match errorOf task with
            | null
            | :? SolveFailedException
            | :? OperationCanceledException -> ()
            | e -> raise (OracleException(name, row, $"it threw {e.GetType().Name}: {e.Message}", e))

        if
            tasks
            |> Array.exists (fun task -> not task.IsCompletedSuccessfully && not (errorOf task :? SolveFailedException))
        then
            cancellation.ThrowIfCancellationRequested()
            raise (OperationCanceledException $"A task of oracle '{name}' was cancelled.")

    // Waits for all rows; a cancelled call leaves tasks that do not look at their token behind.
    let run (thetas: ReadOnlySpan<float>) : Task<float[]>[] =
        cancellation.ThrowIfCancellationRequested()
        let stop = CancellationTokenSource.CreateLinkedTokenSource cancellation
        let rows = thetas.ToArray() |> Array.chunkBySize d
        let tasks = rows |> Array.map (answer stop)

        try
            Task.WhenAll(tasks).Wait cancellation
        with :? AggregateException ->
            ()

        stop.Dispose()
        requireNoError tasks
        tasks

    let write (y: float[]) (target: Span<float>) : unit =
        if isNull (box y) then
            raise (OracleException(name, row, "its answer is null."))

        if y.Length <> d then
            raise (OracleException(name, row, $"its answer has length {y.Length}; the dimension is {d}."))

        Answers.require name row d (ReadOnlySpan y)
        y.AsSpan().CopyTo target

    interface ISolver with
        member _.Cancellation
            with set token = cancellation <- token

        member _.Begin(instance, _) = row <- instance

        member this.Solve(thetas, solutions, values) =
            let failures: (SolveFailedException | null)[] = Array.zeroCreate (thetas.Length / d)
            (this :> ISolver).TrySolve(thetas, solutions, values, Span failures)

            for failure in failures do
                match failure with
                | null -> ()
                | failure -> raise failure

        member _.TrySolve(thetas, solutions, values, failures) =
            let tasks = run thetas

            for m in 0 .. tasks.Length - 1 do
                let y = solutions.Slice(m * d, d)

                match errorOf tasks[m] with
                | :? SolveFailedException as failure ->
                    failures[m] <- failure
                    y.Clear()
                | _ ->
                    failures[m] <- null
                    write tasks[m].Result y

            Answers.values name row d thetas (Span.op_Implicit solutions) values

/// A user's function that answers by tasks, as an oracle; all its solvers share the most tasks under way.
[<Sealed>]
type internal AsyncOracle(name: string, d: int, most: int, solve: CancellationToken -> float[] -> Task<float[]>) =
    let gate = new SemaphoreSlim(most)

    interface IOracle with
        member _.Name = name
        member _.Dimension = d
        member _.SolutionDimension = d
        member _.DependsOnInstance = false
        member _.IsSolution _ = false
        member _.BatchSize = most
        member _.CreateSolver() = AsyncSolver(name, d, gate, solve)
