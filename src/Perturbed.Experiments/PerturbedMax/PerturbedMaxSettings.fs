namespace Perturbed.Experiments

/// What a classifier learns by.
[<RequireQualifiedAccess>]
type ClassLoss =
    /// Softmax cross-entropy.
    | CrossEntropy
    /// The perturbed Fenchel-Young loss of the argmax under Gaussian noise.
    | FenchelYoung of epsilon: float * samples: int

/// Settings of the classification experiment for one data set.
type ClassSettings =
    {
        /// The name of the data set.
        Name: string
        Train: int
        Test: int
        /// Widths of the hidden layers.
        Hidden: int[]
        Epochs: int
        BatchSize: int
        LearningRate: float
    }

/// The settings, and the losses that are compared.
[<RequireQualifiedAccess>]
module PerturbedMaxSettings =

    // Learning rates: chosen by perturbed-max-choice.
    let private cifar10Rate, private generatedRate = 1e-4, 1e-3

    /// <summary>The settings of CIFAR-10: batches of 32, as in the paper; Adam.</summary>
    /// <param name="isQuick">The minute-scale version.</param>
    /// <returns>The settings.</returns>
    let cifar10 (isQuick: bool) : ClassSettings =
        {
            Name = "CIFAR-10"
            Train = if isQuick then 2000 else 10000
            Test = if isQuick then 500 else 2000
            Hidden = [| 256 |]
            Epochs = if isQuick then 3 else 20
            BatchSize = 32
            LearningRate = cifar10Rate
        }

    /// <summary>The settings of the generated set.</summary>
    /// <param name="isQuick">The minute-scale version.</param>
    /// <returns>The settings.</returns>
    let generated (isQuick: bool) : ClassSettings =
        {
            Name = "generated"
            Train = if isQuick then 2000 else 10000
            Test = if isQuick then 1000 else 5000
            Hidden = [| 64 |]
            Epochs = if isQuick then 10 else 30
            BatchSize = 32
            LearningRate = generatedRate
        }

    /// <summary>The losses: cross-entropy, then every ε and M.</summary>
    /// <param name="isQuick">The minute-scale version takes every other decade.</param>
    /// <returns>Losses with their names.</returns>
    let losses (isQuick: bool) : (string * ClassLoss) list =
        let epsilons =
            if isQuick then
                [ 1e-2; 1.0; 1e2 ]
            else
                [ 1e-3; 1e-2; 1e-1; 1.0; 1e1; 1e2; 1e3 ]

        ("cross-entropy", ClassLoss.CrossEntropy)
        :: [
            for samples in [ 1; 1000 ] do
                for epsilon in epsilons do
                    $"Fenchel-Young, M {samples}, epsilon {epsilon}", ClassLoss.FenchelYoung(epsilon, samples)
        ]

    /// <summary>What decides the numbers of a data set, as JSON.</summary>
    /// <param name="settings">The settings.</param>
    /// <returns>An object.</returns>
    let json (settings: ClassSettings) : Json =
        Json.Object
            [
                "train", Json.Integer(int64 settings.Train)
                "test", Json.Integer(int64 settings.Test)
                "hidden", settings.Hidden |> Seq.map (int64 >> Json.Integer) |> Json.Array
                "epochs", Json.Integer(int64 settings.Epochs)
                "batchSize", Json.Integer(int64 settings.BatchSize)
                "optimizer", Json.Text "Adam"
                "learningRate", Json.Number settings.LearningRate
            ]

    /// <summary>A loss as JSON.</summary>
    /// <param name="loss">The loss.</param>
    /// <returns>An object.</returns>
    let lossJson (loss: ClassLoss) : Json =
        match loss with
        | ClassLoss.CrossEntropy -> Json.Object [ "loss", Json.Text "crossEntropy" ]
        | ClassLoss.FenchelYoung(epsilon, samples) ->
            Json.Object
                [
                    "loss", Json.Text "fenchelYoung"
                    "epsilon", Json.Number epsilon
                    "samples", Json.Integer(int64 samples)
                ]
