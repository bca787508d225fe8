namespace Perturbed.Functional.CSharp

open System
open TorchSharp
open Perturbed.Functional

/// <summary>A layer θ ↦ y*_ε(θ), to stand in a network: it has no parameters, and gradients flow through it.</summary>
/// <param name="operator">The operator.</param>
/// <remarks>
/// In training, step number n (from 0) has the noise of <c>Key.fold n</c> of the operator's key, and n is counted in
/// the buffer <c>step</c>, which is saved and loaded with the module and stays on the CPU: a run that is resumed from a
/// saved model has the noise of one that was never stopped. In evaluation (<c>eval()</c>) the noise is that of the
/// operator's own key, each time the same. Berthet et al. 2020, Definition 3.1.
/// </remarks>
type PerturbedMaximizer(operator: TensorOperator) as this =
    inherit torch.nn.Module<Tensor, Tensor>(nameof PerturbedMaximizer)

    let mutable current = operator

    do
        ArgumentNullException.ThrowIfNull(operator, nameof operator)
        this.register_buffer ("step", StepCounter.buffer ())

    /// <summary>The layer of an operator of the core.</summary>
    /// <param name="smoothed">The operator.</param>
    new(smoothed: Smoothed) = new PerturbedMaximizer(TensorOperator.Of smoothed)

    /// <summary>The layer of an operator of the C# facade.</summary>
    /// <param name="smoothed">The operator.</param>
    new(smoothed: CSharp.Smoothed) = new PerturbedMaximizer(TensorOperator.Of smoothed)

    /// The operator at the layer's heart. Another may take its place between steps, such as one of another ε on a
    /// schedule.
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

    /// How many training steps the layer has taken.
    member this.Step: int64 = StepCounter.read (StepCounter.ofModule this)

    /// <summary>y*_ε of every row, as <c>TensorOperator.Maximizer</c>.</summary>
    /// <param name="theta">θ: any leading dimensions, the last of size d; finite.</param>
    /// <returns>The leading dimensions of θ and the solution's k.</returns>
    /// <exception cref="T:System.ArgumentException">As <c>TensorOperator.Maximizer</c>; or the oracle has a problem
    /// for each instance and the operator was told no instances.</exception>
    override this.forward(theta: Tensor) : Tensor =
        let operator = current.RequireOneProblem()
        (StepCounter.next this.training (StepCounter.ofModule this) operator).Maximizer theta

    /// <summary>y*_ε of every row, each solved by the problem of its instance, as
    /// <c>TensorOperator.WithInstances</c>.</summary>
    /// <param name="theta">θ: any leading dimensions, the last of size d; finite.</param>
    /// <param name="instances">The instance that each row is: its number in the data.</param>
    /// <returns>The leading dimensions of θ and the solution's k.</returns>
    /// <exception cref="T:System.ArgumentException">As <c>TensorOperator.Maximizer</c> and
    /// <c>TensorOperator.WithInstances</c>.</exception>
    member this.forward(theta: Tensor, instances: int[]) : Tensor =
        let operator = current.WithInstances instances
        (StepCounter.next this.training (StepCounter.ofModule this) operator).Maximizer theta

namespace Perturbed.Functional

/// <summary>A layer θ ↦ y*_ε(θ), to stand in a network: it has no parameters, and gradients flow through it.</summary>
type PerturbedMaximizer = Perturbed.Functional.CSharp.PerturbedMaximizer
