/// Fused samplers against the reference path: draw, perturb, solve.
module Perturbed.Kernels.Tests.FusedSamplerTests

open System
open Expecto
open FsCheck
open FsCheck.FSharp
open Perturbed.Functional.CSharp
open Perturbed.Kernels
open Perturbed.Suite
open Xunit

type private Pair =
    {
        Name: string
        Noise: INoise
        Oracle: int -> IOracle
        Dimensions: int list
    }

let private pairs: Pair list =
    let argmax d = ArgmaxOracle d :> IOracle
    let top k d = TopKOracle(d, k) :> IOracle

    [
        "argmax, Gumbel", GumbelNoise.Standard :> INoise, argmax, [ 2; 3; 5; 10; 15; 16; 17; 31; 32; 33; 50; 63; 64 ]
        "argmax, centred Gumbel", GumbelNoise.Centred, argmax, [ 7; 16; 40; 65; 66; 100; 511; 1000 ]
        "argmax, Gumbel, wide", GumbelNoise.Standard, argmax, [ 65; 79; 96; 128; 130; 700; 1003 ]
        "argmax, Gaussian", GaussianNoise.Standard, argmax, [ 130; 131; 160; 512; 1001 ]
        "top 2, Gumbel", GumbelNoise.Standard, top 2, [ 130; 143; 600 ]
        "top 10, Gumbel", GumbelNoise.Centred, top 10, [ 330; 1000 ]
        "top 3, Gaussian", GaussianNoise.Standard, top 3, [ 130; 145; 513 ]
        "top 10, Gaussian", GaussianNoise.Standard, top 10, [ 320; 335; 1000 ]
    ]
    |> List.map (fun (name, noise, oracle, dimensions) ->
        {
            Name = name
            Noise = noise
            Oracle = oracle
            Dimensions = dimensions
        })

let private referencePath
    (noise: INoise)
    (oracle: IOracle)
    (key: Key)
    (row: uint32)
    (first: int64)
    (theta: float[])
    (epsilon: float[])
    (n: int)
    =
    let d = oracle.Dimension
    let z: float[] = Array.zeroCreate (n * d)
    let eta: float[] = Array.zeroCreate (n * d)
    let y: float[] = Array.create (n * d) nan
    let values: float[] = Array.zeroCreate n
    noise.Sample(key, row, first, d, Span<float> z)

    Perturbations.Additive(
        ReadOnlySpan<float> theta,
        ReadOnlySpan<float> epsilon,
        ReadOnlySpan<float> z,
        Span<float> eta
    )

    oracle.CreateSolver().Solve(ReadOnlySpan<float> eta, Span<float> y, Span<float> values)
    y, values

// The widest dimension in which argmax under Gumbel noise compares exponential clocks; wider, it has a prefilter.
[<Literal>]
let private ExponentialClocksWidest = 64

let private between (noise: INoise) (oracle: IOracle) : FusedSampler =
    match FusedSampler.Between(noise, oracle) with
    | null -> failwithf "no fused sampler between %s and %s of dimension %d" noise.Name oracle.Name oracle.Dimension
    | sampler -> sampler

// Entries from all equal, over moderate, to so far apart that one of them always wins.
let private thetas (random: Random) (d: int) : float[] =
    let spread = [| 0.0; 1e-9; 0.3; 1.0; 10.0; 1000.0; 1e8 |][random.Next 7]
    let centre = [| 0.0; 0.0; -3.0; 1e4 |][random.Next 4]
    Array.init d (fun _ -> centre + spread * (random.NextDouble() + random.NextDouble() - 1.0))

[<Tests>]
let tests =
    testList "FusedSampler" [
        property 2000 "A fused sampler gives the solutions and values of the reference path, bit for bit" (fun () ->
            // Where the processor lacks an instruction prefilters are not offered.
            let offered =
                pairs
                |> List.collect (fun pair ->
                    pair.Dimensions
                    |> List.filter (fun d -> not (isNull (FusedSampler.Between(pair.Noise, pair.Oracle d))))
                    |> List.map (fun d -> pair, d))

            Assert.True(offered.Length >= 20)

            let law (seed: int) : bool =
                let random = Random seed
                let pair, d = offered[random.Next offered.Length]
                let oracle = pair.Oracle d
                let solver = (between pair.Noise oracle).CreateSolver()
                let theta = thetas random d
                let scale = [| 0.1; 1.0; 7.0 |][random.Next 3]

                let epsilon =
                    if random.Next 3 = 0 then
                        Array.init d (fun _ -> scale * (0.5 + random.NextDouble()))
                    else
                        [| scale |]

                let key = Key.Create(uint64 (random.Next()))
                let row = uint32 (random.Next 1000)
                let n = random.Next 20 + 1
                let first = [| 0L; int64 (random.Next 50); 4294967296L - 3L |][random.Next 3]

                // The exponential clocks take one ε.
                if solver.Begin(ReadOnlySpan<float> theta, ReadOnlySpan<float> epsilon) then
                    let y: float[] = Array.create (n * d) nan
                    let values: float[] = Array.zeroCreate n
                    solver.Solve(key, row, first, Span<float> y, Span<float> values)
                    let withoutValues: float[] = Array.create (n * d) nan
                    solver.Solve(key, row, first, Span<float> withoutValues, Span<float>.Empty)

                    let expected, expectedValues =
                        referencePath pair.Noise oracle key row first theta epsilon n

                    let indices: int[] = Array.zeroCreate (n * solver.Ones)
                    solver.SolveIndices(key, row, first, Span<int> indices, Span<float>.Empty, Span<float32>.Empty)

                    let expectedIndices =
                        [|
                            for m in 0 .. n - 1 do
                                for i in 0 .. d - 1 do
                                    if expected[m * d + i] = 1.0 then
                                        i
                        |]

                    let indicesAgree = indices = expectedIndices

                    y = expected
                    && withoutValues = expected
                    && values = expectedValues
                    && indicesAgree
                else
                    epsilon.Length > 1 && d <= 64
                    || Array.max (Array.map abs theta) > 1e9 * Array.min epsilon

            law)

        testCase "Two entries as close as rounding allows are told apart as by the reference path" (fun () ->
            let byReference =
                [
                    for pair in pairs do
                        for d in pair.Dimensions do
                            match FusedSampler.Between(pair.Noise, pair.Oracle d) with
                            | null -> ()
                            | sampler ->
                                let oracle, solver = pair.Oracle d, sampler.CreateSolver()
                                let random = Random d
                                let key = Key.Create(uint64 d)

                                for sample in 0L .. 29L do
                                    let theta = Array.init d (fun _ -> random.NextDouble())
                                    let z: float[] = Array.zeroCreate d
                                    pair.Noise.Sample(key, 0u, sample, d, Span<float> z)
                                    // The last entry chosen and the first one not chosen come to lie within a few units in the last place.
                                    let y, _ = referencePath pair.Noise oracle key 0u sample theta [| 1.0 |] 1
                                    let order = Array.init d id |> Array.sortByDescending (fun i -> theta[i] + z[i])
                                    let chosen = int (Array.sum y)
                                    let i, j = order[chosen - 1], order[chosen]
                                    theta[j] <- theta[i] + z[i] - z[j] + 1e-16 * float (random.Next 5 - 2)
                                    let expected = referencePath pair.Noise oracle key 0u sample theta [| 1.0 |] 1
                                    let before = solver.ReferenceSamples
                                    Assert.True(solver.Begin(ReadOnlySpan<float> theta, ReadOnlySpan<float> [| 1.0 |]))
                                    let answer: float[] = Array.zeroCreate d
                                    let value = [| nan |]
                                    solver.Solve(key, 0u, sample, Span<float> answer, Span<float> value)
                                    Assert.Equal(expected, (answer, value))
                                    yield d <= ExponentialClocksWidest, solver.ReferenceSamples > before
                ]

            // Exponential clocks decide none of these.
            Assert.True(
                byReference
                |> List.forall (fun (isClock, isReference) -> isReference || not isClock)
            )

            Assert.True(
                byReference
                |> List.exists (fun (isClock, isReference) -> isReference && not isClock)
            ))

        testCase "One solver answers rows of many instances as if each were its first" (fun () ->
            let oracle = ArgmaxOracle 100
            let noise = GumbelNoise.Standard
            let solver = (between noise oracle).CreateSolver()
            let random = Random 5

            for row in 0u .. 20u do
                let theta = thetas random 100

                if solver.Begin(ReadOnlySpan<float> theta, ReadOnlySpan<float> [| 1.0 |]) then
                    let y: float[] = Array.zeroCreate 900
                    let values: float[] = Array.zeroCreate 9
                    solver.Solve(Key.Create 3UL, row, 11L, Span<float> y, Span<float> values)
                    let expected = referencePath noise oracle (Key.Create 3UL) row 11L theta [| 1.0 |] 9
                    Assert.Equal((y, values), expected))

        testCase "Scores made of cached residuals are those that the noise draws" (fun () ->
            for noise in [ GumbelNoise.Standard; GumbelNoise.Centred ] do
                for d in [ 2; 8; 10; 16; 24; 50 ] do
                    let sampler = between noise (ArgmaxOracle d)
                    Assert.True sampler.HasResiduals
                    let solver = sampler.CreateSolver()
                    Assert.True(solver.Begin(ReadOnlySpan<float>(Array.init d float), ReadOnlySpan<float> [| 1.0 |]))
                    let indices: int[] = Array.zeroCreate 300
                    let residuals: float32[] = Array.zeroCreate (300 * d)

                    solver.SolveIndices(
                        Key.Create 4UL,
                        7u,
                        13L,
                        Span<int> indices,
                        Span<float>.Empty,
                        Span<float32> residuals
                    )

                    let scores: float[] = Array.zeroCreate residuals.Length
                    let drawn: float[] = Array.zeroCreate residuals.Length
                    sampler.Scores(ReadOnlySpan<float32> residuals, Span<float> scores)
                    (noise :> INoise).SampleScores(Key.Create 4UL, 7u, 13L, d, Span<float> drawn)
                    Assert.Equal<float[]>(drawn, scores)

                    for n in [ 0; 1; 3; 4; 7; 16; 299 ] do
                        let weights = Array.init n (fun m -> cos (float m) * 1e3)
                        let rows: float[] = Array.sub scores 0 (n * d)
                        let sum, expected = Array.create d 0.5, Array.create d 0.5

                        Sums.AddWeightedRows(
                            ReadOnlySpan<float> weights,
                            ReadOnlySpan<float> rows,
                            ReadOnlySpan<float>.Empty,
                            Span<float> expected,
                            Span<float>.Empty
                        )

                        sampler.AddWeightedScores(
                            ReadOnlySpan<float> weights,
                            ReadOnlySpan<float32>(residuals, 0, n * d),
                            Span<float> sum
                        )

                        Assert.Equal<float[]>(expected, sum)

            let wide = FusedSampler.Between(GumbelNoise.Standard, ArgmaxOracle 100)

            match wide with
            | null -> ()
            | wide ->
                Assert.False wide.HasResiduals

                Assert.Throws<InvalidOperationException>(fun () ->
                    wide.Scores(ReadOnlySpan<float32>.Empty, Span<float>.Empty))
                |> ignore)

        testCase "The proof of a fused sampler seldom fails" (fun () ->
            // A prefilter is set for fewer than two failures in a thousand samples, exponential clocks fail in one of ten thousand: 50 of
            // 8000, where 16 are expected at most, occur by chance once in 10¹⁰ runs.
            for pair in pairs do
                for d in pair.Dimensions do
                    match FusedSampler.Between(pair.Noise, pair.Oracle d) with
                    | null -> ()
                    | sampler ->
                        for spread in [ 0.0; 1.0; 5.0 ] do
                            let random = Random(int (1000.0 * spread) + d)
                            let theta = Array.init d (fun _ -> spread * (random.NextDouble() - 0.5))
                            let solver = sampler.CreateSolver()
                            Assert.True(solver.Begin(ReadOnlySpan<float> theta, ReadOnlySpan<float> [| 1.0 |]))
                            let samples = 8000
                            let y: float[] = Array.zeroCreate (8 * d)

                            for block in 0 .. samples / 8 - 1 do
                                solver.Solve(Key.Create 9UL, 0u, int64 (8 * block), Span<float> y, Span<float>.Empty)

                            Assert.True(
                                solver.ReferenceSamples < 50L,
                                $"{pair.Name}, d = {d}, spread {spread}: {solver.ReferenceSamples} of {samples} took the reference path."
                            ))

        testCase "Entries so large that their rounding could decide are left to the reference path" (fun () ->
            let solver = (between GumbelNoise.Standard (ArgmaxOracle 10)).CreateSolver()
            let theta = Array.create 10 2.0
            Assert.True(solver.Begin(ReadOnlySpan<float> theta, ReadOnlySpan<float> [| 1e-8 |]))
            Assert.False(solver.Begin(ReadOnlySpan<float> theta, ReadOnlySpan<float> [| 1e-9 |])))

        testCase "There is no fused sampler where all of the noise decides" (fun () ->
            Assert.Null(FusedSampler.Between(GaussianNoise.Standard, ArgmaxOracle 10))
            Assert.Null(FusedSampler.Between(LogisticNoise.Standard, ArgmaxOracle 1000))
            Assert.Null(FusedSampler.Between(GaussianNoise.Standard, TopKOracle(1000, 500)))
            Assert.Null(FusedSampler.Between(GumbelNoise.Standard, TopKOracle(1000, 0)))
            Assert.Null(FusedSampler.Between(GumbelNoise.Standard, ArgmaxOracle 1)))

        sequencedCase "A fused sampler allocates nothing a sample, and names lengths that disagree" (fun () ->
            for d in [ 10; 50; 1000 ] do
                let solver = (between GumbelNoise.Standard (ArgmaxOracle d)).CreateSolver()
                let theta = Array.init d float
                let y: float[] = Array.zeroCreate (8 * d)
                let values: float[] = Array.zeroCreate 8

                let call () =
                    solver.Begin(ReadOnlySpan<float> theta, ReadOnlySpan<float> [| 3.0 |]) |> ignore
                    solver.Solve(Key.Create 1UL, 0u, 0L, Span<float> y, Span<float> values)

                let array = 32L // [| 3.0 |] itself
                Assert.True(Allocation.steadyState call <= array)

                Assert.Throws<ArgumentException>(fun () ->
                    solver.Begin(ReadOnlySpan<float> [| 1.0 |], ReadOnlySpan<float> [| 1.0 |])
                    |> ignore)
                |> ignore

                Assert.Throws<ArgumentException>(fun () ->
                    solver.Solve(Key.Create 1UL, 0u, 0L, Span<float>(y, 0, d + 1), Span<float>.Empty))
                |> ignore

                Assert.Throws<ArgumentException>(fun () ->
                    solver.Solve(Key.Create 1UL, 0u, 0L, Span<float> y, Span<float>(values, 0, 3)))
                |> ignore)
    ]
