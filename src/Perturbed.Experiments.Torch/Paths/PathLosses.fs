namespace Perturbed.Experiments.Torch

open TorchSharp
open Perturbed.Functional
open Perturbed.Experiments

/// What a network on maps learns by.
[<RequireQualifiedAccess>]
module PathLosses =

    let private toMatrix (tensor: torch.Tensor) : float[,] =
        use _ = torch.NewDisposeScope()
        let rows, columns = int tensor.shape[0], int tensor.shape[1]

        let flat =
            tensor.detach().to_type(torch.ScalarType.Float64).cpu().contiguous().data<float>().ToArray()

        Array2D.init rows columns (fun r c -> flat[r * columns + c])

    /// <summary>Values as an array of two dimensions.</summary>
    /// <param name="tensor">[rows × columns].</param>
    /// <returns>The same.</returns>
    let values (tensor: torch.Tensor) : float[,] = toMatrix tensor

    // A loss of the core with a gradient of its own making, as an expression whose gradient it is and whose value it
    // has.
    let private ofCore (loss: Loss) : NetworkTraining.Loss =
        fun key theta paths ->
            let value, gradient =
                loss |> Loss.evaluate (LossBatch.create key (toMatrix theta) (toMatrix paths))

            let slope =
                torch.tensor(gradient |> Seq.cast<float> |> Seq.map float32 |> Array.ofSeq).reshape(theta.shape).``to``
                    theta.device

            use constant = value.ToScalar()
            ((theta - theta.detach ()) * slope).sum().add constant

    /// <summary>The mean cost that a loss gives to the tiles of a map, where it leaves their scale open.</summary>
    /// <param name="settings">That of the Fenchel-Young loss.</param>
    /// <param name="loss">The loss.</param>
    /// <returns>A cost, or none for a loss that knows the scale.</returns>
    let meanCost (settings: WarcraftSettings) (loss: PathLoss) : float voption =
        match loss with
        | PathLoss.FenchelYoung -> ValueSome settings.MeanCost
        | PathLoss.BlackBox _ -> ValueSome 1.0
        | PathLoss.Squared -> ValueNone

    /// <summary>A loss on tensors.</summary>
    /// <param name="settings">ε, M, and what negative costs do.</param>
    /// <param name="loss">Which one.</param>
    /// <returns>The mean over a batch.</returns>
    let create (settings: WarcraftSettings) (loss: PathLoss) : NetworkTraining.Loss =
        let oracle = TerrainGenerator.oracle settings.NegativeCosts

        match loss with
        | PathLoss.FenchelYoung ->
            let operator =
                perturb oracle Noise.gaussian settings.Epsilon settings.Samples
                |> Torch.ofSmoothed

            fun key theta paths -> (operator |> Torch.withKey key |> Torch.fenchelYoung theta paths).mean()
        | PathLoss.BlackBox lambda -> ofCore (HammingLoss.interpolated lambda oracle)
        | PathLoss.Squared ->
            fun _ theta paths ->
                use one = (1.0).ToScalar()
                use half = (0.5).ToScalar()
                let gap = paths - one - theta
                (gap * gap).sum([| 1L |]).mean() * half
