module Perturbed.Kernels.Tests.PhiloxTests

open System
open Expecto
open FsCheck
open FsCheck.FSharp
open Perturbed.Functional.CSharp
open Perturbed.Kernels
open Perturbed.Suite
open Xunit

let private fill (key: Key) (row: uint32) (first: int64) (length: int) : float[] =
    let u = Array.zeroCreate length
    Uniforms.Fill(key, row, first, Span<float>(u))
    u

let private same (expected: float[]) (actual: float[]) : bool =
    expected.Length = actual.Length
    && Array.forall2
        (fun (a: float) (b: float) -> BitConverter.DoubleToInt64Bits a = BitConverter.DoubleToInt64Bits b)
        expected
        actual

[<Tests>]
let tests =
    testList "Philox" [
        testCase "Philox4x32-10 reproduces its published known-answer vectors" (fun () ->
            let block key c0 c1 c2 c3 =
                let struct (a, b, c, d) = Philox.Block(key, c0, c1, c2, c3)
                [ a; b; c; d ]

            Assert.Equal<uint32 list>([ 0x6627e8d5u; 0xe169c58du; 0xbc57ac4cu; 0x9b00dbd8u ], block 0UL 0u 0u 0u 0u)

            Assert.Equal<uint32 list>(
                [ 0x408f276du; 0x41c83b0eu; 0xa20bc7c6u; 0x6d5451fdu ],
                block 0xffffffffffffffffUL 0xffffffffu 0xffffffffu 0xffffffffu 0xffffffffu
            )

            Assert.Equal<uint32 list>(
                [ 0xd16cfe09u; 0x94fdccebu; 0x5001e420u; 0x24126ea1u ],
                block 0x299f31d0a4093822UL 0x243f6a88u 0x85a308d3u 0x13198a2eu 0x03707344u
            ))

        testCase "The first uniforms of the stream of key 1 and row 0 are pinned" (fun () ->
            let u = fill (Key.Create 1UL) 0u 0L 16

            Assert.Equal<float list>(
                [
                    0.8946847163350925
                    0.8741119351871308
                    0.46746868395262686
                    0.7112680765766944
                    0.5201284148631758
                ],
                [ u[0]; u[1]; u[7]; u[8]; u[15] ]
            ))

        property 100 "Uniforms equal their scalar definition bit for bit, for any key, row, start and length" (fun () ->
            let law (seed: uint64) (row: uint32) (start: uint32) (NonNegativeInt length) : bool =
                let key = Key.Create seed
                // Starts around 0 and around block numbers that carry into the counter's second word.
                [ int64 start % 100L; (int64 start % 100L) + (1L <<< 36) - 50L; Int64.MaxValue - 1000L ]
                |> List.forall (fun first ->
                    same
                        (Array.init (length % 90) (fun i -> ReferenceRandom.uniform key row (first + int64 i)))
                        (fill key row first (length % 90)))

            law)

        property
            100
            "The 32-bit uniforms equal their scalar definition bit for bit, for any key, row, start and length"
            (fun () ->
                let law (seed: uint64) (row: uint32) (start: uint32) (NonNegativeInt length) : bool =
                    let key, length = Key.Create seed, length % 90

                    [ int64 start % 100L; (int64 start % 100L) + (1L <<< 37) - 50L; Int64.MaxValue - 1000L ]
                    |> List.forall (fun first ->
                        let u = Array.zeroCreate length
                        Uniform32.Fill(key, row, first, Span<float>(u))
                        same (Array.init length (fun i -> ReferenceRandom.word key row (first + int64 i))) u)

                law)

        property 100 "A stream filled in two pieces is the stream filled at once" (fun () ->
            let law (seed: uint64) (row: uint32) (start: uint32) (NonNegativeInt a) (NonNegativeInt b) : bool =
                let key = Key.Create seed
                let a, b, first = a % 70, b % 70, int64 start

                same
                    (fill key row first (a + b))
                    (Array.append (fill key row first a) (fill key row (first + int64 a) b))

            law)

        testCase "Uniforms lie in the open interval, and follow the uniform law" (fun () ->
            let u = fill (Key.Create 5UL) 2u 12345L 200_000
            Assert.All([ Array.min u; Array.max u ], fun x -> Assert.True(0.0 < x && x < 1.0))

            Assert.InRange(
                ReferenceRandom.kolmogorovSmirnov id u,
                0.0,
                ReferenceRandom.kolmogorovSmirnovBound u.Length
            ))

        testCase
            "Streams of different rows, keys, folds and lags are uncorrelated within six standard errors"
            (fun () ->
                let n = 100_000
                let key = Key.Create 11UL

                let centred (u: float[]) : float[] =
                    Array.map (fun x -> (x - 0.5) * sqrt 12.0) u

                let parent = centred (fill key 0u 0L n)

                let others =
                    [
                        fill key 1u 0L n
                        fill (Key.Create 12UL) 0u 0L n
                        fill (key.Fold 0UL) 0u 0L n
                        fill (key.Fold 1UL) 0u 0L n
                        fill (key.Split(3)[2]) 0u 0L n
                        fill key 0u 1L n
                        fill key 0u 8L n
                        fill key 0u 16L n
                    ]
                    |> List.map centred

                for i, a in List.indexed (parent :: others) do
                    for b in List.skip i others do
                        if not (obj.ReferenceEquals(a, b)) then
                            // Products of independent standardised uniforms have mean 0 and variance 1; the false alarm probability is 2e-9 a pair.
                            Assert.InRange(Array.average (Array.map2 (*) a b) * sqrt (float n), -6.0, 6.0))

        testCase "A negative start, and one past the end of the stream, are errors that name it" (fun () ->
            let error (first: int64) (length: int) : string | null =
                Assert
                    .Throws<ArgumentOutOfRangeException>(fun () -> fill (Key.Create 1UL) 0u first length |> ignore)
                    .ParamName

            Assert.Equal("first", error -1L 0)
            Assert.Equal("first", error Int64.MaxValue 1)
            Assert.Empty(fill (Key.Create 1UL) 0u Int64.MaxValue 0))
    ]
