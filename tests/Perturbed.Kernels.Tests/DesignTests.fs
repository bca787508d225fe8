/// Point sets, permutations, mirrored pairs and orthogonal blocks.
module Perturbed.Kernels.Tests.DesignTests

open System
open Expecto
open Perturbed.Functional.CSharp
open Perturbed.Kernels
open Perturbed.Kernels.Tests.NoiseLaws
open Perturbed.Suite
open Xunit

let private sobol (group: uint32) (first: int) (d: int) (count: int) : float[] =
    let u: float[] = Array.zeroCreate (count * d)
    SobolPoints.Fill(key, 2u, group, first, d, Span u)
    u

let private hypercube (group: uint32) (size: int) (first: int) (d: int) (count: int) : float[] =
    let u: float[] = Array.zeroCreate (count * d)
    Uniforms.Fill(key, 2u, int64 (first * d), Span u)
    LatinHypercube.Stratify(key, 2u, group, size, first, d, Span u)
    u

let private column (d: int) (i: int) (rows: float[]) : float[] =
    Array.init (rows.Length / d) (fun m -> rows[m * d + i])

[<Tests>]
let tests =
    testList "Design" [
        // Joe and Kuo's sequence in the order of the Gray code, as other implementations print it.
        testCase "Sobol's points without scrambling are the published ones, in 1111 dimensions" (fun () ->
            let d = SobolPoints.MaxDimension
            let u: float[] = Array.zeroCreate (1024 * d)
            SobolPoints.FillPlain(0, d, Span u)

            let first =
                [
                    [ 0; 0; 0; 0 ]
                    [ 8; 8; 8; 8 ]
                    [ 12; 4; 4; 4 ]
                    [ 4; 12; 12; 12 ]
                    [ 6; 6; 10; 14 ]
                    [ 14; 14; 2; 6 ]
                    [ 10; 2; 14; 10 ]
                    [ 2; 10; 6; 2 ]
                ]

            first
            |> List.iteri (fun m point -> point |> List.iteri (fun i x -> Assert.Equal(float x / 16.0, u[m * d + i])))

            let dimensions = [| 0; 1; 2; 9; 99; 499; 1110 |]

            for m, expected in
                [
                    5, [| 0.875; 0.875; 0.125; 0.125; 0.375; 0.125; 0.375 |]
                    1000,
                    [|
                        0.2197265625
                        0.0966796875
                        0.5185546875
                        0.0693359375
                        0.1865234375
                        0.2548828125
                        0.3701171875
                    |]
                    1023,
                    [|
                        0.0009765625
                        0.7529296875
                        0.6123046875
                        0.8505859375
                        0.5302734375
                        0.4736328125
                        0.5888671875
                    |]
                ] do
                Assert.Equal<float[]>(expected, dimensions |> Array.map (fun i -> u[m * d + i])))

        testCase
            "2^k scrambled points fall once in each part of every coordinate, and once in each elementary box of the first two"
            (fun () ->
                for k in [ 0; 1; 6; 9 ] do
                    let n, d = 1 <<< k, 60
                    let u = sobol 7u 0 d n

                    for i in 0 .. d - 1 do
                        let parts = column d i u |> Array.map (fun x -> int (x * float n)) |> Array.sort
                        Assert.Equal<int[]>(Array.init n id, parts)

                    for a in 0..k do
                        let wide, high = 1 <<< a, 1 <<< (k - a)

                        let boxes =
                            Array.init n (fun m ->
                                int (u[m * d] * float wide) * high + int (u[m * d + 1] * float high))

                        Assert.Equal<int[]>(Array.init n id, Array.sort boxes))

        // A point over scramblings: uniform in each coordinate, and independent between coordinates and far digits. False alarm 1e-9 each.
        testCase
            "A point of any design is uniform over its randomisations, and its coordinates are independent"
            (fun () ->
                let n = 20_000

                let designs =
                    [
                        "sobol", (fun g -> sobol g 5 3 1)
                        "latin hypercube",
                        (fun g ->
                            let u =
                                [| for i in 0..2 -> ReferenceRandom.uniform key 9u (int64 g * 3L + int64 i) |]

                            LatinHypercube.Stratify(key, 2u, g, 7, 5, 3, Span u)
                            u)
                    ]

                for name, point in designs do
                    let points = Array.init n (fun g -> point (uint32 g))

                    for i in 0..2 do
                        let distance =
                            ReferenceRandom.kolmogorovSmirnov id (points |> Array.map (Array.item i))

                        Assert.True(
                            distance <= ReferenceRandom.kolmogorovSmirnovBound n,
                            $"{name}, coordinate {i}: {distance}"
                        )

                    for i, j in [ 0, 1; 0, 2; 1, 2 ] do
                        // The sum of two independent uniforms, modulo 1, is uniform; so is their difference.
                        for sign in [ 1.0; -1.0 ] do
                            let sums = points |> Array.map (fun u -> let s = u[i] + sign * u[j] in s - floor s)
                            let distance = ReferenceRandom.kolmogorovSmirnov id sums

                            Assert.True(
                                distance <= ReferenceRandom.kolmogorovSmirnovBound n,
                                $"{name}, coordinates {i} and {j}: {distance}"
                            ))

        testCase "A Latin hypercube takes each part of every coordinate once, for any number of points" (fun () ->
            for n in [ 1; 2; 3; 7; 64; 1000 ] do
                let d = 5
                let u = hypercube 3u n 0 d n
                Assert.All(u, (fun x -> Assert.True(x > 0.0 && x < 1.0)))

                for i in 0 .. d - 1 do
                    Assert.Equal<int[]>(
                        Array.init n id,
                        column d i u |> Array.map (fun x -> int (x * float n)) |> Array.sort
                    ))

        testCase
            "A point does not depend on the span it is asked in, and groups, rows and keys have points of their own"
            (fun () ->
                let d, n = 7, 100

                let parts: (int -> int -> float[]) list =
                    [ (fun first count -> sobol 1u first d count); (fun first count -> hypercube 1u n first d count) ]

                for part in parts do
                    let whole = part 0 n

                    for first, count in [ 0, 1; 13, 20; 64, 36; 99, 1 ] do
                        Assert.Equal<int64[]>(
                            bits whole[first * d .. (first + count) * d - 1],
                            bits (part first count)
                        )

                Assert.NotEqual<float[]>(sobol 1u 0 d 3, sobol 2u 0 d 3)
                Assert.NotEqual<float[]>(hypercube 1u n 0 d 3, hypercube 2u n 0 d 3)
                let other: float[] = Array.zeroCreate (3 * d)
                SobolPoints.Fill(key, 3u, 1u, 0, d, Span other)
                Assert.NotEqual<float[]>(sobol 1u 0 d 3, other)
                SobolPoints.Fill(key.Fold 1UL, 2u, 1u, 0, d, Span other)
                Assert.NotEqual<float[]>(sobol 1u 0 d 3, other))

        // All 24 orders of four numbers: a chi-square of 23 degrees of freedom exceeds 92 with a probability of 3e-10.
        testCase "Keyed permutations permute, and the 24 orders of four come equally often" (fun () ->
            let permutation (size: int) (coordinate: uint32) : int[] =
                let words: uint64[] = Array.zeroCreate KeyedPermutation.Words
                DesignWords(key, 1u, 0u, coordinate).Fill(Span words)
                let permutation = KeyedPermutation(size, ReadOnlySpan words)
                Array.init size (fun x -> int (permutation.Of(uint32 x)))

            for size in [ 1; 2; 3; 5; 8; 100; 255; 256; 257; 10_000 ] do
                Assert.Equal<int[]>(Array.init size id, Array.sort (permutation size 3u))

            let n = 24_000
            let counts = Array.init n (fun c -> permutation 4 (uint32 c)) |> Array.countBy id
            Assert.Equal(24, counts.Length)

            let chiSquare =
                counts |> Array.sumBy (fun (_, count) -> (float count - 1000.0) ** 2.0 / 1000.0)

            Assert.True(chiSquare < 92.0, $"{chiSquare}"))

        testCase
            "Mirrored pairs are a number and its negative, or its rest to 1, also where the last has no partner"
            (fun () ->
                for n in [ 1; 2; 5; 8 ] do
                    let rows = Array.init (n * 3) (fun i -> 1.0 + float i)
                    let half = (n + 1) / 2
                    let original = rows[.. half * 3 - 1]
                    let mirrored = Array.copy rows
                    AntitheticPairs.Negate(Span rows, 3)
                    AntitheticPairs.Mirror(Span mirrored, 3)

                    for m in 0 .. n - 1 do
                        for i in 0..2 do
                            let x = original[m / 2 * 3 + i]
                            Assert.Equal((if m % 2 = 0 then x else -x), rows[m * 3 + i])
                            Assert.Equal((if m % 2 = 0 then x else 1.0 - x), mirrored[m * 3 + i]))

        // Orthogonal to ten roundings by construction; the lengths lose some more.
        testCase
            "Rows of a block are orthogonal and keep their lengths, and a shorter last block begins a longer one"
            (fun () ->
                let dot (a: float[]) (b: float[]) : float =
                    Array.fold2 (fun total x y -> total + x * y) 0.0 a b

                for d, size, n in [ 1, 1, 3; 2, 2, 7; 5, 5, 12; 20, 13, 30; 130, 128, 140 ] do
                    let plain = sample GaussianNoise.Standard key 4u 0L d (n * d)
                    let rows = Array.copy plain
                    OrthogonalBlocks.Orthogonalise(Span rows, d, size)
                    let row (values: float[]) (m: int) = values[m * d .. (m + 1) * d - 1]

                    for m in 0 .. n - 1 do
                        let length = sqrt (dot (row plain m) (row plain m))
                        near 1e-14 $"length of {m} in {d}" 1.0 (sqrt (dot (row rows m) (row rows m)) / length)

                        for q in m / size * size .. m - 1 do
                            let other = sqrt (dot (row rows q) (row rows q))

                            Assert.True(
                                abs (dot (row rows m) (row rows q)) <= 1e-13 * length * other,
                                $"rows {q} and {m} in {d}"
                            )

                    for first in [ 0; size * ((n - 1) / size) ] do
                        for count in [ 1; min size (n - first) ] do
                            let part = plain[first * d .. (first + count) * d - 1]
                            OrthogonalBlocks.Orthogonalise(Span part, d, size)
                            Assert.Equal<int64[]>(bits rows[first * d .. (first + count) * d - 1], bits part))

        // The law of each row is that of a normal vector: of its entries, and of their squares together. False alarm 1e-9 each.
        testCase "Every row of an orthogonal block is a normal vector" (fun () ->
            let d, blocks = 3, 20_000
            let rows = sample GaussianNoise.Standard key 5u 0L d (blocks * d * d)
            OrthogonalBlocks.Orthogonalise(Span rows, d, d)

            for r in 0 .. d - 1 do
                let row (block: int) =
                    rows[(block * d + r) * d .. (block * d + r + 1) * d - 1]

                for i in 0 .. d - 1 do
                    let distance =
                        Array.init blocks (fun b -> (row b)[i])
                        |> ReferenceRandom.kolmogorovSmirnov (fun z -> GaussianNoise.Standard.Cdf z)

                    Assert.True(
                        distance <= ReferenceRandom.kolmogorovSmirnovBound blocks,
                        $"row {r}, entry {i}: {distance}"
                    )

                let squares = Array.init blocks (fun b -> row b |> Array.sumBy (fun x -> x * x))

                let distance =
                    squares
                    |> ReferenceRandom.kolmogorovSmirnov (fun x ->
                        MathNet.Numerics.Distributions.ChiSquared.CDF(3.0, x))

                Assert.True(distance <= ReferenceRandom.kolmogorovSmirnovBound blocks, $"row {r}, length: {distance}")

                let angles = Array.init blocks (fun b -> (row b)[0] * (row b)[1])
                sixErrors $"row {r}, product of entries" 0.0 angles)

        sequencedCase "Designs allocate nothing" (fun () ->
            let u: float[] = Array.zeroCreate 400

            for name, call in
                [
                    "sobol", (fun () -> SobolPoints.Fill(key, 0u, 0u, 3, 20, Span u))
                    "latin hypercube", (fun () -> LatinHypercube.Stratify(key, 0u, 0u, 50, 3, 20, Span u))
                    "pairs", (fun () -> AntitheticPairs.Negate(Span u, 20))
                    "orthogonal", (fun () -> OrthogonalBlocks.Orthogonalise(Span u, 20, 20))
                ] do
                Uniforms.Fill(key, 0u, 0L, Span u)
                Assert.True(Allocation.steadyState call = 0L, name))

        testCase "Wrong shapes are errors that name the parameter" (fun () ->
            for parameter, attempt in
                [
                    "dimension", (fun () -> SobolPoints.Fill(key, 0u, 0u, 0, 1112, Span(Array.zeroCreate 1112)))
                    "u", (fun () -> SobolPoints.Fill(key, 0u, 0u, 0, 3, Span(Array.zeroCreate 4)))
                    "first", (fun () -> SobolPoints.Fill(key, 0u, 0u, -1, 3, Span(Array.zeroCreate 3)))
                    "u", (fun () -> LatinHypercube.Stratify(key, 0u, 0u, 4, 2, 1, Span(Array.zeroCreate 3)))
                    "size", (fun () -> OrthogonalBlocks.Orthogonalise(Span(Array.zeroCreate 4), 2, 3))
                    "rows", (fun () -> AntitheticPairs.Negate(Span(Array.zeroCreate 3), 2))
                ] do
                let error = Assert.ThrowsAny<ArgumentException>(attempt)
                Assert.Equal(parameter, error.ParamName))
    ]
