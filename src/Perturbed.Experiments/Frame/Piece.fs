namespace Perturbed.Experiments

open System.Threading

/// Where a piece keeps the state that it needs to resume after an interruption.
type Checkpoint =
    {
        /// What was saved last by an earlier run of the same piece; none at its beginning.
        Load: unit -> byte[] option
        /// Saves, atomically.
        Save: byte[] -> unit
        /// Whether enough time has passed since the last save to save again.
        IsDue: unit -> bool
    }

/// What a piece gets when it runs.
type PieceContext =
    {
        /// Cancelled by Ctrl-C: the piece saves what it has and throws OperationCanceledException.
        Cancellation: CancellationToken
        /// Threads that the piece may use; its result must not depend on it.
        Threads: int
        /// Says which share of the piece is done, from 0 to 1, and in a few words what it does.
        Report: float -> string -> unit
        /// For pieces that take minutes.
        Checkpoint: Checkpoint
    }

/// The result of a piece.
type PieceResult =
    {
        /// Its numbers: a function of settings and key, without any time.
        Metrics: Json
        /// One object an epoch; empty where there are no epochs.
        Epochs: Json[]
        /// Wall-clock seconds of each epoch, or nothing.
        EpochSeconds: float[]
    }

/// One independent part of an experiment, such as a fold of a data set under one loss.
type Piece =
    {
        /// A name that no other piece of the experiment has, such as `table 1/iris/squared/fold 3`.
        Name: string
        /// What makes this piece different from the others.
        Settings: Json
        /// Its cost in units of the experiment's own, for the progress bar.
        Weight: float
        /// The work. It runs on one thread of several, and draws only from its own key.
        Run: PieceContext -> PieceResult
    }

/// An experiment with its settings decided: what will be done.
type Plan =
    {
        /// Everything that decides the numbers and is the same for all pieces, but for the key.
        Settings: Json
        /// The parts, in the order in which they are begun.
        Pieces: Piece[]
        /// The processor seconds of some of the pieces, from timing small ones.
        Estimate: CancellationToken -> Piece[] -> float
    }

/// Results of pieces.
[<RequireQualifiedAccess>]
module PieceResult =

    /// <summary>A result without epochs.</summary>
    /// <param name="metrics">Its numbers, by name.</param>
    /// <returns>The result.</returns>
    let ofMetrics (metrics: (string * Json) seq) : PieceResult =
        {
            Metrics = Json.Object(Seq.toArray metrics)
            Epochs = [||]
            EpochSeconds = [||]
        }
