namespace Perturbed.Experiments.Torch

open System
open TorchSharp

/// Images and targets where the network lives: the bytes of all images lie there, so that a step waits for no transfer.
[<Sealed>]
type ImageSet(pixels: torch.Tensor, targets: torch.Tensor, mean: torch.Tensor, scale: torch.Tensor) =

    /// How many images.
    member _.Count: int = int pixels.shape[0]

    /// <summary>Images as the network takes them: bytes less the mean of their channel, over its deviation.</summary>
    /// <param name="places">The numbers of the images.</param>
    /// <returns>[images × channels × height × width].</returns>
    member _.Images(places: torch.Tensor) : torch.Tensor =
        (pixels.index_select(0L, places).to_type(torch.ScalarType.Float32) - mean)
        * scale

    /// <summary>Their targets.</summary>
    /// <param name="places">The numbers of the images.</param>
    /// <returns>[images × width of a target].</returns>
    member _.Targets(places: torch.Tensor) : torch.Tensor = targets.index_select (0L, places)

    /// <summary>Numbers of images as a tensor on the device.</summary>
    /// <param name="places">The numbers.</param>
    /// <returns>Whole numbers.</returns>
    member _.Places(places: int[]) : torch.Tensor =
        torch.tensor(places |> Array.map int64).``to`` pixels.device

    interface IDisposable with
        member _.Dispose() =
            for tensor in [ pixels; targets; mean; scale ] do
                tensor.Dispose()

/// Making of image sets.
[<RequireQualifiedAccess>]
module ImageSet =

    /// <summary>Mean and deviation of each channel over all images.</summary>
    /// <param name="pixels">Bytes, [images × channels × height × width].</param>
    /// <returns>Both, one number a channel.</returns>
    let statistics (pixels: torch.Tensor) : float32[] * float32[] =
        use _ = torch.NewDisposeScope()
        let channels = pixels.shape[1]

        // Channel by channel and in sums of whole numbers, which are exact in any order.
        let moments =
            Array.init (int channels) (fun channel ->
                let values = pixels.select(1L, int64 channel).to_type torch.ScalarType.Int64
                let count = float (values.numel ())
                let mean = float ((values.sum ()).item<int64>()) / count
                let square = float (((values * values).sum()).item<int64>()) / count
                float32 mean, float32 (sqrt (max 1e-6 (square - mean * mean))))

        Array.map fst moments, Array.map snd moments

    /// <summary>A set on a device.</summary>
    /// <param name="pixels">Bytes, [images × channels × height × width], on the CPU.</param>
    /// <param name="targets">[images × width], row-major.</param>
    /// <param name="width">The width of a target.</param>
    /// <param name="statistics">Mean and deviation of each channel of the training images.</param>
    /// <param name="device">Where it goes.</param>
    /// <returns>The set.</returns>
    let create
        (pixels: torch.Tensor)
        (targets: float32[])
        (width: int)
        (statistics: float32[] * float32[])
        (device: torch.Device)
        : ImageSet =
        use _ = torch.NewDisposeScope()

        let channel (values: float32[]) : torch.Tensor =
            torch.tensor(values).reshape(1L, values.LongLength, 1L, 1L).``to``(device).MoveToOuterDisposeScope()

        let mean, deviation = statistics
        let rows = targets.LongLength / int64 width

        new ImageSet(
            pixels.``to``(device).alias().MoveToOuterDisposeScope(),
            torch.tensor(targets).reshape(rows, int64 width).``to``(device).MoveToOuterDisposeScope(),
            channel mean,
            channel (deviation |> Array.map (fun d -> 1.0f / d))
        )
