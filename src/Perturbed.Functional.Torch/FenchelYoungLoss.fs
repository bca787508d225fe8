namespace Perturbed.Functional

open TorchSharp
open Perturbed.Functional.CSharp

type private Reduction = torch.nn.Reduction

/// <summary>The Fenchel-Young loss (θ, y) ↦ L_ε(θ; y) as a module, with TorchSharp's reductions over the rows.</summary>
/// <param name="operator">The operator.</param>
/// <param name="reduction">The mean or the sum over rows, or none.</param>
/// <remarks>Noise and the buffer <c>step</c> are as in <c>PerturbedMaximizer</c>. Its gradient in θ is ȳ − y of each row, divided by the number of rows for the mean. Berthet et al. 2020, Definition 4.1.</remarks>
type FenchelYoungLoss(operator: TensorOperator, reduction: Reduction) as this =
    inherit torch.nn.Module<Tensor, Tensor, Tensor>(nameof FenchelYoungLoss)

    let mutable current = operator

    do
        Check.notNull (nameof operator) operator

        if not (System.Enum.IsDefined reduction) then
            raise (
                System.ArgumentOutOfRangeException(
                    nameof reduction,
                    reduction,
                    $"reduction is {reduction}; it must be a member of the enum."
                )
            )

        this.register_buffer ("step", StepCounter.buffer ())

    /// <summary>The mean loss of an operator.</summary>
    /// <param name="operator">The operator.</param>
    new(operator: TensorOperator) = new FenchelYoungLoss(operator, Reduction.Mean)

    /// <summary>The mean loss of an operator of the core.</summary>
    /// <param name="smoothed">The operator.</param>
    new(smoothed: Smoothed) = new FenchelYoungLoss(TensorOperator.Of smoothed, Reduction.Mean)

    /// <summary>The mean loss of an operator of the C# facade.</summary>
    /// <param name="smoothed">The operator.</param>
    new(smoothed: SmoothedOracle) = new FenchelYoungLoss(TensorOperator.Of smoothed, Reduction.Mean)

    /// The operator of the loss. Another may take its place between steps, such as one of another ε on a schedule.
    member _.Operator
        with get (): TensorOperator = current
        and set (value: TensorOperator) =
            Check.notNull (nameof value) value
            current <- value

    /// How many training steps the loss has seen.
    member this.Step: int64 = StepCounter.read (StepCounter.ofModule this)

    /// <summary>The loss over a batch.</summary>
    /// <param name="theta">θ: any leading dimensions, the last of size d; finite.</param>
    /// <param name="target">y, of the shape of θ.</param>
    /// <returns>The mean or the sum over rows, or each row's loss. The mean of no rows is NaN, as TorchSharp's is.</returns>
    /// <exception cref="T:System.ArgumentException">As <c>TensorOperator.FenchelYoung</c>.</exception>
    override this.forward(theta: Tensor, target: Tensor) : Tensor =
        let losses =
            (StepCounter.next this.training (StepCounter.ofModule this) current).FenchelYoung(theta, target)

        match reduction with
        | Reduction.None -> losses
        | Reduction.Sum ->
            use _ = losses
            losses.sum ()
        | _ ->
            use _ = losses
            losses.mean ()
