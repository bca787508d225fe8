namespace Perturbed.Functional

open System
open System.Runtime.CompilerServices

/// A loss, as a function, that knows which targets its oracle allows: it checks those of every call, or of a whole data set before the first.
[<Sealed>]
type internal TargetedLoss<'Input, 'Output>
    (oracle: Oracle, check: float[] -> int[] -> float[,] -> unit, onChecked: 'Input -> 'Output, onAny: 'Input -> 'Output)
    =
    inherit FSharpFunc<'Input, 'Output>()

    /// Whose solutions the targets are mixtures of.
    member _.Oracle: Oracle = oracle

    /// Weights, instances and targets: throws where a target is outside of conv(Y), and names its row.
    member _.Check: float[] -> int[] -> float[,] -> unit = check

    /// The loss at targets that passed the check.
    member _.OnChecked: 'Input -> 'Output = onChecked

    override _.Invoke(input: 'Input) : 'Output = onAny input

[<RequireQualifiedAccess>]
module internal TargetedLoss =

    // The object itself: where the type is seen to be a function's, the compiler would put another function around it.
    [<MethodImpl(MethodImplOptions.NoInlining)>]
    let private itself (loss: 'T) : 'F = unbox<'F>(box loss)

    /// <summary>A loss that checks its targets, as the function that it is.</summary>
    let create
        (oracle: Oracle)
        (check: float[] -> int[] -> float[,] -> unit)
        (onChecked: 'Input -> 'Output)
        (onAny: 'Input -> 'Output)
        : 'Input -> 'Output =
        itself (TargetedLoss<'Input, 'Output>(oracle, check, onChecked, onAny))

    /// <summary>Checks a data set's targets once for the losses of a training.</summary>
    /// <param name="weights">The weight of each row; rows of weight 0 are not checked.</param>
    /// <param name="instances">The instance of each row.</param>
    /// <param name="targets">Y, [rows × dimension].</param>
    /// <param name="loss">The first of the losses.</param>
    /// <returns>From a loss to one that does not check its targets again, where it has the same oracle.</returns>
    let checkOnce
        (weights: float[])
        (instances: int[])
        (targets: float[,])
        (loss: 'Input -> 'Output)
        : ('Input -> 'Output) -> 'Input -> 'Output =
        match box loss with
        | :? TargetedLoss<'Input, 'Output> as first ->
            first.Check weights instances targets

            fun loss ->
                match box loss with
                | :? TargetedLoss<'Input, 'Output> as other when Object.ReferenceEquals(other.Oracle, first.Oracle) ->
                    other.OnChecked
                | _ -> loss
        | _ -> id
