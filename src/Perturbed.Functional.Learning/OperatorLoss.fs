namespace Perturbed.Functional

open System
open System.Threading

/// What losses through an operator share.
module internal OperatorLoss =

    /// The operator of a step: the noise of its key, the problem of each row's instance, and both its
    // own token and that of the batch. An error of the two tokens together is thrown again as that of the one that was
    // cancelled.
    let withOperator (smoothed: Smoothed) (batch: LossBatch) (work: Smoothed -> 'T) : 'T =
        let columns = Array2D.length2 batch.Theta

        if columns <> smoothed.Oracle.Dimension then
            invalidArg
                (nameof batch)
                $"Θ has {columns} columns, the outputs of the model; the dimension of oracle \
                  '{smoothed.Oracle.Name}' is {smoothed.Oracle.Dimension}."

        let step =
            smoothed |> Smoothed.withKey batch.Key |> Smoothed.withInstances batch.Instances

        if not batch.Cancellation.CanBeCanceled then
            work step
        elif not step.Cancellation.CanBeCanceled then
            step |> Smoothed.withCancellation batch.Cancellation |> work
        else
            use both =
                CancellationTokenSource.CreateLinkedTokenSource(step.Cancellation, batch.Cancellation)

            try
                step |> Smoothed.withCancellation both.Token |> work
            with :? OperationCanceledException when both.IsCancellationRequested ->
                batch.Cancellation.ThrowIfCancellationRequested()
                step.Cancellation.ThrowIfCancellationRequested()
                reraise ()

    // Rows of weight 0 count as absent.
    let reportAgreement (batch: LossBatch) (agrees: int -> bool) : unit =
        let mutable count = 0

        for row in 0 .. batch.Weights.Length - 1 do
            if batch.Weights[row] > 0.0 && agrees row then
                count <- count + 1

        batch.OnSamplesAgree count

    // One sample agrees with itself, and an exact operator has none, so neither is counted.
    let canTell (op: Smoothed) : bool = op.Samples >= 2 && not op.IsExact

    // Why no mean of solutions is y, in words that follow "row 3 of the targets".
    let hullFault (oracle: Oracle) (instance: int) (target: float[]) : string option =
        let oracle = oracle |> Oracle.ofInstance instance

        if target.Length <> oracle.SolutionDimension then
            Some
                $"has length {target.Length}; the solution dimension of oracle '{oracle.Name}' is {oracle.SolutionDimension}"
        else
            match oracle |> Oracle.membership target with
            | Membership.Outside reason ->
                Some $"is outside the hull of the solutions of oracle '{oracle.Name}': {reason}"
            | Membership.Inside
            | Membership.Undecided _ -> None
