/// Oracles that clients and silos of the tests know.
module Perturbed.Functional.Cluster.Tests.TestOracles

open System
open System.Threading
open Perturbed.Functional
open Perturbed.Functional.Cluster

let mutable private solves = 0

/// The solves of "counted" in this process.
let solveCount () : int = Volatile.Read(&solves)

let private signs (theta: float[]) : float[] =
    Array.map (fun t -> float (sign t)) theta

// Busy, as a solver is, where the time is too short to sleep.
let private spend (milliseconds: float) : unit =
    if milliseconds >= 2.0 then
        Thread.Sleep(int milliseconds)
    else
        let until =
            Diagnostics.Stopwatch.GetTimestamp()
            + int64 (milliseconds * float Diagnostics.Stopwatch.Frequency / 1000.0)

        while Diagnostics.Stopwatch.GetTimestamp() < until do
            Thread.SpinWait 10

/// A noise of users: uniform in its tails as the logistic, under a name of its own.
let ownNoise: INoise =
    Noise.ofQuantile
        "own"
        (fun u -> log (u / (1.0 - u)))
        (fun z -> tanh (z / 2.0))
        (Some(fun z -> 0.5 / (cosh (z / 2.0) ** 2.0)))
        0.0
        (1.0 / 3.0)
        true

let registry: OracleRegistry =
    OracleRegistry.BuiltIn
        .With("signs", Oracle.ofFunction 7 signs)
        .With(
            "counted",
            fun _ numbers ->
                Oracle.ofFunction (int numbers[0]) (fun theta ->
                    Interlocked.Increment(&solves) |> ignore
                    Thread.Sleep 1
                    signs theta)
        )
        // d, and milliseconds.
        .With(
            "slow",
            fun _ numbers ->
                Oracle.ofFunction (int numbers[0]) (fun theta ->
                    spend numbers[1]
                    signs theta)
        )
        // Fails where the first entry is above the second number.
        .With(
            "failing",
            fun _ numbers ->
                Oracle.ofFunction (int numbers[0]) (fun theta ->
                    if theta[0] > numbers[1] then
                        failwith "no solution"

                    signs theta)
        )
        // Has no solution there.
        .With(
            "infeasible",
            fun _ numbers ->
                Oracle.ofFunction (int numbers[0]) (fun theta ->
                    if theta[0] > numbers[1] then
                        raise (SolveFailedException(SolveFailure.Infeasible, "over budget"))

                    signs theta)
        )
        .With("forest", fun _ numbers -> Oracle.clusters LinkConstraints.None 2 (Graph.Complete(int numbers[0])))
        .WithNoise("own", ownNoise)
        .WithNoise("correlated", Noise.gaussianWith (Array2D.init 7 7 (fun i j -> if i = j then 2.0 else 0.5)))
