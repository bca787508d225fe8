namespace Perturbed.Functional

open System
open Google.OrTools

/// Linear and mixed-integer programs as oracles.
module internal LinearOracles =

    let private requireFinite (data: LinearData) : unit =
        let finite (what: string) (values: float[]) =
            for i in 0 .. values.Length - 1 do
                if Double.IsNaN values[i] then
                    invalidArg "model" $"The {what} of variable {i} ('{data.Names[i]}') is NaN."

        finite "lower bound" data.Lower
        finite "upper bound" data.Upper
        finite "objective coefficient" data.Gains

        data.Rows
        |> Array.iteri (fun r row ->
            if
                Double.IsNaN row.Lower
                || Double.IsNaN row.Upper
                || not (row.Coefficients |> Array.forall Double.IsFinite)
            then
                invalidArg "model" $"Row {r} has a number that is not finite.")

    // GLOP and CLP would solve the relaxation, and SAT round what is no integer, without a word.
    let private requireKind (data: LinearData) : unit =
        let fail (i: int) (kind: string) (others: string) =
            invalidArg
                "solver"
                $"Variable {i} ('{data.Names[i]}') is {kind}, which {data.Solver} cannot solve; {others} can."

        match data.Solver with
        | "GLOP"
        | "CLP" ->
            data.IsInteger
            |> Array.tryFindIndex id
            |> Option.iter (fun i -> fail i "integer" "SCIP, CBC, HIGHS or SAT")
        | "SAT" ->
            data.IsInteger
            |> Array.tryFindIndex not
            |> Option.iter (fun i -> fail i "continuous" "SCIP, CBC or HIGHS")
        | _ -> ()

    let ofData (options: OrToolsOptions) (y: int[]) (data: LinearData) : IOracle =
        LinearParameters.check data.Solver options
        requireFinite data
        requireKind data

        match y |> Array.countBy id |> Array.tryFind (fun (_, count) -> count > 1) with
        | Some(i, _) -> invalidArg "variables" $"Variable '{data.Names[i]}' stands in variables twice."
        | None -> ()

        // What is left of the objective: θ takes the place of the coefficients of y.
        let others = Array.copy data.Gains

        for i in y do
            others[i] <- 0.0

        let otherGains = others |> Array.filter ((<>) 0.0)

        // How far apart the other variables of two solutions may be.
        let ranges =
            Seq.zip3 others data.Lower data.Upper
            |> Seq.sumBy (fun (gain, lower, upper) -> if gain = 0.0 then 0.0 else upper - lower)

        let accuracy = LinearParameters.accuracy data.Solver
        let copy () = LinearCopy(data, y, others, options)
        // A solver or parameters that OR-Tools refuses are an error here, and not of the first solve.
        copy () |> ignore

        ModelOracle.Of
            {
                Name = data.Solver.ToLowerInvariant()
                Dimension = y.Length
                HasOffset = otherGains.Length > 0
                Options = options
                Shortfall =
                    Shortfall(fun theta distance ->
                        let struct (largest, _) = IntegerScale.measure theta otherGains
                        accuracy * largest * (distance + ranges))
                IsSolution = fun _ -> false
                Copy = fun () -> copy ()
            }

    let ofSolver
        (options: OrToolsOptions)
        (variables: LinearSolver.Variable seq)
        (solver: LinearSolver.Solver)
        : IOracle =
        Check.notNull (nameof variables) variables
        Check.notNull (nameof solver) solver
        let names = variables |> Seq.map _.Name() |> Array.ofSeq
        let data = LinearData.ofSolver solver
        ofData options (LinearData.columns (nameof variables) names data) data

    let private requireSolver (solver: string) : unit =
        Check.notNull (nameof solver) solver

        if not (List.contains solver [ "GLOP"; "CLP"; "SCIP"; "CBC"; "HIGHS"; "SAT" ]) then
            invalidArg
                (nameof solver)
                $"solver is '{solver}'; one whose answers are vertices was expected: GLOP, CLP, SCIP, CBC, HIGHS or SAT."

    let ofBuilder
        (options: OrToolsOptions)
        (solver: string)
        (variables: ModelBuilder.Variable seq)
        (model: ModelBuilder.Model)
        : IOracle =
        Check.notNull (nameof variables) variables
        Check.notNull (nameof model) model
        requireSolver solver
        let data = LinearData.ofBuilder solver model
        let y = variables |> Seq.map _.Index |> Array.ofSeq

        for i in y do
            if i < 0 || i >= data.Names.Length then
                invalidArg (nameof variables) $"A variable has number {i}; the model has {data.Names.Length} variables."

        ofData options y data

    /// A program of a file, whose variables are y unless names say which.
    let ofFile (options: OrToolsOptions) (solver: string) (names: string seq) (model: ModelBuilder.Model) : IOracle =
        Check.notNull (nameof names) names
        requireSolver solver
        let data = LinearData.ofBuilder solver model
        let names = Array.ofSeq names

        let y =
            if names.Length = 0 then
                [| 0 .. data.Names.Length - 1 |]
            else
                LinearData.columns (nameof names) names data

        ofData options y data
