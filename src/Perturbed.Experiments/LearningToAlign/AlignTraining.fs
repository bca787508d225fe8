namespace Perturbed.Experiments

open Perturbed.Functional

/// A method on the pairs of a fold: training, and what it is worth.
[<RequireQualifiedAccess>]
module AlignTraining =

    /// The bounds of the classes of identity.
    let identities: (string * float * float) list =
        [ "below 20%", 0.0, 0.2; "20% to 30%", 0.2, 0.3; "30% and above", 0.3, 1.01 ]

    /// Letters by which a pair may be off and still count.
    let tolerances: int list = [ 0; 1; 4 ]

    // θ of a pair of a set whose rows are as long as the longest pair needs.
    let private dimension (pairs: SequencePair[]) : int =
        pairs |> Array.map (fun p -> 3 * p.First.Length * p.Second.Length) |> Array.max

    // One oracle for each pair of lengths.
    let private oracles (kind: AlignmentKind) (pairs: SequencePair[]) : Oracle =
        pairs
        |> Array.map (fun pair -> struct (pair.First.Length, pair.Second.Length))
        |> Oracle.alignments kind

    let private targets (kind: AlignmentKind) (pairs: SequencePair[]) : float[,] =
        let columns = dimension pairs
        let all = Array2D.zeroCreate<float> pairs.Length columns

        pairs
        |> Array.iteri (fun r pair ->
            let y =
                pair.Matches
                |> Array.map (fun (i, j) -> struct (i, j))
                |> Alignment.ofPairs kind pair.First.Length pair.Second.Length

            System.Buffer.BlockCopy(y, 0, all, 8 * r * columns, 8 * y.Length))

        all

    /// <summary>The loss of a set.</summary>
    /// <param name="settings">M.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="sets">The set.</param>
    /// <returns>The Fenchel-Young loss under Gaussian noise, of rows that are the training pairs in order.</returns>
    let loss (settings: AlignSettings) (epsilon: float) (sets: AlignSets) : Loss =
        let checkedLoss =
            perturb (oracles sets.Kind sets.Train) Noise.gaussian epsilon settings.Samples
            |> Smoothed.withThreads 1
            |> Loss.fenchelYoung

        // The targets are alignments by construction, and to check them at each checkpoint takes longer than an epoch.
        { checkedLoss with
            TargetFault = fun _ _ -> None
        }

    /// <summary>The training pairs as the library sees them.</summary>
    /// <param name="sets">The set.</param>
    /// <returns>Numbers of pairs, and their alignments.</returns>
    let examples (sets: AlignSets) : Examples =
        Examples.create (Array2D.init sets.Train.Length 1 (fun r _ -> float r)) (targets sets.Kind sets.Train)

    /// <summary>The training as the library sees it.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="key">Start, order and noise.</param>
    /// <returns>A configuration of Adam.</returns>
    let config (settings: AlignSettings) (key: Key) : TrainingConfig =
        Training.config
            settings.Epochs
            settings.BatchSize
            Optimizer.adam
            (Schedule.cosine settings.Epochs 0.0 settings.LearningRate)
            key

    /// <summary>The model of a set.</summary>
    /// <param name="network">The network of a cell.</param>
    /// <param name="sets">The set.</param>
    /// <returns>A model of the training pairs.</returns>
    let model (network: Model) (sets: AlignSets) : Model =
        PairModel.create network sets.Gaps (dimension sets.Train) sets.Train

    let private pairsJson (matches: (int * int)[]) : Json =
        matches
        |> Seq.map (fun (i, j) -> Json.Array [ Json.Integer(int64 i); Json.Integer(int64 j) ])
        |> Json.Array

    // F1 at each tolerance, and how many pairs it is a mean of.
    let private meanF1 (scored: (SequencePair * (int * int)[])[]) : Json =
        Json.Object
            [
                "pairs", Json.Integer(int64 scored.Length)
                for tolerance in tolerances do
                    $"f1 within {tolerance}",
                    (if scored.Length = 0 then
                         Json.Null
                     else
                         scored
                         |> Array.averageBy (fun (pair, found) -> AlignmentMetrics.f1 tolerance pair.Matches found)
                         |> Json.Number)
            ]

    let private metrics (sets: AlignSets) (theta: SequencePair -> float[]) : (string * Json) list =
        let align (pair: SequencePair) =
            AlignSets.align sets.Kind pair (theta pair)

        let found = sets.Test |> Array.map (fun pair -> pair, align pair)
        let scored = found |> Array.map (fun (pair, (matches, _)) -> pair, matches)

        let validation =
            sets.Validation
            |> Array.averageBy (fun pair -> AlignmentMetrics.f1 0 pair.Matches (fst (align pair)))

        [
            "gapOpening", Json.Number sets.Gaps.Opening
            "gapExtension", Json.Number sets.Gaps.Extension
            "validation", Json.Number validation
            "all", meanF1 scored
            for name, low, high in identities do
                name,
                scored
                |> Array.filter (fun (pair, _) ->
                    let identity = SequencePair.identity pair
                    identity >= low && identity < high)
                |> meanF1
            for family, pairs in scored |> Array.groupBy (fun (pair, _) -> pair.Family) do
                family, meanF1 pairs
            if sets.Kind = AlignmentKind.Local then
                let score = align >> snd
                let positives = found |> Array.map (snd >> snd)

                "aurocShuffled", Json.Number(AlignmentMetrics.auroc positives (sets.Shuffled |> Array.map score))
                "aurocUnrelated", Json.Number(AlignmentMetrics.auroc positives (sets.Unrelated |> Array.map score))
            let pair, matches = scored[0]

            "example",
            Json.Object
                [
                    "family", Json.Text pair.Family
                    "first", Json.Text pair.First
                    "second", Json.Text pair.Second
                    "truth", pairsJson pair.Matches
                    "found", pairsJson matches
                ]
        ]

    /// <summary>Trains by a method, and scores it on validation and test pairs.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="method">The method.</param>
    /// <param name="key">Start, order and noise.</param>
    /// <param name="sets">The pairs.</param>
    /// <param name="context">What the piece was given.</param>
    /// <returns>F1 and AUROC of the last parameters, and the epochs.</returns>
    let run
        (settings: AlignSettings)
        (method: AlignMethod)
        (key: Key)
        (sets: Lazy<AlignSets>)
        (context: PieceContext)
        : PieceResult =
        context.Report 0.0 "pairs"
        let sets = sets.Force()
        context.Cancellation.ThrowIfCancellationRequested()

        let trained (hidden: int[]) (epsilon: float) =
            let network = PairModel.network hidden

            let trained =
                ResumableTraining.run
                    context
                    (config settings key)
                    (model network sets)
                    (loss settings epsilon sets)
                    (examples sets)
                    (fun _ -> [])

            {
                Metrics = Json.Object(metrics sets (PairModel.theta network sets.Gaps trained.Parameters))
                Epochs = trained.Epochs
                EpochSeconds = trained.EpochSeconds
            }

        match method with
        | AlignMethod.Tuned -> PieceResult.ofMetrics (metrics sets (PairModel.fixedScores sets.Gaps))
        | AlignMethod.Affine epsilon -> trained [||] epsilon
        | AlignMethod.Perceptron epsilon -> trained [| settings.Hidden |] epsilon
