namespace Perturbed.Experiments

open System.Threading
open Perturbed.Functional

/// Learning to align proteins from aligned pairs.
[<RequireQualifiedAccess>]
module AlignExperiment =

    let private fold (settings: AlignSettings) (kind: AlignmentKind) (fold: int) (number: int) : Key =
        settings.Key
        |> Key.fold (if kind = AlignmentKind.Local then 0 else 1)
        |> Key.fold fold
        |> Key.fold number

    // Rows that a method reads: of a training for each epoch, and about as much as an epoch to tune and to test.
    let private weight (settings: AlignSettings) (kind: AlignmentKind) (method: AlignMethod) : float =
        let rows =
            float (4 * settings.TrainPairs)
            + (if kind = AlignmentKind.Local then
                   float settings.UnrelatedPairs
               else
                   0.0)

        match method with
        | AlignMethod.Tuned -> rows
        | AlignMethod.Affine _ -> rows * float settings.Epochs
        | AlignMethod.Perceptron _ -> rows * float (settings.Epochs + 1)

    // Processor seconds of a row and an epoch of the perceptron, from epochs on a few local pairs.
    let private secondsOfRow (settings: AlignSettings) (cancellation: CancellationToken) : float =
        let few =
            { settings with
                TrainPairs = 4
                ValidationPairs = 1
                TestPairs = 1
                UnrelatedPairs = 4
                Epochs = 1
            }

        let sets = AlignSets.create few AlignmentKind.Local settings.Folds[0] settings.Key

        let config =
            { AlignTraining.config few settings.Key with
                Cancellation = cancellation
            }

        let epoch () =
            AlignTraining.examples sets
            |> Training.run
                config
                (AlignTraining.model (PairModel.network [| settings.Hidden |]) sets)
                (AlignTraining.loss few 1.0 sets)
            |> ignore

        Timing.processorSeconds 3 epoch / float sets.Train.Length

    let private plan (request: ExperimentRequest) : Plan =
        let settings = AlignSettings.ofRequest request

        let pieces =
            [|
                for kindName, kind in AlignSettings.kinds do
                    for number in 0 .. settings.Keys - 1 do
                        for tested in settings.Folds do
                            let key = fold settings kind tested number
                            let sets = lazy (AlignSets.create settings kind tested (Key.fold 0 key))

                            for method in AlignSettings.methods kind do
                                let scale =
                                    match method with
                                    | AlignMethod.Tuned -> ""
                                    | AlignMethod.Affine epsilon
                                    | AlignMethod.Perceptron epsilon -> $"/ε {epsilon}"

                                {
                                    Name = $"{kindName}/key {number}/fold {tested}/{AlignSettings.nameOf method}{scale}"
                                    Settings = AlignSettings.methodJson method
                                    Weight = weight settings kind method
                                    Run = AlignTraining.run settings method (Key.fold 1 key) sets
                                }
            |]

        {
            Settings = AlignSettings.json settings
            Pieces = pieces
            Estimate = fun cancellation pieces -> secondsOfRow settings cancellation * Array.sumBy _.Weight pieces
        }

    let private notes: string =
        $"""Learns the scores of alignments, substitution, opening and extension in each cell, from aligned pairs of
    proteins: BLOSUM62 with tuned gaps, plus what an affine function or a perceptron adds that sees the letters
    around both places. The loss is the Fenchel-Young loss of the alignment. Whole families are held out: each of four
    groups of two families is tested once, on settings chosen on the next group and weights learned on the two others.
    Local alignments are of sequences with random letters before and after; global ones of pieces of families.

DATA: the seed alignments of eight Pfam families in Stockholm format, FAMILY.sto each, by default in
    {ProteinFamilies.directory}: fn3, Caudal_act, RRM_1, LuxC, Pkinase, globins4, SMC_N and Patched."""

    /// The experiment.
    let experiment: Experiment =
        {
            Name = "learning-to-align"
            Title = "Learning to align proteins"
            Summary = "learns alignment scores from aligned protein pairs; families are held out."
            Notes = notes
            Options = []
            Plan = plan
            Report = AlignReport.create
        }
