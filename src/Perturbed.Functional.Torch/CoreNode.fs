namespace Perturbed.Functional

open System
open TorchSharp

/// A call of the core as a node of autograd's graph: a value and its backward pass, as functions of δ = θ − detached θ
/// (rows × d, zero), through which the node is linked to θ.
type internal CoreCall =
    {
        /// What the call answers, in the working type.
        Value: Tensor
        /// What the backward pass needs, kept by autograd.
        Saved: Tensor list
        /// From the cotangent of the value to that of δ, as plain numbers; with what was saved.
        Back: Tensor list -> Tensor -> Tensor
        /// The same where autograd records it, as a function of δ and the cotangent.
        RecordedBack: Tensor list -> Tensor -> Tensor -> Tensor
    }

/// The node. Errors of a backward pass, such as that of a cancelled token, would end the process inside libtorch: they
/// give NaN for a gradient.
type internal CoreNode() =
    inherit torch.autograd.SingleTensorFunction<CoreNode>()

    // TorchSharp keeps what a backward pass returns until the garbage collector finds the node. libtorch has taken it
    // over when the next call comes.
    [<ThreadStatic; DefaultValue>]
    static val mutable private returned: Tensor | null

    static member FreeReturned() : unit =
        match CoreNode.returned with
        | null -> ()
        | tensor ->
            CoreNode.returned <- null
            tensor.Dispose()

    override _.Name = "perturbed"

    override _.forward(context, inputs) =
        let delta, call = inputs[0] :?> Tensor, inputs[1] :?> CoreCall

        context.save_for_backward (ResizeArray(delta :: call.Saved))
        context.save_data ("call", call)
        call.Value

    override _.backward(context, cotangent) =
        CoreNode.FreeReturned()
        let call = context.get_data "call" :?> CoreCall
        use _ = torch.NewDisposeScope()
        let kept = List.ofSeq (context.get_saved_variables ())
        let delta, saved = kept.Head, kept.Tail

        let gradient =
            try
                if torch.is_grad_enabled () then
                    call.RecordedBack saved delta cotangent
                else
                    call.Back saved cotangent
            with _ ->
                use scalar = nan.ToScalar()
                torch.full_like (delta, scalar)

        cotangent.Dispose()
        CoreNode.returned <- gradient.DetachFromDisposeScope()
        // The call has no gradient.
        ResizeArray [ gradient; Unchecked.defaultof<Tensor> ]

module internal CoreNode =

    /// The value, recorded as a function of δ.
    let record (delta: Tensor) (call: CoreCall) : Tensor =
        CoreNode.FreeReturned()
        torch.autograd.SingleTensorFunction<CoreNode>.apply([| box delta; box call |])
