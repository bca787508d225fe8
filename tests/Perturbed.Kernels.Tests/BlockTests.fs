/// What the core does to blocks of samples, each against its definition.
module Perturbed.Kernels.Tests.BlockTests

open System
open Expecto
open FsCheck
open FsCheck.FSharp
open Perturbed.Kernels
open Perturbed.Suite
open Xunit

let private numbers (seed: int) (length: int) : float[] =
    let random = Random seed
    Array.init length (fun _ -> random.NextDouble() - 0.5)

// Each of n additions errs by at most u of the sum of sizes.
let private agree (n: int) (sizes: float[]) (expected: float[]) (actual: float[]) : bool =
    Array.forall2 (fun e a -> abs (e - a) <= float (n + 2) * 2.3e-16 * Array.sum sizes + 1e-300) expected actual

// Narrow, wide and very wide rows are summed in different ways.
let private shape (rows: int) (width: int) =
    rows % 70, (if rows % 7 = 0 then width * 37 % 700 else width % 150) + 1

// Solutions with places have as many ones as a test says; other codes do not ask.
let private encodeWith (ones: int) (code: SolutionEncoding) (dimension: int) (solutions: float[]) : byte[] option =
    let bytes: byte[] =
        Array.zeroCreate (int (Encodings.Bytes(code, int64 (solutions.Length / dimension), dimension, ones)))

    if Encodings.TryEncode(code, dimension, ones, ReadOnlySpan<float> solutions, Span<byte> bytes) then
        Some bytes
    else
        None

let private encode = encodeWith 1

let private largest (code: SolutionEncoding) =
    if code = SolutionEncoding.Bits then 1 else 65535

let private coded = [ SolutionEncoding.Bits; SolutionEncoding.Integers ]

// n solutions of the dimension k that the code has words for.
let private solutionsOf (code: SolutionEncoding) (ones: int) (random: Random) (n: int) (k: int) : float[] =
    if code = SolutionEncoding.Indices then
        let y: float[] = Array.zeroCreate (n * k)

        for m in 0 .. n - 1 do
            let places = Array.init k id
            random.Shuffle places

            for place in Array.truncate ones places do
                y[m * k + place] <- 1.0

        y
    else
        Array.init (n * k) (fun _ -> float (random.Next(largest code + 1)))

[<Tests>]
let tests =
    testList "Block" [
        property 300 "Sums of rows, plain and weighted, are those of their columns for every shape" (fun () ->
            let law (seed: int) (NonNegativeInt rows) (NonNegativeInt width) : bool =
                let n, w = shape rows width

                let x, weights, start =
                    numbers seed (n * w), numbers (seed + 1) n, numbers (seed + 2) w

                let column (weight: int -> float) =
                    Array.init w (fun i -> start[i] + Seq.sum (seq { for m in 0 .. n - 1 -> weight m * x[m * w + i] }))

                let plain, weighted = Array.copy start, Array.copy start
                Sums.AddRows(ReadOnlySpan<float> x, Span<float> plain)

                Sums.AddWeightedRows(
                    ReadOnlySpan<float> weights,
                    ReadOnlySpan<float> x,
                    ReadOnlySpan<float>.Empty,
                    Span<float> weighted,
                    Span<float>.Empty
                )

                let sizes = Array.append (Array.map abs x) (Array.map abs start)

                agree n sizes (column (fun _ -> 1.0)) plain
                && agree n sizes (column (fun m -> weights[m])) weighted

            law)

        property
            300
            "Perturbed rows are one fused operation a number, with one epsilon or many, in blocks of any shape"
            (fun () ->
                let law (seed: int) (NonNegativeInt rows) (NonNegativeInt width) (many: bool) : bool =
                    let n, w = shape rows width
                    let theta, z = numbers seed w, numbers (seed + 1) (n * w)
                    let epsilon = numbers (seed + 2) (if many then w else 1)
                    let eta: float[] = Array.zeroCreate (n * w)

                    Perturbations.Additive(
                        ReadOnlySpan<float> theta,
                        ReadOnlySpan<float> epsilon,
                        ReadOnlySpan<float> z,
                        Span<float> eta
                    )

                    let expected =
                        Array.init (n * w) (fun i ->
                            Math.FusedMultiplyAdd(epsilon[if many then i % w else 0], z[i], theta[i % w]))

                    expected = eta

                law)

        property 300 "Solutions of small integers and single ones come back from their codes as they were" (fun () ->
            let law (seed: int) (NonNegativeInt rows) (NonNegativeInt width) : bool =
                let n, k = shape rows width

                let ones = 1 + abs seed % k

                SolutionEncoding.Indices :: coded
                |> List.forall (fun code ->
                    let y = solutionsOf code ones (Random seed) n k

                    match encodeWith ones code k y with
                    | None -> false
                    | Some bytes ->
                        let back: float[] = Array.create y.Length nan
                        Encodings.Decode(code, k, ones, ReadOnlySpan<byte> bytes, Span<float> back)
                        back = y)

            law)

        testCase "What has no code is told, wherever it stands" (fun () ->
            for code in coded do
                for length in [ 1; 7; 8; 31; 32; 33; 100 ] do
                    for place in [ 0; length / 2; length - 1 ] do
                        for wrong in [ 0.5; -1.0; nan; infinity; -infinity; 1e300; float (largest code + 1) ] do
                            let y = Array.create length 1.0
                            y[place] <- wrong
                            Assert.True((encode code length y).IsNone, $"{code}, {wrong} at {place} of {length}"))

        testCase "Only so many ones among zeros have places" (fun () ->
            for k in [ 1; 2; 7; 8; 9; 16; 33; 100 ] do
                let zeros: float[] = Array.zeroCreate (2 * k)
                Assert.True((encode SolutionEncoding.Indices k zeros).IsNone)

                for place in List.distinct [ 0; k / 2; k - 1 ] do
                    let withEntries (entries: (int * float) list) =
                        let y = Array.copy zeros
                        y[0] <- 1.0
                        entries |> List.iter (fun (i, entry) -> y[k + i] <- entry)
                        encode SolutionEncoding.Indices k y

                    Assert.True((withEntries [ place, 1.0 ]).IsSome)

                    for wrong in [ 0.5; -1.0; nan; infinity; 2.0 ] do
                        Assert.True((withEntries [ place, wrong ]).IsNone, $"{wrong} at {place} of {k}")

                        if k > 1 then
                            Assert.True((withEntries [ place, 1.0; (place + 1) % k, wrong ]).IsNone)

                    if k > 1 then
                        let two = [ place, 1.0; (place + 1) % k, 1.0 ]
                        Assert.True((withEntries two).IsNone)
                        Assert.True((encodeWith 2 SolutionEncoding.Indices k (Array.create k 1.0)).IsSome = (k = 2))
                        Assert.True((encodeWith 2 SolutionEncoding.Indices k zeros[.. k - 1]).IsNone))

        property 300 "Products and sums of coded solutions are over their ones" (fun () ->
            let law (seed: int) (NonNegativeInt rows) (NonNegativeInt width) : bool =
                let n, k = shape rows width
                let g = numbers (seed + 1) k

                let ones = 1 + abs seed % k

                [ SolutionEncoding.Bits; SolutionEncoding.Indices ]
                |> List.forall (fun code ->
                    let y = solutionsOf code ones (Random seed) n k
                    let products: float[] = Array.zeroCreate n

                    match encodeWith ones code k y with
                    | None -> false
                    | Some bytes ->
                        Encodings.Products(
                            code,
                            ones,
                            ReadOnlySpan<byte> bytes,
                            ReadOnlySpan<float> g,
                            0.25,
                            Span<float> products
                        )

                        let expected =
                            Array.init n (fun m ->
                                Seq.sum (seq { for i in 0 .. k - 1 -> g[i] * y[m * k + i] }) - 0.25)

                        let sums = Array.create k 3.0

                        if code = SolutionEncoding.Indices then
                            Encodings.AddIndices(ReadOnlySpan<byte> bytes, n * ones, Span<float> sums)
                        else
                            Sums.AddRows(ReadOnlySpan<float> y, Span<float> sums)

                        agree k (Array.append (Array.map abs g) [| 0.25 |]) expected products
                        && sums = Array.init k (fun i -> 3.0 + Seq.sum (seq { for m in 0 .. n - 1 -> y[m * k + i] })))

            law)
    ]
