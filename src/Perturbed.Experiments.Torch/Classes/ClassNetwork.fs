namespace Perturbed.Experiments.Torch

open TorchSharp

/// <summary>Four 3 × 3 convolutions (32, 32, 64, 64 channels, a maximum over 2 × 2 after every second) and two fully
/// connected layers (512, 10), with relu between.</summary>
type ClassNetwork() as this =
    inherit torch.nn.Module<torch.Tensor, torch.Tensor>(nameof ClassNetwork)

    let conv1 = torch.nn.Conv2d(3L, 32L, 3L, padding = 1L)
    let conv2 = torch.nn.Conv2d(32L, 32L, 3L, padding = 1L)
    let conv3 = torch.nn.Conv2d(32L, 64L, 3L, padding = 1L)
    let conv4 = torch.nn.Conv2d(64L, 64L, 3L, padding = 1L)
    let full1 = torch.nn.Linear(64L * 8L * 8L, 512L)
    let full2 = torch.nn.Linear(512L, 10L)

    do this.RegisterComponents()

    /// <summary>Scores of the classes.</summary>
    /// <param name="x">[images × 3 × 32 × 32], standardised.</param>
    /// <returns>[images × 10].</returns>
    override _.forward(x: torch.Tensor) : torch.Tensor =
        use _ = torch.NewDisposeScope()

        let pool (y: torch.Tensor) =
            torch.nn.functional.max_pool2d (y, 2L, stride = System.Nullable 2L)

        let first = conv2.forward(conv1.forward(x).relu()).relu() |> pool
        let second = conv4.forward(conv3.forward(first).relu()).relu() |> pool
        let hidden = full1.forward(second.flatten 1L).relu()
        full2.forward(hidden).MoveToOuterDisposeScope()
