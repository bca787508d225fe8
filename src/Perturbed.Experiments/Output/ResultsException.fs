namespace Perturbed.Experiments

open System

/// A file or directory of results cannot be used: the message names it, says what is wrong, and what is kept.
type ResultsException(message: string, inner: exn | null) =
    inherit Exception(message, inner)
