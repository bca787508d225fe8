namespace Perturbed.Functional.Fuzz

open System
open Perturbed.Functional

/// What an oracle did with a θ.
type Answer =
    | Solved of y: float[] * value: float
    | Failed of message: string

/// How a judge finds an answer.
type Verdict =
    | Right
    /// Within the rounding of all terms of the answer and the optimum, though not of those in which the two differ; or an exact tie that rounded sums decide.
    | Coarse
    | Wrong of expected: string

/// An oracle with an exact reference.
type Problem =
    {
        /// The F# expression that makes the oracle.
        Form: string
        Oracle: Oracle
        /// Draws a θ.
        Theta: Draw -> float[]
        /// Compares an answer with the exact one.
        Judge: float[] -> Answer -> Verdict
    }

/// What a draw of a problem gives.
type Outcome =
    | Made of Problem
    /// The constructor refused, rightly.
    | Refused
    /// The constructor refused or accepted wrongly: the expression and what was expected.
    | Misjudged of form: string * expected: string

/// Oracles of one kind.
type Family = { Name: string; Draw: Draw -> Outcome }

/// F# expressions of values.
[<RequireQualifiedAccess>]
module Form =

    let number (x: float) : string =
        if Double.IsPositiveInfinity x then
            "infinity"
        else
            let text = x.ToString "R"

            if text.Contains '.' || text.Contains 'E' then
                text
            else
                text + ".0"

    let vector (x: float[]) : string =
        "[| " + String.Join("; ", Array.map number x) + " |]"

    let ints (x: int[]) : string = "[| " + String.Join("; ", x) + " |]"

    let matrix (x: float[,]) : string =
        let rows =
            Array.init (Array2D.length1 x) (fun i -> "[ " + String.Join("; ", Array.map number x[i, *]) + " ]")

        "(array2D [ " + String.Join("; ", rows) + " ])"

    let intMatrix (x: int[,]) : string =
        let rows =
            Array.init (Array2D.length1 x) (fun i -> "[ " + String.Join("; ", x[i, *]) + " ]")

        "(array2D [ " + String.Join("; ", rows) + " ])"
