namespace Perturbed.Experiments

open System
open System.Diagnostics
open System.Threading
open Argu
open Perturbed.Functional

/// The command `ranking`: trains a model through a perturbed ranking, and says how well it ranks unseen rows.
[<RequireQualifiedAccess>]
module RankingCommand =

    let private optimizers: (string * Optimizer) list =
        [ "adam", Optimizer.adam; "sgd", Optimizer.sgd; "momentum", Optimizer.momentum 0.9 ]

    let private text (otherwise: string) (word: string option) : string = defaultArg word otherwise

    let private count (least: int) (name: string) (otherwise: string) (word: string option) : int =
        word |> text otherwise |> NumberSyntax.count least name

    let private candidates (rates: string) (epsilons: string) : RankingCandidate[] =
        let positive (option: string) (text: string) =
            NumberSyntax.row option text
            |> Array.map (fun value ->
                if value > 0.0 then
                    value
                else
                    Input.fail $"{option} '{text}': {value} was given; numbers above 0 were expected.")

        RankingCandidate.grid (positive "--learning-rate" rates) (positive "--epsilon" epsilons)

    /// <summary>What the options ask for.</summary>
    /// <param name="results">The parsed options.</param>
    /// <returns>Settings within their bounds.</returns>
    /// <exception cref="T:Perturbed.Experiments.InputException">An option that cannot be used.</exception>
    let settings (results: ParseResults<RankingArguments>) : RankingSettings =
        let noiseText = results |> Options.tryFind RankingArguments.Noise |> text "gaussian"
        let noise = NoiseSyntax.parse noiseText

        let loss =
            results
            |> Options.tryFind RankingArguments.Loss
            |> text "fenchel-young"
            |> EvalChoices.parse "--loss" RankingReport.losses

        let needsMean =
            loss = RankingLoss.FenchelYoung || loss = RankingLoss.ExactFenchelYoung

        if needsMean && not noise.HasMean then
            Input.fail $"--noise is '{noiseText}', which has no mean; the Fenchel-Young loss needs one."

        let optimizer = results |> Options.tryFind RankingArguments.Optimizer |> text "adam"

        {
            Loss = loss
            NoiseText = noiseText
            Noise = noise
            Candidates =
                candidates
                    (results
                     |> Options.tryFind RankingArguments.Learning_Rate
                     |> text RankingDefaults.learningRate)
                    (results
                     |> Options.tryFind RankingArguments.Epsilon
                     |> text RankingDefaults.epsilon)
            Samples =
                results
                |> Options.tryFind RankingArguments.Samples
                |> count 1 "--samples" RankingDefaults.samples
            Optimizer = optimizer, EvalChoices.parse "--optimizer" optimizers optimizer
            Schedule =
                results
                |> Options.tryFind RankingArguments.Schedule
                |> text "cosine"
                |> EvalChoices.parse "--schedule" RankingReport.schedules
            Epochs =
                results
                |> Options.tryFind RankingArguments.Epochs
                |> count 1 "--epochs" RankingDefaults.epochs
            MaxSteps =
                results
                |> Options.tryFind RankingArguments.Max_Steps
                |> count 1 "--max-steps" RankingDefaults.maxSteps
            BatchSize =
                results
                |> Options.tryFind RankingArguments.Batch
                |> count 1 "--batch" RankingDefaults.batch
            Folds = results |> Options.tryFind RankingArguments.Folds |> count 2 "--folds" "10"
            InnerFolds =
                results
                |> Options.tryFind RankingArguments.Inner_Folds
                |> count 2 "--inner-folds" "5"
            Key =
                results
                |> Options.tryFind RankingArguments.Key
                |> text "0"
                |> NumberSyntax.key "--key"
            Threads =
                results
                |> Options.tryFind RankingArguments.Threads
                |> count 1 "--threads" (string Environment.ProcessorCount)
        }

    let private generatedSet (results: ParseResults<RankingArguments>) (key: Key) : NamedSet =
        let sigma =
            defaultArg (results |> Options.tryFind RankingArguments.Sigma) RankingDefaults.sigma
            |> NumberSyntax.notNegative "--sigma"

        let setting: ArtificialRanking =
            {
                Rows =
                    results
                    |> Options.tryFind RankingArguments.Rows
                    |> count 2 "--rows" RankingDefaults.rows
                Features =
                    results
                    |> Options.tryFind RankingArguments.Features
                    |> count 1 "--features" RankingDefaults.features
                Labels =
                    results
                    |> Options.tryFind RankingArguments.Labels
                    |> count 2 "--labels" RankingDefaults.labels
                Noise = sigma
            }

        let largest = max setting.Features setting.Labels

        if int64 setting.Rows * int64 largest > int64 Array.MaxLength then
            Input.fail $"--rows is {setting.Rows}; {setting.Rows} rows of {largest} numbers do not fit an array."

        RankingSources.generated setting key

    let private describesGenerated (argument: RankingArguments) : string option =
        match argument with
        | RankingArguments.Rows _ -> Some "--rows"
        | RankingArguments.Features _ -> Some "--features"
        | RankingArguments.Labels _ -> Some "--labels"
        | RankingArguments.Sigma _ -> Some "--sigma"
        | _ -> None

    let private sets (results: ParseResults<RankingArguments>) (settings: RankingSettings) : NamedSet[] =
        match results |> Options.tryFind RankingArguments.Data with
        | Some(_ :: _ as paths) ->
            for path in paths do
                if path.StartsWith '-' then
                    let question = Suggestion.question (Command.optionsOf results.Parser) path
                    Input.fail $"unrecognized argument: '{path}'; 'ranking --help' explains.{question}"

            match results.GetAllResults() |> List.tryPick describesGenerated with
            | Some option -> Input.fail $"{option} describes the generated set; data files are given."
            | None -> RankingSources.files paths |> List.map RankingSources.load |> List.toArray
        | _ -> [| generatedSet results (Key.create settings.Key) |]

    let private checkSizes (settings: RankingSettings) (sets: NamedSet[]) : unit =
        for set in sets do
            let rows = Examples.count set.Data.Examples

            if rows < settings.Folds then
                Input.fail $"{set.Name}: the set has {rows} rows; {settings.Folds} folds need at least as many."

    let private crossValidate
        (settings: RankingSettings)
        (cancellation: CancellationToken)
        (sets: NamedSet[])
        : SetResult[] =
        Terminal.withProgress "cross-validation" (sets.Length * settings.Folds) (fun advance rename ->
            sets
            |> Array.map (fun set ->
                rename set.Name
                RankingTraining.crossValidate settings cancellation (fun _ -> advance 1.0) set)
            |> Array.filter (fun result -> result.Folds.Length > 0))

    let private run (cancellation: CancellationToken) (results: ParseResults<RankingArguments>) : int =
        let settings = settings results

        let compared =
            results
            |> Options.tryFind RankingArguments.Compare
            |> Option.map (PaperTables.load settings.Loss)
            |> Option.defaultValue [||]

        let sets = sets results settings
        checkSizes settings sets
        let started = Stopwatch.GetTimestamp()
        let found = crossValidate settings cancellation sets
        let seconds = Stopwatch.GetElapsedTime(started).TotalSeconds

        let done' = found |> Array.sumBy _.Folds.Length
        let isComplete = done' = sets.Length * settings.Folds

        if results |> Options.contains RankingArguments.Json then
            Terminal.writeLine (Json.text (RankingReport.json settings compared isComplete found))
        else
            Terminal.show (RankingReport.tables settings compared found)
            Terminal.note $"{done'} folds in {Terminal.number (Math.Round(seconds, 1))} s"

        if isComplete then
            ExitCode.success
        else
            Terminal.note $"{Command.program}: interrupted; the folds done so far are above."
            ExitCode.interrupted

    let private notes: string =
        $"""DATA: a header with names of features and one column 'ranking', then rows of numbers and a ranking such as a>c>b, best first.

MODEL: theta = W x + b on features standardised by the training part. The prediction is the order of theta. Scores are means over
    the test rows of a fold, then mean ± standard deviation over folds: Spearman's rho, Kendall's tau, and the share of rows with
    every label at its place. With several learning rates or scales each fold chooses by cross-validation inside its training part.

    Ctrl-C ends it with the folds done so far and exit code 130. With --json one object with the settings and an array sets: name,
    rows, features, labels, spearman, kendall, exactMatch (mean and standardDeviation) and folds; isComplete says whether all were
    done. The same key gives the same text for any --threads.

EXAMPLES:

    {Command.invocation} ranking
    {Command.invocation} ranking iris.csv wine.csv --loss squared
    {Command.invocation} ranking DIRECTORY --compare paper-tables.csv
    {Command.invocation} ranking vehicle.csv --learning-rate 0.001,0.01,0.1 --epsilon 0.1,1,10 --json"""

    /// The command.
    let command: Command =
        Command.create
            "ranking"
            "trains a model through a perturbed ranking and prints its rank correlations, cross-validated."
            notes
            run
