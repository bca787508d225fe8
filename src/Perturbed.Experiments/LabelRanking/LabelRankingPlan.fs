namespace Perturbed.Experiments

open System.Diagnostics
open System.Threading
open Perturbed.Functional

/// The plan of the label-ranking experiment: a piece for each table, set, loss and fold.
[<RequireQualifiedAccess>]
module LabelRankingPlan =

    // Small sets, so that a minute is enough.
    let private quickSets = [ "bodyfat"; "glass"; "iris"; "vowel"; "wine" ]

    /// The work of one loss on one set in one table.
    type private Job =
        {
            Table: LabelRankingTable
            Set: LabelRankingSet
            LossName: string
            Settings: RankingSettings
        }

    /// <summary>The beginning of the names of the pieces of a cell of the tables.</summary>
    /// <param name="table">1 or 2.</param>
    /// <param name="set">The set.</param>
    /// <param name="loss">The loss's name.</param>
    /// <returns>A name without its fold.</returns>
    let cell (table: int) (set: string) (loss: string) : string = $"table {table}/{set}/{loss}/"

    let private fits (settings: RankingSettings) : int =
        match settings.Candidates.Length with
        | 1 -> 1
        | several -> several * settings.InnerFolds + 1

    let private stepsOf (settings: RankingSettings) (rows: int) : int =
        RankingTraining.epochs settings rows * ((rows - 1) / settings.BatchSize + 1)

    let private trainingRows (job: Job) : int =
        Examples.count job.Set.Examples * (job.Settings.Folds - 1) / job.Settings.Folds

    let private labels (job: Job) : int =
        Array2D.length2 job.Set.Examples.Targets

    let private weight (job: Job) : float =
        let ofLoss =
            match job.Settings.Loss with
            | RankingLoss.FenchelYoung -> 1.0
            | RankingLoss.SmoothedSquared -> 1.3
            | RankingLoss.Squared -> 0.3
            | RankingLoss.BlackBox -> 0.4
            | RankingLoss.ExactFenchelYoung -> 2.0

        ofLoss
        * float (fits job.Settings * stepsOf job.Settings (trainingRows job))
        * float (labels job)

    let private settingsOf (job: Job) : Json =
        Json.Object
            [
                "table", Json.Integer(int64 job.Table.Number)
                "set", Json.Text job.Set.Name
                "loss", Json.Text job.LossName
                "learningRate", Json.numbers (RankingCandidate.rates job.Settings.Candidates)
                "scale", Json.numbers (RankingCandidate.scales job.Settings.Candidates)
            ]

    let private run (job: Job) (index: int) (context: PieceContext) : PieceResult =
        let examples = job.Set.Examples

        let parts =
            CrossValidation.folds job.Settings.Folds (Examples.count examples) (Key.create job.Settings.Key)

        let result =
            RankingTraining.fold job.Settings context.Cancellation examples parts[index]

        let metrics = PieceResult.ofMetrics (RankingReport.scores "scale" result)

        // In closed form the trained number is no loss: see RankingTraining.
        let lossName =
            if job.Settings.Loss = RankingLoss.ExactFenchelYoung then
                "halfSquaredGradient"
            else
                "loss"

        { metrics with
            Epochs =
                result.Losses
                |> Array.mapi (fun epoch loss ->
                    Json.Object [ "epoch", Json.Integer(int64 epoch); lossName, Json.Number loss ])
        }

    let private pieces (job: Job) : Piece[] =
        Array.init job.Settings.Folds (fun index ->
            {
                Name = $"{cell job.Table.Number job.Set.Name job.LossName}fold {index}"
                Settings = settingsOf job
                Weight = weight job
                Run = run job index
            })

    // Of a job's fit: a few steps and the scoring of the same rows, each timed apart and stretched to the job's sizes.
    let private secondsOfFit (cancellation: CancellationToken) (job: Job) : float =
        let rows = min 640 (Examples.count job.Set.Examples)
        let all = [| 0 .. rows - 1 |]
        let few = Examples.take all job.Set.Examples
        let candidate = job.Settings.Candidates[0]

        let timed (settings: RankingSettings) =
            let fold =
                {
                    Index = 0
                    Key = Key.create 0UL
                    Train = all
                    Test = all
                }

            let settings =
                { settings with
                    Candidates = [| candidate |]
                }

            Timing.processorSeconds 5 (fun () -> RankingTraining.fold settings cancellation few fold |> ignore)

        let once =
            timed
                { job.Settings with
                    Epochs = 1
                    MaxSteps = 1
                }

        let thrice =
            timed
                { job.Settings with
                    Epochs = 3
                    MaxSteps = System.Int32.MaxValue
                }

        let step =
            max 0.0 (thrice - once) / float (2 * ((rows - 1) / job.Settings.BatchSize + 1))

        let other =
            max 0.0 (once - step * float ((rows - 1) / job.Settings.BatchSize + 1))
            / float rows

        step * float (stepsOf job.Settings (trainingRows job))
        + other * float (trainingRows job) * 0.5

    let private estimate (jobs: Job[]) (cancellation: CancellationToken) (waiting: Piece[]) : float =
        let isOf (job: Job) (piece: Piece) =
            piece.Name.StartsWith(cell job.Table.Number job.Set.Name job.LossName, System.StringComparison.Ordinal)

        let wanted =
            jobs
            |> Array.map (fun job -> job, waiting |> Array.filter (isOf job) |> Array.length)
            |> Array.filter (fun (_, count) -> count > 0)

        // The just-in-time compiler is at its best only after some repetitions.
        let warm = Stopwatch.StartNew()

        while warm.Elapsed.TotalSeconds < 3.0 && not cancellation.IsCancellationRequested do
            for job in wanted |> Array.map fst |> Array.distinctBy _.LossName do
                secondsOfFit cancellation job |> ignore

        let known = System.Collections.Generic.Dictionary<string, float>()

        wanted
        |> Array.sumBy (fun (job, count) ->
            let name = $"{job.Set.Name}/{job.LossName}"

            if not (known.ContainsKey name) then
                known[name] <- secondsOfFit cancellation job

            known[name] * float (count * fits job.Settings))

    /// <summary>The plan.</summary>
    /// <param name="request">What the user asked for.</param>
    /// <returns>Settings and pieces.</returns>
    /// <exception cref="T:Perturbed.Experiments.InputException">The data are not there.</exception>
    let create (request: ExperimentRequest) : Plan =
        let isWanted (name: string) =
            not request.IsQuick || List.contains name quickSets

        let sets =
            match request.Data with
            | Some path -> LabelRankingSources.load path |> Array.filter (fun set -> isWanted set.Name)
            | None -> LabelRankingSources.generate isWanted (Key.create request.Key)

        match request.Data with
        | Some path when sets.Length = 0 ->
            let names = System.String.Join(", ", quickSets)
            Input.fail $"{path}: --quick takes the sets {names}; none of them is there."
        | Some _ -> ()
        | None ->
            Terminal.note
                "label-ranking: no --data is given, so sets of the sizes of the public ones are generated; the \
                  numbers are theirs, not the paper's."

        let jobs =
            [|
                for table in LabelRankingTables.tables do
                    for set in sets do
                        for name, loss in LabelRankingTables.losses do
                            let candidates = table.Candidates loss

                            if candidates.Length > 0 then
                                {
                                    Table = table
                                    Set = set
                                    LossName = name
                                    Settings = LabelRankingTables.settings request.IsQuick request.Key loss candidates
                                }
            |]

        {
            Settings = LabelRankingRecord.settings request sets
            Pieces = jobs |> Array.collect pieces
            Estimate = estimate jobs
        }
