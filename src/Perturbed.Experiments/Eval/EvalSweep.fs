namespace Perturbed.Experiments

open System
open Perturbed.Functional

/// Estimates of one θ under several settings.
type EvalSweep =
    {
        /// The setting and what was estimated under it.
        Points: (float * Estimate)[]
        /// Settings that the operator refuses, with what it says.
        Refused: (float * string)[]
    }

/// What changes when ε or M does.
[<RequireQualifiedAccess>]
module EvalSweep =

    /// Sweeps take at most this many samples a point, so that a report costs little more than its answer.
    let mostSamples = 100000

    let private over
        (theta: float[])
        (settings: float[])
        (change: float -> Smoothed -> Smoothed)
        (operator: Smoothed)
        : EvalSweep =
        let points, refused = ResizeArray(), ResizeArray()

        for setting in settings do
            try
                points.Add((setting, operator |> change setting |> Smoothed.estimate theta))
            with
            | :? ArgumentException
            | :? OracleException as error -> refused.Add((setting, ExitCode.message error))

        {
            Points = points.ToArray()
            Refused = refused.ToArray()
        }

    /// <summary>ε times 1/8, 1/4, … 8, for all coordinates alike.</summary>
    /// <param name="theta">θ.</param>
    /// <param name="operator">The operator.</param>
    /// <returns>Estimates by the factor of ε.</returns>
    let ofEpsilon (theta: float[]) (operator: Smoothed) : EvalSweep =
        let epsilons = operator.Epsilon
        let samples = min operator.Samples mostSamples

        let change (factor: float) (operator: Smoothed) =
            if epsilons.Length = 1 then
                operator |> Smoothed.withEpsilon (factor * epsilons[0])
            else
                operator |> Smoothed.withEpsilons (epsilons |> Array.map ((*) factor))

        operator
        |> Smoothed.withSamples samples
        |> over theta [| 0.125; 0.25; 0.5; 1.0; 2.0; 4.0; 8.0 |] change

    /// <summary>M, a quarter of it, and so on five times.</summary>
    /// <param name="theta">θ.</param>
    /// <param name="operator">The operator.</param>
    /// <returns>Estimates by M.</returns>
    let ofSamples (theta: float[]) (operator: Smoothed) : EvalSweep =
        let most = min operator.Samples mostSamples

        let samples =
            [| 1024; 256; 64; 16; 4; 1 |]
            |> Array.map (fun part -> most / part)
            |> Array.filter (fun samples -> samples >= 2)
            |> Array.map float

        operator
        |> over theta samples (fun samples -> Smoothed.withSamples (int samples))
