module Perturbed.Kernels.Tests.MatrixProductTests

open System
open System.Runtime.Intrinsics
open Expecto
open FsCheck
open FsCheck.FSharp
open Perturbed.Kernels
open Perturbed.Suite
open Xunit

/// Every entry by its definition: one chain of fused multiply-adds from k = 0.
let private naive (entryA: int -> int -> float) (entryB: int -> int -> float) (rows: int) (inner: int) (columns: int) =
    Array.init (rows * columns) (fun at ->
        let i, j = at / columns, at % columns
        let mutable sum = 0.0

        for k in 0 .. inner - 1 do
            sum <- Math.FusedMultiplyAdd(entryA i k, entryB k j, sum)

        sum)

let private drawn (count: int) (seed: int) : float[] =
    let random = Random seed
    Array.init count (fun _ -> (random.NextDouble() - 0.5) * Math.Pow(10.0, float (random.Next(-3, 4))))

type private Shape =
    {
        Rows: int
        Inner: int
        Columns: int
        Threads: int
        Seed: int
    }

/// Sides from 0 to beyond every block, so that each tile, block and stripe ends inside and at its edge.
let private shapes =
    gen {
        let side = Gen.frequency [ 4, Gen.choose (0, 60); 1, Gen.choose (61, 210) ]
        let! rows = side
        let! inner = Gen.frequency [ 4, Gen.choose (0, 60); 1, Gen.choose (185, 400) ]
        let! columns = Gen.frequency [ 8, side; 1, Gen.choose (470, 500) ]
        let! threads = Gen.choose (1, 5)
        let! seed = Gen.choose (0, 1000000)

        return
            {
                Rows = rows
                Inner = inner
                Columns = columns
                Threads = threads
                Seed = seed
            }
    }

let private forAllShapes (law: Shape -> unit) : Property = Prop.forAll (Arb.fromGen shapes) law

// One stripe by the vectors of one width, whatever the machine prefers.
let private stripe (width: int) (a: float[]) (b: float[]) (s: Shape) : float[] =
    let m, k, n = s.Rows, s.Inner, s.Columns
    let c = Array.create (m * n) nan

    match width with
    | 512 -> Stripe<Width512, Vector512<float>>.Multiply(&a[0], k, 1, &b[0], n, 1, &c[0], n, m, k, n)
    | 256 -> Stripe<Width256, Vector256<float>>.Multiply(&a[0], k, 1, &b[0], n, 1, &c[0], n, m, k, n)
    | _ -> Stripe<Width128, Vector128<float>>.Multiply(&a[0], k, 1, &b[0], n, 1, &c[0], n, m, k, n)

    c

[<Tests>]
let tests =
    testList "MatrixProduct" [
        property
            150
            "every product has the bits of the chains of its definition for any shape and number of threads"
            (fun () ->
                forAllShapes (fun s ->
                    let m, k, n = s.Rows, s.Inner, s.Columns
                    let a, b = drawn (m * k) s.Seed, drawn (k * n) (s.Seed + 1)
                    let result () = Array.create (m * n) nan

                    let plain, left, right = result (), result (), result ()
                    MatrixProduct.Multiply(a, b, plain, m, k, n, s.Threads)
                    MatrixProduct.TransposeMultiply(a, b, left, m, k, n, s.Threads)
                    MatrixProduct.MultiplyTranspose(a, b, right, m, k, n, s.Threads)
                    let rowMajor (x: float[]) width i j = x[i * width + j]
                    let transposed (x: float[]) width i j = x[j * width + i]
                    Assert.Equal<float[]>(naive (rowMajor a k) (rowMajor b n) m k n, plain)
                    Assert.Equal<float[]>(naive (transposed a m) (rowMajor b n) m k n, left)
                    Assert.Equal<float[]>(naive (rowMajor a k) (transposed b k) m k n, right)))

        property 150 "vectors of every width give the same bits" (fun () ->
            forAllShapes (fun s ->
                if s.Rows * s.Inner * s.Columns > 0 then
                    let a, b = drawn (s.Rows * s.Inner) s.Seed, drawn (s.Inner * s.Columns) (s.Seed + 1)
                    let widest = stripe 512 a b s
                    Assert.Equal<float[]>(widest, stripe 256 a b s)
                    Assert.Equal<float[]>(widest, stripe 128 a b s)))

        testCase "a large product has the same bits on one thread and on many, by rows and by columns" (fun () ->
            for m, k, n in [ 301, 130, 97; 97, 130, 301; 24, 1000, 49; 1, 700, 1001 ] do
                let a, b = drawn (m * k) 1, drawn (k * n) 2

                let product threads =
                    let c = Array.create (m * n) nan
                    MatrixProduct.Multiply(a, b, c, m, k, n, threads)
                    c

                let alone = product 1

                for threads in [ 2; 3; 7; 64 ] do
                    Assert.Equal<float[]>(alone, product threads))

        sequencedCase "a product on one thread allocates nothing" (fun () ->
            let a, b, c = drawn 6400 1, drawn 6400 2, Array.zeroCreate<float> 6400

            let allocated =
                Allocation.steadyState (fun () -> MatrixProduct.Multiply(a, b, c, 80, 80, 80, 1))

            Assert.Equal(0L, allocated))

        testCase "a span of a wrong length is refused with the shape it should have" (fun () ->
            let six = Array.zeroCreate<float> 6

            let refused (name: string) (call: unit -> unit) =
                let error = Assert.Throws<ArgumentException>(name, Action call)
                Assert.StartsWith($"{name} has length 6; its shape ", error.Message)

            refused "a" (fun () -> MatrixProduct.Multiply(six, six, six, 2, 2, 3, 1))
            refused "b" (fun () -> MatrixProduct.TransposeMultiply(six, six, six, 2, 3, 3, 1))
            refused "result" (fun () -> MatrixProduct.MultiplyTranspose(six, six, six, 2, 3, 2, 1))

            let four = Array.zeroCreate<float> 4

            let none () =
                MatrixProduct.Multiply(six, six, four, 2, 3, 2, 0)

            Assert.Throws<ArgumentOutOfRangeException>("threads", none) |> ignore)
    ]
