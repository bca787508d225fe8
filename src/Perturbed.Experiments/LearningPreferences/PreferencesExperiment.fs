namespace Perturbed.Experiments

open System.Threading
open Perturbed.Functional

/// Weights of preferences from choices, rankings and assignments.
[<RequireQualifiedAccess>]
module PreferencesExperiment =

    // Rows of the test data.
    let private tests = 1000

    let private run
        (case: Preference)
        (method: PreferenceMethod)
        (rows: int)
        (key: Key)
        (context: PieceContext)
        : PieceResult =
        context.Report 0.0 "decisions"
        let past = PreferenceCase.draw case rows (Key.fold 0 key)
        let test = PreferenceCase.draw case tests (Key.fold 1 key)
        let found = PreferenceFit.run case method (Key.fold 2 key) context.Cancellation past
        let theta = PreferenceFit.model case |> Model.predict found.Weights test.Inputs
        let decided = PreferenceCase.oracle case |> Oracle.solveBatch theta

        PieceResult.ofMetrics
            [
                "weights", Json.numbers found.Weights
                "standardErrors", Json.numbers found.StandardErrors
                "agreement", Json.Number(Metrics.mean (PreferenceCase.agreement case) test.Targets decided)
            ]

    let private plan (request: ExperimentRequest) : Plan =
        if request.Data.IsSome then
            Input.fail "--data is given; learning-preferences draws its data."

        let sizes = if request.IsQuick then [ 250 ] else [ 250; 1000; 4000 ]
        let keys = if request.IsQuick then 2 else 20
        let root = Key.create request.Key

        let pieces =
            [|
                for c, (name, case) in List.indexed PreferenceCase.all do
                    for rows in sizes do
                        for number in 0 .. keys - 1 do
                            let key = root |> Key.fold c |> Key.fold rows |> Key.fold number

                            for methodName, method in PreferenceFit.methods case do
                                {
                                    Name = $"{name}/n {rows}/key {number}/{methodName}"
                                    Settings =
                                        Json.Object
                                            [
                                                "case", Json.Text name
                                                "n", Json.Integer(int64 rows)
                                                "method", Json.Text methodName
                                            ]
                                    Weight =
                                        match method with
                                        | PreferenceMethod.Truth -> 100.0
                                        | PreferenceMethod.FenchelYoung
                                        | PreferenceMethod.Other _ -> float rows
                                    Run = run case method rows key
                                }
            |]

        let estimate (cancellation: CancellationToken) (waiting: Piece[]) =
            let seconds =
                Timing.processorSeconds 1 (fun () ->
                    for _, case in PreferenceCase.all do
                        PreferenceCase.draw case 250 root
                        |> PreferenceFit.run case PreferenceMethod.FenchelYoung root cancellation
                        |> ignore)

            seconds / 3.0 / 250.0 * Array.sumBy _.Weight waiting

        {
            Settings =
                Json.Object
                    [
                        "keys", Json.Integer(int64 keys)
                        "sizes", sizes |> Seq.map (int64 >> Json.Integer) |> Json.Array
                        "testRows", Json.Integer(int64 tests)
                        "epochs", Json.Integer(int64 PreferenceFit.Epochs)
                        "batchSize", Json.Integer(int64 PreferenceFit.BatchSize)
                        "samples", Json.Integer(int64 PreferenceFit.samples)
                        "errorSamples", Json.Integer(int64 PreferenceFit.errorSamples)
                        "cases",
                        PreferenceCase.all
                        |> Seq.map (fun (name, case) ->
                            Json.Object
                                [
                                    "name", Json.Text name
                                    "truth", Json.numbers (PreferenceCase.truth case)
                                    "features", PreferenceCase.features case |> Seq.map Json.Text |> Json.Array
                                ])
                        |> Json.Array
                    ]
            Pieces = pieces
            Estimate = estimate
        }

    let private notes: string =
        """Decisions are drawn by known weights of features: 3 of 12 items taken, 6 items ranked, 8 drivers assigned to 8
    riders, each option with noise of scale 1. The weights are estimated by the Fenchel-Young loss of the decision,
    with standard errors, by exact likelihoods where there are such, and by the simplifications that are customary.
    Nothing is chosen: epochs, rate and M are the same for all methods.

DATA: generated from the key."""

    /// The experiment.
    let experiment: Experiment =
        {
            Name = "learning-preferences"
            Title = "Learning preferences from choices, rankings and assignments"
            Summary = "recovers known weights of preferences from decisions, with confidence intervals."
            Notes = notes
            Options = []
            Plan = plan
            Report = PreferencesReport.create
        }
