namespace Perturbed.Functional

open System
open System.Threading
open System.Threading.Tasks
open Perturbed.Kernels

/// Users' own solvers, and wrappers that change no answer.
module internal UserOracles =

    let private userDefined (name: string) (dimension: int) (batchSize: int) (call: BlockFunction) : Oracle =
        let implementation =
            FunctionOracle(name, dimension, dimension, batchSize, true, (fun _ -> false), call) :> IOracle

        Oracle(implementation, Polytope.Unknown dimension, true)

    let ofFunction (dimension: int) (solver: float[] -> float[]) : Oracle =
        Check.positiveInt (nameof dimension) dimension
        Check.notNull (nameof solver) solver

        FunctionOracle.Rows(dimension, solver) |> userDefined "function" dimension 1

    let ofCancellableFunction (dimension: int) (solver: CancellationToken -> float[] -> float[]) : Oracle =
        Check.positiveInt (nameof dimension) dimension
        Check.notNull (nameof solver) solver

        FunctionOracle.CancellableRows(dimension, solver)
        |> userDefined "function" dimension 1

    let ofBatchFunction (dimension: int) (solver: float[,] -> float[,]) : Oracle =
        Check.positiveInt (nameof dimension) dimension
        Check.notNull (nameof solver) solver

        FunctionOracle.Batch(dimension, dimension, solver)
        |> userDefined "batch function" dimension Int32.MaxValue

    let ofSpanFunction (dimension: int) (solver: SpanFunction) : Oracle =
        Check.positiveInt (nameof dimension) dimension
        Check.notNull (nameof solver) solver

        FunctionOracle.Spans(dimension, dimension, solver)
        |> userDefined "span function" dimension 1

    let ofAsyncFunction
        (dimension: int)
        (concurrency: int)
        (solver: CancellationToken -> float[] -> Task<float[]>)
        : Oracle =
        Check.positiveInt (nameof dimension) dimension
        Check.positiveInt (nameof concurrency) concurrency
        Check.notNull (nameof solver) solver

        Oracle(AsyncOracle("async function", dimension, concurrency, solver), Polytope.Unknown dimension, true)

    let ofProcess (dimension: int) (solver: SolverProcess) : Oracle =
        Check.positiveInt (nameof dimension) dimension
        Check.notNull (nameof solver) solver
        Oracle(ProcessOracle(dimension, solver), Polytope.Unknown dimension, true)

    let create (implementation: IOracle) : Oracle =
        Check.notNull (nameof implementation) implementation
        Check.positiveInt "implementation.Dimension" implementation.Dimension
        Check.positiveInt "implementation.SolutionDimension" implementation.SolutionDimension

        if implementation.BatchSize < 0 then
            invalidArg
                "implementation.BatchSize"
                $"implementation.BatchSize is {implementation.BatchSize}; it must be at least 1, or 0 for one row a call."

        Oracle(implementation, Polytope.Unknown implementation.SolutionDimension, true)

    // A wrapper of the solver, and of that of each instance.
    let private wrapped (wrap: IOracle -> IOracle) (oracle: Oracle) : Oracle =
        Construct.like oracle (fun o -> wrap o.Implementation) _.Polytope

    let withName (name: string) (oracle: Oracle) : Oracle =
        if String.IsNullOrWhiteSpace name then
            invalidArg (nameof name) "name is empty; an oracle needs a name for its messages."

        oracle
        |> wrapped (fun inner ->
            let renamed (solver: ISolver) : ISolver = RenamedSolver(name, solver)
            WrappedOracle(inner, name, CallRows.ofOracle inner, renamed) :> IOracle)

    let withSolutions (isSolution: float[] -> bool) (oracle: Oracle) : Oracle =
        Check.notNull (nameof isSolution) isSolution
        Construct.like oracle (fun o -> MembershipOracle(isSolution, o.Implementation)) _.Polytope

    let synchronized (oracle: Oracle) : Oracle =
        let gate = obj ()
        let inner = oracle.Implementation

        let locked (solver: ISolver) : ISolver = SynchronizedSolver(gate, solver)

        let implementation =
            WrappedOracle(inner, inner.Name, CallRows.ofOracle inner, locked)

        Oracle(implementation, oracle.Polytope, oracle.IsExpensive, oracle.Instances)

    let withBatchSize (rows: int) (oracle: Oracle) : Oracle =
        Check.positiveInt (nameof rows) rows

        oracle
        |> wrapped (fun inner -> WrappedOracle(inner, inner.Name, rows, id) :> IOracle)

    let withTimeLimit (limit: TimeSpan) (oracle: Oracle) : Oracle =
        // The longest time that a token can wait for.
        if limit <= TimeSpan.Zero || limit.TotalMilliseconds > float (UInt32.MaxValue - 1u) then
            raise (
                ArgumentOutOfRangeException(
                    nameof limit,
                    limit,
                    $"limit is {limit}; it must be positive, and 49 days at most."
                )
            )

        oracle
        |> wrapped (fun inner ->
            let limited (solver: ISolver) : ISolver =
                TimeLimitedSolver(solver, inner.Dimension, inner.SolutionDimension, limit)

            WrappedOracle(inner, inner.Name, 1, limited) :> IOracle)

    let withRetries (attempts: int) (oracle: Oracle) : Oracle =
        Check.positiveInt (nameof attempts) attempts

        oracle
        |> wrapped (fun inner ->
            let retrying (solver: ISolver) : ISolver =
                RetryingSolver(solver, inner.Dimension, inner.SolutionDimension, attempts)

            WrappedOracle(inner, inner.Name, CallRows.ofOracle inner, retrying) :> IOracle)

    let generalised (dimension: int) (maximizer: float[] -> 'Y) (g: 'Y -> float[]) (h: 'Y -> float) : Oracle =
        Check.positiveInt (nameof dimension) dimension
        Check.notNull (nameof maximizer) maximizer
        Check.notNull (nameof g) g
        Check.notNull (nameof h) h

        Oracle(GeneralisedOracle("generalised maximizer", dimension, maximizer, g, h), Polytope.Unknown dimension, true)
