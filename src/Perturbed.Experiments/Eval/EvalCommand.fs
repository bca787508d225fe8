namespace Perturbed.Experiments

open System
open System.Threading
open Argu
open Perturbed.Functional

/// The command `eval`, which evaluates an operator.
[<RequireQualifiedAccess>]
module EvalCommand =

    // Above this a Jacobian is computed only where it is asked for: its time and its text grow as k·d.
    let private largestJacobian = 65536L

    let private thetas (results: ParseResults<EvalArguments>) : NumberRow[] =
        let written = results |> Options.find EvalArguments.Theta

        match written, results |> Options.tryFind EvalArguments.Theta_File with
        | [], Some path -> NumberRows.load path
        | [], None -> Input.fail "theta is missing: --theta 2,-1,0.3 or --theta-file FILE gives it."
        | _, Some _ -> Input.fail "both --theta and --theta-file are given; one of them was expected."
        | rows, None ->
            rows
            |> List.map (fun text ->
                {
                    Place = "--theta"
                    Numbers = NumberSyntax.row "--theta" text
                })
            |> List.toArray

    let private checkLengths (oracleText: string) (dimension: int) (rows: NumberRow[]) : unit =
        for row in rows do
            if row.Numbers.Length <> dimension then
                Input.fail
                    $"{row.Place}: theta has {row.Numbers.Length} entries; {dimension} were expected for oracle {oracleText}."

    // Under clamp a missing minus sign makes every solution optimal, without an error.
    let private warnOfSigns (policy: NegativeEdges option) (rows: NumberRow[]) : unit =
        if policy = Some NegativeEdges.ClampToZero then
            for row in rows do
                if row.Numbers |> Array.forall (fun value -> value > 0.0) then
                    Terminal.note
                        $"{Command.program}: {row.Place}: every entry of theta is above 0, so every cost, which is \
                          -theta, is negative and counts as 0. Is a minus missing?"

    // The library's message can say which derivative exists, and not which option leaves the other one out.
    let private checkZeros (perturbation: Perturbation) (withJacobian: bool) (rows: NumberRow[]) : unit =
        if perturbation = Perturbation.Multiplicative && withJacobian then
            for row in rows do
                match Array.IndexOf(row.Numbers, 0.0) with
                | -1 -> ()
                | zero ->
                    Input.fail
                        $"{row.Place}: entry {zero} of theta is 0, where a multiplicative perturbation has no Jacobian; \
                          --no-jacobian leaves it out."

    let private withEpsilons (epsilons: float[]) (operator: Smoothed) : Smoothed =
        let d = operator.Oracle.Dimension

        match epsilons with
        | [| epsilon |] -> operator |> Smoothed.withEpsilon epsilon
        | several when several.Length = d -> operator |> Smoothed.withEpsilons several
        | several ->
            Input.fail
                $"--epsilon has {several.Length} numbers; one, or one for each of the {d} coordinates, was expected."

    let private wantsJacobian (results: ParseResults<EvalArguments>) (oracle: Oracle) : bool =
        let entries = int64 oracle.SolutionDimension * int64 oracle.Dimension

        match
            results |> Options.contains EvalArguments.Jacobian, results |> Options.contains EvalArguments.No_Jacobian
        with
        | true, true -> Input.fail "both --jacobian and --no-jacobian are given; one of them was expected."
        | true, false -> true
        | false, true -> false
        | false, false when entries > largestJacobian ->
            Terminal.note
                $"{Command.program}: the Jacobian would have {entries} entries and is left out; --jacobian computes it."

            false
        | false, false -> true

    let private accuracy (samples: int) (results: ParseResults<EvalArguments>) : Accuracy option =
        let budget = results |> Options.tryFind EvalArguments.Budget

        match results |> Options.tryFind EvalArguments.Standard_Error with
        | None when budget.IsSome ->
            Input.fail "--budget bounds what --standard-error may take; --standard-error was expected with it."
        | None -> None
        | Some text ->
            let budget =
                budget |> Option.defaultValue "1e8" |> NumberSyntax.count samples "--budget"

            match NumberSyntax.row "--standard-error" text with
            | [| target |] when target > 0.0 && Double.IsFinite target ->
                Some
                    {
                        StandardError = target
                        Budget = budget
                    }
            | _ -> Input.fail $"--standard-error is {text}; one positive number was expected."

    /// <summary>What the options ask for.</summary>
    /// <param name="cancellation">The token that stops the work.</param>
    /// <param name="results">The parsed options.</param>
    /// <returns>A request whose rows have the oracle's dimension.</returns>
    /// <exception cref="T:Perturbed.Experiments.InputException">An option that cannot be used.</exception>
    let request (cancellation: CancellationToken) (results: ParseResults<EvalArguments>) : EvalRequest =
        let text (option: string) (word: string option) = defaultArg word option

        let choice (name: string) (choices: (string * 'choice) list) (word: string option) =
            word |> Option.map (EvalChoices.parse name choices)

        let oracleText = (results |> Options.find EvalArguments.Oracle).Head
        let noiseText = results |> Options.tryFind EvalArguments.Noise |> text "gaussian"

        let policy =
            results
            |> Options.tryFind EvalArguments.Negative_Costs
            |> choice "--negative-costs" OracleForm.policies

        let createOracle = OracleSyntax.parse policy oracleText
        let noise = NoiseSyntax.parse noiseText

        let epsilons =
            results
            |> Options.tryFind EvalArguments.Epsilon
            |> text "1"
            |> NumberSyntax.row "--epsilon"

        let samples =
            results
            |> Options.tryFind EvalArguments.Samples
            |> text "10000"
            |> NumberSyntax.count 1 "--samples"

        let key =
            results
            |> Options.tryFind EvalArguments.Key
            |> text "0"
            |> NumberSyntax.key "--key"

        let rows = thetas results
        let oracle = createOracle rows[0].Numbers.Length
        checkLengths oracleText oracle.Dimension rows
        warnOfSigns policy rows

        let perturbation =
            results
            |> Options.tryFind EvalArguments.Perturbation
            |> choice "--perturbation" EvalChoices.perturbations
            |> Option.defaultValue Perturbation.Additive

        let withJacobian = wantsJacobian results oracle
        checkZeros perturbation withJacobian rows

        let operator =
            perturb oracle noise 1.0 samples
            |> withEpsilons epsilons
            |> Smoothed.withKey (Key.create key)
            |> Smoothed.withPerturbation perturbation
            |> Smoothed.withVarianceReduction (
                results
                |> Options.tryFind EvalArguments.Variance_Reduction
                |> choice "--variance-reduction" EvalChoices.varianceReductions
                |> Option.defaultValue VarianceReduction.LeaveOneOut
            )
            |> Smoothed.withSampling (
                results
                |> Options.tryFind EvalArguments.Sampling
                |> Option.map EvalChoices.sampling
                |> Option.defaultValue SamplingDesign.Independent
            )
            |> Smoothed.withThreads (
                results
                |> Options.tryFind EvalArguments.Threads
                |> Option.map (NumberSyntax.count 1 "--threads")
                |> Option.defaultValue Environment.ProcessorCount
            )
            |> Smoothed.withFailures (results |> Options.tryFind EvalArguments.Leave_Out |> EvalChoices.failures)
            |> Smoothed.withCancellation cancellation

        let target =
            results
            |> Options.tryFind EvalArguments.Target
            |> Option.map (NumberSyntax.row "--target")

        match target with
        | Some y when y.Length <> oracle.SolutionDimension ->
            Input.fail
                $"--target has {y.Length} entries; {oracle.SolutionDimension} were expected for oracle {oracleText}."
        | _ -> ()

        {
            OracleText = oracleText
            NoiseText = noiseText
            Thetas = rows
            Operator = operator
            Accuracy = accuracy samples results
            Formula =
                results
                |> Options.tryFind EvalArguments.Formula
                |> choice "--formula" EvalChoices.formulas
                |> Option.defaultValue DerivativeFormula.OfMaximizer
            WithJacobian = withJacobian
            Target = target
            Distribution =
                results
                |> Options.tryFind EvalArguments.Distribution
                |> Option.map (NumberSyntax.count 1 "--distribution")
        }

    let private title (request: EvalRequest) : string =
        match request.Accuracy with
        | Some asked -> $"up to {asked.Budget} samples of {request.OracleText}"
        | None -> $"{request.Operator.Samples} samples of {request.OracleText}"

    let private run (cancellation: CancellationToken) (results: ParseResults<EvalArguments>) : int =
        let request = request cancellation results

        let evaluate (request: EvalRequest) : Evaluation[] =
            Terminal.withSolves (title request) (Evaluation.ofRows request)

        let evaluations =
            match EvalReportFile.path results with
            | Some path -> EvalReportFile.evaluate path results evaluate request
            | None -> evaluate request

        if results |> Options.contains EvalArguments.Json then
            Terminal.writeLine (Json.text (EvalJson.create request evaluations))
        else
            Terminal.show (EvalTables.create request evaluations)

        ExitCode.success

    /// The command.
    let command: Command =
        Command.create
            "eval"
            "tries an operator: F_eps, y*_eps, their standard errors, the Jacobian."
            EvalNotes.text
            run
