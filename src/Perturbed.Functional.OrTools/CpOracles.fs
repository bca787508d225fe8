namespace Perturbed.Functional

open System
open Google.OrTools.Sat

/// A CP-SAT model for one thread, whose objective is set in place.
[<Sealed>]
type internal CpCopy(data: CpModelData, bits: int, parameters: string) =
    inherit ModelCopy()

    let model = data.Model.Clone()
    let others = data.Others.Length
    let objective = CpObjectiveProto()
    let gate = obj ()
    let mutable running: SolveWrapper | null = null
    let mutable last: CpSolverResponse | null = null

    do
        for x in Seq.append data.Y data.Others do
            objective.Vars.Add x
            objective.Coeffs.Add 0L

        model.Objective <- objective

    // CP-SAT minimises, and its coefficients are whole numbers.
    let setObjective (theta: ReadOnlySpan<float>) (exponent: int) : unit =
        for i in 0 .. theta.Length - 1 do
            objective.Coeffs[i] <- -(IntegerScale.round exponent theta[i])

        for i in 0 .. others - 1 do
            objective.Coeffs[theta.Length + i] <- -(IntegerScale.round exponent data.OtherGains[i])

    let statusOf (response: CpSolverResponse) : struct (SolveStatus * string) =
        match response.Status with
        | CpSolverStatus.Optimal -> SolveStatus.Optimal, ""
        | CpSolverStatus.Feasible -> SolveStatus.Feasible, "CP-SAT has a solution, and no proof that it is best."
        | CpSolverStatus.Infeasible -> SolveStatus.Infeasible, "CP-SAT proves that it has no solution."
        | CpSolverStatus.Unknown -> SolveStatus.TimedOut, "CP-SAT has no solution yet."
        | status -> SolveStatus.Failed, $"CP-SAT ended with {status}: {CpSatHelper.ValidateModel model}"

    // Under the lock, so that the solver is not disposed of meanwhile.
    override _.Interrupt() =
        lock gate (fun () ->
            match running with
            | null -> ()
            | solver -> solver.StopSearch())

    override _.Start fromLast =
        match last with
        | null -> model.SolutionHint <- data.Model.SolutionHint
        | _ when not fromLast -> model.SolutionHint <- data.Model.SolutionHint
        | response ->
            let hint = PartialVariableAssignment()
            hint.Vars.AddRange [ 0 .. response.Solution.Count - 1 ]
            hint.Values.AddRange response.Solution
            model.SolutionHint <- hint

    override _.Solve(theta, y) =
        let exponent = IntegerScale.exponent bits theta data.OtherGains
        setObjective theta exponent
        use solver = new SolveWrapper()
        solver.SetStringParameters parameters
        lock gate (fun () -> running <- solver)

        let response =
            try
                solver.Solve model
            finally
                lock gate (fun () -> running <- null)

        last <- response
        let struct (status, reason) = statusOf response
        let mutable offset = 0.0

        if response.Solution.Count > 0 then
            for i in 0 .. y.Length - 1 do
                y[i] <- float response.Solution[data.Y[i]]

            for i in 0 .. others - 1 do
                offset <- offset + data.OtherGains[i] * float response.Solution[data.Others[i]]

        {
            Status = status
            Offset = offset
            Bound = 0.0 - Math.ScaleB(response.BestObjectiveBound, -exponent)
            Reason = reason
        }

/// CP-SAT models as oracles.
module internal CpOracles =

    let ofData (name: string) (isSolution: float[] -> bool) (options: OrToolsOptions) (data: CpModelData) : IOracle =
        OptionChecks.check options
        let parameters = CpParameters.text options
        let bits = IntegerScale.bits options.ObjectiveBits data.Sizes

        ModelOracle.Of
            {
                Name = name
                Dimension = data.Y.Length
                HasOffset = data.Others.Length > 0
                Options = options
                Shortfall =
                    Shortfall(fun theta distance ->
                        IntegerScale.loss bits (distance + data.Ranges) theta data.OtherGains)
                IsSolution = isSolution
                Copy = fun () -> CpCopy(data, bits, parameters)
            }

    let ofModel (options: OrToolsOptions) (variables: IntVar seq) (model: CpModel) : IOracle =
        CpModelData.create variables model |> ofData "cp-sat" (fun _ -> false) options
