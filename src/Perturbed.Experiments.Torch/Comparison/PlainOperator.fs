namespace Perturbed.Experiments.Torch

open System
open TorchSharp

type private Tensor = torch.Tensor

/// <summary>A perturbed operator as one writes it in libtorch's own operations, vectorised over rows and
/// samples.</summary>
type PlainOperator =
    {
        /// Samples of a shape, on a device.
        Noise: int64[] -> torch.Device -> torch.Tensor
        /// The score of samples.
        Score: torch.Tensor -> torch.Tensor
        /// From rows of θ to rows of y.
        Solve: torch.Tensor -> torch.Tensor
        Samples: int64
    }

/// Solvers, noises and the estimates of an operator, in plain tensor operations.
[<RequireQualifiedAccess>]
module PlainOperator =

    let private normal (shape: int64[]) (device: torch.Device) : Tensor =
        torch.randn (shape, dtype = Nullable torch.ScalarType.Float32, device = device)

    let private gumbel (shape: int64[]) (device: torch.Device) : Tensor =
        use least = (1e-10).ToScalar()
        use most = (1.0 - 1e-7).ToScalar()

        torch
            .rand(shape, dtype = Nullable torch.ScalarType.Float32, device = device)
            .clamp_(least, most)
            .log_()
            .neg_()
            .log_()
            .neg_()

    let private scoreOfGumbel (z: Tensor) : Tensor =
        use one = (1.0).ToScalar()
        z.neg().exp().neg().add one

    let private argmax (eta: Tensor) : Tensor =
        torch.nn.functional.one_hot(eta.argmax -1L, eta.shape[eta.shape.Length - 1]).to_type eta.dtype

    let private ranking (eta: Tensor) : Tensor =
        use one = (1.0).ToScalar()
        (eta.argsort -1L).argsort(-1L).to_type(eta.dtype).add one

    let private top (count: int) (eta: Tensor) : Tensor =
        let struct (_, places) = eta.topk (count, -1)

        let ones =
            torch.ones (places.shape, dtype = Nullable eta.dtype, device = eta.device)

        torch.zeros_like(eta).scatter_(-1L, places, ones)

    // The shortest path over a square of cells with 8 neighbours: sweeps of Bellman and Ford until nothing changes,
    // then from the last cell to the cheapest neighbour until every row is at the first.
    let private path (side: int64) (eta: Tensor) : Tensor =
        use zero = (0.0).ToScalar()
        use infinite = infinity.ToScalar()
        let n = eta.numel () / (side * side)
        let costs = (eta.neg().clamp_min zero).reshape(n, 1L, side, side)
        let mutable distance = torch.full_like (costs, infinite)
        let first (t: Tensor) = t.narrow(2L, 0L, 1L).narrow(3L, 0L, 1L)
        (first distance).copy_(first costs) |> ignore
        let mutable isDone = false

        while not isDone do
            let nearest =
                (torch.nn.functional.max_pool2d (distance.neg (), 3L, Nullable 1L, Nullable 1L)).neg()

            let next = torch.minimum (distance, nearest + costs)
            isDone <- next.eq(distance).all().item<bool>()
            distance <- next

        let padded =
            torch.nn.functional.pad (distance, [| 1L; 1L; 1L; 1L |], value = infinity)

        let flat = padded.reshape (n, -1L)
        let width = side + 2L

        let steps =
            torch.tensor (
                [| -width - 1L; -width; -width + 1L; -1L; 1L; width - 1L; width; width + 1L |],
                device = eta.device
            )

        let start = width + 1L
        use last = (side * width + side).ToScalar()
        use first = start.ToScalar()
        let whole = Nullable torch.ScalarType.Int64

        let mutable cell =
            torch.full ([| n; 1L |], last, dtype = whole, device = eta.device)

        let ones = torch.ones ([| n; 1L |], dtype = Nullable eta.dtype, device = eta.device)
        let marks = torch.zeros_like flat
        let mutable isThere = false

        while not isThere do
            marks.scatter_ (1L, cell, ones) |> ignore
            let around = cell + steps
            let best = flat.gather(1L, around).argmin(1L, keepdim = true)
            cell <- torch.where (cell.eq first, cell, around.gather (1L, best))
            isThere <- cell.eq(first).all().item<bool>()

        marks.scatter_ (1L, cell, ones) |> ignore

        marks.reshape(n, width, width).narrow(1L, 1L, side).narrow(2L, 1L, side).reshape eta.shape

    /// <summary>The argmax under Gumbel noise.</summary>
    /// <param name="samples">M.</param>
    /// <returns>An operator.</returns>
    let ofArgmax (samples: int) : PlainOperator =
        {
            Noise = gumbel
            Score = scoreOfGumbel
            Solve = argmax
            Samples = int64 samples
        }

    let private gaussian (solve: Tensor -> Tensor) (samples: int) : PlainOperator =
        {
            Noise = normal
            Score = id
            Solve = solve
            Samples = int64 samples
        }

    /// <summary>The ranking under Gaussian noise.</summary>
    /// <param name="samples">M.</param>
    /// <returns>An operator.</returns>
    let ofRanking (samples: int) : PlainOperator = gaussian ranking samples

    /// <summary>The top k under Gaussian noise.</summary>
    /// <param name="count">k.</param>
    /// <param name="samples">M.</param>
    /// <returns>An operator.</returns>
    let ofTopK (count: int) (samples: int) : PlainOperator = gaussian (top count) samples

    /// <summary>The shortest path over a square of cells under Gaussian noise.</summary>
    /// <param name="side">Cells on a side.</param>
    /// <param name="samples">M.</param>
    /// <returns>An operator.</returns>
    let ofPath (side: int) (samples: int) : PlainOperator = gaussian (path (int64 side)) samples

    let private draw (op: PlainOperator) (theta: Tensor) : struct (Tensor * Tensor) =
        let z = op.Noise [| theta.shape[0]; op.Samples; theta.shape[1] |] theta.device
        struct (z, op.Solve(theta.unsqueeze 1L + z))

    /// <summary>y*_ε with ε = 1.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="theta">θ, rows × d.</param>
    /// <returns>Rows × d.</returns>
    let maximizer (op: PlainOperator) (theta: torch.Tensor) : torch.Tensor =
        let struct (_, y) = draw op theta
        y.mean [| 1L |]

    /// <summary>y*_ε and the vector-Jacobian product, leave-one-out, or less y*(θ) for one sample.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="theta">θ, rows × d.</param>
    /// <param name="cotangent">Rows × d.</param>
    /// <returns>The gradient, rows × d.</returns>
    let gradient (op: PlainOperator) (theta: torch.Tensor) (cotangent: torch.Tensor) : torch.Tensor =
        let struct (z, y) = draw op theta
        let mean = y.mean ([| 1L |], keepdim = true)

        let centre =
            if op.Samples > 1L then
                mean
            else
                op.Solve(theta.unsqueeze 1L)

        let weights = ((y - centre) * cotangent.unsqueeze 1L).sum(-1L, keepdim = true)
        use count = (float (max 1L (op.Samples - 1L))).ToScalar()
        (weights * op.Score z).sum(1L).div count

    /// <summary>A training step's part: the gradient of the mean Fenchel-Young loss, left at θ.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="theta">θ, rows × d, a leaf that wants gradients.</param>
    /// <param name="target">Rows × d.</param>
    let step (op: PlainOperator) (theta: torch.Tensor) (target: torch.Tensor) : unit =
        let slope = maximizer op (theta.detach ()) - target
        (theta * slope).sum(1L).mean().backward()
