namespace Perturbed.Functional

open System
open Google.OrTools.Graph

/// A network as numbers.
type internal FlowData =
    {
        Supplies: int64[]
        Tails: int[]
        Heads: int[]
        Capacities: int64[]
        /// The arcs of y.
        Y: int[]
        /// Gains of the other arcs: minus their costs.
        Others: int[]
        OtherGains: float[]
    }

/// The network for one thread. OR-Tools cannot change the cost of an arc, so each solve builds it.
[<Sealed>]
type internal FlowCopy(data: FlowData, bits: int) =
    inherit ModelCopy()

    let costs: int64[] = Array.zeroCreate data.Tails.Length

    let statusOf (status: MinCostFlowBase.Status) : struct (SolveStatus * string) =
        match status with
        | MinCostFlowBase.Status.OPTIMAL -> SolveStatus.Optimal, ""
        | MinCostFlowBase.Status.INFEASIBLE -> SolveStatus.Infeasible, "the capacities do not carry the supplies."
        | other -> SolveStatus.Failed, $"the flow ended with {other}."

    override _.Solve(theta, y) =
        let exponent = IntegerScale.exponent bits theta data.OtherGains

        for i in 0 .. y.Length - 1 do
            costs[data.Y[i]] <- -(IntegerScale.round exponent theta[i])

        for i in 0 .. data.Others.Length - 1 do
            costs[data.Others[i]] <- -(IntegerScale.round exponent data.OtherGains[i])

        use flow = new MinCostFlow(data.Supplies.Length, costs.Length)

        for a in 0 .. costs.Length - 1 do
            flow.AddArcWithCapacityAndUnitCost(data.Tails[a], data.Heads[a], data.Capacities[a], costs[a])
            |> ignore

        for node in 0 .. data.Supplies.Length - 1 do
            flow.SetNodeSupply(node, data.Supplies[node])

        let struct (status, reason) = statusOf (flow.Solve())
        let mutable offset = 0.0

        if status = SolveStatus.Optimal then
            for i in 0 .. y.Length - 1 do
                y[i] <- float (flow.Flow data.Y[i])

            for i in 0 .. data.Others.Length - 1 do
                offset <- offset + data.OtherGains[i] * float (flow.Flow data.Others[i])

        {
            Status = status
            Offset = offset
            Bound = nan
            Reason = reason
        }

/// Minimum-cost flows as oracles.
module internal FlowOracles =

    let private requireArcs (arcs: int[]) (count: int) : unit =
        for i in 0 .. arcs.Length - 1 do
            if arcs[i] < 0 || arcs[i] >= count then
                invalidArg (nameof arcs) $"arcs[{i}] is {arcs[i]}; the flow has arcs 0 to {count - 1}."

        match arcs |> Array.countBy id |> Array.tryFind (fun (_, n) -> n > 1) with
        | Some(arc, _) -> invalidArg (nameof arcs) $"arcs has {arc} twice."
        | None -> ()

    let ofMinCostFlow (options: OrToolsOptions) (arcs: int seq) (flow: MinCostFlow) : IOracle =
        OptionChecks.check options
        Check.notNull (nameof arcs) arcs
        Check.notNull (nameof flow) flow
        OptionChecks.refuse "a flow" "TimeLimit" options.TimeLimit.IsSome
        OptionChecks.refuse "a flow" "WorkLimit" options.WorkLimit.IsSome
        OptionChecks.refuse "a flow" "Parameters" (options.Parameters <> "")
        OptionChecks.refuse "a flow" "Start" (options.Start = SolveStart.FromUnperturbed)
        let count = flow.NumArcs()
        let given = Array.ofSeq arcs
        let y = if given.Length = 0 then [| 0 .. count - 1 |] else given
        requireArcs y count
        let supplies = Array.init (flow.NumNodes()) flow.Supply

        if Array.sum supplies <> 0L then
            invalidArg (nameof flow) $"The supplies of the nodes add up to {Array.sum supplies}; a flow needs 0."

        let inY = Set.ofArray y

        let others =
            [| 0 .. count - 1 |]
            |> Array.filter (fun a -> not (inY.Contains a) && flow.UnitCost a <> 0L)

        let capacities = Array.init count flow.Capacity

        let data =
            {
                Supplies = supplies
                Tails = Array.init count flow.Tail
                Heads = Array.init count flow.Head
                Capacities = capacities
                Y = y
                Others = others
                OtherGains = others |> Array.map (fun a -> -(float (flow.UnitCost a)))
            }

        let sizeOf = Seq.sumBy (fun a -> float capacities[a])
        // The algorithm multiplies costs by the number of nodes, and sums them along paths.
        let nodes = float supplies.Length + 2.0

        let bits =
            IntegerScale.bits options.ObjectiveBits (max (4.0 * nodes * nodes) (sizeOf y + sizeOf others))

        ModelOracle.Of
            {
                Name = "min-cost flow"
                Dimension = y.Length
                HasOffset = others.Length > 0
                Options = options
                Shortfall =
                    Shortfall(fun theta distance ->
                        IntegerScale.loss bits (distance + sizeOf others) theta data.OtherGains)
                IsSolution = fun _ -> false
                Copy = fun () -> FlowCopy(data, bits)
            }
