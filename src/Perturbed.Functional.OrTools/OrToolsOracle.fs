namespace Perturbed.Functional

open Google.OrTools
open Google.OrTools.ConstraintSolver

/// <summary>Models of OR-Tools as oracles: y are variables of the model, and θ takes the place of their
/// coefficients in its objective.</summary>
/// <remarks>
/// <para>Each oracle answers y*(θ) = argmax over the model of ⟨y, θ⟩ + h, where h is what the model's objective says of
/// variables that are not in y, as a gain: minus their cost, if the model minimises. So θ is minus a cost, as
/// everywhere. A constant of the objective is left out.</para>
/// <para>The model is read once; changes after that play no part. Each thread has a copy. A solve starts from nothing,
/// or from the solution at the row's own θ, never from the sample before, on one worker with a fixed seed: the answer
/// is a function of θ (and of the row).</para>
/// <para>A model without a solution, an unbounded one, or a limit that ends a solve is an OracleException that says
/// so. What tolerances and whole numbers may cost is <c>IOracle.Shortfall</c>, and <c>Oracle.check</c> holds the oracle
/// to it.</para>
/// </remarks>
[<RequireQualifiedAccess>]
module OrToolsOracle =

    /// <summary>A linear or mixed-integer program of the linear solver, with options.</summary>
    /// <param name="options">How the copies are solved. Nothing of the solver's own options is taken over.</param>
    /// <param name="variables">y, in the order of θ: variables of the solver, each once, of names of their own.</param>
    /// <param name="solver">The program: GLOP, CLP, SCIP, CBC or SAT.</param>
    /// <returns>An oracle. Integer variables are whole numbers, and an LP's answer is a vertex: its numbers within 1e-9
    /// of a whole number are that number. It loses at most 1e-7 (GLOP; else 1e-6) of the largest gain for each unit
    /// that another solution is away. Cost: building the objective, one solve, reading y.</returns>
    /// <exception cref="T:System.ArgumentException">No variable, one twice or not of the solver, numbers that are not
    /// finite, an option or a solver (PDLP) that does not fit.</exception>
    let ofLinearSolverWith
        (options: OrToolsOptions)
        (variables: LinearSolver.Variable seq)
        (solver: LinearSolver.Solver)
        : Oracle =
        LinearOracles.ofSolver options variables solver |> Oracle.create

    /// <summary>A linear or mixed-integer program of the linear solver.</summary>
    /// <param name="variables">y, as in <c>ofLinearSolverWith</c>.</param>
    /// <param name="solver">The program.</param>
    /// <returns>An oracle, as <c>ofLinearSolverWith</c> says.</returns>
    /// <exception cref="T:System.ArgumentException">As <c>ofLinearSolverWith</c>.</exception>
    let ofLinearSolver (variables: LinearSolver.Variable seq) (solver: LinearSolver.Solver) : Oracle =
        ofLinearSolverWith OrToolsOptions.Default variables solver

    /// <summary>A linear or mixed-integer program of a model builder.</summary>
    /// <param name="options">How the copies are solved.</param>
    /// <param name="solver">GLOP, CLP, SCIP, CBC, HIGHS or SAT.</param>
    /// <param name="variables">y, in the order of θ: variables of the model, each once.</param>
    /// <param name="model">The program, without enforced rows.</param>
    /// <returns>An oracle, as <c>ofLinearSolverWith</c> says.</returns>
    /// <exception cref="T:System.ArgumentException">As <c>ofLinearSolverWith</c>.</exception>
    let ofModelBuilder
        (options: OrToolsOptions)
        (solver: string)
        (variables: ModelBuilder.Variable seq)
        (model: ModelBuilder.Model)
        : Oracle =
        LinearOracles.ofBuilder options solver variables model |> Oracle.create

    /// <summary>A program in an MPS file.</summary>
    /// <param name="options">How the copies are solved.</param>
    /// <param name="solver">The solver, as in <c>ofModelBuilder</c>.</param>
    /// <param name="names">The variables of y, in the order of θ; none stands for all, in the order of the file.</param>
    /// <param name="path">The file, in free or fixed format.</param>
    /// <returns>An oracle, as <c>ofLinearSolverWith</c> says.</returns>
    /// <exception cref="T:System.IO.FileNotFoundException">There is no such file.</exception>
    /// <exception cref="T:System.IO.InvalidDataException">It is no MPS file, or has no variables.</exception>
    /// <exception cref="T:System.ArgumentException">A name that the file does not have, or as
    /// <c>ofLinearSolverWith</c>.</exception>
    let ofMpsFile (options: OrToolsOptions) (solver: string) (names: string seq) (path: string) : Oracle =
        ModelFiles.ofMps path
        |> LinearOracles.ofFile options solver names
        |> Oracle.create

    /// <summary>A program in an LP file, near lp_solve's form: <c>max: 3x + 2y; c1: x + y &lt;= 4; x &gt;=
    /// 0;</c>. A variable may be negative unless the file says otherwise.</summary>
    /// <param name="options">How the copies are solved.</param>
    /// <param name="solver">The solver, as in <c>ofModelBuilder</c>.</param>
    /// <param name="names">The variables of y, in the order of θ; none stands for all, in the order of the file.</param>
    /// <param name="path">The file.</param>
    /// <returns>An oracle, as <c>ofLinearSolverWith</c> says.</returns>
    /// <exception cref="T:System.IO.FileNotFoundException">There is no such file.</exception>
    /// <exception cref="T:System.IO.InvalidDataException">It is no such file, or has no variables.</exception>
    /// <exception cref="T:System.ArgumentException">A name that the file does not have, or as
    /// <c>ofLinearSolverWith</c>.</exception>
    let ofLpFile (options: OrToolsOptions) (solver: string) (names: string seq) (path: string) : Oracle =
        ModelFiles.ofLp path
        |> LinearOracles.ofFile options solver names
        |> Oracle.create

    /// <summary>A CP-SAT model, with options.</summary>
    /// <remarks>
    /// CP-SAT's objective has whole numbers: gains g become round(2^e g), where the largest takes
    /// <c>ObjectiveBits</c> bits, fewer where the sum over the variables could pass 2^60. Gains that are whole numbers
    /// of so many bits are taken as they are. Otherwise the answer y is best for the rounded θ, so that ⟨y', θ⟩ − ⟨y,
    /// θ⟩ ≤ Σ|y'_i − y_i| / 2^(e+1) for every solution y': a share of 2^−ObjectiveBits of the largest gain, at most,
    /// for each unit of distance.
    /// </remarks>
    /// <param name="options">How the copies are solved: on one worker, with a fixed seed.</param>
    /// <param name="variables">y, in the order of θ: variables of the model, each once.</param>
    /// <param name="model">The model.</param>
    /// <returns>An oracle. Cost: one solve, presolve included.</returns>
    /// <exception cref="T:System.ArgumentException">No variable, one twice or not of the model, an invalid model, or an
    /// option that does not fit.</exception>
    let ofCpModelWith (options: OrToolsOptions) (variables: Sat.IntVar seq) (model: Sat.CpModel) : Oracle =
        CpOracles.ofModel options variables model |> Oracle.create

    /// <summary>A CP-SAT model.</summary>
    /// <param name="variables">y, in the order of θ: variables of the model, each once.</param>
    /// <param name="model">The model.</param>
    /// <returns>An oracle, as <c>ofCpModelWith</c> says.</returns>
    /// <exception cref="T:System.ArgumentException">As <c>ofCpModelWith</c>.</exception>
    let ofCpModel (variables: Sat.IntVar seq) (model: Sat.CpModel) : Oracle =
        ofCpModelWith OrToolsOptions.Default variables model

    /// <summary>A minimum-cost flow, with options; θ is minus the cost of a unit on an arc, and y the flow.</summary>
    /// <param name="options">ObjectiveBits and OnSolve; costs become whole numbers as in <c>ofCpModelWith</c>.</param>
    /// <param name="arcs">The arcs of y, in the order of θ; none stands for all. Others keep the cost they have.</param>
    /// <param name="flow">The network with its capacities and supplies.</param>
    /// <returns>An oracle, whose y are whole numbers. Cost: the network is built for each solve, since OR-Tools changes
    /// no cost.</returns>
    /// <exception cref="T:System.ArgumentException">Supplies whose sum is not 0, an arc that is not there or twice, or
    /// an option that does not fit.</exception>
    let ofMinCostFlowWith (options: OrToolsOptions) (arcs: int seq) (flow: Graph.MinCostFlow) : Oracle =
        FlowOracles.ofMinCostFlow options arcs flow |> Oracle.create

    /// <summary>A minimum-cost flow over all arcs of a network; θ is minus the cost of a unit.</summary>
    /// <param name="flow">The network with its capacities and supplies.</param>
    /// <returns>An oracle, as <c>ofMinCostFlowWith</c> says.</returns>
    /// <exception cref="T:System.ArgumentException">As <c>ofMinCostFlowWith</c>.</exception>
    let ofMinCostFlow (flow: Graph.MinCostFlow) : Oracle =
        ofMinCostFlowWith OrToolsOptions.Default [] flow

    /// <summary>Vehicle routing, a heuristic, with options: y counts how often the routes take each arc, and θ is minus
    /// its cost.</summary>
    /// <remarks>The answer need not be the best, and there is no bound on the gap: F is then a lower estimate of the
    /// maximum. It is the same for equal θ, by a first solution and local search to its end. OR-Tools takes no negative
    /// costs: where θ has some, those of all ways out of a customer, or into it, are raised alike, which changes no
    /// comparison of routes that visit the same customers, and makes visits that are optional cost more.</remarks>
    /// <param name="options">Limits, ObjectiveBits, OnSolve.</param>
    /// <param name="search">OR-Tools' search parameters; null stands for its defaults.</param>
    /// <param name="build">Makes the model with its dimensions, without costs of arcs and not closed. It is called for
    /// each solve, since OR-Tools keeps costs once a model is closed, on several threads at once.</param>
    /// <returns>An oracle of dimension n(n − 1) for n nodes: row i of the cost matrix without its diagonal, one after
    /// the other.</returns>
    /// <exception cref="T:System.ArgumentException">Fewer than 2 nodes, or an option that does not fit.</exception>
    let ofRoutingWith
        (options: OrToolsOptions)
        (search: RoutingSearchParameters | null)
        (build: unit -> RoutingIndexManager * RoutingModel)
        : Oracle =
        RoutingOracles.ofRouting options search build |> Oracle.create

    /// <summary>Vehicle routing, a heuristic: y counts how often the routes take each arc, and θ is minus its
    /// cost.</summary>
    /// <param name="build">Makes the model, as in <c>ofRoutingWith</c>.</param>
    /// <returns>An oracle, as <c>ofRoutingWith</c> says.</returns>
    /// <exception cref="T:System.ArgumentException">Fewer than 2 nodes.</exception>
    let ofRouting (build: unit -> RoutingIndexManager * RoutingModel) : Oracle =
        ofRoutingWith OrToolsOptions.Default null build

    /// <summary>The travelling salesman, exact, by CP-SAT: θ = −cost of each edge of the complete graph, the upper
    /// triangle row by row, as in <c>Oracle.tsp</c>, which is faster up to 12 cities.</summary>
    /// <param name="options">How the copies are solved.</param>
    /// <param name="cities">n, from 3 to 1000.</param>
    /// <returns>An oracle of dimension n(n − 1)/2 that knows its tours. Cost: exponential in n at worst.</returns>
    /// <exception cref="T:System.ArgumentException">n out of range, or an option that does not fit.</exception>
    let tsp (options: OrToolsOptions) (cities: int) : Oracle =
        TourModels.tsp options cities |> Oracle.create

    /// <summary>The travelling salesman with a cost for each direction, exact, by CP-SAT: θ = −cost of each arc, row i
    /// of the cost matrix without its diagonal, one after the other.</summary>
    /// <param name="options">How the copies are solved.</param>
    /// <param name="cities">n, from 2 to 1000.</param>
    /// <returns>An oracle of dimension n(n − 1) that knows its tours. Cost: exponential in n at worst.</returns>
    /// <exception cref="T:System.ArgumentException">n out of range, or an option that does not fit.</exception>
    let asymmetricTsp (options: OrToolsOptions) (cities: int) : Oracle =
        TourModels.asymmetricTsp options cities |> Oracle.create
