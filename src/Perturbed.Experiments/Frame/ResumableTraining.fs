namespace Perturbed.Experiments

open System
open System.IO
open Perturbed.Functional

/// The result of a training inside a piece.
type PieceTraining =
    {
        /// The last parameters.
        Parameters: float[]
        /// One object an epoch: epoch, loss, gradientNorm, learningRate, and what was measured.
        Epochs: Json[]
        /// Seconds of each epoch's steps, what was measured left out.
        EpochSeconds: float[]
    }

/// Training inside a piece: epochs are recorded, its state is saved now and then, and it resumes from there with the
/// same bits.
[<RequireQualifiedAccess>]
module ResumableTraining =

    let private writeNumbers (writer: BinaryWriter) (values: float[]) : unit =
        writer.Write values.Length

        for value in values do
            writer.Write value

    let private readNumbers (reader: BinaryReader) : float[] =
        let count = reader.ReadInt32()
        Array.init count (fun _ -> reader.ReadDouble())

    let private encode (state: TrainingState) (epochs: string list) (seconds: float list) : byte[] =
        use stream = new MemoryStream()
        use writer = new BinaryWriter(stream)
        writer.Write state.Epoch
        writer.Write state.Step
        writeNumbers writer state.Parameters
        writer.Write state.Memory.Steps
        writeNumbers writer state.Memory.First
        writeNumbers writer state.Memory.Second
        writer.Write state.LossSum
        writer.Write state.GradientNormSum
        writer.Write state.Seconds
        writer.Write epochs.Length

        for epoch in epochs do
            writer.Write epoch

        writeNumbers writer (List.toArray seconds)
        writer.Write(Option.defaultValue -1 state.RowsWhereSamplesAgree)
        writer.Flush()
        stream.ToArray()

    let private decode (content: byte[]) : TrainingState * string list * float list =
        use reader = new BinaryReader(new MemoryStream(content))
        let epoch, step = reader.ReadInt32(), reader.ReadInt32()
        let parameters = readNumbers reader
        let steps = reader.ReadInt32()
        let first = readNumbers reader
        let second = readNumbers reader

        let lossSum, gradientNormSum, stepSeconds =
            reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble()

        let count = reader.ReadInt32()
        let epochs = List.init count (fun _ -> reader.ReadString())
        let seconds = readNumbers reader
        let agreeing = reader.ReadInt32()

        let state: TrainingState =
            {
                Epoch = epoch
                Step = step
                Parameters = parameters
                Memory =
                    {
                        Steps = steps
                        First = first
                        Second = second
                    }
                LossSum = lossSum
                GradientNormSum = gradientNormSum
                Seconds = stepSeconds
                RowsWhereSamplesAgree = if agreeing < 0 then None else Some agreeing
            }

        state, epochs, List.ofArray seconds

    let private epochLine (record: EpochRecord) (measured: (string * Json) list) : string =
        [
            "epoch", Json.Integer(int64 record.Epoch)
            "loss", Json.Number record.Loss
            "gradientNorm", Json.Number record.GradientNorm
            "learningRate", Json.Number record.LearningRate
        ]
        @ measured
        |> fun members -> Json.text (Json.Object members)

    /// <summary>Trains a model, or goes on where an earlier run of the same piece stopped.</summary>
    /// <param name="context">What the piece was given: cancellation, checkpoint, progress.</param>
    /// <param name="config">The training; its own cancellation and callbacks are replaced.</param>
    /// <param name="model">The model.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="examples">The training data.</param>
    /// <param name="measure">What to record of an epoch beside loss, gradient norm and learning rate; it may answer
    /// nothing for most epochs.</param>
    /// <returns>Parameters and epochs, with the same bits however often it was interrupted.</returns>
    /// <exception cref="T:System.OperationCanceledException">Cancelled; the state is saved.</exception>
    /// <exception cref="T:Perturbed.Functional.CSharp.TrainingDivergedException">A loss, gradient or parameter is no
    /// longer finite.</exception>
    let run
        (context: PieceContext)
        (config: TrainingConfig)
        (model: Model)
        (loss: Loss)
        (examples: Examples)
        (measure: EpochReport -> (string * Json) list)
        : PieceTraining =
        // Newest first.
        let mutable epochs: string list = []
        let mutable seconds: float list = []

        let onEpoch (report: EpochReport) : EpochDecision =
            epochs <- epochLine report.Record (measure report) :: epochs
            seconds <- report.Record.Seconds :: seconds
            let finished = report.Record.Epoch + 1
            context.Report (float finished / float config.Epochs) $"epoch {finished} of {config.Epochs}"

            // A stop returns the whole state, from which the next round resumes.
            if context.Checkpoint.IsDue() then
                EpochDecision.Stop
            else
                EpochDecision.Continue

        let config =
            { config with
                Cancellation = context.Cancellation
                OnEpoch = onEpoch
                Progress = None
            }

        let first =
            match context.Checkpoint.Load() with
            | None -> Training.start config model
            | Some content ->
                let state, savedEpochs, savedSeconds = decode content
                epochs <- savedEpochs
                seconds <- savedSeconds
                state

        let rec go (state: TrainingState) : Trained =
            let trained = Training.resume state config model loss examples

            match trained.Ending with
            | Ending.Completed -> trained
            | Ending.StoppedEarly ->
                context.Checkpoint.Save(encode trained.State epochs seconds)
                go trained.State
            | Ending.Cancelled ->
                context.Checkpoint.Save(encode trained.State epochs seconds)
                raise (OperationCanceledException context.Cancellation)

        let trained = go first

        {
            Parameters = trained.Parameters
            Epochs = epochs |> List.rev |> List.map Json.parse |> List.toArray
            EpochSeconds = seconds |> List.rev |> List.toArray
        }
