namespace Perturbed.Experiments.Torch

open Perturbed.Experiments

/// Options of this program beside those of every experiment.
type TorchOptions =
    {
        /// Where networks live: cpu, cuda or cuda:1.
        Device: string
        /// Epochs, if not the experiment's own number.
        Epochs: int option
        /// Training images or maps, if not the experiment's own number.
        Train: int option
        /// Test images or maps, if not the experiment's own number.
        Test: int option
        /// The learning rate, if not the experiment's own.
        LearningRate: float option
    }

/// Reading of the options.
[<RequireQualifiedAccess>]
module TorchOptions =

    /// What the help of every experiment says of them.
    let notes: string =
        """NETWORKS: --device cpu (the default), cuda or cuda:1; --epochs N, --train N, --test N and --learning-rate
    NUMBER change what the experiment says of them. A checkpoint is of whole epochs, whatever --checkpoint-seconds
    says: a crash costs the epoch it comes in."""

    /// <summary>The options as they were given, for the record.</summary>
    /// <param name="options">The options.</param>
    /// <returns>Names and values in turn, the device only where it is not the CPU.</returns>
    let given (options: TorchOptions) : string list =
        let numbers =
            [
                "--epochs", options.Epochs |> Option.map string
                "--train", options.Train |> Option.map string
                "--test", options.Test |> Option.map string
                "--learning-rate", options.LearningRate |> Option.map string
            ]

        [
            if options.Device <> "cpu" then
                "--device"
                options.Device
            for name, value in numbers do
                match value with
                | Some value ->
                    name
                    value
                | None -> ()
        ]

    let private none: TorchOptions =
        {
            Device = "cpu"
            Epochs = None
            Train = None
            Test = None
            LearningRate = None
        }

    /// <summary>Takes the options out of the arguments.</summary>
    /// <param name="arguments">The program's arguments.</param>
    /// <returns>The options, and all other arguments in their order.</returns>
    /// <exception cref="T:Perturbed.Experiments.InputException">An option without a value, or with one that is no
    /// number.</exception>
    let take (arguments: string[]) : TorchOptions * string[] =
        let rec go (options: TorchOptions) (kept: string list) (rest: string list) =
            match rest with
            | [ "--device" | "--epochs" | "--train" | "--test" | "--learning-rate" as name ] ->
                Input.fail $"{name} has no value."
            | "--device" :: value :: rest -> go { options with Device = value } kept rest
            | "--epochs" :: value :: rest ->
                go
                    { options with
                        Epochs = Some(NumberSyntax.count 1 "--epochs" value)
                    }
                    kept
                    rest
            | "--train" :: value :: rest ->
                go
                    { options with
                        Train = Some(NumberSyntax.count 1 "--train" value)
                    }
                    kept
                    rest
            | "--test" :: value :: rest ->
                go
                    { options with
                        Test = Some(NumberSyntax.count 1 "--test" value)
                    }
                    kept
                    rest
            | "--learning-rate" :: value :: rest ->
                go
                    { options with
                        LearningRate = Some(NumberSyntax.positive "--learning-rate" value)
                    }
                    kept
                    rest
            | other :: rest -> go options (other :: kept) rest
            | [] -> options, List.rev kept |> List.toArray

        go none [] (List.ofArray arguments)
