namespace Perturbed.Experiments.Torch

open System
open System.Diagnostics
open TorchSharp
open Perturbed.Functional
open Perturbed.Experiments

/// How a network is trained: by Adam on shuffled batches.
type NetworkTrainingSettings =
    {
        Epochs: int
        BatchSize: int
        LearningRate: float
        /// Epochs from which on the rate is a tenth of what it was.
        Drops: int list
        /// The key of weights, orders and noise.
        Key: Key
    }

/// What a network's training gave.
type NetworkTrained =
    {
        /// One object an epoch.
        Epochs: Json[]
        /// Seconds of each epoch's steps, what was measured left out.
        EpochSeconds: float[]
    }

/// Training of networks inside a piece. It goes on from the last whole epoch, with the numbers of a run that was never
/// interrupted.
[<RequireQualifiedAccess>]
module NetworkTraining =

    /// <summary>The mean over a batch of what is to be descended: its gradient is all that is used of it, and its
    /// value is recorded.</summary>
    type Loss = Key -> torch.Tensor -> torch.Tensor -> torch.Tensor

    /// <summary>Makes a network with weights from a key. Only one at a time: libtorch draws them from a generator that
    /// all share.</summary>
    /// <param name="key">The key.</param>
    /// <param name="device">Where it goes.</param>
    /// <param name="make">Its constructor.</param>
    /// <returns>The network.</returns>
    let network
        (key: Key)
        (device: torch.Device)
        (make: unit -> torch.nn.Module<torch.Tensor, torch.Tensor>)
        : torch.nn.Module<torch.Tensor, torch.Tensor> =
        torch.manual_seed (int64 (key.Value >>> 1)) |> ignore
        make().``to`` device

    let private rate (settings: NetworkTrainingSettings) (epoch: int) : float =
        let passed =
            settings.Drops |> List.filter (fun drop -> epoch >= drop) |> List.length

        settings.LearningRate * Math.Pow(0.1, float passed)

    // One pass over the set: the mean loss.
    let private epochOf
        (settings: NetworkTrainingSettings)
        (epoch: int)
        (network: torch.nn.Module<torch.Tensor, torch.Tensor>)
        (optimizer: Modules.OptimizerHelper)
        (loss: Loss)
        (set: ImageSet)
        (context: PieceContext)
        : float =
        let key = settings.Key |> Key.fold 1 |> Key.fold epoch
        let order = Permutation.create set.Count (Key.fold 0 key)
        let batches = order |> Array.chunkBySize settings.BatchSize
        use total = (Seq.head (network.parameters ())).new_zeros [| 1L |]
        network.train ()

        for step in 0 .. batches.Length - 1 do
            context.Cancellation.ThrowIfCancellationRequested()
            use _ = torch.NewDisposeScope()
            let indices = set.Indices batches[step]
            optimizer.zero_grad ()

            let value =
                loss (Key.fold (step + 1) key) (network.forward (set.Images indices)) (set.Targets indices)

            value.backward ()
            optimizer.step () |> ignore
            // Summed where it is: reading it would make the device wait.
            use weight = (float batches[step].Length).ToScalar()
            total.add_ (value.detach().to_type(torch.ScalarType.Float32) * weight) |> ignore

            context.Report
                ((float epoch + float (step + 1) / float batches.Length) / float settings.Epochs)
                $"epoch {epoch + 1} of {settings.Epochs}"

        float (total.item<float32>()) / float set.Count

    /// <summary>Trains a network.</summary>
    /// <param name="context">Cancellation, checkpoint, progress.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="network">The network; it is changed.</param>
    /// <param name="loss">From a key, answers of the network and targets to the mean loss.</param>
    /// <param name="set">The training images.</param>
    /// <param name="measure">What to record after each epoch, of the network in evaluation.</param>
    /// <returns>The epochs; the network has its last weights.</returns>
    /// <exception cref="T:System.OperationCanceledException">Cancelled; the state after the last whole epoch is
    /// saved.</exception>
    /// <exception cref="T:Perturbed.Experiments.InputException">The loss is no longer finite.</exception>
    let run
        (context: PieceContext)
        (settings: NetworkTrainingSettings)
        (network: torch.nn.Module<torch.Tensor, torch.Tensor>)
        (loss: Loss)
        (set: ImageSet)
        (measure: unit -> (string * Json) list)
        : NetworkTrained =
        use optimizer = torch.optim.Adam(network.parameters (), settings.LearningRate)

        let mutable history: NetworkHistory =
            match context.Checkpoint.Load() with
            | Some content -> NetworkState.load network optimizer content
            | None -> { Epochs = []; Seconds = [] }

        let mutable state: byte[] option = None

        try
            for epoch in history.Epochs.Length .. settings.Epochs - 1 do
                for group in optimizer.ParamGroups do
                    group.LearningRate <- rate settings epoch

                let started = Stopwatch.GetTimestamp()
                let mean = epochOf settings epoch network optimizer loss set context
                let seconds = Stopwatch.GetElapsedTime(started).TotalSeconds

                if not (Double.IsFinite mean) then
                    Input.fail $"The loss of epoch {epoch} is {mean}; a smaller learning rate may help."

                network.eval ()

                let line =
                    [
                        "epoch", Json.Integer(int64 epoch)
                        "loss", Json.Number mean
                        "learningRate", Json.Number(rate settings epoch)
                    ]
                    @ measure ()
                    |> fun members -> Json.text (Json.Object members)

                history <-
                    {
                        Epochs = history.Epochs @ [ line ]
                        Seconds = history.Seconds @ [ seconds ]
                    }

                state <- Some(NetworkState.save network optimizer history)

                if context.Checkpoint.IsDue() then
                    Option.iter context.Checkpoint.Save state
        with :? OperationCanceledException ->
            Option.iter context.Checkpoint.Save state
            reraise ()

        network.eval ()

        {
            Epochs = history.Epochs |> List.map Json.parse |> List.toArray
            EpochSeconds = List.toArray history.Seconds
        }
