namespace Perturbed.Functional

open System
open System.Buffers
open System.Text.Json
open System.Threading

/// Asks a process for the solutions of its rows; its answers are validated.
[<Sealed>]
type internal ProcessSolver(name: string, d: int, solver: SolverProcess) =
    let question = ArrayBufferWriter<byte>()
    let writer = new Utf8JsonWriter(question)
    let mutable row = 0L
    let mutable cancellation = CancellationToken.None

    let ask
        (child: ChildProcess)
        (thetas: ReadOnlySpan<float>)
        (solutions: Span<float>)
        (failures: Span<SolveFailedException | null>)
        : unit =
        SolverLines.write question writer d thetas
        child.Write question.WrittenSpan
        SolverLines.read (child.Read()) d solutions failures
        Answers.require name row d (Span.op_Implicit solutions)

    let solve
        (thetas: ReadOnlySpan<float>)
        (solutions: Span<float>)
        (failures: Span<SolveFailedException | null>)
        : unit =
        let child = solver.Rent()
        let mutable isDone = false

        try
            // A process does not look at a token, so a cancelled call ends it.
            let stop = cancellation.UnsafeRegister((fun _ -> child.Kill()), null)

            try
                ask child thetas solutions failures
                isDone <- true
            finally
                stop.Dispose()
        finally
            if isDone then solver.Return child else solver.End child

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
            try
                cancellation.ThrowIfCancellationRequested()
                solve thetas solutions failures
                Answers.values name row d thetas (Span.op_Implicit solutions) values
            with
            | WrongAnswer message -> raise (OracleException(name, row, message))
            | ChildEnded message ->
                cancellation.ThrowIfCancellationRequested()
                // Which of the rows it was is not known.
                failures.Fill(SolveFailedException(SolveFailure.Failed, message))
                solutions.Clear()
                values.Clear()

/// A solver in another process, as an oracle.
[<Sealed>]
type internal ProcessOracle(d: int, solver: SolverProcess) =
    let name = $"process {solver.Command}"

    interface IOracle with
        member _.Name = name
        member _.Dimension = d
        member _.SolutionDimension = d
        member _.DependsOnInstance = false
        member _.IsSolution _ = false
        member _.BatchSize = 64
        member _.CreateSolver() = ProcessSolver(name, d, solver)
