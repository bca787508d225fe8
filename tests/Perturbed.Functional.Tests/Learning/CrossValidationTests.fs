module Perturbed.Functional.Tests.Learning.CrossValidationTests

open System
open System.Collections.Concurrent
open System.Threading
open Expecto
open FsCheck.FSharp
open Perturbed.Functional
open Perturbed.Functional.Tests.Learning.Helpers
open Perturbed.Suite
open Xunit

let private config = CrossValidation.config 5 (Key.create 41UL)

[<Tests>]
let tests =
    testList "Learning.CrossValidation" [
        property 200 "folds partition the rows in sizes that differ by at most one" (fun () ->
            let generated =
                gen {
                    let! k = Gen.choose (2, 12)
                    let! rows = Gen.choose (k, 200)
                    let! seed = key
                    return k, rows, seed
                }

            forAll generated (fun (k, rows, seed) ->
                let folds = CrossValidation.folds k rows seed
                let sizes = folds |> Array.map _.Test.Length

                folds.Length = k
                && (folds |> Array.collect _.Test |> Array.sort) = Array.init rows id
                && Array.max sizes - Array.min sizes <= 1
                && folds
                   |> Array.forall (fun f -> Array.sort (Array.append f.Train f.Test) = Array.init rows id)
                && (folds |> Array.map _.Key |> Array.distinct |> Array.length) = k
                && folds = CrossValidation.folds k rows seed))

        testCase "folds are shuffled by the key" (fun () ->
            let tests seed =
                CrossValidation.folds 5 50 (Key.create seed) |> Array.map _.Test

            Assert.NotEqual<int[][]>(tests 1UL, tests 2UL)
            Assert.NotEqual<int[]>([| 0..9 |], (tests 1UL)[0]))

        testCase "mean and deviation are those of the scores" (fun () ->
            let result =
                CrossValidation.run config 10 (fun fold -> float (fold.Index * fold.Index))

            Assert.Equal<float[]>([| 0.0; 1.0; 4.0; 9.0; 16.0 |], result.Scores |> Array.map _.Score)
            Assert.Equal(6.0, result.Mean)
            // Squared deviations 36 + 25 + 4 + 9 + 100 = 174, over n − 1 = 4.
            Assert.Equal(sqrt 43.5, result.StandardDeviation)
            Assert.Equal(Ending.Completed, result.Ending))

        testCase "cross-validation of a trained model has the same bits for 1, 2 and 5 folds at a time" (fun () ->
            let data = regression 60 3 4 0.5 (Key.create 42UL)
            let model = Model.affine 3 4 |> Model.withNormalInitial 0.1

            let evaluate (fold: Fold) =
                let train, test =
                    Standardisation.pair (data |> Examples.take fold.Train) (data |> Examples.take fold.Test)

                let settings = Training.config 3 8 Optimizer.adam (Schedule.constant 0.05) fold.Key
                let trained = train |> Training.run settings model Loss.squared

                model
                |> Model.predict trained.Parameters test.Inputs
                |> Metrics.mean Metrics.spearman test.Targets

            let run atOnce =
                CrossValidation.run { config with MaxParallel = atOnce } 60 evaluate

            let one = run 1
            Assert.Equal(one, run 2)
            Assert.Equal(one, run 5))

        testCase "folds do run at the same time when asked to" (fun () ->
            use meeting = new Barrier(2)
            let both = CrossValidation.config 2 (Key.create 1UL)

            let result =
                CrossValidation.run { both with MaxParallel = 2 } 4 (fun _ ->
                    if meeting.SignalAndWait(TimeSpan.FromSeconds 60.0) then
                        1.0
                    else
                        0.0)

            Assert.Equal(1.0, result.Mean))

        testCase "progress is told of each fold" (fun () ->
            let told = ConcurrentBag<FoldScore>()

            let progress =
                { new IProgress<FoldScore> with
                    member _.Report score = told.Add score
                }

            let result =
                CrossValidation.run { config with Progress = Some progress } 10 (fun fold -> float fold.Index)

            Assert.Equal<FoldScore[]>(result.Scores, told |> Seq.sortBy _.Fold |> Seq.toArray))

        testCase
            "a cancelled run returns the folds that were done before, and not the one that may have been cut short"
            (fun () ->
                use source = new CancellationTokenSource()

                let evaluate (fold: Fold) =
                    if fold.Index = 1 then
                        source.Cancel()

                    if fold.Index = 2 then
                        source.Token.ThrowIfCancellationRequested()

                    1.0

                let result =
                    CrossValidation.run
                        { config with
                            MaxParallel = 1
                            Cancellation = source.Token
                        }
                        10
                        evaluate

                Assert.Equal(Ending.Cancelled, result.Ending)
                Assert.Equal<int[]>([| 0 |], result.Scores |> Array.map _.Fold)

                let none =
                    CrossValidation.run
                        { config with
                            Cancellation = source.Token
                        }
                        10
                        evaluate

                Assert.Empty none.Scores
                Assert.True(Double.IsNaN none.Mean))

        testCase "an error of a fold comes out as it was thrown, that of the lowest fold first" (fun () ->
            for atOnce in [ 1; 5 ] do
                raises<ArgumentException> "fold 1" (fun () ->
                    CrossValidation.run { config with MaxParallel = atOnce } 10 (fun fold ->
                        if fold.Index >= 1 then
                            invalidArg "fold" $"fold {fold.Index}"
                        else
                            0.0)
                    |> ignore))

        testCase "select picks the best mean on common folds" (fun () ->
            let seen = ConcurrentBag<int[]>()

            let score (candidate: float) (fold: Fold) =
                seen.Add fold.Test
                candidate + 0.01 * float fold.Index

            let pick goal candidates =
                CrossValidation.select config goal candidates 10 score

            let best, table = pick Goal.Maximise [| 0.1; 0.3; nan; 0.2; 0.3 |]
            Assert.Equal(Some 0.3, best)
            Assert.Equal(5, table.Length)
            Assert.Equal(5, seen |> Seq.distinctBy (Seq.map string >> String.concat ",") |> Seq.length)
            Assert.Equal(Some 0.1, fst (pick Goal.Minimise [| 0.3; 0.1; 0.2 |]))
            Assert.Equal(None, fst (pick Goal.Maximise [| nan |])))

        testCase "bad numbers are named with what was expected" (fun () ->
            let run config rows =
                fun () -> CrossValidation.run config rows (fun _ -> 0.0) |> ignore

            raises<ArgumentException> "folds is 1; it must be at least 2." (run { config with Folds = 1 } 10)
            raises<ArgumentException> "rows is 4; 5 folds need at least as many rows." (run config 4)

            raises<ArgumentException>
                "config.MaxParallel is 0; it must be at least 1."
                (run { config with MaxParallel = 0 } 10)

            raises<ArgumentException> "candidates has length 0; it must have at least one entry." (fun () ->
                CrossValidation.select config Goal.Maximise [||] 10 (fun (_: int) _ -> 0.0)
                |> ignore))
    ]
