namespace Perturbed.Functional

open System
open Google.OrTools.ConstraintSolver
open Google.Protobuf.WellKnownTypes

/// Builds a routing model without costs of arcs, and not yet closed.
type internal RoutingBuild = unit -> RoutingIndexManager * RoutingModel

/// Routes for one thread. OR-Tools keeps costs of arcs once a model is closed, so each solve builds it.
[<Sealed>]
type internal RoutingCopy(build: RoutingBuild, nodes: int, bits: int, search: RoutingSearchParameters) =
    inherit ModelCopy()

    let costs: int64[][] = Array.init nodes (fun _ -> Array.zeroCreate nodes)

    let statusOf (model: RoutingModel) (found: bool) : struct (SolveStatus * string) =
        let status = model.GetStatus()

        match status with
        | _ when found -> SolveStatus.Optimal, ""
        | RoutingSearchStatus.Types.Value.RoutingInfeasible ->
            SolveStatus.Infeasible, "the routing proves that no routes exist."
        | RoutingSearchStatus.Types.Value.RoutingFailTimeout ->
            SolveStatus.TimedOut, "the routing has found no routes yet."
        | _ -> SolveStatus.Failed, $"the routing found no routes ({status})."

    // Rows of a matrix without its diagonal.
    let arc (i: int) (j: int) : int =
        i * (nodes - 1) + (if j > i then j - 1 else j)

    // OR-Tools finds no routes where costs are negative. Each customer is left once and entered once, so what all ways
    // out of it, or into it, cost more alike changes no comparison of routes that visit the same customers.
    let raiseCosts (isDepot: bool[]) : unit =
        for i in 0 .. nodes - 1 do
            if not isDepot[i] then
                let least = Array.min costs[i]

                if least < 0L then
                    for j in 0 .. nodes - 1 do
                        if j <> i then
                            costs[i][j] <- costs[i][j] - least

        for j in 0 .. nodes - 1 do
            let mutable least = 0L

            for i in 0 .. nodes - 1 do
                least <- min least (costs[i][j])

            for i in 0 .. nodes - 1 do
                if i <> j then
                    // From depot to depot nothing is left or entered.
                    costs[i][j] <-
                        if isDepot[j] then
                            max 0L (costs[i][j])
                        else
                            costs[i][j] - least

    let depotsOf (manager: RoutingIndexManager) (model: RoutingModel) : bool[] =
        let isDepot = Array.create nodes false

        for vehicle in 0 .. model.Vehicles() - 1 do
            isDepot[manager.IndexToNode(model.Start vehicle)] <- true
            isDepot[manager.IndexToNode(model.End vehicle)] <- true

        isDepot

    override _.Solve(theta, y) =
        let exponent = IntegerScale.exponent bits theta [||]

        for i in 0 .. nodes - 1 do
            for j in 0 .. nodes - 1 do
                if i <> j then
                    costs[i][j] <- -(IntegerScale.round exponent theta[arc i j])

        let manager, model = build ()
        raiseCosts (depotsOf manager model)
        model.SetArcCostEvaluatorOfAllVehicles(model.RegisterTransitMatrix costs)
        let solution = model.SolveWithParameters search
        let found = not (isNull solution)
        let struct (status, reason) = statusOf model found

        if found then
            y.Clear()

            for vehicle in 0 .. model.Vehicles() - 1 do
                let mutable index = model.Start vehicle

                while not (model.IsEnd index) do
                    let next = solution.Value(model.NextVar index)
                    let i, j = manager.IndexToNode index, manager.IndexToNode next

                    if i <> j then
                        y[arc i j] <- y[arc i j] + 1.0

                    index <- next

        model.Dispose()
        manager.Dispose()

        {
            Status = status
            Offset = 0.0
            Bound = nan
            Reason = reason
        }

/// Vehicle routing as an oracle: a heuristic.
module internal RoutingOracles =

    let private searchOf (options: OrToolsOptions) (given: RoutingSearchParameters | null) : RoutingSearchParameters =
        let search =
            match given with
            | null -> operations_research_constraint_solver.DefaultRoutingSearchParameters()
            | parameters -> parameters.Clone()

        options.TimeLimit
        |> Option.iter (fun seconds -> search.TimeLimit <- Duration.FromTimeSpan(TimeSpan.FromSeconds seconds))

        options.WorkLimit
        |> Option.iter (fun solutions -> search.SolutionLimit <- int64 (min solutions 1e18))

        search

    let ofRouting (options: OrToolsOptions) (search: RoutingSearchParameters | null) (build: RoutingBuild) : IOracle =
        OptionChecks.check options
        Check.notNull (nameof build) build
        OptionChecks.refuse "routing" "RelativeGap" (options.RelativeGap > 0.0)
        OptionChecks.refuse "routing" "Parameters" (options.Parameters <> "")
        OptionChecks.refuse "routing" "Start" (options.Start = SolveStart.FromUnperturbed)
        let parameters = searchOf options search

        // A limit of the search parameters is a limit too.
        let options =
            match parameters.TimeLimit with
            | null -> options
            | limit when limit.Seconds > 1_000_000_000L -> options
            | limit ->
                { options with
                    TimeLimit = Some(limit.ToTimeSpan().TotalSeconds)
                }

        let manager, model = build ()
        let nodes = manager.GetNumberOfNodes()

        if nodes < 2 then
            invalidArg (nameof build) $"The routing has {nodes} nodes; at least 2 were expected."

        // Raised costs are up to three times as large.
        let arcs = 4.0 * (float (model.Size()) + float (model.Vehicles()))
        model.Dispose()
        manager.Dispose()

        ModelOracle.Of
            {
                Name = "routing (heuristic)"
                Dimension = nodes * (nodes - 1)
                HasOffset = false
                Options = { options with KeepFeasible = true }
                Shortfall = Shortfall(fun _ _ -> infinity)
                IsSolution = fun _ -> false
                Copy = fun () -> RoutingCopy(build, nodes, IntegerScale.bits options.ObjectiveBits arcs, parameters)
            }
