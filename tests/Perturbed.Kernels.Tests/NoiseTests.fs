module Perturbed.Kernels.Tests.NoiseTests

open System
open System.Runtime.Intrinsics
open FsCheck
open FsCheck.FSharp
open MathNet.Numerics.Distributions
open Perturbed.Functional
open Perturbed.Kernels
open Xunit

/// A noise with independent coordinates and what its definition says of it.
type private Law =
    {
        Noise: IndependentNoise
        Number: Key -> uint32 -> int64 -> float
        Cdf: float -> float
        Nu: float -> float
    }

let private euler = 0.57721566490153286

let private laws: Law list =
    let sumOfGamma (kappa: float) (terms: int) (tau: float) (cdf: float -> float) (nu: float -> float) : Law =
        // x = z + shift is the sum itself.
        let shift = tau / kappa * log (float terms)

        {
            Noise = SumOfGammaNoise(kappa, terms, tau)
            Number = ReferenceRandom.sumOfGamma kappa terms tau
            Cdf = fun z -> cdf ((z + shift) / tau)
            Nu = fun z -> nu ((z + shift) / tau)
        }

    [
        {
            Noise = GaussianNoise.Standard
            Number = ReferenceRandom.gaussian
            Cdf = fun z -> Normal.CDF(0.0, 1.0, z)
            Nu = fun z -> z * z / 2.0
        }
        {
            Noise = GumbelNoise.Standard
            Number = ReferenceRandom.gumbel
            Cdf = fun z -> exp (-exp -z)
            Nu = fun z -> z + exp -z
        }
        {
            Noise = GumbelNoise.Centred
            Number = fun key row n -> ReferenceRandom.gumbel key row n - euler
            Cdf = fun z -> exp (-exp(-z - euler))
            Nu = fun z -> z + exp (-z - euler)
        }
        {
            Noise = LogisticNoise.Standard
            Number = ReferenceRandom.logistic
            Cdf = fun z -> 1.0 / (1.0 + exp -z)
            Nu = fun z -> z + 2.0 * log (1.0 + exp -z)
        }
        {
            Noise = LaplaceNoise.Standard
            Number = ReferenceRandom.laplace
            Cdf = fun z -> if z < 0.0 then exp z / 2.0 else 1.0 - exp -z / 2.0
            Nu = abs
        }
        {
            Noise = CauchyNoise.Standard
            Number = ReferenceRandom.cauchy
            Cdf = fun z -> 0.5 + atan z / Math.PI
            Nu = fun z -> log (1.0 + z * z)
        }
        for freedom in [ 0.7; 3.0; 12.5 ] do
            {
                Noise = StudentTNoise freedom
                Number = ReferenceRandom.studentT freedom
                Cdf = fun z -> StudentT.CDF(0.0, 1.0, freedom, z)
                Nu = fun z -> (freedom + 1.0) / 2.0 * log (1.0 + z * z / freedom)
            }
        // One term is a gamma variate; with kappa = 1 the sum is the largest of s exponential variates (Rényi).
        for kappa in [ 0.4; 2.5 ] do
            sumOfGamma kappa 1 2.0 (fun x -> Gamma.CDF(1.0 / kappa, 1.0, max 0.0 x)) (fun x ->
                x - (1.0 / kappa - 1.0) * log x)
        sumOfGamma 1.0 10 1.5 (fun x -> (1.0 - exp -x) ** 10.0) (fun x -> x - 9.0 * log (1.0 - exp -x))
        {
            Noise = QuantileNoise("exponential", (fun u -> -log u), (fun _ -> 1.0), (fun _ -> 0.0), 1.0, 1.0, false)
            Number = fun key row n -> -log(ReferenceRandom.uniform key row n)
            Cdf = fun z -> 1.0 - exp -z
            Nu = id
        }
    ]

let private sample (noise: INoise) (key: Key) (row: uint32) (first: int64) (d: int) (length: int) : float[] =
    let z = Array.zeroCreate length
    noise.Sample(key, row, first, d, Span<float>(z))
    z

let private score (noise: INoise) (d: int) (z: float[]) : float[] =
    let image = Array.zeroCreate z.Length
    noise.Score(ReadOnlySpan<float>(z), d, Span<float>(image))
    image

let private curvature (noise: INoise) (v: float[]) (z: float[]) : float[] =
    let image = Array.zeroCreate z.Length
    noise.Curvature(ReadOnlySpan<float>(z), ReadOnlySpan<float>(v), Span<float>(image))
    image

let private bits (x: float[]) : int64[] =
    Array.map BitConverter.DoubleToInt64Bits x

let private near (tolerance: float) (context: string) (expected: float) (actual: float) : unit =
    Assert.True(
        abs (expected - actual) <= tolerance * max 1.0 (abs expected),
        $"{context}: expected {expected:R}, was {actual:R}"
    )

/// Six standard errors: a false alarm probability of 2e-9.
let private sixErrors (context: string) (expected: float) (x: float[]) : unit =
    let mean, error = ReferenceRandom.meanAndError x

    Assert.True(
        abs (mean - expected) <= 6.0 * error,
        $"{context}: expected {expected}, was {mean} with standard error {error}"
    )

let private covariance =
    array2D [ [ 2.0; 0.5; -0.3 ]; [ 0.5; 1.0; 0.2 ]; [ -0.3; 0.2; 0.7 ] ]

let private key = Key.Create 20UL

[<Fact>]
let ``Every number equals its scalar definition to 1e-13, near the start of the stream and beyond 2^40`` () =
    for law in laws do
        for first in [ 0L; (1L <<< 40) + 3L ] do
            for i, z in Array.indexed (sample law.Noise key 3u first 1 200) do
                near 1e-13 $"{law.Noise.Name} {i}" (law.Number key 3u (first + int64 i)) z

[<Fact>]
let ``A number is the same bits alone, in any span, and in any dimension`` () =
    let noises: INoise list = [ for law in laws -> law.Noise ]

    let property (start: uint32) (NonNegativeInt length) (PositiveInt d) : bool =
        let d, n = d % 5 + 1, length % 12

        noises
        |> List.forall (fun noise ->
            let whole = sample noise key 1u (int64 start) d (n * d)

            let alone =
                Array.init (n * d) (fun i -> (sample noise key 1u (int64 start * int64 d + int64 i) 1 1)[0])

            bits whole = bits alone)

    Check.One(Config.QuickThrowOnFailure.WithMaxTest 50, property)

[<Fact>]
let ``Score and curvature of a number are the same bits alone and in any span`` () =
    for law in laws do
        let z = sample law.Noise key 2u 0L 1 61

        let alone f =
            z |> Array.map (fun x -> (f [| x |]: float[])[0]) |> bits

        Assert.Equal<int64[]>(alone (score law.Noise 1), bits (score law.Noise 1 z))

        if law.Noise.HasCurvature then
            Assert.Equal<int64[]>(alone (curvature law.Noise [| 1.5 |]), bits (curvature law.Noise [| 1.5 |] z))

[<Fact>]
let ``Every noise follows its law (Kolmogorov-Smirnov, false alarm probability 1e-9 each)`` () =
    let n = 100_000

    for law in laws do
        let distance =
            ReferenceRandom.kolmogorovSmirnov law.Cdf (sample law.Noise key 4u 0L 1 n)

        Assert.True(distance <= ReferenceRandom.kolmogorovSmirnovBound n, $"{law.Noise.Name}: distance {distance}")

[<Fact>]
let ``Means, scores and Fisher information agree with a sample within six standard errors`` () =
    for noise in
        SumOfGammaNoise(2.0, 10, 0.7) :> IndependentNoise
        :: [ for law in laws -> law.Noise ] do
        let z = sample noise key 5u 0L 1 200_000

        if noise.HasMean && noise.Name <> "student-t(0.7)" then
            sixErrors $"mean of {noise.Name}" noise.CoordinateMean z

        // A law that starts with a jump or a pole has a score whose mean is not 0.
        if noise.Name <> "exponential" && Double.IsFinite noise.FisherInformation then
            let s = score noise 1 z
            sixErrors $"score of {noise.Name}" 0.0 s
            let square = Array.map (fun x -> x * x) s

            // The squared score of the Laplace noise is 1, with no error to measure.
            if noise.Name = "laplace" then
                Assert.All(square, fun x -> Assert.Equal(1.0, x))
            elif noise.Name <> "sum-of-gamma(0.4, 1, 2)" then
                sixErrors $"information of {noise.Name}" noise.FisherInformation square

            Assert.Equal(sqrt (7.0 * noise.FisherInformation), noise.ScoreNorm 7, 12)

[<Fact>]
let ``The score is the derivative of nu, and the curvature that of the score`` () =
    for law in laws do
        let h = 1e-5

        for z in sample law.Noise key 6u 0L 1 200 do
            let slope (f: float -> float) : float = (f (z + h) - f (z - h)) / (2.0 * h)
            let scoreAt (x: float) : float = (score law.Noise 1 [| x |])[0]
            let shift = law.Cdf(z - 1e-3) > 0.0

            // Central differences err by h² times the third derivative: points within 1e-3 of a kink or of a start are left out.
            if shift && abs z > 1e-3 && law.Cdf(z - 0.05) > 0.0 then
                near 1e-4 $"score of {law.Noise.Name} at {z}" (slope law.Nu) (scoreAt z)

                if law.Noise.HasCurvature then
                    let actual = Array.head (curvature law.Noise [| 3.0 |] [| z |])
                    near 1e-4 $"curvature of {law.Noise.Name} at {z}" (3.0 * slope scoreAt) actual

[<Fact>]
let ``Symmetric noises have odd scores, bit for bit`` () =
    for law in laws do
        if law.Noise.IsSymmetric then
            let z = sample law.Noise key 7u 0L 1 100

            Assert.Equal<int64[]>(
                bits (score law.Noise 1 z),
                bits (Array.map (~-) (score law.Noise 1 (Array.map (~-) z)))
            )

[<Fact>]
let ``The sum of gammas obeys Stein's identity, and its density joins its expansion at infinity`` () =
    for kappa, terms in [ 2.0, 10; 0.5, 3; 5.0, 40 ] do
        let noise = SumOfGammaNoise(kappa, terms, 1.0)
        let z = sample noise key 8u 0L 1 20_000
        let g (x: float) : float = sin x
        sixErrors $"Stein {noise.Name}" 0.0 (Array.map2 (fun x s -> cos x - g x * s) z (score noise 1 z))
        let shift = log (float terms) / kappa
        let a = 1.0 / kappa
        let harmonic = Seq.sum (seq { for i in 1..terms -> 1.0 / float i })
        let limit = 60.0 * max 1.0 (a * max 1.0 a * harmonic)

        let both =
            score noise 1 [| limit * (1.0 - 1e-12) - shift; limit * (1.0 + 1e-12) - shift |]

        near 1e-10 $"join {noise.Name}" both[0] both[1]

[<Fact>]
let ``The Fisher information of the sum of gammas is that of its closed form, and infinite where s/kappa is at most 2``
    ()
    =
    // kappa = 1, s = 3: f = 3 e^-x (1 - e^-x)², and ∫ f'²/f = 3 by partial fractions.
    near 1e-9 "information" 3.0 (SumOfGammaNoise(1.0, 3, 1.0).FisherInformation)
    // One term: the gamma law of shape a has I = 1/(a - 2).
    near 1e-9 "gamma" 2.0 (SumOfGammaNoise(0.4, 1, 1.0).FisherInformation)
    Assert.Equal(Double.PositiveInfinity, SumOfGammaNoise(5.0, 10, 1.0).ScoreNorm 3)
    Assert.False(SumOfGammaNoise(5.0, 10, 1.0).HasCurvature)

[<Fact>]
let ``The correlated Gaussian has its covariance, and scores by the inverse`` () =
    let noise = CorrelatedGaussianNoise covariance
    let z = sample noise key 9u 0L 3 300_000
    let s = score noise 3 z

    let column (x: float[]) (i: int) : float[] =
        Array.init (x.Length / 3) (fun m -> x[3 * m + i])

    for i in 0..2 do
        for j in 0..2 do
            sixErrors $"covariance {i} {j}" covariance[i, j] (Array.map2 (*) (column z i) (column z j))
            sixErrors $"identity {i} {j}" (if i = j then 1.0 else 0.0) (Array.map2 (*) (column z i) (column s j))

    // Curvature at v is the score at v, for every sample; the score undoes the covariance.
    let v = [| 0.3; -1.0; 2.0 |]

    let image =
        Array.init 3 (fun i -> Seq.sum (seq { for j in 0..2 -> covariance[i, j] * v[j] }))

    Array.iter2 (near 1e-14 "score") v (score noise 3 image)
    Assert.Equal<int64[]>(bits (Array.concat [ score noise 3 v; score noise 3 v ]), bits (curvature noise v z[0..5]))

    let norm =
        Seq.sum (seq { for i in 0..2 -> (score noise 3 (Array.init 3 (fun j -> if i = j then 1.0 else 0.0)))[i] })

    near 1e-14 "score norm" (sqrt norm) (noise.ScoreNorm 3)
    // The samples of a span are those of a longer one.
    Assert.Equal<int64[]>(bits z[30..44], bits (sample noise key 9u 10L 3 15))

[<Fact>]
let ``Nothing is allocated by a sample, a score or a curvature`` () =
    let v = Array.create 3 1.5
    let z: float[] = Array.zeroCreate 99
    let image: float[] = Array.zeroCreate 99

    for noise in (CorrelatedGaussianNoise covariance: INoise) :: [ for law in laws -> law.Noise ] do
        let work () : unit =
            noise.Sample(key, 1u, 5L, 3, Span<float>(z))
            noise.Score(ReadOnlySpan<float>(z), 3, Span<float>(image))

            if noise.HasCurvature then
                noise.Curvature(ReadOnlySpan<float>(z), ReadOnlySpan<float>(v), Span<float>(image))

        work ()
        let before = GC.GetAllocatedBytesForCurrentThread()

        for _ in 1..10 do
            work ()

        Assert.Equal(0L, GC.GetAllocatedBytesForCurrentThread() - before)

[<Fact>]
let ``Empty spans are legal, and arguments that disagree are errors that name them`` () =
    let named (name: string) (f: unit -> unit) : unit =
        Assert.Equal(name, Assert.ThrowsAny<ArgumentException>(f).ParamName)

    let noises: INoise list =
        (CorrelatedGaussianNoise covariance: INoise) :: [ for law in laws -> law.Noise ]

    for noise in noises do
        Assert.Empty(sample noise key 0u 0L 3 0)
        Assert.Empty(score noise 3 [||])
        named "z" (fun () -> sample noise key 0u 0L 3 4 |> ignore)
        named "z" (fun () -> score noise 3 [| 1.0 |] |> ignore)
        named "firstSample" (fun () -> sample noise key 0u -1L 3 3 |> ignore)
        named "firstSample" (fun () -> sample noise key 0u (Int64.MaxValue / 2L) 3 3 |> ignore)
        named "dimension" (fun () -> sample noise key 0u 0L 0 0 |> ignore)
        named "score" (fun () -> noise.Score(ReadOnlySpan<float>([| 1.0; 2.0; 3.0 |]), 3, Span<float>()))

        if noise.HasCurvature then
            named "v" (fun () -> curvature noise [||] [| 1.0; 2.0; 3.0 |] |> ignore)

            named "product" (fun () ->
                noise.Curvature(
                    ReadOnlySpan<float>([| 1.0; 2.0; 3.0 |]),
                    ReadOnlySpan<float>([| 1.0; 2.0; 3.0 |]),
                    Span<float>()
                ))
        else
            Assert.Throws<NotSupportedException>(fun () -> curvature noise [| 1.0 |] [| 1.0 |] |> ignore)
            |> ignore

        let mean = Array.create 3 9.0
        noise.Mean(Span<float>(mean))
        Assert.Equal(noise.HasMean, not (Double.IsNaN mean[0]))

    for freedom in [ 0.0; -1.0; nan; infinity ] do
        named "degreesOfFreedom" (fun () -> StudentTNoise freedom |> ignore)

    named "kappa" (fun () -> SumOfGammaNoise(0.0, 10, 1.0) |> ignore)
    named "terms" (fun () -> SumOfGammaNoise(1.0, 0, 1.0) |> ignore)
    named "tau" (fun () -> SumOfGammaNoise(1.0, 10, nan) |> ignore)

    for wrong: float[,] in
        [
            array2D [ [ 1.0; 2.0 ] ]
            Array2D.zeroCreate 0 0
            array2D [ [ 1.0; 0.5 ]; [ 0.4; 1.0 ] ]
            array2D [ [ nan ] ]
            array2D [ [ 1.0; 2.0 ]; [ 2.0; 1.0 ] ]
        ] do
        named "covariance" (fun () -> CorrelatedGaussianNoise wrong |> ignore)

/// The distance in units in the last place of the expected value.
let private ulps (expected: float) (actual: float) : float =
    if expected = actual || (Double.IsNaN expected && Double.IsNaN actual) then
        0.0
    else
        abs (expected - actual) / (Math.BitIncrement(abs expected) - abs expected)

[<Fact>]
let ``Vectorised elementary functions stay within two ulp of the scalar ones`` () =
    let worst (f: Vector512<float> -> Vector512<float>) (g: float -> float) (x: float seq) : float =
        x |> Seq.map (fun x -> ulps (g x) ((f (Vector512.Create x))[0])) |> Seq.max

    let u: float[] = Array.zeroCreate 500_000
    Uniforms.Fill(key, 10u, 0L, Span<float>(u))

    let extremes =
        [
            Math.ScaleB(1.0, -53)
            1.0 - Math.ScaleB(1.0, -53)
            0.5
            0.25
            sqrt 0.5
            Math.BitDecrement(sqrt 0.5)
        ]

    let small = u |> Seq.map (fun x -> Math.ScaleB(x, -int(x * 1e6) % 50))
    let open01 = Seq.concat [ Seq.ofArray u; small; Seq.ofList extremes ]
    Assert.InRange(worst Elementary.Log log open01, 0.0, 2.0)
    Assert.InRange(worst Elementary.Log log (Seq.map (fun x -> 1.0 / x) open01), 0.0, 2.0)

    let wide =
        Seq.append
            (u |> Seq.map (fun x -> 1500.0 * x - 760.0))
            [ 0.0; 709.7; 709.79; -745.1; -746.0; infinity; -infinity; nan ]

    let normal = wide |> Seq.filter (fun x -> not (x < -708.0 && x > -746.0))
    Assert.InRange(worst Elementary.Exp exp normal, 0.0, 2.0)
    // e^x - 1 = 2 sinh(x/2) e^(x/2), itself within two ulp.
    let near0 = u |> Seq.map (fun x -> Math.ScaleB(x - 0.5, -int(x * 1e6) % 60))

    let expM1 (x: float) : float =
        if abs x > 1.0 then
            exp x - 1.0
        else
            2.0 * sinh (x / 2.0) * exp (x / 2.0)

    Assert.InRange(worst Elementary.ExpM1 expM1 (Seq.append near0 normal), 0.0, 4.0)

    let part (pick: Vector512<float> -> Vector512<float> -> Vector512<float>) (t: Vector512<float>) : Vector512<float> =
        let mutable sine = Vector512<float>.Zero
        let mutable cosine = Vector512<float>.Zero
        Elementary.SinCosOfTurns(t, &sine, &cosine)
        pick sine cosine

    Assert.InRange(worst (part (fun s _ -> s)) (ReferenceRandom.sinCosOfTurns >> fst) open01, 0.0, 2.0)
    Assert.InRange(worst (part (fun _ c -> c)) (ReferenceRandom.sinCosOfTurns >> snd) open01, 0.0, 2.0)
