namespace Perturbed.Functional.CSharp

open System
open TorchSharp
open Perturbed.Functional

type private Reduction = torch.nn.Reduction

/// <summary>The Fenchel-Young loss (θ, y) ↦ L_ε(θ; y) as a module, with TorchSharp's reductions over the
/// rows.</summary>
/// <param name="operator">The operator.</param>
/// <param name="reduction">The mean or the sum over rows, or none.</param>
/// <remarks>Noise and the buffer <c>step</c> are as in <c>PerturbedMaximizer</c>. Its gradient in θ is ȳ − y of each
/// row, divided by the number of rows for the mean. Berthet et al. 2020, Definition 4.1.</remarks>
type FenchelYoungLoss(operator: TensorOperator, reduction: Reduction) as this =
    inherit torch.nn.Module<Tensor, Tensor, Tensor>(nameof FenchelYoungLoss)

    let mutable current = operator

    do
        ArgumentNullException.ThrowIfNull(operator, nameof operator)

        if not (System.Enum.IsDefined reduction) then
            raise (
                ArgumentOutOfRangeException(
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
    new(smoothed: CSharp.Smoothed) = new FenchelYoungLoss(TensorOperator.Of smoothed, Reduction.Mean)

    /// The operator of the loss. Another may take its place between steps, such as one of another ε on a schedule.
    member _.Operator
        with get (): TensorOperator = current
        and set (value: TensorOperator) =
            ArgumentNullException.ThrowIfNull(value, nameof value)
            current <- value

    /// <summary>Moves nothing: there are no parameters, and the step stays on the CPU.</summary>
    /// <param name="_device">A device.</param>
    /// <param name="_dtype">A type.</param>
    /// <param name="_nonBlocking">Whether to wait.</param>
    /// <returns>The module.</returns>
    override this._to(_device: torch.Device, _dtype: torch.ScalarType, _nonBlocking: bool) : torch.nn.Module = this

    /// <summary>Moves nothing: there are no parameters, and the step stays on the CPU.</summary>
    /// <param name="_kind">A kind of device.</param>
    /// <param name="_index">Its number.</param>
    /// <param name="_nonBlocking">Whether to wait.</param>
    /// <returns>The module.</returns>
    override this._to(_kind: DeviceType, _index: int, _nonBlocking: bool) : torch.nn.Module = this

    /// <summary>Moves nothing: there are no parameters, and the step stays on the CPU.</summary>
    /// <param name="_dtype">A type.</param>
    /// <param name="_nonBlocking">Whether to wait.</param>
    /// <returns>The module.</returns>
    override this._to(_dtype: torch.ScalarType, _nonBlocking: bool) : torch.nn.Module = this

    /// How many training steps the loss has seen.
    member this.Step: int64 = StepCounter.read (StepCounter.ofModule this)

    member private this.Reduce
        (operator: TensorOperator, theta: Tensor, target: Tensor, weights: Tensor voption)
        : Tensor =
        use _ = torch.NewDisposeScope()

        // A row of weight 0 is as good as absent, whatever its target.
        let counts =
            match weights with
            | ValueNone -> fun _ -> true
            | ValueSome w ->
                let w = Shapes.values w
                fun row -> w[row] > 0.0

        let losses =
            (StepCounter.next this.training (StepCounter.ofModule this) operator)
                .FenchelYoungWhere(theta, target, counts)

        let weights =
            weights
            |> ValueOption.map (fun w -> w.detach().to_type(losses.dtype).``to`` losses.device)

        let reduced =
            match weights, reduction with
            | ValueNone, Reduction.None -> losses
            | ValueNone, Reduction.Sum -> losses.sum ()
            | ValueNone, _ -> losses.mean ()
            | ValueSome w, Reduction.None -> losses * w
            | ValueSome w, Reduction.Sum -> (losses * w).sum()
            | ValueSome w, _ -> (losses * w).sum() / w.sum ()

        reduced.MoveToOuterDisposeScope()

    /// <summary>The loss over a batch.</summary>
    /// <param name="theta">θ: any leading dimensions, the last of size d; finite.</param>
    /// <param name="target">y, of the shape of θ.</param>
    /// <returns>The mean or the sum over rows, or each row's loss. The mean of no rows is NaN, as TorchSharp's
    /// is.</returns>
    /// <exception cref="T:System.ArgumentException">As <c>TensorOperator.FenchelYoung</c>; or the oracle has a problem
    /// for each instance and the operator was told no instances.</exception>
    override this.forward(theta: Tensor, target: Tensor) : Tensor =
        this.Reduce(current.RequireOneProblem(), theta, target, ValueNone)

    /// <summary>The loss over a batch whose rows are instances of the data, each solved by the problem of its
    /// instance.</summary>
    /// <param name="theta">θ: any leading dimensions, the last of size d; finite.</param>
    /// <param name="target">y, of the shape of θ.</param>
    /// <param name="instances">The instance that each row is: its number in the data.</param>
    /// <returns>The mean or the sum over rows, or each row's loss.</returns>
    /// <exception cref="T:System.ArgumentException">As <c>TensorOperator.FenchelYoung</c> and
    /// <c>TensorOperator.WithInstances</c>.</exception>
    member this.forward(theta: Tensor, target: Tensor, instances: int[]) : Tensor =
        this.Reduce(current.WithInstances instances, theta, target, ValueNone)

    /// <summary>The weighted loss over a batch whose rows are instances of the data: Σ w_i l_i / Σ w_i for the mean, Σ
    /// w_i l_i for the sum.</summary>
    /// <param name="theta">θ: any leading dimensions, the last of size d; finite.</param>
    /// <param name="target">y, of the shape of θ.</param>
    /// <param name="instances">The instance that each row is: its number in the data.</param>
    /// <param name="weights">How much each row counts, at least 0; a row of 0 may have any target. Of the shape of
    /// θ's leading dimensions, on its device.</param>
    /// <returns>The mean or the sum over rows, or each row's loss times its weight.</returns>
    /// <exception cref="T:System.ArgumentException">As above; or weights of another shape, or one that is negative or
    /// not finite.</exception>
    member this.forward(theta: Tensor, target: Tensor, instances: int[], weights: Tensor) : Tensor =
        ArgumentNullException.ThrowIfNull(weights, nameof weights)

        if weights.shape <> Shapes.leading theta.shape then
            invalidArg
                (nameof weights)
                $"weights has the shape {Shapes.text weights.shape}; the rows of theta have {Shapes.text (Shapes.leading theta.shape)}."

        Shapes.values weights
        |> Array.iteri (fun row w ->
            if not (System.Double.IsFinite w && w >= 0.0) then
                invalidArg (nameof weights) $"weights[{row}] is {w}; a weight is finite and at least 0.")

        this.Reduce(current.WithInstances instances, theta, target, ValueSome weights)

namespace Perturbed.Functional

/// <summary>The Fenchel-Young loss (θ, y) ↦ L_ε(θ; y) as a module, with TorchSharp's reductions over the
/// rows.</summary>
type FenchelYoungLoss = Perturbed.Functional.CSharp.FenchelYoungLoss
