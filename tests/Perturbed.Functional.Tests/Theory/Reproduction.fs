/// What a law that fails tells: what reproduces it, and whether it fails again.
module Perturbed.Functional.Tests.Theory.Reproduction

open System
open Perturbed.Functional
open Xunit

/// Every digit of some numbers.
let digits (numbers: float[]) : string =
    "[| "
    + String.Join("; ", numbers |> Array.map (fun x -> x.ToString "R"))
    + " |]"

/// All that an operator's numbers depend on, and the number of threads, on which they should not.
let describe (op: Smoothed) : string =
    String.Join(
        "; ",
        [
            $"oracle {op.Oracle}"
            $"noise {op.Noise.Name}"
            $"epsilon {digits op.Epsilon}"
            $"M {op.Samples}"
            $"key {op.Key}"
            $"first row {op.FirstRow}"
            $"perturbation {op.Perturbation}"
            $"variance reduction {op.VarianceReduction}"
            $"sampling {op.Sampling}"
            $"tape of {op.CacheBytes} bytes"
            $"threads {op.Threads} at most, on {Environment.ProcessorCount} processors"
        ]
    )

/// What a computation gives, every digit, or how it fails.
let private outcome (compute: unit -> string) : string =
    try
        compute ()
    with error ->
        $"{error.GetType().Name}: {error.Message}"

let private twice (name: string) (compute: unit -> string) : string =
    let first, second = outcome compute, outcome compute

    if first = second then
        $"{name} is {first}, twice"
    else
        $"{name} is {first}, and the SECOND TIME {second}"

/// F and y* of an operator at some points, each computed twice.
let recompute (op: Smoothed) (points: (string * float[]) list) : string list =
    [
        for name, theta in points do
            $"{name} = {digits theta}"
            twice $"F({name})" (fun () -> (Smoothed.maximum theta op).ToString "R")
            twice $"y*({name})" (fun () -> Smoothed.maximizer theta op |> digits)
    ]

/// Runs a law; where it fails, twice more, with both outcomes in the error: a law that then holds, or fails otherwise, did not depend on its input alone.
let check (details: unit -> string list) (law: unit -> unit) : unit =
    try
        law ()
    with first ->
        let again () =
            try
                law ()
                None
            with error ->
                Some error.Message

        let told (time: string) (outcome: string option) : string =
            match outcome with
            | None -> $"The {time} time the law HOLDS: the failure does not depend on these values alone."
            | Some message when message = first.Message -> $"The {time} time it fails with the same numbers."
            | Some message -> $"The {time} time it fails with OTHER numbers: {message}"

        let second, third = again (), again ()

        Assert.Fail(
            String.Join(
                "\n",
                [
                    $"The law fails: {first.GetType().Name}: {first.Message}"
                    told "second" second
                    told "third" third
                    "To reproduce:"
                    yield! details ()
                    "Stack trace of the first failure:"
                    string first.StackTrace
                ]
            )
        )

/// Checks a law on each of some operators at a θ.
let each (instances: (Smoothed * float[]) seq) (law: Smoothed -> float[] -> unit) : unit =
    for op, theta in instances do
        check (fun () -> describe op :: recompute op [ "theta", theta ]) (fun () -> law op theta)

/// value ≤ bound + slack, or an error with both.
let atMost (bound: float) (value: float) (slack: float) : unit =
    Assert.True(value <= bound + slack, $"{value:R} exceeds {bound:R} by more than {slack:R}")

/// |expected − actual| ≤ slack, or an error with both.
let equal (expected: float) (actual: float) (slack: float) : unit =
    Assert.True(abs (expected - actual) <= slack, $"{actual:R} differs from {expected:R} by more than {slack:R}")
