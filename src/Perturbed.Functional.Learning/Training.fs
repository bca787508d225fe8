namespace Perturbed.Functional

open System
open System.Collections.Generic
open System.Threading

/// Mini-batch training of any model under any loss.
[<RequireQualifiedAccess>]
module Training =

    // Children of the configured key, one for each use.
    let private initialKey (key: Key) = Key.fold 0 key
    let private shuffleKey (key: Key) epoch = key |> Key.fold 1 |> Key.fold epoch

    /// <summary>A configuration without callback, progress or cancellation, to be changed by <c>{ … with …
    /// }</c>.</summary>
    /// <param name="epochs">Passes over the data, at least 0.</param>
    /// <param name="batchSize">Rows of a step, at least 1.</param>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="schedule">The learning rate.</param>
    /// <param name="key">The key of everything random.</param>
    /// <returns>The configuration; its numbers are checked when training starts.</returns>
    let config (epochs: int) (batchSize: int) (optimizer: Optimizer) (schedule: Schedule) (key: Key) : TrainingConfig =
        {
            Epochs = epochs
            BatchSize = batchSize
            Optimizer = optimizer
            Schedule = schedule
            Key = key
            OnEpoch = fun _ -> EpochDecision.Continue
            Progress = None
            Cancellation = CancellationToken.None
        }

    /// <summary>The state before the first step: the model's initial parameters under a child of the configured
    /// key.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="model">The model.</param>
    /// <returns>Epoch 0, step 0.</returns>
    let start (config: TrainingConfig) (model: Model) : TrainingState =
        {
            Epoch = 0
            Step = 0
            Parameters = model.Initial(initialKey config.Key)
            Memory = Optimizer.initialise model.ParameterCount config.Optimizer
            LossSum = 0.0
            GradientNormSum = 0.0
            Seconds = 0.0
            RowsWhereSamplesAgree = None
        }

    // The rows that count, and the steps of an epoch.
    let private check
        (state: TrainingState)
        (config: TrainingConfig)
        (model: Model)
        (loss: Loss)
        (all: Examples)
        : struct (Examples * int) =
        ArgumentOutOfRangeException.ThrowIfNegative(config.Epochs, "config.Epochs")
        Check.positiveInt "config.BatchSize" config.BatchSize
        let examples = Examples.checkedCopy all |> Examples.ofPositiveWeight
        let rows, columns = Examples.count examples, Array2D.length2 examples.Inputs

        if rows = 0 then
            invalidArg (nameof examples) "examples has 0 rows of positive weight; training needs at least one."

        if columns <> model.InputDimension then
            invalidArg
                (nameof examples)
                $"examples.Inputs has {columns} columns; the model takes {model.InputDimension}."

        Check.length "state.Parameters" state.Parameters.Length model.ParameterCount "the model's ParameterCount"
        let steps = (rows - 1) / config.BatchSize + 1

        if state.Epoch < 0 || state.Step < 0 || state.Step > steps then
            invalidArg
                (nameof state)
                $"state is at epoch {state.Epoch}, step {state.Step}; epochs start at 0 and have steps 0 .. {steps}."

        let last = float (config.Epochs - 1) + float (steps - 1) / float steps

        // A descent over very many epochs rounds to 0 at its last step, and nowhere before.
        if
            config.Epochs > 0
            && config.Schedule last = 0.0
            && config.Schedule(0.999 * float config.Epochs) = 0.0
        then
            invalidArg
                (nameof config)
                $"config.Schedule is 0 before the training ends, and parameters would no longer change: a schedule that \
                  falls to 0 takes as many epochs as config.Epochs, {config.Epochs}, or more."

        // A cancelled training takes no step, so targets that were not looked at do no harm.
        loss
        |> Loss.checkTargetsUntil config.Cancellation all.Weights all.Instances all.Targets

        struct (examples, steps)

    /// <summary>Goes on from a state: the parameters end with the bits of an uninterrupted run under the same
    /// arguments.</summary>
    /// <param name="state">From <c>start</c>, or the state of an earlier result.</param>
    /// <param name="config">The configuration; Epochs counts from the very start, so a larger number prolongs a
    /// completed run.</param>
    /// <param name="model">The model.</param>
    /// <param name="loss">The loss; the key it gets is folded with epoch and step, so every step has noise of its
    /// own.</param>
    /// <param name="examples">The data, finite; at least one row of positive weight. Each row keeps its weight and its
    /// instance through every shuffle.</param>
    /// <returns>Parameters, the epochs completed in this call, and how it ended. A cancelled run returns what it
    /// reached before the step in which it was cancelled.</returns>
    /// <exception cref="T:System.ArgumentException">The batch size is below 1, the data are not finite or of unequal
    /// numbers of rows, a shape disagrees with the model, the schedule is 0 before the end, or the loss is not
    /// defined at a target (the row is named).</exception>
    /// <exception cref="T:Perturbed.Functional.CSharp.TrainingDivergedException">A loss, gradient or parameter is no
    /// longer finite.</exception>
    let resume
        (state: TrainingState)
        (config: TrainingConfig)
        (model: Model)
        (loss: Loss)
        (examples: Examples)
        : Trained =
        let struct (examples, steps) = check state config model loss examples
        let total = Array.sum examples.Weights
        let rows = Examples.count examples

        let order epoch =
            Permutation.create rows (shuffleKey config.Key epoch)

        let time (s: TrainingState) step =
            float s.Epoch + float step / float steps

        let finish ending (s: TrainingState) (history: EpochRecord list) =
            {
                Parameters = s.Parameters
                History = history |> List.rev |> List.toArray
                Ending = ending
                State = s
            }

        let close (s: TrainingState) =
            let record =
                {
                    Epoch = s.Epoch
                    Loss = s.LossSum / total
                    GradientNorm = s.GradientNormSum / float steps
                    LearningRate = config.Schedule(time s (steps - 1))
                    Seconds = s.Seconds
                    RowsWhereSamplesAgree = s.RowsWhereSamplesAgree
                }

            config.Progress |> Option.iter (fun progress -> progress.Report record)

            let decision =
                config.OnEpoch
                    {
                        Record = record
                        Parameters = Array.copy s.Parameters
                    }

            record,
            decision,
            { s with
                Epoch = s.Epoch + 1
                Step = 0
                LossSum = 0.0
                GradientNormSum = 0.0
                Seconds = 0.0
                RowsWhereSamplesAgree = None
            }

        let shuffled (s: TrainingState) = lazy (order s.Epoch)

        // Steps of one size share the array of their inputs: a large new array each step costs more than the step.
        let inputs = Dictionary<int, float[,]>()

        let take (indices: int[]) : Examples =
            match inputs.TryGetValue indices.Length with
            | true, shared -> examples |> Examples.takeInto shared indices
            | false, _ ->
                let batch = examples |> Examples.take indices
                inputs[indices.Length] <- batch.Inputs
                batch

        let rec go (order: Lazy<int[]>) (s: TrainingState) history =
            if s.Epoch >= config.Epochs then
                finish Ending.Completed s history
            elif s.Step = steps then
                let record, decision, next = close s
                let history = record :: history

                match decision with
                | EpochDecision.Stop when next.Epoch < config.Epochs -> finish Ending.StoppedEarly next history
                | EpochDecision.Stop
                | EpochDecision.Continue -> go (shuffled next) next history
            elif config.Cancellation.IsCancellationRequested then
                finish Ending.Cancelled s history
            else
                let first = s.Step * config.BatchSize
                let size = Math.Min(config.BatchSize, rows - first)
                let batch = take (Array.sub order.Value first size)

                // A step that the token stops changes no state: it is taken again, with the same noise, when the
                // training is resumed.
                let next =
                    try
                        ValueSome(TrainingStep.take config model loss (time s s.Step) batch s)
                    with :? OperationCanceledException when config.Cancellation.IsCancellationRequested ->
                        ValueNone

                match next with
                | ValueSome next -> go order next history
                | ValueNone -> finish Ending.Cancelled s history

        // Steps write into arrays of this call.
        let own =
            { state with
                Parameters = Array.copy state.Parameters
                Memory = Optimizer.copy state.Memory
            }

        go (shuffled own) own []

    /// <summary>Trains from the model's initial parameters: <c>examples |&gt; Training.run config model
    /// loss</c>.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="model">The model.</param>
    /// <param name="loss">The loss; the key it gets is folded with epoch and step, so every step has noise of its
    /// own.</param>
    /// <param name="examples">The data, finite; at least one row of positive weight. Each row keeps its weight and its
    /// instance through every shuffle.</param>
    /// <returns>Parameters, one record an epoch, and how it ended; the same key gives the same bits. A cancelled run
    /// returns what it reached before the step in which it was cancelled.</returns>
    /// <exception cref="T:System.ArgumentException">The batch size is below 1, the data are not finite or of unequal
    /// numbers of rows, a shape disagrees with the model, the schedule is 0 before the end, or the loss is not
    /// defined at a target (the row is named).</exception>
    /// <exception cref="T:Perturbed.Functional.CSharp.TrainingDivergedException">A loss, gradient or parameter is no
    /// longer finite.</exception>
    /// <example><code>
    /// let examples = Examples.create (array2D [ [ 1.0 ]; [ -1.0 ] ]) (array2D [ [ 2.0; 1.0 ]; [ 1.0; 2.0 ] ])
    /// let loss = perturb (Oracle.ranking 2) Noise.gaussian 1.0 10 |> Loss.fenchelYoung
    /// let config = Training.config 100 2 Optimizer.adam (Schedule.constant 0.1) (Key.create 1UL)
    /// let trained = examples |> Training.run config (Model.affine 1 2) loss
    /// let scores = Model.affine 1 2 |> Model.predict trained.Parameters examples.Inputs
    /// Oracle.ranking 2 |> Oracle.solveBatch scores // [[2.0; 1.0] [1.0; 2.0]]
    /// </code></example>
    let run (config: TrainingConfig) (model: Model) (loss: Loss) (examples: Examples) : Trained =
        resume (start config model) config model loss examples
