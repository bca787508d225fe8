module Perturbed.Experiments.Tests.RankingTests

open System
open System.IO
open System.Threading
open Expecto
open Perturbed.Experiments
open Perturbed.Experiments.Tests.Helpers
open Perturbed.Functional
open Xunit

let private settings: RankingSettings =
    {
        Loss = RankingLoss.FenchelYoung
        NoiseText = "gaussian"
        Noise = Noise.gaussian
        Candidates = [| { LearningRate = 0.05; Epsilon = 1.0 } |]
        Samples = 3
        Optimizer = "adam", Optimizer.adam
        Schedule = RankingSchedule.Cosine
        Epochs = 30
        MaxSteps = 1000
        BatchSize = 16
        Folds = 5
        InnerFolds = 3
        Key = 3UL
        Threads = 2
    }

let private set: NamedSet =
    let setting =
        {
            Rows = 120
            Features = 4
            Labels = 4
            Noise = 0.0
        }

    RankingSources.generated setting (Key.create 1UL)

let private crossValidate (settings: RankingSettings) : SetResult =
    RankingTraining.crossValidate settings CancellationToken.None ignore set

// The set with noise in place of some rows: features a hundred times as large, and another ranking.
let private spoilt (rows: int[]) : Examples =
    let examples = set.Data.Examples
    let isSpoilt = Set.ofArray rows

    { examples with
        Inputs =
            examples.Inputs
            |> Array2D.mapi (fun r c x ->
                if isSpoilt.Contains r then
                    100.0 * float (r + 3 * c) - x
                else
                    x)
        Targets =
            examples.Targets
            |> Array2D.mapi (fun r _ y -> if isSpoilt.Contains r then 5.0 - y else y)
    }

[<Tests>]
let tests =
    testList "Ranking" [
        testCase "Each loss learns the order of noise-free linear scores" (fun () ->
            // A model that knows nothing has correlation 0 up to 1/sqrt(3 · 120) = 0.05 (the variance of rho is 1/(d - 1) a row).
            for loss in
                [
                    RankingLoss.FenchelYoung
                    RankingLoss.SmoothedSquared
                    RankingLoss.Squared
                    RankingLoss.ExactFenchelYoung
                ] do
                let summary =
                    (crossValidate { settings with Loss = loss }).Folds
                    |> Summary.ofFolds _.Spearman

                Assert.True(summary.Mean > 0.8, $"{loss}: {summary.Mean}"))

        testCase "The number of threads changes no bit" (fun () ->
            Assert.Equal(crossValidate { settings with Threads = 1 }, crossValidate { settings with Threads = 3 }))

        testCase "Another key gives other folds" (fun () ->
            Assert.NotEqual(crossValidate settings, crossValidate { settings with Key = 4UL }))

        testCase "A fold's scores are the metrics of a model trained on its training rows" (fun () ->
            let examples = set.Data.Examples
            let fold = (CrossValidation.folds 5 120 (Key.create settings.Key))[2]

            let train, test =
                Standardisation.pair (Examples.take fold.Train examples) (Examples.take fold.Test examples)

            let model = Model.affine 4 4

            let loss =
                Loss.fenchelYoung (perturb (Oracle.ranking 4) Noise.gaussian 1.0 settings.Samples)

            let config =
                Training.config 30 16 Optimizer.adam (Schedule.cosine 30 0.0 0.05) fold.Key

            let parameters = (train |> Training.run config model loss).Parameters
            let theta = model |> Model.predict parameters test.Inputs
            let result = (crossValidate settings).Folds[2]
            Assert.Equal(theta |> Metrics.mean Metrics.spearman test.Targets, result.Spearman)
            Assert.Equal(theta |> Metrics.mean Metrics.kendall test.Targets, result.Kendall)

            let exact =
                Seq.averageBy
                    (fun r -> Metrics.solutionMatch test.Targets[r, *] (Metrics.ranks theta[r, *]))
                    (seq { 0 .. Array2D.length1 theta - 1 })

            Assert.Equal(exact, result.ExactMatch))

        testCase "Of several scales each fold chooses one that learns, and trains with it" (fun () ->
            let scale epsilon =
                {
                    LearningRate = 0.05
                    Epsilon = epsilon
                }

            // At a scale of 1e-6 all samples agree after the first step: the derivative is 0 and the model stays where one step took it.
            let squared (candidates: RankingCandidate[]) =
                crossValidate
                    { settings with
                        Candidates = candidates
                        Loss = RankingLoss.SmoothedSquared
                    }

            let chosen = squared [| scale 1e-6; scale 1.0 |]
            Assert.True(chosen.Folds |> Array.forall (fun fold -> fold.Candidate = scale 1.0))
            Assert.Equal(squared [| scale 1.0 |], chosen))

        testCase "A cancelled run keeps the folds that were done, with their bits" (fun () ->
            use source = new CancellationTokenSource()
            let mutable seen = 0

            let onFold (_: FoldResult) =
                seen <- seen + 1

                if seen = 2 then
                    source.Cancel()

            let part =
                RankingTraining.crossValidate { settings with Threads = 1 } source.Token onFold set

            Assert.Equal<FoldResult[]>((crossValidate settings).Folds[..1], part.Folds))

        testCase "The cap on steps shortens the epochs of large sets, down to one" (fun () ->
            let epochs rows = RankingTraining.epochs settings rows
            Assert.Equal(30, epochs 16)
            Assert.Equal(30, epochs (33 * 16))
            Assert.Equal(29, epochs (33 * 16 + 1))
            Assert.Equal(1, epochs 1_000_000))

        testCase "Mean and deviation are those over folds" (fun () ->
            let fold score =
                {
                    Fold = 0
                    Spearman = score
                    Kendall = 0.0
                    ExactMatch = 0.0
                    Candidate = settings.Candidates[0]
                    Losses = [||]
                }

            let summary scores =
                scores |> Array.map fold |> Summary.ofFolds _.Spearman

            Assert.Equal(2.0, (summary [| 1.0; 3.0 |]).Mean)
            Assert.Equal(sqrt 2.0, (summary [| 1.0; 3.0 |]).StandardDeviation)
            Assert.Equal(nan, (summary [| 1.0 |]).StandardDeviation)
            Assert.Equal(nan, (summary [||]).Mean))

        testCase "The paper's cells are those of the loss and the set" (fun () ->
            use file =
                new TemporaryFile(
                    ".csv",
                    "table,dataset,fenchel_young,fenchel_young_sd,squared,squared_sd\n2,iris,0.8,0.12,0.81,0.08\n1,iris,0.81,0.09,0.7,0.1\n1,wine,1,0,1,0\n"
                )

            let cells loss =
                PaperTables.load loss file.Path
                |> PaperTables.ofSet "iris"
                |> Array.map (fun c -> c.Table, c.Mean, c.StandardDeviation)

            Assert.Equal<(int * float * float)[]>([| 1, 0.81, 0.09; 2, 0.8, 0.12 |], cells RankingLoss.FenchelYoung)
            Assert.Equal<(int * float * float)[]>([| 1, 0.7, 0.1; 2, 0.81, 0.08 |], cells RankingLoss.Squared)

            let missing = refusal (fun () -> cells RankingLoss.SmoothedSquared)
            Assert.StartsWith($"{file.Path}:1: the header has no column 'perturbed_squared'", missing))

        testCase "A paper table that cannot be read is refused with file and line" (fun () ->
            for text, words in
                [
                    "", ":1: the file is empty"
                    "table,dataset,squared,squared_sd\n1,iris,x,0\n", ":2: column 'squared' is 'x'"
                    "table,dataset,squared,squared_sd\n1,iris,0.5,0\n1,wine,0.5\n",
                    ":3: the row has 3 fields; the header has 4"
                    "table,dataset,squared,squared_sd\none,iris,0.5,0\n", ":2: column 'table' is 'one'"
                ] do
                use file = new TemporaryFile(".csv", text)

                Assert.StartsWith(
                    file.Path + words,
                    refusal (fun () -> PaperTables.load RankingLoss.Squared file.Path)
                ))

        testCase "A directory stands for its CSV files in order" (fun () ->
            let directory = Directory.CreateTempSubdirectory()

            try
                Assert.Contains("no file *.csv", refusal (fun () -> RankingSources.files [ directory.FullName ]))

                for name in [ "b.csv"; "a.csv"; "notes.txt" ] do
                    File.WriteAllText(Path.Combine(directory.FullName, name), "A,ranking\n1,a>b\n")

                let found = RankingSources.files [ directory.FullName ]

                Assert.Equal<string list>(
                    [ "a"; "b" ],
                    found |> List.map (fun path -> (RankingSources.load path).Name)
                )
            finally
                directory.Delete true

            Assert.Contains(
                "no such file or directory",
                refusal (fun () -> RankingSources.files [ directory.FullName ])
            ))

        testCase
            "Rows that are not in the training part change neither the choice of a candidate nor the scores of other test rows"
            (fun () ->
                let settings =
                    { settings with
                        Epochs = 5
                        Candidates =
                            Array.allPairs [| 1e-3; 1e-2; 0.1 |] [| 0.1; 1.0 |]
                            |> Array.map (fun (rate, epsilon) ->
                                {
                                    LearningRate = rate
                                    Epsilon = epsilon
                                })
                    }

                let whole = (CrossValidation.folds 5 120 (Key.create settings.Key))[1]
                let fold = { whole with Test = whole.Test[..9] }

                for loss in [ RankingLoss.FenchelYoung; RankingLoss.BlackBox; RankingLoss.ExactFenchelYoung ] do
                    let settings = { settings with Loss = loss }

                    let score examples =
                        RankingTraining.fold settings CancellationToken.None examples fold

                    let clean = score set.Data.Examples
                    Assert.Equal(clean, score (spoilt whole.Test[10..]))
                    Assert.Equal(clean.Candidate, (score (spoilt whole.Test)).Candidate)
                    // Spoilt training rows do matter, or the two lines above could not fail.
                    Assert.NotEqual(clean, score (spoilt whole.Train[..39])))
    ]
