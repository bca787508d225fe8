/// Dense products, for scripts/compare-blas.sh to set beside those of numpy.
module Perturbed.Functional.Benchmarks.Products

open System
open System.IO
open Perturbed.Functional
open Perturbed.Kernels

let private gaussian (count: int) (key: uint64) : float[] =
    let z = Noise.gaussian |> Noise.sample count 1 (Key.create key)
    let flat = Array.zeroCreate count
    Buffer.BlockCopy(z, 0, flat, 0, 8 * count)
    flat

/// Name of the variant, then rows, inner and columns. The last three are a layer of a network: its value and its two gradients.
let private cases: (string * int * int * int) list =
    [
        "AB", 256, 256, 256
        "AB", 512, 512, 512
        "AB", 1024, 1024, 1024
        "AB", 257, 263, 269
        "AtB", 512, 512, 512
        "ABt", 512, 512, 512
        "AB", 10080, 432, 128
        "AtB", 432, 10080, 128
        "ABt", 10080, 128, 432
    ]

let private product (variant: string) (a: float[]) (b: float[]) (c: float[]) (m: int) (k: int) (n: int) (threads: int) =
    match variant with
    | "AB" -> MatrixProduct.Multiply(a, b, c, m, k, n, threads)
    | "AtB" -> MatrixProduct.TransposeMultiply(a, b, c, m, k, n, threads)
    | _ -> MatrixProduct.MultiplyTranspose(a, b, c, m, k, n, threads)

let private write (path: string) (numbers: float[]) : unit =
    File.WriteAllBytes(path, Runtime.InteropServices.MemoryMarshal.AsBytes(ReadOnlySpan numbers).ToArray())

/// Measures each case on two threads; matrices go to files of doubles in `folder`, JSON lines to standard output.
let compare (seconds: float) (folder: string) : unit =
    for variant, m, k, n in cases do
        let a, b, c = gaussian (m * k) 1UL, gaussian (k * n) 2UL, Array.zeroCreate (m * n)
        let name = $"{variant} {m}x{k}x{n}"
        write (Path.Combine(folder, $"{name} a")) a
        write (Path.Combine(folder, $"{name} b")) b
        let time = Clock.least seconds (fun () -> product variant a b c m k n 2)
        let norm = sqrt (Sums.OfSquares(ReadOnlySpan c, 0.0))

        printfn
            "{\"case\":\"%s\",\"variant\":\"%s\",\"m\":%d,\"k\":%d,\"n\":%d,\"seconds\":%.9g,\"value\":%.17g}"
            name
            variant
            m
            k
            n
            time
            norm
