namespace Perturbed.Functional

open System
open TorchSharp

/// The number of training steps a module has taken, as a buffer that is saved and loaded with it and stays on the
/// CPU, where it is read without waiting for another device. It has eight digits of base 256, which files of modules
/// in half precision keep.
module internal StepCounter =

    let buffer () : Tensor =
        torch.zeros ([| 8L |], dtype = Nullable torch.ScalarType.Float32)

    /// The buffer of a module that has registered it.
    let ofModule (owner: torch.nn.Module) : Tensor =
        match box (owner.get_buffer "step") with
        | :? Tensor as buffer -> buffer
        | _ -> invalidOp $"The module {owner.GetName()} has lost its buffer 'step'."

    let read (buffer: Tensor) : int64 =
        Shapes.values buffer
        |> Array.fold (fun total digit -> total * 256L + int64 digit) 0L

    let write (step: int64) (buffer: Tensor) : unit =
        use _ = torch.NewDisposeScope()
        use _ = torch.no_grad ()

        let digits = Array.init 8 (fun i -> float ((step >>> (8 * (7 - i))) &&& 255L))

        buffer.copy_ (TensorMemory.write (ReadOnlySpan digits) [| 8L |] torch.ScalarType.Float32 torch.CPU)
        |> ignore

    /// The operator of the next step, of which a training step is the only one to be counted. Evaluation has the noise
    /// of the operator's own key.
    let next (training: bool) (buffer: Tensor) (operator: TensorOperator) : TensorOperator =
        if training then
            let step = read buffer
            write (step + 1L) buffer
            operator.WithKey(operator.Key.Fold(uint64 step))
        else
            operator
