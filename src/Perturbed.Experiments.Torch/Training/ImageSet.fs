namespace Perturbed.Experiments.Torch

open System
open TorchSharp

/// Images and targets where the network lives: the bytes of all images lie there, so that a step waits for no
/// transfer.
[<Sealed>]
type ImageSet(pixels: torch.Tensor, targets: torch.Tensor, mean: torch.Tensor, scale: torch.Tensor) =

    /// How many images.
    member _.Count: int = int pixels.shape[0]

    /// <summary>Images as the network takes them: bytes less the mean of their channel, over its deviation.</summary>
    /// <param name="indices">The indices of the images.</param>
    /// <returns>[images × channels × height × width].</returns>
    member _.Images(indices: torch.Tensor) : torch.Tensor =
        (pixels.index_select(0L, indices).to_type(torch.ScalarType.Float32) - mean)
        * scale

    /// <summary>Their targets.</summary>
    /// <param name="indices">The indices of the images.</param>
    /// <returns>[images × width of a target].</returns>
    member _.Targets(indices: torch.Tensor) : torch.Tensor = targets.index_select (0L, indices)

    /// <summary>Numbers of images as a tensor on the device.</summary>
    /// <param name="indices">The indices.</param>
    /// <returns>Whole numbers.</returns>
    member _.Indices(indices: int[]) : torch.Tensor =
        torch.tensor(indices |> Array.map int64).``to`` pixels.device

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
        // Part by part, since sums need eight times the memory of the bytes, and in whole numbers, which are exact in
        // any order.
        let part = 500L
        let rows, channels = pixels.shape[0], int pixels.shape[1]

        let sums, squares =
            Array.zeroCreate<int64> channels, Array.zeroCreate<int64> channels

        for first in 0L .. part .. rows - 1L do
            for channel in 0 .. channels - 1 do
                use _ = torch.NewDisposeScope()

                let values =
                    pixels.narrow(0L, first, min part (rows - first)).select(1L, int64 channel).to_type
                        torch.ScalarType.Int64

                sums[channel] <- sums[channel] + (values.sum ()).item<int64>()
                squares[channel] <- squares[channel] + (values * values).sum().item<int64>()

        let count = float (pixels.numel () / int64 channels)

        let moments =
            Array.map2
                (fun (sum: int64) (square: int64) ->
                    let mean = float sum / count
                    float32 mean, float32 (sqrt (max 1e-6 (float square / count - mean * mean))))
                sums
                squares

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
