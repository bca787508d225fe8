namespace Perturbed.Experiments

/// What `ranking` does where no option says otherwise, in the form a user would write it.
[<RequireQualifiedAccess>]
module RankingDefaults =

    /// ε.
    [<Literal>]
    let epsilon = "1"

    /// M.
    [<Literal>]
    let samples = "10"

    /// The learning rate.
    [<Literal>]
    let learningRate = "0.03"

    /// Passes over the data.
    [<Literal>]
    let epochs = "100"

    /// The cap on steps.
    [<Literal>]
    let maxSteps = "2000"

    /// Rows of a step.
    [<Literal>]
    let batch = "32"

    /// Rows of the generated set.
    [<Literal>]
    let rows = "1000"

    /// Features of the generated set.
    [<Literal>]
    let features = "10"

    /// Labels of the generated set.
    [<Literal>]
    let labels = "8"

    /// Noise on the scores of the generated set, whose spread is the root of the number of features.
    [<Literal>]
    let sigma = "1"
