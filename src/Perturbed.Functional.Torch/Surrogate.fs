namespace Perturbed.Functional

open TorchSharp

/// Known values with known derivatives in autograd's graph: as nodes, and for derivatives of higher order as constants
/// plus an expression in δ = θ − detached θ, which is 0.
module internal Surrogate =

    /// δ = θ − detached θ in the working type, rows × d: zero, with the derivative of the identity.
    let delta (theta: Tensor) (rows: int64) (d: int64) : Tensor =
        (theta - theta.detach ()).to_type(Shapes.working theta).reshape(rows, d)

    /// Zero for each row (rows × 1) with a first derivative of zero and no second one: NaN. It stands where second
    /// derivatives are not known, so that asking for them gives no wrong number. An error would have to be raised
    /// inside libtorch, where <c>torch.autograd.grad</c> of TorchSharp does not catch it and the process ends.
    let firstOrderOnly (delta: Tensor) : Tensor =
        use exponent = (1.5).ToScalar()
        delta.abs().pow(exponent).sum(-1L, keepdim = true)

    /// Zero for each entry, with NaN for a derivative: added to a gradient that does not know its own.
    let unknownDerivative (delta: Tensor) : Tensor = delta.abs().sqrt()

    /// A number for each row with its gradient (rows × d), as a node.
    let scalar (value: Tensor) (gradient: Tensor) (delta: Tensor) : Tensor =
        let times (gradient: Tensor) (cotangent: Tensor) : Tensor = cotangent.unsqueeze -1L * gradient

        CoreNode.record
            delta
            {
                Value = value
                Saved = [ gradient ]
                Back = fun saved cotangent -> times saved.Head cotangent
                RecordedBack = fun saved delta cotangent -> times saved.Head cotangent + unknownDerivative delta
            }

    /// value + J δ of each row: values (rows × k) with the given Jacobian (rows × k × d). Constants all but δ.
    let linear (value: Tensor) (jacobian: Tensor) (delta: Tensor) : Tensor =
        value
        + torch.matmul(jacobian, delta.unsqueeze -1L).squeeze -1L
        + firstOrderOnly delta

    /// ȳ + Σ_m (y_m − c) (w_m − 1)/n with the likelihood ratios w_m = μ(z_m − δ/ε)/μ(z_m), which are 1: each
    /// derivative with respect to θ is the score-function estimate of that derivative of E y*(θ + εZ), the first one
    /// with ∇ν(z_m)/ε, the second with (∇ν∇νᵀ − ∇²ν)/ε². Solutions y − c (rows × M × k), noise z (rows × M × d) and
    /// 1/ε are constants, and so is the correction: what better scores have over ∇ν(z).
    let ratios
        (noise: INoise)
        (value: Tensor)
        (centred: Tensor)
        (z: Tensor)
        (correction: Tensor voption)
        (shift: Tensor)
        (denominator: float)
        : Tensor =
        let shift = shift.unsqueeze 1L
        let ratio = Likelihood.logRatio noise z shift |> torch.expm1

        let ratio =
            match correction with
            | ValueNone -> ratio
            | ValueSome correction -> ratio + torch.matmul(correction, shift.transpose (1L, 2L)).squeeze -1L

        let weights = ratio.unsqueeze 1L |> Scale.by (1.0 / denominator)
        let sum = value + torch.matmul(weights, centred).squeeze 1L

        if Likelihood.isSmooth noise then
            sum
        else
            sum + firstOrderOnly (shift.squeeze 1L)
