namespace Perturbed.Experiments

open Perturbed.Functional

/// What is known of the training images.
[<RequireQualifiedAccess>]
type ClusterTask =
    /// The classes of all of them: all pairs of a batch are linked or kept apart.
    | AllLabels
    /// The classes of so many images of each class; half of a batch is unlabelled.
    | FewLabels of perClass: int
    /// Images of three classes, drawn for each key, are absent; the classes of all others are known. Tested on the three.
    | UnseenClasses

/// The settings of the clustering experiment.
type ClusteringSettings =
    {
        Directory: string
        /// The first images of the training file; those that follow are for validation.
        Train: int
        Validation: int
        /// Points of a batch, in training and test.
        Points: int
        /// Different batches of an epoch.
        Batches: int
        Epochs: int
        Hidden: int[]
        /// The dimension of the encoder's points.
        Dimension: int
        Epsilon: float
        Samples: int
        LearningRate: float
        /// The rate of the same perceptron under cross-entropy.
        ClassRate: float
        TestBatches: int
        /// The points of a test batch whose error is reported beside that of a training batch's size.
        Sizes: int list
        Keys: int
    }

/// Settings and tasks.
[<RequireQualifiedAccess>]
module ClusteringSettings =

    /// <summary>The tasks.</summary>
    /// <param name="isQuick">The minute-scale version has two.</param>
    /// <returns>Tasks with their names.</returns>
    let tasks (isQuick: bool) : (string * ClusterTask) list =
        if isQuick then
            [ "all labels", ClusterTask.AllLabels; "10 a class", ClusterTask.FewLabels 10 ]
        else
            [
                "all labels", ClusterTask.AllLabels
                "100 a class", ClusterTask.FewLabels 100
                "10 a class", ClusterTask.FewLabels 10
                "unseen classes", ClusterTask.UnseenClasses
            ]

    /// <summary>The settings of a request.</summary>
    /// <param name="request">The request.</param>
    /// <returns>The settings.</returns>
    let ofRequest (request: ExperimentRequest) : ClusteringSettings =
        let isQuick = request.IsQuick

        {
            Directory = defaultArg request.Data FashionImages.directory
            Train = if isQuick then 4000 else 18000
            Validation = 2000
            Points = if isQuick then 32 else 64
            Batches = if isQuick then 60 else 100
            Epochs = if isQuick then 2 else 5
            Hidden = [| 128 |]
            Dimension = 16
            Epsilon = 100.0
            Samples = 20
            LearningRate = 0.001
            ClassRate = 0.001
            TestBatches = if isQuick then 5 else 16
            Sizes = if isQuick then [ 64 ] else [ 128; 256 ]
            Keys = if isQuick then 1 else 5
        }

    /// <summary>What decides the numbers, as JSON.</summary>
    /// <param name="settings">The settings.</param>
    /// <returns>An object.</returns>
    let json (settings: ClusteringSettings) : Json =
        let integer (value: int) = Json.Integer(int64 value)

        Json.Object
            [
                "images", Json.Text $"Fashion-MNIST {FashionImages.digest settings.Directory}"
                "train", integer settings.Train
                "validation", integer settings.Validation
                "points", integer settings.Points
                "batches", integer settings.Batches
                "epochs", integer settings.Epochs
                "hidden", settings.Hidden |> Seq.map integer |> Json.Array
                "dimension", integer settings.Dimension
                "epsilon", Json.Number settings.Epsilon
                "samples", integer settings.Samples
                "optimizer", Json.Text "Adam"
                "learningRate", Json.Number settings.LearningRate
                "classRate", Json.Number settings.ClassRate
                "testBatches", integer settings.TestBatches
                "sizes", settings.Sizes |> Seq.map integer |> Json.Array
            ]

    /// <summary>A task as JSON.</summary>
    /// <param name="task">The task.</param>
    /// <returns>An object.</returns>
    let taskJson (task: ClusterTask) : Json =
        match task with
        | ClusterTask.AllLabels -> Json.Object [ "task", Json.Text "all" ]
        | ClusterTask.FewLabels count -> Json.Object [ "task", Json.Text "few"; "perClass", Json.Integer(int64 count) ]
        | ClusterTask.UnseenClasses -> Json.Object [ "task", Json.Text "unseen" ]
