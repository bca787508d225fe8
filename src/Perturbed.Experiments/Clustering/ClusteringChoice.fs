namespace Perturbed.Experiments

open Perturbed.Functional

/// The experiment `clustering-choice`: ε and the learning rates of `clustering`.
[<RequireQualifiedAccess>]
module ClusteringChoice =

    let private epsilons = [ 3.0; 10.0; 30.0; 100.0 ]
    let private rates = [ 1e-3; 3e-3; 1e-2 ]

    // A fold of the key that no report uses.
    let private fold = 1000

    let private task = ClusterTask.FewLabels 100

    let private plan (request: ExperimentRequest) : Plan =
        let settings = ClusteringSettings.ofRequest request

        let sets = ClusteringExperiment.sets settings
        let key = Key.create request.Key |> Key.fold fold

        let encoder (settings: ClusteringSettings) (context: PieceContext) : float =
            let images = fst (sets.Force())
            let known = LinkedBatches.known settings task (Key.fold 0 key) images

            let trained =
                ClusteringTraining.train settings known (Key.fold 1 key) images context

            -(Json.number "validation" (Array.last trained.Epochs))

        let classifier (settings: ClusteringSettings) (context: PieceContext) : float =
            let images = fst (sets.Force())
            let known = LinkedBatches.known settings task (Key.fold 0 key) images

            let parameters =
                ClassBaselines.classifier context settings known (Key.fold 2 key) images

            let network = ClassBaselines.network context.Threads settings known.TrainClasses
            let held = [| settings.Train .. settings.Train + settings.Validation - 1 |]

            let wrong =
                ImageEncoder.embed network parameters images held
                |> ClassBaselines.decide
                |> Array.map2 (fun i decided -> if images.Labels[i] = decided then 0.0 else 1.0) held
                |> Array.average

            -wrong

        let candidates =
            [
                for epsilon in epsilons do
                    for rate in rates do
                        {
                            Method = "encoder"
                            Settings = [ "epsilon", epsilon; "learningRate", rate ]
                            Cost = 1.0
                            Score =
                                encoder
                                    { settings with
                                        Epsilon = epsilon
                                        LearningRate = rate
                                    }
                        }
                for rate in rates do
                    {
                        Method = "cross-entropy"
                        Settings = [ "classRate", rate ]
                        Cost = 1.0
                        Score = classifier { settings with ClassRate = rate }
                    }
            ]

        {
            Settings = ClusteringSettings.json settings
            Pieces = Choice.pieces candidates
            Estimate =
                fun cancellation pieces ->
                    ClusteringExperiment.secondsOfStep settings sets cancellation
                    * float (settings.Batches * settings.Epochs * pieces.Length)
        }

    let private rule =
        "ε and the learning rates of clustering. Each candidate is trained with 100 labelled images a class; \
          the score of the encoder is minus the cluster error of its forest, that of \
          cross-entropy minus its share of wrong classes, "
        + "both on the validation images, under a key that the report does not use. Everything else is as in clustering."

    /// The experiment.
    let experiment: Experiment =
        {
            Name = "clustering-choice"
            Title = "Clustering from constraints: choice of settings"
            Summary = "chooses ε and the learning rates of clustering on validation data."
            Notes = "PIECES: METHOD/SETTINGS. DATA: as clustering; of the two files that of training alone."
            Options = []
            Plan = plan
            Report = Choice.report rule
        }
