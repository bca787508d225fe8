namespace Perturbed.Functional

open TorchSharp

/// Tensors and plain numbers: the library's scalars hold native memory, which is freed here at once.
module internal Scale =

    let by (factor: float) (tensor: Tensor) : Tensor =
        use scalar = factor.ToScalar()
        tensor.mul scalar

    let plus (term: float) (tensor: Tensor) : Tensor =
        use scalar = term.ToScalar()
        tensor.add scalar
