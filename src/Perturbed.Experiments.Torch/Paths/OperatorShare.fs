namespace Perturbed.Experiments.Torch

open System.Diagnostics
open TorchSharp
open Perturbed.Functional
open Perturbed.Experiments

/// How much of a training step is the operator's: the command `operator-share`.
[<RequireQualifiedAccess>]
module OperatorShare =

    let private rounds = 12

    let private seconds (device: torch.Device) (work: unit -> unit) : float =
        let started = Stopwatch.GetTimestamp()
        work ()

        if device.``type`` = DeviceType.CUDA then
            torch.cuda.synchronize ()

        Stopwatch.GetElapsedTime(started).TotalSeconds

    let private run (options: TorchOptions) : int =
        let settings =
            PathNetworkSettings.ofRequest
                options
                {
                    IsQuick = true
                    Key = 0UL
                    Data = None
                }

        let device = DeviceUse.find options.Device
        let batch = settings.Training.BatchSize
        let maps = TerrainGenerator.create batch settings.Training.Key
        let images, tests = PathNetworkSettings.images maps maps device
        use images = images
        (tests :> System.IDisposable).Dispose()

        use network =
            NetworkTraining.network settings.Training.Key device (fun () ->
                new TileNetwork(PathLosses.meanCost settings.Source PathLoss.FenchelYoung))

        use optimizer =
            torch.optim.Adam(network.parameters (), settings.Training.LearningRate)

        let indices = Array.init batch id

        let fenchelYoung = PathLosses.create settings.Source PathLoss.FenchelYoung

        let step (key: Key) () =
            use _ = torch.NewDisposeScope()
            optimizer.zero_grad ()
            let indices = images.Indices indices

            let value =
                fenchelYoung key (network.forward (images.Images indices)) (images.Targets indices)

            value.backward ()
            optimizer.step () |> ignore

        // What the operator adds: the loss of θ and its gradient with respect to θ.
        use theta =
            (network.forward (images.Images(images.Indices indices))).detach().requires_grad_ true

        use paths = images.Targets(images.Indices indices)

        let operator (key: Key) () =
            use _ = torch.NewDisposeScope()
            (fenchelYoung key theta paths).backward()

        network.train ()

        // Side by side, and the least of each: other work on the machine only adds.
        let times =
            [|
                for round in 0..rounds do
                    let key = Key.fold round settings.Training.Key
                    seconds device (step key), seconds device (operator key)
            |]
            |> Array.tail

        let whole, operators =
            times |> Array.map fst |> Array.min, times |> Array.map snd |> Array.min

        Terminal.writeLine
            $"A training step on {batch} maps ({device}), the least of {rounds} each, in turn:\n\
              \x20 whole step with the Fenchel-Young loss   {1000.0 * whole:F1} ms\n\
              \x20 its operator, forward and backward       {1000.0 * operators:F2} ms\n\
              \x20 the operator's share                     {100.0 * operators / whole:F2} %%"

        ExitCode.success

    /// <summary>The command.</summary>
    /// <param name="options">The device.</param>
    /// <returns>A command without options of its own.</returns>
    let command (options: TorchOptions) : Command =
        {
            Name = "operator-share"
            Summary = "times a training step on maps and the operator in it."
            Run =
                fun _ arguments ->
                    if arguments.Length > 0 then
                        Input.fail
                            $"operator-share takes no argument '{arguments[0]}'; it times a training step of \
                              warcraft-network and the operator in it, on --device."

                    run options
        }
