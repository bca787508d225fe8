/// The same key gives the same bits: for any number of threads, any cut of the batch, any tape.
module Perturbed.Functional.Tests.ReproducibilityTests

open Expecto
open Perturbed.Functional
open Xunit

let private bits (values: float seq) : int64 list =
    values |> Seq.map System.BitConverter.DoubleToInt64Bits |> List.ofSeq

let private random (rows: int) (columns: int) (seed: uint64) : float[,] =
    Noise.gaussian |> Noise.sample columns rows (Key.create seed)

let private operators: (string * Smoothed) list =
    [
        "argmax", perturb (Oracle.argmax 7) Noise.gumbel 0.7 5000
        "ranking", perturb (Oracle.ranking 7) Noise.gaussian 0.7 5000
        "top 3", perturb (Oracle.topK 3 7) Noise.logistic 0.7 1237
        "multiplicative",
        perturb (Oracle.ranking 7) Noise.gaussian 0.7 1237
        |> Smoothed.withPerturbation Perturbation.Multiplicative
        "function", perturb (Oracle.ofFunction 7 (Array.map (fun t -> float (sign t)))) Noise.laplace 0.7 300
        "baseline",
        perturb (Oracle.argmax 7) (Noise.studentT 3.0) 0.7 999
        |> Smoothed.withVarianceReduction VarianceReduction.Baseline
    ]

// Groups shorter and longer than a block, and a shorter last one.
let private designs: (string * Smoothed) list =
    [
        for samples in [ 5; 300; 2501 ] do
            for design in
                [
                    SamplingDesign.Antithetic
                    SamplingDesign.Orthogonal
                    SamplingDesign.AntitheticOrthogonal
                    SamplingDesign.LatinHypercube 3
                    SamplingDesign.Sobol 3
                ] do
                let draw (oracle: Oracle) (noise: INoise) =
                    perturb oracle noise 0.7 samples |> Smoothed.withSampling design

                $"{design}, {samples} samples", draw (Oracle.ranking 7) Noise.gaussian

        "antithetic gumbel",
        perturb (Oracle.argmax 7) Noise.gumbel 0.7 1237
        |> Smoothed.withSampling SamplingDesign.Antithetic
        "a Sobol sequence through a function",
        perturb (Oracle.ofFunction 7 (Array.map (fun t -> float (sign t)))) Noise.laplace 0.7 300
        |> Smoothed.withSampling (SamplingDesign.Sobol 2)
    ]

let private all: (string * Smoothed) list = operators @ designs

// Everything an operator answers, as one list of bits.
let private everything (thetas: float[,]) (op: Smoothed) : int64 list =
    let cotangents = random (Array2D.length1 thetas) op.Oracle.SolutionDimension 99UL
    let estimates = op |> Batch.estimate thetas

    let value, pullback = op |> Batch.pullback thetas

    [
        yield!
            estimates
            |> Seq.collect (fun e -> Array.append e.Maximizer [| e.Maximum; e.MaximumStandardError |])
        yield! Seq.cast<float> value
        yield! Seq.cast<float>(pullback cotangents)
        yield! Seq.cast<float>(op |> Batch.jacobian thetas)
        yield! Seq.cast<float> (op |> Batch.jacobianVector cotangents thetas).Value
        yield!
            Seq.cast<float>(
                snd (
                    op
                    |> FenchelYoung.valueAndGradientBatch thetas (Oracle.solveBatch thetas op.Oracle)
                )
            )
    ]
    |> bits

// The core has fused samplers for a noise and an oracle that it knows; behind a wrapper it takes the reference path.
let private shortened: (string * (Oracle -> Smoothed) * Oracle) list =
    [
        "exponential clocks", (fun oracle -> perturb oracle Noise.gumbel 0.7 700), Oracle.argmax 10
        "exponential clocks in parts", (fun oracle -> perturb oracle Noise.centredGumbel 0.7 9000), Oracle.argmax 3
        "exponential clocks of many", (fun oracle -> perturb oracle Noise.gumbel 0.7 100), Oracle.argmax 50
        "a prefilter", (fun oracle -> perturb oracle Noise.gumbel 0.7 100), Oracle.argmax 200
        "a prefilter of Gaussian noise", (fun oracle -> perturb oracle Noise.gaussian 0.7 100), Oracle.argmax 150
        "a prefilter of many", (fun oracle -> perturb oracle Noise.gaussian 0.7 100), Oracle.topK 5 150
        "one epsilon each",
        (fun oracle ->
            perturb oracle Noise.gumbel 1.0 100
            |> Smoothed.withEpsilons (Array.init oracle.Dimension (fun i -> 0.5 + float i / 100.0))),
        Oracle.argmax 150
    ]

// Multiplicative noise spreads the entries of a θ over tens of orders of magnitude, so that prices of warm starts are far beyond what is at stake.
let private spread (oracle: Oracle) (theta: float[]) (key: uint64) (threads: int) : float[] =
    perturb oracle Noise.gaussian 8.0 27
    |> Smoothed.withPerturbation Perturbation.Multiplicative
    |> Smoothed.withKey (Key.create key)
    |> Smoothed.withThreads threads
    |> Smoothed.maximizer theta

[<Tests>]
let tests =
    testList "Robustness.Reproducibility" [
        testCase "A fused sampler has the bits of the reference path, for all that is made of its solutions" (fun () ->
            for name, smoothed, oracle in shortened do
                let op, plain = smoothed oracle, smoothed (oracle |> Oracle.withName "another name")

                let thetas = random 5 oracle.Dimension 5UL
                Assert.True((everything thetas op = everything thetas plain), name)

                for bytes in [ 0L; 2000L ] do
                    Assert.True(
                        (everything thetas plain = (op |> Smoothed.withCacheBytes bytes |> everything thetas)),
                        name
                    ))

        testCase "A pullback called again, and by several threads at once, gives the same bits" (fun () ->
            for name, smoothed, oracle in shortened do
                let thetas, cotangents =
                    random 5 oracle.Dimension 5UL, random 5 oracle.Dimension 6UL

                let _, pullback = smoothed oracle |> Batch.pullback thetas

                let answers =
                    Array.Parallel.init 6 (fun _ -> bits (Seq.cast<float>(pullback cotangents)))

                let once =
                    smoothed (oracle |> Oracle.withName "another name")
                    |> Batch.pullback thetas
                    |> snd

                let expected = bits (Seq.cast<float>(once cotangents))
                Assert.True(answers |> Array.forall ((=) expected), name))

        testCase "The bits do not depend on the number of threads" (fun () ->
            for name, op in all do
                for rows in [ 1; 3; 20 ] do
                    let thetas = random rows 7 5UL
                    let expected = op |> Smoothed.withThreads 1 |> everything thetas

                    for threads in [ 2; 3; 8 ] do
                        let actual = op |> Smoothed.withThreads threads |> everything thetas
                        Assert.True((expected = actual), $"{name}, {rows} rows, {threads} threads"))

        testCase "A batch cut into parts has the bits of the whole" (fun () ->
            let thetas = random 9 7 5UL

            for name, op in all do
                let whole = op |> Batch.maximizer thetas
                let wholeBack = snd (op |> Batch.pullback thetas) thetas

                for first, count in [ 0, 4; 4, 1; 5, 4 ] do
                    let part = thetas[first .. first + count - 1, *]
                    let op = op |> Smoothed.withFirstRow (int64 first)

                    let value = whole[first .. first + count - 1, *]
                    let back = wholeBack[first .. first + count - 1, *]
                    let partBack = snd (op |> Batch.pullback part) part

                    Assert.True(
                        (bits (Seq.cast (op |> Batch.maximizer part)) = bits (Seq.cast value)),
                        $"{name}, rows from {first}"
                    )

                    Assert.True(
                        (bits (Seq.cast partBack) = bits (Seq.cast back)),
                        $"{name}, pullback of rows from {first}"
                    ))

        testCase "One theta gives the bits of the first row of a batch" (fun () ->
            let thetas = random 3 7 5UL

            for name, op in all do
                let single = op |> Smoothed.maximizer thetas[0, *]
                let batch = op |> Batch.maximizer thetas
                Assert.True((bits single = bits batch[0, *]), name))

        testCase "Solving again in the backward pass gives the bits of the tape" (fun () ->
            let thetas = random 4 7 5UL

            for name, op in all do
                let taped = op |> everything thetas

                // Nothing kept; and a bound that holds the tape of some rows at a time.
                for bytes in [ 0L; 3L * 8L * 8L * int64 op.Samples ] do
                    Assert.True(
                        (taped = (op |> Smoothed.withCacheBytes bytes |> everything thetas)),
                        $"{name}, {bytes} bytes"
                    ))

        testCase
            "More samples begin with the samples of fewer, but for point sets, which depend on their size"
            (fun () ->
                let theta = random 1 7 5UL
                let theta = theta[0, *]

                let isPointSet (op: Smoothed) =
                    match op.Sampling with
                    | SamplingDesign.LatinHypercube _
                    | SamplingDesign.Sobol _ -> true
                    | _ -> false

                for name, op in all |> List.filter (fun (_, op) -> not (isPointSet op)) do
                    let few = op |> Smoothed.withSamples 40 |> Smoothed.samples theta
                    let many = op |> Smoothed.withSamples 200 |> Smoothed.samples theta
                    let first = many[..39, *]
                    Assert.True((bits (Seq.cast few) = bits (Seq.cast first)), name))

        testCase "Other keys and other rows draw other noise" (fun () ->
            let theta = Array.zeroCreate 7

            for name, op in all do
                if op.Perturbation = Perturbation.Additive then
                    let draw (op: Smoothed) =
                        bits (Seq.cast (op |> Smoothed.samples theta))

                    Assert.True((draw op <> draw (op |> Smoothed.withKey (Key.create 1UL))), name)
                    Assert.True((draw op <> draw (op |> Smoothed.withFirstRow 1L)), name))

        testCase "A call leaves nothing behind: the same call again gives the same bits" (fun () ->
            let thetas = random 4 7 5UL

            for name, op in all do
                Assert.True((everything thetas op = everything thetas op), name))

        testCase
            "Matchings under wide multiplicative noise are those of the list of all, on one thread and on eight"
            (fun () ->
                let listed =
                    Oracle.finiteSet (array2D [ [ 1.0; 0.0; 0.0; 1.0 ]; [ 0.0; 1.0; 1.0; 0.0 ] ])

                let agree (theta: float[]) (key: uint64) =
                    let expected = spread listed theta key 1

                    for threads in [ 1; 8 ] do
                        Assert.Equal<float[]>(expected, spread (Oracle.assignment 2 2) theta key threads)

                agree [| -2.0; 0.0; -3.0; 0.0 |] 24389UL

                for key in 0UL .. 299UL do
                    let random = System.Random(int key)

                    agree
                        (Array.init 4 (fun _ -> float (1 + random.Next 3) * (if random.Next 2 = 0 then -1.0 else 1.0)))
                        key)

        testCase
            "Matchings, plans, flows and cuts under wide multiplicative noise are the same on one thread and on eight"
            (fun () ->
                let graph = Digraph(5, [| 0; 0; 1; 1; 2; 2; 3; 3 |], [| 1; 2; 2; 3; 3; 4; 4; 1 |])

                let oracles =
                    [
                        Oracle.assignment 3 3
                        Oracle.assignment 2 4
                        Oracle.transport [| 1.0; 2.0; 1.5 |] [| 2.0; 2.5 |]
                        Oracle.bMatching [| 1; 2 |] [| 1; 1; 2 |]
                        Oracle.flow [| 2; 1; 1; 2; 1; 1; 2; 1 |] 0 4 graph
                        Oracle.minimumCut NegativeCosts.ClampToZero 0 4 graph
                    ]

                for oracle in oracles do
                    for key in 0UL .. 59UL do
                        let random = System.Random(int key)
                        // Few whole numbers and zeros, so that ties abound.
                        let theta = Array.init oracle.Dimension (fun _ -> float (random.Next 5 - 2))
                        Assert.Equal<float[]>(spread oracle theta key 1, spread oracle theta key 8))

        testCase "Any number of threads gives the same bits" (fun () ->
            let op = perturb (Oracle.ranking 5) Noise.gaussian 1.0 3000
            let theta = [| 0.1; -0.3; 0.7; 0.2; 0.0 |]
            let batch = Array2D.init 40 5 (fun r i -> theta[i] + 0.01 * float r)

            for threads in [ 1 <<< 28; 1 <<< 30; System.Int32.MaxValue ] do
                let many = op |> Smoothed.withThreads threads
                Assert.Equal<float[]>(op |> Smoothed.maximizer theta, many |> Smoothed.maximizer theta)
                Assert.Equal<float[,]>(op |> Batch.maximizer batch, many |> Batch.maximizer batch))
    ]
