/// Units of a pass that are computed elsewhere, from plain data, have the bits of the threads of this process.
module Perturbed.Functional.Tests.ExecutorTests

open System
open System.IO
open System.Reflection
open FSharp.Reflection
open Expecto
open Perturbed.Functional
open Xunit

let private flags = BindingFlags.Public ||| BindingFlags.NonPublic

// Numbers, texts, arrays of numbers, and records and unions of them: whatever else a value holds is an error.
let rec private write (target: BinaryWriter) (t: Type) (value: obj) : unit =
    match value with
    | :? int as n -> target.Write n
    | :? int64 as n -> target.Write n
    | :? uint64 as n -> target.Write n
    | :? bool as b -> target.Write b
    | :? string as text -> target.Write text
    | :? (float[]) as numbers ->
        target.Write numbers.Length

        for n in numbers do
            target.Write n
    | _ when FSharpType.IsUnion(t, flags) ->
        let case, fields = FSharpValue.GetUnionFields(value, t, flags)
        target.Write case.Tag
        Array.iter2 (fun (p: PropertyInfo) field -> write target p.PropertyType field) (case.GetFields()) fields
    | _ when FSharpType.IsRecord(t, flags) ->
        for p in FSharpType.GetRecordFields(t, flags) do
            write target p.PropertyType (FSharpValue.GetRecordField(value, p))
    | _ -> invalidArg (nameof value) $"{t} is not plain data."

let rec private read (source: BinaryReader) (t: Type) : obj =
    if t = typeof<int> then
        box (source.ReadInt32())
    elif t = typeof<int64> then
        box (source.ReadInt64())
    elif t = typeof<uint64> then
        box (source.ReadUInt64())
    elif t = typeof<bool> then
        box (source.ReadBoolean())
    elif t = typeof<string> then
        box (source.ReadString())
    elif t = typeof<float[]> then
        box (Array.init (source.ReadInt32()) (fun _ -> source.ReadDouble()))
    elif FSharpType.IsUnion(t, flags) then
        let case = FSharpType.GetUnionCases(t, flags)[source.ReadInt32()]
        FSharpValue.MakeUnion(case, case.GetFields() |> Array.map (fun p -> read source p.PropertyType), flags)
    else
        let fields = FSharpType.GetRecordFields(t, flags)
        FSharpValue.MakeRecord(t, fields |> Array.map (fun p -> read source p.PropertyType), flags)

/// A unit of a pass as it travels: all that its state depends on, oracle and noise by names that both ends know.
type private Message =
    {
        Oracle: string
        Noise: string
        Epsilons: float[]
        Perturbation: Perturbation
        Samples: int
        Sampling: SamplingDesign
        Key: uint64
        Row: int64
        Theta: float[]
        FirstPart: int
        Parts: int
        Statistic: Statistic
    }

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

let private noises: Map<string, INoise> =
    [ Noise.gaussian; Noise.gumbel; Noise.logistic; Noise.laplace; Noise.studentT 3.0 ]
    |> List.map (fun noise -> noise.Name, noise)
    |> Map.ofList

// The other end: it sees bytes, and answers a state.
let private compute (bytes: byte[]) : float[] =
    use source = new BinaryReader(new MemoryStream(bytes))
    let message = read source typeof<Message> :?> Message

    let s =
        perturb oracles[message.Oracle] noises[message.Noise] 1.0 message.Samples
        |> (if message.Epsilons.Length = 1 then
                Smoothed.withEpsilon message.Epsilons[0]
            else
                Smoothed.withEpsilons message.Epsilons)
        |> Smoothed.withPerturbation message.Perturbation
        |> Smoothed.withSampling message.Sampling
        |> Smoothed.withKey (Key.create message.Key)
        |> Smoothed.withFirstRow message.Row
        |> _.Settings

    let batch = ThetaBatch.ofRow s message.Theta

    let pass =
        Pass.create s batch ValueNone (Accumulations.ofStatistic s message.Statistic)

    let sources = SampleSources.Choose(s, batch, ValueNone, pass.Accumulation.Needs)
    let worker = PassWorker(pass, sources.Create pass.Partition.BlockSamples)
    let state: float[] = Array.zeroCreate pass.StateLength
    worker.Unit(0, message.FirstPart, message.Parts, Span state)
    worker.Free()
    sources.End()
    state

let private messages (pass: Pass) (statistic: Statistic) (size: int) : byte[][] =
    let s, batch = pass.Settings, pass.Batch

    [|
        for row in 0 .. batch.Rows - 1 do
            for first in 0..size .. pass.Partition.Parts - 1 do
                use stream = new MemoryStream()
                use target = new BinaryWriter(stream)

                write
                    target
                    typeof<Message>
                    {
                        Oracle = s.Oracle.ToString()
                        Noise = s.Noise.Name
                        Epsilons = s.Epsilons
                        Perturbation = s.Perturbation
                        Samples = s.Samples
                        Sampling = s.Sampling
                        Key = s.Key.Value
                        Row = batch.Numbers.First + int64 row
                        Theta = batch.Row(row).ToArray()
                        FirstPart = first
                        Parts = min size (pass.Partition.Parts - first)
                        Statistic = Statistic.ofRows batch.Rows row 1 statistic
                    }

                stream.ToArray()
    |]

// Sends every unit, a few of each row, in the reverse order, and merges what comes back.
let private elsewhere (count: int -> unit) : Executor =
    { new Executor() with
        member _.States(pass, statistic) =
            let size = pass.Partition.SubtreeParts 5
            let units = messages pass statistic size
            let states: float[][] = Array.zeroCreate units.Length

            for i in units.Length - 1 .. -1 .. 0 do
                states[i] <- compute units[i]

            count units.Length
            let nodes = (pass.Partition.Parts - 1) / size + 1
            let tree = StateTree(pass.Accumulation, nodes)
            let length = pass.StateLength
            let results: float[] = Array.zeroCreate (pass.Batch.Rows * length)

            for row in 0 .. pass.Batch.Rows - 1 do
                let ofRow = Array.concat states[row * nodes .. (row + 1) * nodes - 1]
                tree.Merge(ReadOnlySpan ofRow, Span(results, row * length, length))

            tree.Free()
            results
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
            "Units computed elsewhere from their descriptions, in another order, have the bits of the local engine"
            (fun () ->
                let units = ref 0

                for op in operators do
                    let remote =
                        op.By(MonteCarloExpectations.by (elsewhere (fun n -> units.Value <- units.Value + n)))

                    for (name, expected), (_, actual) in List.zip (answers op) (answers remote) do
                        Assert.True((expected = actual), $"{op}, {op.VarianceReduction}: {name}")

                Assert.True(units.Value > 2000, $"{units.Value} units"))

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
