namespace Perturbed.Experiments

open System
open System.Threading
open Perturbed.Functional

/// The shortest-path experiment, section 5.3 of the paper.
[<RequireQualifiedAccess>]
module WarcraftExperiment =

    /// <summary>Seconds of one thread for a map and an epoch, from steps on a few maps: the third step, when the run
    /// time has compiled most of it.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="cancellation">Ends the timing.</param>
    /// <returns>Seconds.</returns>
    let secondsOfMap (settings: WarcraftSettings) (cancellation: CancellationToken) : float =
        let few = TerrainGenerator.create settings.BatchSize settings.Key
        let small = { settings with Epochs = 3 }

        let config =
            { WarcraftTraining.config small with
                Cancellation = cancellation
            }

        let trained =
            TileEncoder.examples few
            |> Training.run
                config
                (TileEncoder.model 1 settings.Hidden few)
                (WarcraftTraining.loss settings 1 PathLoss.FenchelYoung)

        match Array.tryLast trained.History with
        | Some epoch -> epoch.Seconds / float few.Count
        | None -> 0.0

    let private plan (request: ExperimentRequest) : Plan =
        let settings = WarcraftSettings.ofRequest request

        let train =
            match settings.Source with
            | MapSource.Generated(train, _, _)
            | MapSource.Files(_, train, _, _) -> train

        // Made once, for whichever piece comes first.
        let maps = lazy (WarcraftSettings.maps settings)
        let work = float (settings.Epochs * train)

        let trainings =
            [|
                for name, loss, rate in WarcraftSettings.methods do
                    {
                        Name = name
                        Settings = WarcraftSettings.methodJson loss rate
                        Weight = work
                        Run = WarcraftTraining.run { settings with LearningRate = rate } loss maps
                    }
            |]

        let described =
            {
                Name = WarcraftReport.mapsPiece
                Settings = Json.Object []
                Weight = float train
                Run = WarcraftTraining.describe maps
            }

        {
            Settings = WarcraftSettings.json settings
            Pieces = Array.append [| described |] trainings
            Estimate = fun cancellation pieces -> secondsOfMap settings cancellation * Array.sumBy _.Weight pieces
        }

    let private notes: string =
        """Learns the costs of 12 × 12 tiles of terrain maps from shortest paths alone, by a small network on each
    tile's pixels (8 × 8 and one around them), and predicts the paths of other maps. After each epoch: the share of
    test maps whose path is as cheap as the shortest, and its cost over the optimum. Beside the Fenchel-Young loss (ε
    = 1, M = 1, costs of a fixed mean in each map; those that noise brings below 0 count as 0): the Hamming loss with
    the black-box gradient of Vlastelica et al. (costs of mean 1), the squared loss on path indicators without an
    optimizer, and two tables of colours that are given the costs. Rates, λ and mean cost are those of warcraft-choice.

DATA: maps are generated, 10,000 and 1,000. --data DIRECTORY reads the public set's files instead: train_maps.npy,
    train_shortest_paths.npy, train_vertex_weights.npy and the same for test. The command warcraft-maps writes
    generated ones in that format."""

    /// The experiment.
    let experiment: Experiment =
        {
            Name = "warcraft"
            Title = "Shortest paths on terrain maps (Figures 5 and 6)"
            Summary = "learns the costs of terrain from shortest paths alone."
            Notes = notes
            Options = []
            Plan = plan
            Report = fun record -> WarcraftReport.create (WarcraftReport.choices record) record
        }
