namespace Perturbed.Experiments.Torch

open TorchSharp
open Perturbed.Experiments

type private Layer = torch.nn.Module<torch.Tensor, torch.Tensor>

/// Two 3 × 3 convolutions with a skip connection (He et al. 2016).
type ResidualBlock(channels: int64) as this =
    inherit torch.nn.Module<torch.Tensor, torch.Tensor>(nameof ResidualBlock)

    let convolution () =
        torch.nn.Conv2d(channels, channels, 3L, stride = 1L, padding = 1L, bias = false)

    let conv1 = convolution ()
    let bn1 = torch.nn.BatchNorm2d channels
    let conv2 = convolution ()
    let bn2 = torch.nn.BatchNorm2d channels

    do this.RegisterComponents()

    /// <summary>relu(x + f(x)).</summary>
    /// <param name="x">[rows × channels × height × width].</param>
    /// <returns>The same shape.</returns>
    override _.forward(x: torch.Tensor) : torch.Tensor =
        use _ = torch.NewDisposeScope()
        let first = bn1.forward(conv1.forward x).relu()
        let second = bn2.forward (conv2.forward first)
        (second + x).relu().MoveToOuterDisposeScope()

/// <summary>The first five layers of ResNet18 on a map, then the largest value in each tile, averaged over channels: θ
/// = −cost of 12 × 12 tiles.</summary>
/// <remarks>Costs are scaled to the given mean in each map, where a loss leaves their scale open. 7 × 7 convolution of
/// stride 2, batch normalisation, relu, maximum over 3 × 3 of stride 2, and the first stage of two residual blocks: 64
/// channels of 24 × 24.</remarks>
type TileNetwork(meanCost: float voption) as this =
    inherit torch.nn.Module<torch.Tensor, torch.Tensor>(nameof TileNetwork)

    let conv1 = torch.nn.Conv2d(3L, 64L, 7L, stride = 2L, padding = 3L, bias = false)
    let bn1 = torch.nn.BatchNorm2d 64L
    let block1 = new ResidualBlock(64L)
    let block2 = new ResidualBlock(64L)

    do this.RegisterComponents()

    /// <summary>θ of maps.</summary>
    /// <param name="x">[maps × 3 × 96 × 96], standardised.</param>
    /// <returns>[maps × 144], at most 0.</returns>
    override _.forward(x: torch.Tensor) : torch.Tensor =
        use _ = torch.NewDisposeScope()
        let early = bn1.forward(conv1.forward x).relu()

        let pooled =
            torch.nn.functional.max_pool2d (early, 3L, stride = System.Nullable 2L, padding = System.Nullable 1L)

        let features = block2.forward (block1.forward pooled)

        let tiles =
            torch.nn.functional.max_pool2d (features, 2L, stride = System.Nullable 2L)

        let costs = tiles.mean([| 1L |]).reshape(x.shape[0], int64 MapSet.Cells)

        let scaled =
            match meanCost with
            | ValueSome mean ->
                use mean = mean.ToScalar()
                costs / costs.mean ([| 1L |], keepdim = true) * mean
            | ValueNone -> costs

        scaled.neg().MoveToOuterDisposeScope()
