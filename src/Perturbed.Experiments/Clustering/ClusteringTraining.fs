namespace Perturbed.Experiments

open Perturbed.Functional
open Perturbed.Kernels

/// Training of the encoder by constraints, and all scores of a task and a key.
[<RequireQualifiedAccess>]
module ClusteringTraining =

    /// <summary>The loss of a batch of points: the partial Fenchel-Young loss of the k-forests under the batch's
    /// constraints.</summary>
    /// <param name="settings">ε, M and the points.</param>
    /// <param name="threads">Threads of the operator.</param>
    /// <param name="clusters">k.</param>
    /// <param name="restricted">The constrained forests of the batches.</param>
    /// <returns>A loss.</returns>
    let loss (settings: ClusteringSettings) (threads: int) (clusters: int) (restricted: Oracle) : Loss =
        perturb
            (Oracle.spanningForest clusters (Graph.Complete settings.Points))
            Noise.gaussian
            settings.Epsilon
            settings.Samples
        |> Smoothed.withThreads threads
        |> Loss.partialFenchelYoung restricted

    // Scores of clusters that something makes of the images of each batch.
    let private score (images: LabelledImages) (batches: int[][]) (cluster: int -> int[] -> int[]) : ClusterScore =
        batches
        |> Array.mapi (fun b batch ->
            let classes = batch |> Array.map (fun i -> images.Labels[i])
            // Classes counted from 0 without gaps, for the matching.
            let present = Array.distinct classes
            let places = classes |> Array.map (fun c -> System.Array.IndexOf(present, c))
            ClusterScore.create places (cluster b batch))
        |> ClusterScore.mean

    let private json (score: ClusterScore) : Json =
        Json.Object [ "unmatched", Json.Number score.Unmatched; "wrongPairs", Json.Number score.WrongPairs ]

    /// <summary>Trains the encoder.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="known">What is known.</param>
    /// <param name="key">The key of batches, start and noise.</param>
    /// <param name="images">The training file.</param>
    /// <param name="context">What the piece was given.</param>
    /// <returns>The training; an epoch has the share of unmatched validation images of known classes.</returns>
    let train
        (settings: ClusteringSettings)
        (known: KnownImages)
        (key: Key)
        (images: LabelledImages)
        (context: PieceContext)
        : PieceTraining =
        let graph = Graph.Complete settings.Points

        let network =
            ImageEncoder.network context.Threads settings.Hidden settings.Dimension

        let examples, restricted =
            LinkedBatches.training settings known (Key.fold 0 key) images

        let clusters = known.TrainClasses.Length
        let validation = [| settings.Train .. settings.Train + settings.Validation - 1 |]

        let batches =
            LinkedBatches.scoring 20 settings.Points known.TrainClasses (Key.fold 1 key) validation images

        let measure (report: EpochReport) =
            let score =
                score images batches (fun _ batch ->
                    ImageEncoder.embed network report.Parameters images batch
                    |> PointForest.clusters clusters)

            [ "validation", Json.Number score.Unmatched ]

        ResumableTraining.run
            context
            (Training.config settings.Epochs 1 Optimizer.adam (Schedule.constant settings.LearningRate) (Key.fold 2 key))
            (ImageEncoder.pairs graph images network)
            (loss settings context.Threads clusters restricted)
            examples
            measure

    /// <summary>Trains the encoder and the baselines for a task and scores all on test images.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="task">The task.</param>
    /// <param name="key">The key of everything drawn.</param>
    /// <param name="sets">The training and the test file.</param>
    /// <param name="context">What the piece was given.</param>
    /// <returns>Scores by name, and the epochs.</returns>
    let run
        (settings: ClusteringSettings)
        (task: ClusterTask)
        (key: Key)
        (sets: Lazy<LabelledImages * LabelledImages>)
        (context: PieceContext)
        : PieceResult =
        context.Report 0.0 "images"
        let images, test = sets.Force()
        context.Cancellation.ThrowIfCancellationRequested()
        let known = LinkedBatches.known settings task (Key.fold 0 key) images
        let trained = train settings known (Key.fold 1 key) images context
        context.Report 1.0 "baselines"

        let network =
            ImageEncoder.network context.Threads settings.Hidden settings.Dimension

        let embed set =
            ImageEncoder.embed network trained.Parameters set

        let classNetwork =
            ClassBaselines.network context.Threads settings known.TrainClasses

        let classParameters =
            ClassBaselines.classifier context settings known (Key.fold 2 key) images

        let scoresOf = ImageEncoder.embed classNetwork classParameters test
        let clusters = known.TestClasses.Length

        let labelled =
            match task with
            | ClusterTask.UnseenClasses ->
                // Ten images of each class that the encoder has not seen.
                let few = { settings with Points = 10 }
                let all = [| 0 .. few.Train - 1 |]

                known.TestClasses
                |> Array.collect (fun c -> (LinkedBatches.scoring 1 10 [| c |] (Key.fold 3 key) all images)[0])
            | _ -> known.Labelled

        let probe =
            ClassBaselines.probe
                context.Cancellation
                known.TestClasses
                (Key.fold 4 key)
                images
                (embed images)
                labelled
                [| settings.Train .. settings.Train + settings.Validation - 1 |]

        let scoresAt (points: int) : (string * Json) list =
            let batches =
                LinkedBatches.scoring
                    (settings.TestBatches * settings.Points / points)
                    points
                    known.TestClasses
                    (Key.fold 5 key)
                    [| 0 .. test.Labels.Length - 1 |]
                    test

            let kMeans b points =
                ClusterScore.kMeans clusters (key |> Key.fold 6 |> Key.fold b) points

            let pixels batch = FashionImages.pixels batch test
            let scored name cluster = name, json (score test batches cluster)

            let baselines () =
                [
                    scored "cross-entropy, forest" (fun _ batch -> scoresOf batch |> PointForest.clusters clusters)
                    scored "cross-entropy, k-means" (fun b batch -> scoresOf batch |> kMeans b)
                    if known.TestClasses = known.TrainClasses then
                        scored "cross-entropy, classes" (fun _ batch -> ClassBaselines.decide (scoresOf batch))
                    scored "pixels, single linkage" (fun _ batch -> pixels batch |> PointForest.clusters clusters)
                    scored "pixels, k-means" (fun b batch -> pixels batch |> kMeans b)
                ]

            [
                scored "encoder, forest" (fun _ batch -> embed test batch |> PointForest.clusters clusters)
                scored "encoder, k-means" (fun b batch -> embed test batch |> kMeans b)
                scored "encoder, linear probe" (fun _ batch -> embed test batch |> probe)

                if points = settings.Points then
                    yield! baselines ()
            ]

        let sizes =
            settings.Points :: settings.Sizes
            |> List.map (fun points ->
                context.Cancellation.ThrowIfCancellationRequested()
                string points, Json.Object(scoresAt points))

        {
            Metrics =
                Json.Object
                    [
                        "classes", known.TestClasses |> Seq.map (int64 >> Json.Integer) |> Json.Array
                        "sizes", Json.Object sizes
                    ]
            Epochs = trained.Epochs
            EpochSeconds = trained.EpochSeconds
        }
