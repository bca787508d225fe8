/// Units of a pass that are computed elsewhere, from bytes, have the bits of the threads of this process.
module Perturbed.Functional.Tests.ExecutorTests

open System
open System.IO
open System.Threading
open Expecto
open Perturbed.Functional
open Perturbed.Functional.Remote
open Xunit

let private oracles: Map<string, Oracle> =
    [
        Oracle.argmax 7
        Oracle.argmax 150
        Oracle.ranking 7
        Oracle.topK 3 7
        Oracle.clusters LinkConstraints.None 2 (Graph.Complete 4)
        Oracle.ofFunction 7 (Array.map (fun t -> float (sign t)))
    ]
    |> List.map (fun oracle -> oracle.ToString(), oracle)
    |> Map.ofList

let private unknown (name: string) : INoise = failwith $"No noise '{name}'."

// Sends the bytes of every unit, a few of each row, in the reverse order.
let private elsewhere (withSolutions: bool) (count: int -> unit) : RemoteExecutor =
    { new RemoteExecutor() with
        member _.Compute pass =
            let size =
                max 1 (int (Numerics.BitOperations.RoundUpToPowerOf2(uint32 pass.Parts)) / 4)

            let units =
                [
                    for row in 0 .. pass.Rows - 1 do
                        for first in 0..size .. pass.Parts - 1 do
                            {
                                Row = row
                                Rows = 1
                                Part = first
                                Parts = min size (pass.Parts - first)
                            }
                ]

            count units.Length

            for range in List.rev units do
                // The other end sees bytes.
                let unit =
                    RemoteUnit.Read(oracles[pass.Oracle.ToString()], unknown, pass.Write(range, withSolutions))

                pass.Accept(range, unit.Compute(null, CancellationToken.None)) |> ignore
    }

let private named (prefix: string) : Oracle =
    oracles
    |> Map.pick (fun name oracle -> if name.StartsWith prefix then Some oracle else None)

let private operators: Smoothed list =
    let ranking (samples: int) =
        perturb (named "ranking") Noise.gaussian 0.7 samples

    [
        // By exponential clocks, by a prefilter, and by the reference path.
        perturb (named "argmax (dimension 7") Noise.gumbel 0.7 5000
        perturb (named "argmax (dimension 150") Noise.gaussian 0.7 100
        perturb (named "top") Noise.logistic 0.7 12_345
        perturb (named "clusters") (Noise.studentT 3.0) 0.7 700
        perturb (named "function") Noise.laplace 0.7 300
        perturb (named "ranking") Noise.gumbel 0.7 1
        ranking 5000
        |> Smoothed.withEpsilons (Array.init 7 (fun i -> 0.5 + float i / 10.0))
        ranking 5000 |> Smoothed.withPerturbation Perturbation.Multiplicative
        ranking 5000 |> Smoothed.withVarianceReduction VarianceReduction.Baseline
        ranking 5000 |> Smoothed.withVarianceReduction VarianceReduction.None
        for design in
            [
                SamplingDesign.Antithetic
                SamplingDesign.Orthogonal
                SamplingDesign.AntitheticOrthogonal
                SamplingDesign.LatinHypercube 9
                SamplingDesign.Sobol 9
            ] do
            ranking 4501 |> Smoothed.withSampling design
    ]
    |> List.map (Smoothed.withKey (Key.create 7UL) >> Smoothed.withFirstRow 3L)

let private random (rows: int) (columns: int) (seed: uint64) : float[,] =
    Noise.gaussian |> Noise.sample columns rows (Key.create seed)

// All that an operator answers, as bits.
let private answers (op: Smoothed) : (string * int64[]) list =
    let d, k = op.Oracle.Dimension, op.Oracle.SolutionDimension
    let thetas = random 3 d 5UL
    let cotangents, tangents = random 3 k 6UL, random 3 d 7UL
    let isSquare = d = k
    let isAdditive = op.Perturbation = Perturbation.Additive

    let numbers (values: Array) =
        values |> Seq.cast<float> |> Array.ofSeq

    let both (answer: Uncertain<float[,]>) =
        Array.append (numbers answer.Value) (numbers answer.StandardErrors)

    [
        "maximum", (fun () -> op |> Batch.maximum thetas)
        "maximizer", (fun () -> op |> Batch.maximizer thetas |> numbers)
        "estimates",
        fun () ->
            op
            |> Batch.estimate thetas
            |> Array.collect (fun e ->
                Array.concat [
                    e.Maximizer
                    e.MaximizerStandardErrors
                    [| e.Maximum; e.MaximumStandardError; (if e.SamplesAgree then 1.0 else 0.0) |]
                ])
        "Jacobian", (fun () -> op |> Batch.jacobian thetas |> numbers)
        "Jacobian with errors",
        (fun () ->
            let answer = op |> Smoothed.jacobianBy DerivativeFormula.OfMaximizer thetas[1, *]
            Array.append (numbers answer.Value) (numbers answer.StandardErrors))
        "vector-Jacobian product", (fun () -> op |> Batch.vectorJacobian cotangents thetas |> both)
        "Jacobian-vector product", (fun () -> op |> Batch.jacobianVector tangents thetas |> both)
        "pullback",
        (fun () ->
            let y, agree, back = op |> Batch.pullbackWithAgreement thetas
            Array.concat [ numbers y; agree |> Array.map (fun a -> if a then 1.0 else 0.0); numbers (back cotangents) ])
        if isSquare then
            "maximum and gradient",
            fun () ->
                let values, gradient = op |> Batch.maximumAndGradient thetas
                Array.append values (numbers gradient)

        "maximizer out of values",
        fun () ->
            let answer = op |> Smoothed.maximizerOfMaximum thetas[1, *]
            Array.append answer.Value answer.StandardErrors

        if op.Noise.HasCurvature && isAdditive then
            "Hessian-vector product out of values",
            (fun () -> op |> Batch.hessianVectorBy DerivativeFormula.OfMaximum tangents thetas |> both)

            "Jacobian out of values",
            fun () ->
                let answer = op |> Smoothed.jacobianBy DerivativeFormula.OfMaximum thetas[1, *]
                Array.append (numbers answer.Value) (numbers answer.StandardErrors)

        if isSquare && isAdditive && op.Samples > 1 then
            "covariance",
            fun () ->
                let batch = ThetaBatch.ofRow op.Settings thetas[1, *]
                op.Expectations.Covariance(batch, op.Expectations.Maximizer batch)
    ]
    |> List.map (fun (name, ask) -> name, ask () |> Array.map BitConverter.DoubleToInt64Bits)

[<Tests>]
let tests =
    testList "Robustness.Executors" [
        testCase
            "Units computed elsewhere from their bytes, in another order, have the bits of the local engine"
            (fun () ->
                let units = ref 0

                for withSolutions in [ false; true ] do
                    for op in operators do
                        let remote =
                            op
                            |> Remote.by (elsewhere withSolutions (fun n -> units.Value <- units.Value + n))

                        for (name, expected), (_, actual) in List.zip (answers op) (answers remote) do
                            Assert.True((expected = actual), $"{op}, {op.VarianceReduction}: {name}")

                Assert.True(units.Value > 2000, $"{units.Value} units"))

        testCase "Solutions that come back with a value leave nothing to solve for its pullback" (fun () ->
            let mutable solves = 0

            let oracle =
                Oracle.ofFunction 7 (fun theta ->
                    Interlocked.Increment(&solves) |> ignore
                    Array.map (fun t -> float (sign t)) theta)

            let op = perturb oracle Noise.gaussian 0.5 300

            let remote =
                op
                |> Remote.by
                    { new RemoteExecutor() with
                        member _.Compute pass =
                            for row in 0 .. pass.Rows - 1 do
                                for part in 0 .. pass.Parts - 1 do
                                    let range =
                                        {
                                            Row = row
                                            Rows = 1
                                            Part = part
                                            Parts = 1
                                        }

                                    let unit = RemoteUnit.Read(oracle, unknown, pass.Write(range, true))
                                    pass.Accept(range, unit.Compute(null, CancellationToken.None)) |> ignore
                    }

            let thetas = random 3 7 5UL
            let _, _, back = remote |> Batch.pullbackWithAgreement thetas
            Assert.Equal(3 * 300, solves)
            let gradient = back (random 3 7 6UL)
            Assert.Equal(3 * 300, solves)
            let _, _, localBack = op |> Batch.pullbackWithAgreement thetas
            Assert.Equal<float[,]>(localBack (random 3 7 6UL), gradient))

        testCase "Bytes that are no unit are refused, whichever byte is another" (fun () ->
            let oracle = Oracle.ranking 7
            let mutable unit: byte[] = [||]

            let capture =
                { new RemoteExecutor() with
                    member _.Compute pass =
                        let range =
                            {
                                Row = 0
                                Rows = 1
                                Part = 0
                                Parts = pass.Parts
                            }

                        unit <- pass.Write(range, true)

                        pass.Accept(
                            range,
                            RemoteUnit.Read(oracle, unknown, unit).Compute(null, CancellationToken.None)
                        )
                        |> ignore
                }

            let op = perturb oracle Noise.gaussian 0.5 300 |> Remote.by capture
            op |> Smoothed.jacobian (Array.init 7 float) |> ignore
            let bytes = unit

            // Refused by name, or a unit of other numbers; never an error of memory or of an index.
            let read (changed: byte[]) =
                try
                    let unit = RemoteUnit.Read(oracle, unknown, changed)

                    if unit.Bytes < 100_000_000L && unit.Samples < 10_000L then
                        unit.Compute(null, CancellationToken.None) |> ignore
                with
                | :? InvalidDataException
                | :? ArgumentException
                | :? OracleException -> ()

            for length in 0 .. bytes.Length - 1 do
                Assert.Throws<InvalidDataException>(fun () ->
                    RemoteUnit.Read(oracle, unknown, bytes[.. length - 1]) |> ignore)
                |> ignore

            for at in 0 .. bytes.Length - 1 do
                for change in [ 1uy; 0x80uy; 0xffuy ] do
                    let changed = Array.copy bytes
                    changed[at] <- changed[at] ^^^ change
                    read changed

            Assert.Throws<InvalidDataException>(fun () -> RemoteUnit.Read(Oracle.ranking 8, unknown, bytes) |> ignore)
            |> ignore)

        testCase "The residuals of scores are cached within the bound on solutions" (fun () ->
            // 40,000 bytes of residuals and 4 bytes or more for each of 1000 solutions.
            let kept (bytes: int64) =
                let op =
                    perturb (Oracle.argmax 10) Noise.gumbel 0.7 1000
                    |> Smoothed.withCacheBytes bytes

                match SolutionCache.TryCreate(1, op.Settings, false) with
                | ValueSome cache -> not (isNull cache.ResidualsToWrite)
                | ValueNone -> failwith "The solutions fit."

            Assert.True(kept 100_000L)
            Assert.False(kept 42_000L))
    ]
