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
        let written = results.GetResults <@ EvalArguments.Theta @>

        match written, results.TryGetResult <@ EvalArguments.Theta_File @> with
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

        match results.Contains <@ EvalArguments.Jacobian @>, results.Contains <@ EvalArguments.No_Jacobian @> with
        | true, true -> Input.fail "both --jacobian and --no-jacobian are given; one of them was expected."
        | true, false -> true
        | false, true -> false
        | false, false when entries > largestJacobian ->
            Terminal.note
                $"{Command.program}: the Jacobian would have {entries} entries and is left out; --jacobian computes it."

            false
        | false, false -> true

    let private accuracy (samples: int) (results: ParseResults<EvalArguments>) : Accuracy option =
        let budget = results.TryGetResult <@ EvalArguments.Budget @>

        match results.TryGetResult <@ EvalArguments.Standard_Error @> with
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

        let oracleText = results.GetResult <@ EvalArguments.Oracle @>
        let noiseText = results.TryGetResult <@ EvalArguments.Noise @> |> text "gaussian"

        let policy =
            results.TryGetResult <@ EvalArguments.Negative_Costs @>
            |> choice "--negative-costs" OracleForm.policies

        let createOracle = OracleSyntax.parse policy oracleText
        let noise = NoiseSyntax.parse noiseText

        let epsilons =
            results.TryGetResult <@ EvalArguments.Epsilon @>
            |> text "1"
            |> NumberSyntax.row "--epsilon"

        let samples =
            results.TryGetResult <@ EvalArguments.Samples @>
            |> text "10000"
            |> NumberSyntax.count 1 "--samples"

        let key =
            results.TryGetResult <@ EvalArguments.Key @>
            |> text "0"
            |> NumberSyntax.key "--key"

        let rows = thetas results
        let oracle = createOracle rows[0].Numbers.Length
        checkLengths oracleText oracle.Dimension rows
        warnOfSigns policy rows

        let operator =
            perturb oracle noise 1.0 samples
            |> withEpsilons epsilons
            |> Smoothed.withKey (Key.create key)
            |> Smoothed.withPerturbation (
                results.TryGetResult <@ EvalArguments.Perturbation @>
                |> choice "--perturbation" EvalChoices.perturbations
                |> Option.defaultValue Perturbation.Additive
            )
            |> Smoothed.withVarianceReduction (
                results.TryGetResult <@ EvalArguments.Variance_Reduction @>
                |> choice "--variance-reduction" EvalChoices.varianceReductions
                |> Option.defaultValue VarianceReduction.LeaveOneOut
            )
            |> Smoothed.withSampling (
                results.TryGetResult <@ EvalArguments.Sampling @>
                |> Option.map EvalChoices.sampling
                |> Option.defaultValue SamplingDesign.Independent
            )
            |> Smoothed.withThreads (
                results.TryGetResult <@ EvalArguments.Threads @>
                |> Option.map (NumberSyntax.count 1 "--threads")
                |> Option.defaultValue Environment.ProcessorCount
            )
            |> Smoothed.withCancellation cancellation

        let target =
            results.TryGetResult <@ EvalArguments.Target @>
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
                results.TryGetResult <@ EvalArguments.Formula @>
                |> choice "--formula" EvalChoices.formulas
                |> Option.defaultValue DerivativeFormula.OfMaximizer
            WithJacobian = wantsJacobian results oracle
            Target = target
            Distribution =
                results.TryGetResult <@ EvalArguments.Distribution @>
                |> Option.map (NumberSyntax.count 1 "--distribution")
        }

    let private title (request: EvalRequest) : string =
        match request.Accuracy with
        | Some asked -> $"up to {asked.Budget} samples of {request.OracleText}"
        | None -> $"{request.Operator.Samples} samples of {request.OracleText}"

    let private run (cancellation: CancellationToken) (results: ParseResults<EvalArguments>) : int =
        let request = request cancellation results

        let evaluate (request: EvalRequest) : Evaluation[] =
            Terminal.withSpinner (title request) (fun () -> Array.init request.Thetas.Length (Evaluation.ofRow request))

        let evaluations =
            match EvalReportFile.path results with
            | Some path -> EvalReportFile.evaluate path results evaluate request
            | None -> evaluate request

        if results.Contains <@ EvalArguments.Json @> then
            Terminal.writeLine (Json.text (EvalJson.create request evaluations))
        else
            Terminal.show (EvalTables.create request evaluations)

        ExitCode.success

    let private described (entries: (string * string) list) : string =
        entries
        |> List.map (fun (form, meaning) -> $"    {form, -28} {meaning}")
        |> String.concat "\n"

    let private notes: string =
        let oracles =
            OracleSyntax.forms |> List.map (fun f -> f.Form, f.Meaning) |> described

        let noises = NoiseSyntax.forms |> List.map (fun f -> f.Form, f.Meaning) |> described

        $"""ORACLES (y* = argmax of <y, theta> over solutions y):

{oracles}

NOISES:

{noises}

ANSWER: the perturbed maximum F_eps = E max <y, theta + eps Z>, the perturbed maximizer y*_eps = E y*(theta + eps Z),
    their standard errors over the M samples, and the Jacobian of y*_eps. With --json one object with theta, solution,
    maximum, maximumStandardError, maximizer, maximizerStandardErrors, jacobian and jacobianStandardErrors (arrays of
    rows; null where left out), fenchelYoung and distribution where asked for, and with --standard-error samplesTaken
    and isReached. Several rows of theta: one object with the settings and an array rows of such answers; row r draws
    row r of the key's stream. Numbers have full precision; JSON has no NaN, so null stands for it: the maximum where
    it is infinite and standard errors that are (remark says why), standard errors of one sample or of one point set.
    samplesAgree is there where all samples have one solution, so that epsilon is too small for derivatives.

EXAMPLES:

    {Command.invocation} eval --oracle ranking --epsilon 0.5 --samples 1e5 --key 1 --theta 2,-1,0.3,4.1,0.9 --json
    {Command.invocation} eval --oracle top-k:2 --noise gumbel --theta 1,2,3 --distribution 3
    {Command.invocation} eval --oracle argmax --noise gumbel --theta 1,2,3 --target 0,0,1
    {Command.invocation} eval --oracle ranking --theta 1,2,3 --standard-error 0.01 --budget 1e6
    {Command.invocation} eval --oracle top-k:2 --samples 4096 --sampling sobol:8 --theta 1,2,3,2.5
    {Command.invocation} eval --oracle assignment:2 --theta 1,0.5,0,1 --target 1,0,0,1
    {Command.invocation} eval --oracle forest:complete/4/2 --theta 5,1,2,3,0,4 --distribution 3
    {Command.invocation} eval --oracle ranking --theta 2,-1,0.3,4.1,0.9 --report ranking.html
    {Command.invocation} eval --oracle grid:12x12 --theta-file costs.npy --negative-costs clamp --no-jacobian"""

    /// The command.
    let command: Command =
        Command.create "eval" "tries an operator: F_eps, y*_eps, their standard errors, the Jacobian." notes run
