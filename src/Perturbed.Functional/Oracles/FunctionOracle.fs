namespace Perturbed.Functional

open System
open System.Threading

/// An answer of the wrong shape, with what is wrong.
exception internal WrongAnswer of message: string

/// A user's function on a block of n rows: θ, n × d, and where the answers go, n × k. It checks the token before each
/// call of the function.
type internal BlockFunction =
    delegate of
        thetas: ReadOnlyMemory<float> * solutions: Memory<float> * rows: int * cancellation: CancellationToken -> unit

/// A solver that calls a user's function, row by row or block by block, and validates every answer.
[<Sealed>]
type internal FunctionSolver(name: string, d: int, k: int, call: BlockFunction, isLinear: bool) =
    let mutable row = 0L
    let mutable cancellation = CancellationToken.None
    let mutable thetaBuffer: float[] = Array.zeroCreate d
    let mutable solutionBuffer: float[] = Array.zeroCreate k

    interface ISolver with
        member _.Cancellation
            with set token = cancellation <- token

        member _.Begin(instance, _) = row <- instance

        member _.Solve(thetas, solutions, values) =
            let n = thetas.Length / d

            if thetaBuffer.Length < thetas.Length then
                thetaBuffer <- Array.zeroCreate thetas.Length
                solutionBuffer <- Array.zeroCreate (n * k)

            thetas.CopyTo(thetaBuffer.AsSpan())
            // NaN marks what the function leaves unwritten.
            solutionBuffer.AsSpan(0, n * k).Fill nan

            try
                call.Invoke(ReadOnlyMemory(thetaBuffer, 0, n * d), Memory(solutionBuffer, 0, n * k), n, cancellation)
            with
            | :? OperationCanceledException
            | :? SolveFailedException -> reraise ()
            | WrongAnswer message -> raise (OracleException(name, row, message))
            | e -> raise (OracleException(name, row, $"it threw {e.GetType().Name}: {e.Message}", e))

            Answers.require name row k (ReadOnlySpan(solutionBuffer, 0, n * k))
            solutionBuffer.AsSpan(0, n * k).CopyTo solutions

            if isLinear then
                Answers.values name row d thetas (ReadOnlySpan solutionBuffer) values

/// A user's function as an oracle.
[<Sealed>]
type internal FunctionOracle
    (name: string, d: int, k: int, batchSize: int, isLinear: bool, isSolution: float[] -> bool, call: BlockFunction) =
    interface IOracle with
        member _.Name = name
        member _.Dimension = d
        member _.SolutionDimension = k
        member _.DependsOnInstance = false
        member _.BatchSize = batchSize

        member _.IsSolution y =
            y.Length = k && isSolution (y.ToArray())

        member _.CreateSolver() =
            FunctionSolver(name, d, k, call, isLinear)

    // The shapes a function may have, each as a call on a block of rows.
    static member Rows(k: int, f: float[] -> float[]) : BlockFunction =
        FunctionOracle.CancellableRows(k, (fun _ theta -> f theta))

    static member CancellableRows(k: int, f: CancellationToken -> float[] -> float[]) : BlockFunction =
        let f = OptimizedClosures.FSharpFunc<_, _, _>.Adapt f

        BlockFunction(fun thetas solutions n cancellation ->
            let d = thetas.Length / max n 1

            for m in 0 .. n - 1 do
                cancellation.ThrowIfCancellationRequested()
                let y = f.Invoke(cancellation, thetas.Slice(m * d, d).ToArray())

                if isNull (box y) then
                    raise (WrongAnswer "its answer is null.")

                if y.Length <> k then
                    raise (WrongAnswer $"its answer has length {y.Length}; the dimension is {k}.")

                y.AsMemory().CopyTo(solutions.Slice(m * k, k)))

    static member Spans(d: int, k: int, f: SpanFunction) : BlockFunction =
        BlockFunction(fun thetas solutions n cancellation ->
            for m in 0 .. n - 1 do
                cancellation.ThrowIfCancellationRequested()
                f.Invoke(thetas.Slice(m * d, d).Span, solutions.Slice(m * k, k).Span))

    static member Batch(d: int, k: int, f: float[,] -> float[,]) : BlockFunction =
        BlockFunction(fun thetas solutions n cancellation ->
            cancellation.ThrowIfCancellationRequested()
            let input = Array2D.zeroCreate<float> n d
            let flat = thetas.ToArray()
            Buffer.BlockCopy(flat, 0, input, 0, 8 * n * d)
            let y = f input

            if isNull (box y) then
                raise (WrongAnswer "its answer is null.")

            if Array2D.length1 y <> n || Array2D.length2 y <> k then
                raise (
                    WrongAnswer
                        $"its answer is {Array2D.length1 y} × {Array2D.length2 y}; {n} rows of dimension {k} were expected."
                )

            let answer = Array.zeroCreate<float>(n * k)
            Buffer.BlockCopy(y, 0, answer, 0, 8 * n * k)
            answer.AsMemory().CopyTo solutions)
