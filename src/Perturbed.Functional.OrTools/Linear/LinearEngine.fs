namespace Perturbed.Functional

open System
open Google.OrTools.LinearSolver

/// A model of the linear solver, for one thread: gains are set in place, and each solve starts from nothing or from
/// the kept solution.
[<Sealed>]
type internal LinearCopy(data: LinearData, y: int[], fixedGains: float[], options: OrToolsOptions) =
    inherit ModelCopy()

    let solver = Solver.CreateSolver data.Solver

    let variables =
        Array.init data.Names.Length (fun i -> solver.MakeVar(data.Lower[i], data.Upper[i], data.IsInteger[i], $"x{i}"))

    let rows =
        data.Rows
        |> Array.map (fun row ->
            let constrained = solver.MakeConstraint(row.Lower, row.Upper)

            for i in 0 .. row.Columns.Length - 1 do
                constrained.SetCoefficient(variables[row.Columns[i]], row.Coefficients[i])

            constrained)

    let objective = solver.Objective()
    let sign = if data.IsMaximum then 1.0 else -1.0

    let others =
        [| 0 .. data.Names.Length - 1 |] |> Array.filter (fun i -> fixedGains[i] <> 0.0)

    let otherGains = others |> Array.map (fun i -> fixedGains[i])
    let parameters = new MPSolverParameters()
    let mutable hint: float[] = [||]

    do
        objective.SetOptimizationDirection data.IsMaximum
        solver.SetNumThreads 1 |> ignore
        // A basis that is left over from the solve before would enter the last bits of an answer.
        parameters.SetIntegerParam(
            MPSolverParameters.IntegerParam.INCREMENTALITY,
            int MPSolverParameters.IncrementalityValues.INCREMENTALITY_OFF
        )

        if data.IsInteger |> Array.exists id then
            parameters.SetDoubleParam(MPSolverParameters.DoubleParam.RELATIVE_MIP_GAP, options.RelativeGap)

        let text = LinearParameters.text data.Solver options

        if text <> "" && not (solver.SetSolverSpecificParametersAsString text) then
            invalidArg "Parameters" $"{data.Solver} does not take the parameters '{text}'."

        options.TimeLimit
        |> Option.iter (fun seconds -> solver.SetTimeLimit(max 1L (int64 (1000.0 * min seconds 1e12))))

    // The largest gain between 1 and 2, since the tolerances of solvers are absolute numbers.
    let exponentOf (theta: ReadOnlySpan<float>) : int =
        let struct (largest, _) = IntegerScale.measure theta otherGains
        if largest = 0.0 then 0 else -(Math.ILogB largest)

    // 0.9999999 of an integer variable is 1; a number this near to a whole one, or beyond a bound, is that one.
    let settled (i: int) (value: float) : float =
        let whole = Math.Round value

        let tolerance =
            if data.IsInteger[i] then
                1e-5
            else
                1e-9 * max 1.0 (abs value)

        let near = if abs (value - whole) <= tolerance then whole else value
        // 0 − (−0) has the bits of 0.
        0.0 + Math.Clamp(near, data.Lower[i], data.Upper[i])

    // Presolve often cannot tell which of the two a program is; one that has a solution is unbounded.
    let infeasibleOrUnbounded () : struct (SolveStatus * string) =
        for x in variables do
            objective.SetCoefficient(x, 0.0)

        solver.Reset()

        match solver.Solve parameters with
        | Solver.ResultStatus.OPTIMAL -> SolveStatus.Unbounded, $"{data.Solver} finds solutions without end."
        | Solver.ResultStatus.INFEASIBLE -> SolveStatus.Infeasible, $"{data.Solver} says that it has no solution."
        | status -> SolveStatus.Failed, $"{data.Solver} ended with {status}."

    let solve () : struct (SolveStatus * string) =
        match solver.Solve parameters with
        | Solver.ResultStatus.OPTIMAL -> SolveStatus.Optimal, ""
        | Solver.ResultStatus.FEASIBLE ->
            SolveStatus.Feasible, $"{data.Solver} has a solution, and no proof that it is best."
        | Solver.ResultStatus.NOT_SOLVED -> SolveStatus.TimedOut, $"{data.Solver} has no solution yet."
        | Solver.ResultStatus.INFEASIBLE
        | Solver.ResultStatus.UNBOUNDED
        | Solver.ResultStatus.ABNORMAL -> infeasibleOrUnbounded ()
        | status -> SolveStatus.Failed, $"{data.Solver} ended with {status}."

    override _.Interrupt() = solver.InterruptSolve() |> ignore

    override _.Start fromLast =
        hint <-
            if fromLast then
                variables |> Array.map _.SolutionValue()
            else
                [||]

    override _.Solve(theta, answer) =
        let exponent = exponentOf theta
        solver.Reset()

        for i in 0 .. y.Length - 1 do
            objective.SetCoefficient(variables[y[i]], sign * Math.ScaleB(theta[i], exponent))

        for i in 0 .. others.Length - 1 do
            objective.SetCoefficient(variables[others[i]], sign * Math.ScaleB(otherGains[i], exponent))

        // An empty one takes back the hint of the row before.
        if options.Start = SolveStart.FromUnperturbed then
            solver.SetHint(new MPVariableVector(if hint.Length = 0 then [||] else variables), hint)

        let struct (status, reason) = solve ()
        let mutable offset = 0.0

        if status = SolveStatus.Optimal || status = SolveStatus.Feasible then
            for i in 0 .. y.Length - 1 do
                answer[i] <- settled y[i] (variables[y[i]].SolutionValue())

            for i in 0 .. others.Length - 1 do
                offset <-
                    offset
                    + otherGains[i] * settled others[i] (variables[others[i]].SolutionValue())

        GC.KeepAlive rows

        {
            Status = status
            Offset = offset
            Bound =
                if status = SolveStatus.Optimal && not (solver.IsMip()) then
                    Math.ScaleB(sign * objective.Value(), -exponent)
                elif options.OnSolve.IsSome && solver.IsMip() && status <= SolveStatus.Feasible then
                    Math.ScaleB(sign * objective.BestBound(), -exponent)
                else
                    nan
            Reason = reason
        }
