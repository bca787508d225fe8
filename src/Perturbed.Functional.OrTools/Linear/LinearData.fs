namespace Perturbed.Functional

open System
open System.Collections.Generic
open System.Globalization
open System.IO
open Google.OrTools
open OperationsResearch

/// A row lower ≤ Σ coefficient · x ≤ upper.
type internal LinearRow =
    {
        Lower: float
        Upper: float
        Columns: int[]
        Coefficients: float[]
    }

/// A linear or mixed-integer program as numbers, from which each thread builds a model of its own.
type internal LinearData =
    {
        /// OR-Tools' name of the solver, such as GLOP.
        Solver: string
        Names: string[]
        Lower: float[]
        Upper: float[]
        IsInteger: bool[]
        Rows: LinearRow[]
        /// The gain of each variable: the objective to maximise, or minus the one to minimise.
        Gains: float[]
        /// Whether the model maximises, which says how its copies are posed.
        IsMaximum: bool
    }

module internal LinearData =

    // What SolverVersion begins with, and the solver's name. PDLP is not among them: its answers are no vertices. HiGHS
    // calls itself PDLP there.
    let private versions =
        [ "Glop", "GLOP"; "Clp", "CLP"; "SCIP", "SCIP"; "Cbc", "CBC"; "CP-SAT", "SAT" ]

    let private solverOf (solver: LinearSolver.Solver) : string =
        let version = solver.SolverVersion()

        match
            versions
            |> List.tryFind (fun (start, _) -> version.StartsWith(start, StringComparison.OrdinalIgnoreCase))
        with
        | Some(_, name) -> name
        | None ->
            invalidArg
                (nameof solver)
                $"The solver is '{version}'; one whose answers are vertices was expected: GLOP, CLP, SCIP, CBC or SAT; HIGHS through a model builder."

    // A model builder tells the number of its plain rows alone, and its file tells everything.
    let private fileOf (model: ModelBuilder.Model) : MPModelProto =
        let path = Path.GetTempFileName()

        try
            if not (model.ExportToFile path) then
                invalidArg (nameof model) "OR-Tools cannot write the model."

            MPModelProto.Parser.ParseFrom(File.ReadAllBytes path)
        finally
            File.Delete path

    /// A program of a model builder.
    let ofBuilder (solver: string) (model: ModelBuilder.Model) : LinearData =
        let program = fileOf model

        if program.GeneralConstraint.Count > 0 then
            invalidArg
                (nameof model)
                $"The model has {program.GeneralConstraint.Count} rows that a variable enforces; plain rows were expected."

        let sign = if program.Maximize then 1.0 else -1.0
        let variables = Array.ofSeq program.Variable

        {
            Solver = solver
            Names = variables |> Array.map _.Name
            Lower = variables |> Array.map _.LowerBound
            Upper = variables |> Array.map _.UpperBound
            IsInteger = variables |> Array.map _.IsInteger
            Rows =
                [|
                    for row in program.Constraint do
                        {
                            Lower = row.LowerBound
                            Upper = row.UpperBound
                            Columns = Array.ofSeq row.VarIndex
                            Coefficients = Array.ofSeq row.Coefficient
                        }
                |]
            Gains = variables |> Array.map (fun x -> sign * x.ObjectiveCoefficient)
            IsMaximum = program.Maximize
        }

    // The interface for .NET tells neither which variables are integer nor where coefficients are; the text of the
    // model does, with numbers of six digits. A variable without a coefficient is not in the text, so for its sake all
    // have one in the objective meanwhile.
    let private textOf
        (solver: LinearSolver.Solver)
        (variables: LinearSolver.Variable[])
        (objective: float[])
        : string =
        let mutable text = ""

        try
            for x in variables do
                solver.Objective().SetCoefficient(x, 1.0)

            text <- solver.ExportModelAsMpsFormat(false, true)
        finally
            for i in 0 .. variables.Length - 1 do
                solver.Objective().SetCoefficient(variables[i], objective[i])

        text

    let private numberIn (name: string) : int =
        Int32.Parse(name.AsSpan 1, NumberStyles.None, CultureInfo.InvariantCulture)

    let ofSolver (solver: LinearSolver.Solver) : LinearData =
        let name = solverOf solver
        let n = solver.NumVariables()
        let variables = Array.init n solver.Variable
        let objective = variables |> Array.map (solver.Objective().GetCoefficient)
        let pattern = ModelBuilder.Model()

        if not (pattern.ImportFromMpsString(textOf solver variables objective)) then
            invalidArg (nameof solver) "OR-Tools cannot write the model as text; are all its numbers finite?"

        let helper = pattern.Helper
        let columns = Array.init (helper.VariablesCount()) (helper.VarName >> numberIn)
        let isInteger = Array.create n false

        for i in 0 .. columns.Length - 1 do
            isInteger[columns[i]] <- helper.VarIsIntegral i

        let sign = if solver.Objective().Maximization() then 1.0 else -1.0

        {
            Solver = name
            Names = variables |> Array.map _.Name()
            Lower = variables |> Array.map _.Lb()
            Upper = variables |> Array.map _.Ub()
            IsInteger = isInteger
            Rows =
                Array.init (helper.ConstraintsCount()) (fun row ->
                    let own = solver.Constraint(numberIn (helper.ConstraintName row))
                    let own' = helper.ConstraintVarIndices row |> Array.map (fun i -> columns[i])

                    {
                        Lower = own.Lb()
                        Upper = own.Ub()
                        Columns = own'
                        Coefficients = own' |> Array.map (fun i -> own.GetCoefficient variables[i])
                    })
            Gains = objective |> Array.map (fun c -> sign * c)
            IsMaximum = solver.Objective().Maximization()
        }

    /// The numbers of variables by their names.
    let columns (parameter: string) (names: string[]) (data: LinearData) : int[] =
        let known = Dictionary<string, int>()
        let twice = HashSet<string>()

        for i in 0 .. data.Names.Length - 1 do
            if not (known.TryAdd(data.Names[i], i)) then
                twice.Add data.Names[i] |> ignore

        names
        |> Array.mapi (fun i name ->
            if twice.Contains name then
                invalidArg
                    parameter
                    $"{parameter}[{i}] is '{name}', the name of two variables; y needs names of their own."

            match known.TryGetValue name with
            | true, column -> column
            | _ -> invalidArg parameter $"{parameter}[{i}] is '{name}'; the model has no variable of that name.")
