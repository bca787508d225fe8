namespace Perturbed.Experiments

/// What `ranking` does where no option says otherwise, in the form a user would write it.
[<RequireQualifiedAccess>]
module RankingDefaults =

    /// ε.
    let epsilon = "1"

    /// M.
    let samples = "10"

    /// The learning rate.
    let learningRate = "0.03"

    /// Passes over the data.
    let epochs = "100"

    /// The cap on steps.
    let maxSteps = "2000"

    /// Rows of a step.
    let batch = "32"

    /// Rows of the generated set.
    let rows = "1000"

    /// Features of the generated set.
    let features = "10"

    /// Labels of the generated set.
    let labels = "8"

    /// Noise on the scores of the generated set, whose spread is the root of the number of features.
    let sigma = "1"
