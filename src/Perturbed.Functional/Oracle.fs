namespace Perturbed.Functional

open System
open System.Collections.Concurrent
open System.Threading
open Perturbed.Kernels

/// <summary>The convex hull C = conv(Y) of an oracle's solutions, where it is known by name.</summary>
/// <remarks>Paper: Appendix B. It decides where Ω and exact expectations have closed forms.</remarks>
[<RequireQualifiedAccess>]
type Polytope =
    /// The probability simplex in R^d; its vertices are the one-hot vectors.
    | Simplex of dimension: int
    /// {0 ≤ y ≤ 1, Σy = k} in R^d; its vertices are the k-hot vectors.
    | Hypersimplex of dimension: int * k: int
    /// The permutahedron of a vector v: the hull of v's permutations.
    | Permutahedron of v: float[]
    /// The hull of the vertex indicators of paths on a grid.
    | GridPaths of rows: int * columns: int * moves: GridMoves
    /// The matchings of rows to columns that leave nobody of the smaller side out; the Birkhoff polytope where rows = columns.
    | Matchings of rows: int * columns: int
    /// The edge indicators of a graph's spanning forests of k trees.
    | SpanningForests of graph: Graph * components: int
    /// The edge indicators of a directed graph's paths from a source to a target: unit flows.
    | Paths of graph: Digraph * source: int * target: int
    /// The edge indicators of a directed graph's cuts that part a source from a target.
    | Cuts of graph: Digraph * source: int * target: int
    /// The transport polytope of the plans with the given row and column sums.
    | TransportPlans of rowMarginals: float[] * columnMarginals: float[]
    /// {0 ≤ y ≤ capacities} of a directed graph's edges, where every node but source and target passes on what it gets.
    | Flows of graph: Digraph * capacities: int[] * source: int * target: int
    /// {0 ≤ y ≤ 1} among matrices whose row and column sums are within limits.
    | LimitedMatchings of rowLimits: int[] * columnLimits: int[]
    /// The hull of the given rows.
    | Hull of solutions: float[,]
    /// The ℓ1 ball of a radius; its vertices are ±r at one coordinate.
    | L1Ball of dimension: int * radius: float
    /// {lower ≤ y ≤ upper}.
    | Box of lower: float[] * upper: float[]
    /// {Σ_g ‖y_g‖₂ ≤ r} for the group of each coordinate.
    | GroupBall of groups: int[] * radius: float
    /// {Y ∈ R^{rows × columns} : Σσ_i(Y) ≤ r}.
    | NuclearBall of rows: int * columns: int * radius: float
    /// {Y ⪰ 0, tr Y = 1} among symmetric matrices of the given order.
    | Spectraplex of size: int
    /// The hull of the 0/1 selections y with W y ≤ c, W one row for each constraint.
    | Knapsack of weights: int[,] * capacities: int[]
    /// The hull of the edge indicators of round trips through all cities, over the upper triangle row by row.
    | Tours of cities: int
    /// The hull of the step counts of alignments of two sequences of n and m letters, 3·n·m entries.
    | Alignments of first: int * second: int * kind: AlignmentKind
    /// {A y ≤ b, lower ≤ y ≤ upper}; an upper bound may be +∞.
    | Inequalities of a: float[,] * b: float[] * lower: float[] * upper: float[]
    /// The product of polytopes: y is the concatenation of a point of each, of the given dimensions.
    | Product of factors: Polytope[] * dimensions: int[]
    /// −C, the points of another polytope with their signs changed.
    | Negated of polytope: Polytope
    /// Some coordinates of the points of another polytope of the given dimension.
    | Projection of polytope: Polytope * dimension: int * coordinates: int[]
    /// Nothing is known of Y: a user's own solver.
    | Unknown of dimension: int

/// How the solutions of an oracle are written down: in few bits where its polytope says that they are small integers.
module internal SolutionCodes =

    let rec private largest (polytope: Polytope) : float =
        let isInteger (x: float) = x >= 0.0 && x = Math.Floor x

        let largestOf (entries: float seq) =
            if Seq.forall isInteger entries then
                Seq.fold max 0.0 entries
            else
                infinity

        match polytope with
        | Polytope.Simplex _
        | Polytope.Hypersimplex _
        | Polytope.GridPaths _
        | Polytope.Matchings _
        | Polytope.SpanningForests _
        | Polytope.Paths _
        | Polytope.Cuts _
        | Polytope.LimitedMatchings _
        | Polytope.Knapsack _
        | Polytope.Tours _ -> 1.0
        | Polytope.Flows(_, capacities, _, _) -> largestOf (Seq.map float capacities)
        | Polytope.Permutahedron v -> largestOf v
        | Polytope.Hull solutions -> largestOf (Seq.cast<float> solutions)
        | Polytope.TransportPlans(lower, upper)
        | Polytope.Box(lower, upper) -> largestOf (Seq.append lower upper)
        | Polytope.Product(factors, _) -> factors |> Array.map largest |> Array.fold max 0.0
        | Polytope.Projection(inner, _, _) -> largest inner
        | _ -> infinity

    /// How many ones a solution has, where they are so few that their places take less room than bits do; 0 elsewhere.
    let ones (polytope: Polytope) : int =
        match polytope with
        | Polytope.Simplex _ -> 1
        | Polytope.Hypersimplex(dimension, k) when 32L * int64 k <= int64 dimension -> k
        | _ -> 0

    let ofPolytope (polytope: Polytope) : SolutionCode =
        if ones polytope > 0 then
            SolutionCode.Places
        else
            let most = largest polytope

            if most <= 1.0 then
                SolutionCode.Bits
            elif most <= float UInt16.MaxValue then
                SolutionCode.Integers
            else
                SolutionCode.Numbers

/// <summary>A discrete solver y*(θ) = argmax over y ∈ Y of ⟨y, θ⟩, ready to be perturbed: always maximisation.</summary>
/// <remarks>
/// Immutable and safe to call from many threads. Solvers with their scratch memory are pooled, one per thread at work, so repeated calls
/// allocate nothing. Paper: equation (1).
/// </remarks>
[<Sealed; AllowNullLiteral(false)>]
type Oracle internal (implementation: IOracle, polytope: Polytope, isExpensive: bool, instances: Oracle[]) =
    let solvers = ConcurrentBag<ISolver>()
    let code = SolutionCodes.ofPolytope polytope
    let ones = SolutionCodes.ones polytope

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

    // The oracle of each instance, where they differ; empty where one answers for all.
    member internal _.Instances: Oracle[] = instances

    // The oracle that solves an instance: what is known of its polytope and its solutions belongs to that instance.
    member internal this.OfInstance(instance: int64) : Oracle =
        if instances.Length = 0 then
            this
        else
            instances[int instance].OfInstance instance

    // How solutions are written down between two passes.
    member internal _.Code: SolutionCode = code

    // How many ones a solution has, where their places are the code.
    member internal _.Ones: int = ones

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

/// A user's function on a block of n rows: θ, n × d, and where the answers go, n × k. Between two calls of the function it looks at the token.
type internal BlockFunction =
    delegate of
        thetas: ReadOnlyMemory<float> * solutions: Memory<float> * rows: int * cancellation: CancellationToken -> unit

/// A solver that calls a user's function, row by row or block by block, and distrusts every answer.
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
            | :? OperationCanceledException -> reraise ()
            | e -> raise (OracleException(name, row, $"it threw {e.GetType().Name}: {e.Message}", e))

            for i in 0 .. n * k - 1 do
                if not (Double.IsFinite solutionBuffer[i]) then
                    raise (
                        OracleException(
                            name,
                            row,
                            $"entry {i % k} of its answer is {solutionBuffer[i]}; every entry must be finite."
                        )
                    )

            solutionBuffer.AsSpan(0, n * k).CopyTo solutions

            if isLinear then
                for m in 0 .. values.Length - 1 do
                    let mutable total = 0.0

                    for i in 0 .. d - 1 do
                        total <- total + solutionBuffer[m * k + i] * thetaBuffer[m * d + i]

                    values[m] <- total

/// A user's function as an oracle.
[<Sealed>]
type internal FunctionOracle
    (name: string, d: int, k: int, isLinear: bool, isSolution: float[] -> bool, call: BlockFunction) =
    interface IOracle with
        member _.Name = name
        member _.Dimension = d
        member _.SolutionDimension = k
        member _.DependsOnInstance = false

        member _.IsSolution y =
            y.Length = k && isSolution (y.ToArray())

        member _.CreateSolver() =
            FunctionSolver(name, d, k, call, isLinear)

    // The three shapes a function may have, each as a call on a block of rows.
    static member Rows(k: int, f: float[] -> float[]) : BlockFunction =
        BlockFunction(fun thetas solutions n cancellation ->
            let d = thetas.Length / max n 1

            for m in 0 .. n - 1 do
                cancellation.ThrowIfCancellationRequested()
                let y = f (thetas.Slice(m * d, d).ToArray())

                if isNull (box y) then
                    raise (InvalidOperationException "its answer is null.")

                if y.Length <> k then
                    raise (InvalidOperationException $"its answer has length {y.Length}; the dimension is {k}.")

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
                raise (InvalidOperationException "its answer is null.")

            if Array2D.length1 y <> n || Array2D.length2 y <> k then
                raise (
                    InvalidOperationException
                        $"its answer is {Array2D.length1 y} × {Array2D.length2 y}; {n} rows of dimension {k} were expected."
                )

            let answer = Array.zeroCreate<float>(n * k)
            Buffer.BlockCopy(y, 0, answer, 0, 8 * n * k)
            answer.AsMemory().CopyTo solutions)

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
            with _ ->
                // What threw is in a state of its own and does not go back to a pool.
                current <- ValueNone
                reraise ()

        member _.Solve(thetas, solutions, values) =
            match current with
            | ValueSome(_, solver) ->
                try
                    solver.Solve(thetas, solutions, values)
                with _ ->
                    current <- ValueNone
                    reraise ()
            | ValueNone -> invalidOp "No instance was announced; Begin comes before Solve."

/// A different oracle for each instance.
[<Sealed>]
type internal PerInstanceOracle(oracles: Oracle[]) =
    interface IOracle with
        member _.Name = "per-instance"
        member _.Dimension = oracles[0].Dimension
        member _.SolutionDimension = oracles[0].SolutionDimension
        member _.DependsOnInstance = true
        member _.HasOffset = oracles |> Array.exists _.Implementation.HasOffset

        member _.IsSolution y =
            let copy = y.ToArray()
            oracles |> Array.forall _.Implementation.IsSolution(copy.AsSpan())

        member _.CreateSolver() = PerInstanceSolver oracles

/// The same oracle under another name.
[<Sealed>]
type internal RenamedOracle(name: string, inner: IOracle) =
    interface IOracle with
        member _.Name = name
        member _.Dimension = inner.Dimension
        member _.SolutionDimension = inner.SolutionDimension
        member _.DependsOnInstance = inner.DependsOnInstance
        member _.HasOffset = inner.HasOffset
        member _.IsSolution y = inner.IsSolution y

        member _.CreateSolver() =
            RenamedSolver(name, inner.CreateSolver())

/// A solver whose errors carry the name its oracle was given.
and [<Sealed>] internal RenamedSolver(name: string, inner: ISolver) =
    let renamed (e: OracleException) =
        OracleException(name, e.Row, e.Reason, e.InnerException)

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

/// The same oracle with a user's test of membership.
[<Sealed>]
type internal MembershipOracle(isSolution: float[] -> bool, inner: IOracle) =
    interface IOracle with
        member _.Name = inner.Name
        member _.Dimension = inner.Dimension
        member _.SolutionDimension = inner.SolutionDimension
        member _.DependsOnInstance = inner.DependsOnInstance
        member _.HasOffset = inner.HasOffset

        member _.IsSolution y =
            y.Length = inner.SolutionDimension && isSolution (y.ToArray())

        member _.CreateSolver() = inner.CreateSolver()

/// The same oracle behind one lock.
[<Sealed>]
type internal SynchronizedOracle(inner: IOracle) =
    let gate = obj ()

    interface IOracle with
        member _.Name = inner.Name
        member _.Dimension = inner.Dimension
        member _.SolutionDimension = inner.SolutionDimension
        member _.DependsOnInstance = inner.DependsOnInstance
        member _.HasOffset = inner.HasOffset
        member _.IsSolution y = inner.IsSolution y

        member _.CreateSolver() =
            SynchronizedSolver(gate, inner.CreateSolver())

/// A solver that waits for its turn.
and [<Sealed>] internal SynchronizedSolver(gate: obj, inner: ISolver) =
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
                // While it waited for its turn the work may have been stopped.
                cancellation.ThrowIfCancellationRequested()
                inner.Solve(thetas, solutions, values)
            finally
                Monitor.Exit gate
