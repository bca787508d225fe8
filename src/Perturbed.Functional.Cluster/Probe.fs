namespace Perturbed.Functional.Cluster

open System
open System.Diagnostics
open System.Runtime.InteropServices
open System.Security.Cryptography
open Perturbed.Functional
open Perturbed.Functional.Remote

/// What two machines must have in common to give the same bits: version, noise, sums, and solutions of an oracle.
module internal Probe =

    /// The version of messages, with that of the units in them.
    let version: int = 100 + Remote.version

    /// The version of the library.
    let library: string =
        match typeof<Smoothed>.Assembly.GetName().Version with
        | null -> "unknown"
        | version -> version.ToString()

    let private digest (numbers: float[] seq) : string =
        use hash = IncrementalHash.CreateHash HashAlgorithmName.SHA256

        for part in numbers do
            hash.AppendData(MemoryMarshal.AsBytes(ReadOnlySpan part))

        Convert.ToHexString(hash.GetHashAndReset())

    let private flat (values: float[,]) : float[] =
        values |> Seq.cast<float> |> Array.ofSeq

    /// Samples of every noise.
    let noise: Lazy<string> =
        lazy
            ([
                Noise.gaussian
                Noise.gumbel
                Noise.centredGumbel
                Noise.logistic
                Noise.laplace
                Noise.cauchy
                Noise.studentT 3.5
                Noise.sumOfGamma 2.0 5 0.7
             ]
             |> List.map (Noise.sample 17 40 (Key.create 1UL) >> flat)
             |> digest)

    /// Sums over samples: a value, a derivative and their errors.
    let sums: Lazy<string> =
        lazy
            (let soft = perturb (Oracle.ranking 9) Noise.gaussian 0.7 3000
             let theta = Array.init 9 (fun i -> 0.3 * float (i * 5 % 9))
             let estimate = soft |> Smoothed.estimate theta

             let product =
                 soft |> Smoothed.vectorJacobian (Array.init 9 (fun i -> float i - 4.0)) theta

             digest
                 [
                     estimate.Maximizer
                     estimate.MaximizerStandardErrors
                     [| estimate.Maximum; estimate.MaximumStandardError |]
                     product.Value
                     product.StandardErrors
                 ])

    // A θ of both signs, and one of negative entries, as costs are.
    let private thetas (d: int) : float[] list =
        let z = Noise.gaussian |> Noise.sample d 1 (Key.create 2UL) |> flat
        [ z; z |> Array.map (fun x -> -(abs x) - 0.01) ]

    /// Solutions of an oracle, and the time of a solve. What it refuses it refuses everywhere.
    let oracle (oracle: Oracle) : struct (string * float) =
        let mutable seconds = infinity

        let solutions =
            thetas oracle.Dimension
            |> List.map (fun theta ->
                let started = Stopwatch.GetTimestamp()

                let solution =
                    try
                        oracle |> Oracle.solve theta
                    with
                    | :? OracleException
                    | :? ArgumentException -> [| nan |]

                seconds <- min seconds (Stopwatch.GetElapsedTime started).TotalSeconds
                solution)

        struct (digest ([| float oracle.Dimension; float oracle.SolutionDimension |] :: solutions), seconds)
