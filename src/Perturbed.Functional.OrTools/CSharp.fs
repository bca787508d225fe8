namespace Perturbed.Functional.CSharp

open System
open System.Collections.Generic
open System.Runtime.InteropServices
open Google.OrTools
open Google.OrTools.ConstraintSolver
open Perturbed.Functional

/// <summary>Models of OR-Tools as oracles: y are variables of the model, and θ takes the place of their coefficients in
/// its objective.</summary>
/// <remarks>Each member is the function of that name in the F# module, which says what the oracle computes.</remarks>
[<AbstractClass; Sealed>]
type OrToolsOracle private () =

    static let given (options: OrToolsOptions | null) : OrToolsOptions =
        match options with
        | null -> OrToolsOptions.Default
        | options -> options

    static let namesIn (names: IEnumerable<string> | null) : IEnumerable<string> =
        match names with
        | null -> Seq.empty
        | names -> names

    /// <summary>How the models of an oracle are solved; a fresh copy of the defaults where nothing is said.</summary>
    /// <param name="timeLimit">Seconds of wall-clock time a solve, 0 for none; the oracle then counts as not
    /// reproducible.</param>
    /// <param name="workLimit">A limit in the solver's own unit, the same on every machine, 0 for none.</param>
    /// <param name="relativeGap">Solutions within this share of the bound count as best.</param>
    /// <param name="keepFeasible">Whether a solve that a limit ended answers with the best solution found.</param>
    /// <param name="startFromUnperturbed">Whether a solve starts from the solution at the row's own θ.</param>
    /// <param name="objectiveBits">The bits of the whole numbers that stand for θ, from 1 to 52.</param>
    /// <param name="parameters">Further parameters, in the solver's own text.</param>
    /// <param name="onSolve">Told of each solve, on the thread that solved.</param>
    /// <returns>The options. What does not fit a solver is an error where an oracle is made with them.</returns>
    static member Options
        (
            [<Optional; DefaultParameterValue(0.0)>] timeLimit: float,
            [<Optional; DefaultParameterValue(0.0)>] workLimit: float,
            [<Optional; DefaultParameterValue(0.0)>] relativeGap: float,
            [<Optional; DefaultParameterValue(false)>] keepFeasible: bool,
            [<Optional; DefaultParameterValue(false)>] startFromUnperturbed: bool,
            [<Optional; DefaultParameterValue(40)>] objectiveBits: int,
            [<Optional; DefaultParameterValue("")>] parameters: string,
            [<Optional>] onSolve: Action<SolveReport> | null
        ) : OrToolsOptions =
        let limit (value: float) =
            if value = 0.0 then None else Some value

        {
            TimeLimit = limit timeLimit
            WorkLimit = limit workLimit
            RelativeGap = relativeGap
            KeepFeasible = keepFeasible
            Start =
                if startFromUnperturbed then
                    SolveStart.FromUnperturbed
                else
                    SolveStart.FromNothing
            ObjectiveBits = objectiveBits
            Parameters = parameters
            OnSolve =
                match onSolve with
                | null -> None
                | listener -> Some listener.Invoke
        }

    /// <summary>A linear or mixed-integer program of the linear solver.</summary>
    /// <param name="solver">The program: GLOP, CLP, SCIP, CBC or SAT.</param>
    /// <param name="variables">y, in the order of θ: variables of the solver, each once, of names of their own.</param>
    /// <param name="options">How the copies are solved; null stands for the defaults.</param>
    /// <returns>An oracle.</returns>
    /// <exception cref="T:System.ArgumentException">No variable, one twice or not of the solver, numbers that are not
    /// finite, an option or a solver (PDLP) that does not fit.</exception>
    static member OfLinearSolver
        (
            solver: LinearSolver.Solver,
            variables: IEnumerable<LinearSolver.Variable>,
            [<Optional>] options: OrToolsOptions | null
        ) : Perturbed.Functional.CSharp.Oracle =
        Perturbed.Functional.CSharp.Oracle.Create(LinearOracles.ofSolver (given options) variables solver)

    /// <summary>A linear or mixed-integer program of a model builder.</summary>
    /// <param name="model">The program, without enforced rows.</param>
    /// <param name="solver">GLOP, CLP, SCIP, CBC, HIGHS or SAT.</param>
    /// <param name="variables">y, in the order of θ: variables of the model, each once.</param>
    /// <param name="options">How the copies are solved; null stands for the defaults.</param>
    /// <returns>An oracle.</returns>
    /// <exception cref="T:System.ArgumentException">As <c>OfLinearSolver</c>.</exception>
    static member OfModelBuilder
        (
            model: ModelBuilder.Model,
            solver: string,
            variables: IEnumerable<ModelBuilder.Variable>,
            [<Optional>] options: OrToolsOptions | null
        ) : Perturbed.Functional.CSharp.Oracle =
        Perturbed.Functional.CSharp.Oracle.Create(LinearOracles.ofBuilder (given options) solver variables model)

    /// <summary>A program in an MPS file.</summary>
    /// <param name="path">The file, in free or fixed format.</param>
    /// <param name="solver">The solver, as in <c>OfModelBuilder</c>.</param>
    /// <param name="names">The variables of y, in the order of θ; null stands for all, in the order of the
    /// file.</param>
    /// <param name="options">How the copies are solved; null stands for the defaults.</param>
    /// <returns>An oracle.</returns>
    /// <exception cref="T:System.IO.FileNotFoundException">There is no such file.</exception>
    /// <exception cref="T:System.IO.InvalidDataException">It is no MPS file, or has no variables.</exception>
    static member OfMpsFile
        (
            path: string,
            solver: string,
            [<Optional>] names: IEnumerable<string> | null,
            [<Optional>] options: OrToolsOptions | null
        ) : Perturbed.Functional.CSharp.Oracle =
        Perturbed.Functional.CSharp.Oracle.Create(
            LinearOracles.ofFile (given options) solver (namesIn names) (ModelFiles.ofMps path)
        )

    /// <summary>A program in an LP file, near lp_solve's form; a variable may be negative unless the file says
    /// otherwise.</summary>
    /// <param name="path">The file.</param>
    /// <param name="solver">The solver, as in <c>OfModelBuilder</c>.</param>
    /// <param name="names">The variables of y, in the order of θ; null stands for all, in the order of the
    /// file.</param>
    /// <param name="options">How the copies are solved; null stands for the defaults.</param>
    /// <returns>An oracle.</returns>
    /// <exception cref="T:System.IO.FileNotFoundException">There is no such file.</exception>
    /// <exception cref="T:System.IO.InvalidDataException">It is no such file, or has no variables.</exception>
    static member OfLpFile
        (
            path: string,
            solver: string,
            [<Optional>] names: IEnumerable<string> | null,
            [<Optional>] options: OrToolsOptions | null
        ) : Perturbed.Functional.CSharp.Oracle =
        Perturbed.Functional.CSharp.Oracle.Create(
            LinearOracles.ofFile (given options) solver (namesIn names) (ModelFiles.ofLp path)
        )

    /// <summary>A CP-SAT model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="variables">y, in the order of θ: variables of the model, each once.</param>
    /// <param name="options">How the copies are solved; null stands for the defaults.</param>
    /// <returns>An oracle, which rounds θ to whole numbers: the remarks of the F# function bound what that
    /// costs.</returns>
    /// <exception cref="T:System.ArgumentException">No variable, one twice or not of the model, an invalid model, or an
    /// option that does not fit.</exception>
    static member OfCpModel
        (model: Sat.CpModel, variables: IEnumerable<Sat.IntVar>, [<Optional>] options: OrToolsOptions | null)
        : Perturbed.Functional.CSharp.Oracle =
        Perturbed.Functional.CSharp.Oracle.Create(CpOracles.ofModel (given options) variables model)

    /// <summary>A minimum-cost flow; θ is minus the cost of a unit on an arc, and y the flow.</summary>
    /// <param name="flow">The network with its capacities and supplies.</param>
    /// <param name="arcs">The arcs of y, in the order of θ; null stands for all. Others keep the cost they have.</param>
    /// <param name="options">ObjectiveBits and OnSolve; null stands for the defaults.</param>
    /// <returns>An oracle.</returns>
    /// <exception cref="T:System.ArgumentException">Supplies whose sum is not 0, an arc that is not there or twice, or
    /// an option that does not fit.</exception>
    static member OfMinCostFlow
        (
            flow: Graph.MinCostFlow,
            [<Optional>] arcs: IEnumerable<int> | null,
            [<Optional>] options: OrToolsOptions | null
        ) : Perturbed.Functional.CSharp.Oracle =
        let arcs =
            match arcs with
            | null -> Seq.empty
            | arcs -> arcs

        Perturbed.Functional.CSharp.Oracle.Create(FlowOracles.ofMinCostFlow (given options) arcs flow)

    /// <summary>Vehicle routing, a heuristic: y counts how often the routes take each arc, and θ is minus its
    /// cost.</summary>
    /// <param name="build">Makes the model with its dimensions, without costs of arcs and not closed; called for each
    /// solve, on several threads at once.</param>
    /// <param name="search">OR-Tools' search parameters; null stands for its defaults.</param>
    /// <param name="options">Limits, ObjectiveBits, OnSolve; null stands for the defaults.</param>
    /// <returns>An oracle of dimension n(n − 1) for n nodes: row i of the cost matrix without its diagonal, one after
    /// the other.</returns>
    /// <exception cref="T:System.ArgumentException">Fewer than 2 nodes, or an option that does not fit.</exception>
    static member OfRouting
        (
            build: Func<struct (RoutingIndexManager * RoutingModel)>,
            [<Optional>] search: RoutingSearchParameters | null,
            [<Optional>] options: OrToolsOptions | null
        ) : Perturbed.Functional.CSharp.Oracle =
        if isNull (box build) then
            nullArg (nameof build)

        let made () =
            let struct (manager, model) = build.Invoke()
            manager, model

        Perturbed.Functional.CSharp.Oracle.Create(RoutingOracles.ofRouting (given options) search made)

    /// <summary>The travelling salesman, exact, by CP-SAT: θ = −cost of each edge, the upper triangle row by
    /// row.</summary>
    /// <param name="cities">n, from 3 to 1000.</param>
    /// <param name="options">How the copies are solved; null stands for the defaults.</param>
    /// <returns>An oracle of dimension n(n − 1)/2.</returns>
    /// <exception cref="T:System.ArgumentException">n out of range, or an option that does not fit.</exception>
    static member Tsp(cities: int, [<Optional>] options: OrToolsOptions | null) : Perturbed.Functional.CSharp.Oracle =
        Perturbed.Functional.CSharp.Oracle.Create(TourModels.tsp (given options) cities)

    /// <summary>The travelling salesman with a cost for each direction, exact, by CP-SAT: θ = −cost of each arc, row i of
    /// the cost matrix without its diagonal, one after the other.</summary>
    /// <param name="cities">n, from 2 to 1000.</param>
    /// <param name="options">How the copies are solved; null stands for the defaults.</param>
    /// <returns>An oracle of dimension n(n − 1).</returns>
    /// <exception cref="T:System.ArgumentException">n out of range, or an option that does not fit.</exception>
    static member AsymmetricTsp
        (cities: int, [<Optional>] options: OrToolsOptions | null)
        : Perturbed.Functional.CSharp.Oracle =
        Perturbed.Functional.CSharp.Oracle.Create(TourModels.asymmetricTsp (given options) cities)
