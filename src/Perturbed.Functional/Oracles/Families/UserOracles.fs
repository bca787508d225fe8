namespace Perturbed.Functional

open System
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

    let create (implementation: IOracle) : Oracle =
        Check.notNull (nameof implementation) implementation
        Check.positiveInt "implementation.Dimension" implementation.Dimension
        Check.positiveInt "implementation.SolutionDimension" implementation.SolutionDimension

        if implementation.BatchSize < 0 then
            invalidArg
                "implementation.BatchSize"
                $"implementation.BatchSize is {implementation.BatchSize}; it must be at least 1, or 0 for one row a call."

        Oracle(implementation, Polytope.Unknown implementation.SolutionDimension, true)

    let withName (name: string) (oracle: Oracle) : Oracle =
        if String.IsNullOrWhiteSpace name then
            invalidArg (nameof name) "name is empty; an oracle needs a name for its messages."

        Construct.like oracle (fun o -> RenamedOracle(name, o.Implementation)) _.Polytope

    let withSolutions (isSolution: float[] -> bool) (oracle: Oracle) : Oracle =
        Check.notNull (nameof isSolution) isSolution
        Construct.like oracle (fun o -> MembershipOracle(isSolution, o.Implementation)) _.Polytope

    let synchronized (oracle: Oracle) : Oracle =
        Oracle(SynchronizedOracle oracle.Implementation, oracle.Polytope, oracle.IsExpensive, oracle.Instances)

    let generalised (dimension: int) (maximizer: float[] -> 'Y) (g: 'Y -> float[]) (h: 'Y -> float) : Oracle =
        Check.positiveInt (nameof dimension) dimension
        Check.notNull (nameof maximizer) maximizer
        Check.notNull (nameof g) g
        Check.notNull (nameof h) h

        Oracle(GeneralisedOracle("generalised maximizer", dimension, maximizer, g, h), Polytope.Unknown dimension, true)
