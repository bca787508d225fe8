namespace Perturbed.Experiments.Torch

open System.IO
open TorchSharp

/// What a training needs to go on after an epoch.
type NetworkHistory =
    {
        /// One line of JSON an epoch, the first one first.
        Epochs: string list
        /// Seconds of each epoch's steps.
        Seconds: float list
    }

/// A network, its optimizer and its history as bytes.
[<RequireQualifiedAccess>]
module NetworkState =

    let private part (write: BinaryWriter -> unit) : byte[] =
        use stream = new MemoryStream()
        use writer = new BinaryWriter(stream)
        write writer
        writer.Flush()
        stream.ToArray()

    /// <summary>The state.</summary>
    /// <param name="network">Weights and buffers.</param>
    /// <param name="optimizer">Moments and steps.</param>
    /// <param name="history">What was recorded.</param>
    /// <returns>Bytes.</returns>
    let save (network: torch.nn.Module) (optimizer: Modules.OptimizerHelper) (history: NetworkHistory) : byte[] =
        part (fun writer ->
            for content in [ part (fun w -> network.save w |> ignore); part (fun w -> optimizer.save_state_dict w) ] do
                writer.Write content.Length
                writer.Write content

            writer.Write history.Epochs.Length

            for epoch, seconds in List.zip history.Epochs history.Seconds do
                writer.Write epoch
                writer.Write seconds)

    /// <summary>Puts a state back.</summary>
    /// <param name="network">The network it goes into.</param>
    /// <param name="optimizer">Its optimizer.</param>
    /// <param name="content">What <c>save</c> gave.</param>
    /// <returns>The history.</returns>
    let load (network: torch.nn.Module) (optimizer: Modules.OptimizerHelper) (content: byte[]) : NetworkHistory =
        use reader = new BinaryReader(new MemoryStream(content))

        let next () =
            new BinaryReader(new MemoryStream(reader.ReadBytes(reader.ReadInt32())))

        use weights = next ()
        network.load weights |> ignore
        use moments = next ()
        optimizer.load_state_dict moments

        let epochs =
            List.init (reader.ReadInt32()) (fun _ ->
                let epoch = reader.ReadString()
                epoch, reader.ReadDouble())

        {
            Epochs = List.map fst epochs
            Seconds = List.map snd epochs
        }
