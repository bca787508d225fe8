/// Batches in memory of the caller: the numbers of `Batch`, without arrays of their own.
module Perturbed.Functional.Tests.FlatBatchTests

open System
open System.Threading.Tasks
open Expecto
open Perturbed.Functional
open Perturbed.Suite
open Xunit

let private flat (values: float[,]) : float[] =
    values |> Seq.cast<float> |> Array.ofSeq

let private random (rows: int) (d: int) (key: uint64) : float[,] =
    Noise.sample d rows (Key.create key) Noise.gaussian

let private operators: (string * Smoothed) list =
    [
        "argmax", perturb (Oracle.argmax 12) Noise.gumbel 0.7 100
        "ranking", perturb (Oracle.ranking 12) Noise.gaussian 0.7 100
        "one sample", perturb (Oracle.ranking 12) Noise.gaussian 0.7 1
        "top 3",
        perturb (Oracle.topK 3 12) Noise.laplace 0.7 50
        |> Smoothed.withVarianceReduction VarianceReduction.Baseline
        "antithetic",
        perturb (Oracle.ranking 12) Noise.gaussian 0.7 50
        |> Smoothed.withSampling SamplingDesign.Antithetic
        "user's",
        perturb (Oracle.ofFunction 12 (Array.map (fun t -> if t > 0.0 then 1.0 else 0.0))) Noise.gaussian 0.7 20
        "exact", perturb (Oracle.ranking 12) Noise.gaussian 0.7 1 |> Smoothed.exact
    ]

// Answers of all members at a θ, each twice, as memory of the first call serves the second.
let private answers (soft: Smoothed) (thetas: float[]) (targets: float[]) (cotangents: float[]) : float[][] =
    let numbers (length: int) : float[] = Array.create length nan
    let rows = thetas.Length / 12

    [|
        for _ in 1..2 do
            let y = numbers thetas.Length
            FlatBatch.Maximizer(soft, ReadOnlySpan thetas, Span y)
            y
            let values, slopes = numbers rows, numbers thetas.Length
            FlatBatch.MaximumAndGradient(soft, ReadOnlySpan thetas, Span values, Span slopes)
            values
            slopes
            let losses, gradients = numbers rows, numbers thetas.Length

            FlatBatch.FenchelYoungUnchecked(
                soft,
                ReadOnlySpan thetas,
                ReadOnlySpan targets,
                Span losses,
                Span gradients
            )

            losses
            gradients
            let y', back = numbers thetas.Length, numbers thetas.Length
            use pullback = FlatBatch.Pullback(soft, ReadOnlySpan thetas, Span y')
            y'
            pullback.Back(ReadOnlySpan thetas, ReadOnlySpan cotangents, Span back)
            back
            let again = numbers thetas.Length
            pullback.Back(ReadOnlySpan thetas, ReadOnlySpan cotangents, Span again)
            again
    |]

let private expected (soft: Smoothed) (thetas: float[,]) (targets: float[,]) (cotangents: float[,]) : float[][] =
    let values, slopes = soft |> Batch.maximumAndGradient thetas

    let losses, gradients =
        soft |> FenchelYoung.valueAndGradientUnchecked thetas targets

    let y, back = soft |> Batch.pullback thetas
    let slope = flat (back cotangents)

    [|
        flat (soft |> Batch.maximizer thetas)
        values
        flat slopes
        losses |> Array.map _.Value
        flat gradients
        flat y
        slope
        slope
    |]

[<Tests>]
let tests =
    testList "FlatBatch" [
        for name, soft in operators do
            testCase $"Every member has the bits of the function on arrays: {name}" (fun () ->
                for rows in [ 0; 1; 5; 40 ] do
                    let thetas, cotangents = random rows 12 1UL, random rows 12 2UL
                    let targets = Oracle.solveBatch (random rows 12 3UL) soft.Oracle
                    let wanted = expected soft thetas targets cotangents
                    let got = answers soft (flat thetas) (flat targets) (flat cotangents)

                    for i in 0 .. got.Length - 1 do
                        Assert.Equal<float>(wanted[i % wanted.Length], got[i]))

        testCase "Calls side by side keep their numbers apart" (fun () ->
            let soft = perturb (Oracle.ranking 12) Noise.gaussian 0.7 20

            Parallel.For(
                0,
                200,
                fun i ->
                    let thetas = random (1 + i % 3) 12 (uint64 i)
                    let targets = Oracle.solveBatch thetas soft.Oracle
                    let got = answers soft (flat thetas) (flat targets) (flat thetas)
                    let wanted = expected soft thetas targets thetas

                    for j in 0 .. got.Length - 1 do
                        Assert.Equal<float>(wanted[j % wanted.Length], got[j])
            )
            |> ignore)

        sequencedCase "Calls of one size after another allocate no memory that grows with the batch" (fun () ->
            let bytes (d: int) (rows: int) : float =
                let soft =
                    perturb (Oracle.ranking d) Noise.gaussian 0.7 10 |> Smoothed.withThreads 1

                let thetas = flat (random rows d 1UL)
                let targets = flat (Oracle.solveBatch (random rows d 3UL) soft.Oracle)

                let y, values: float[] * float[] =
                    Array.zeroCreate thetas.Length, Array.zeroCreate rows

                let step () =
                    FlatBatch.Maximizer(soft, ReadOnlySpan thetas, Span y)

                    FlatBatch.FenchelYoungUnchecked(
                        soft,
                        ReadOnlySpan thetas,
                        ReadOnlySpan targets,
                        Span values,
                        Span y
                    )

                    use pullback = FlatBatch.Pullback(soft, ReadOnlySpan thetas, Span y)
                    pullback.Back(ReadOnlySpan thetas, ReadOnlySpan targets, Span y)

                for _ in 1..3 do
                    step ()

                let before = GC.GetAllocatedBytesForCurrentThread()

                for _ in 1..20 do
                    step ()

                float (GC.GetAllocatedBytesForCurrentThread() - before) / 20.0

            // Sixteen times as many numbers; a few a row are allowed.
            let few, many = bytes 50 16, bytes 200 64

            Assert.True(
                many - few < 128.0 * 48.0,
                $"{few} bytes a step, and {many} for sixteen times as many numbers."
            ))

        testCase "Wrong lengths and numbers are refused by name" (fun () ->
            let soft = perturb (Oracle.argmax 3) Noise.gaussian 0.7 5
            let numbers (n: int) : float[] = Array.zeroCreate n

            let refused (word: string) (call: unit -> unit) =
                Assert.Contains(word, Assert.ThrowsAny<ArgumentException>(call).Message)

            let maximizer (thetas: float[]) (n: int) () =
                FlatBatch.Maximizer(soft, ReadOnlySpan thetas, Span(numbers n))

            refused "thetas" (maximizer (numbers 4) 4)
            refused "thetas[1, 2]" (maximizer [| 0.0; 0.0; 0.0; 0.0; 0.0; nan |] 6)
            refused "solutions" (maximizer (numbers 6) 5)

            refused "gradients" (fun () ->
                FlatBatch.MaximumAndGradient(soft, ReadOnlySpan(numbers 6), Span(numbers 2), Span(numbers 5)))

            refused "targets[0, 1]" (fun () ->
                FlatBatch.FenchelYoungUnchecked(
                    soft,
                    ReadOnlySpan(numbers 3),
                    ReadOnlySpan [| 0.0; infinity; 0.0 |],
                    Span(numbers 1),
                    Span(numbers 3)
                ))

            refused "cotangents" (fun () ->
                use pullback = FlatBatch.Pullback(soft, ReadOnlySpan(numbers 3), Span(numbers 3))
                pullback.Back(ReadOnlySpan(numbers 3), ReadOnlySpan [| nan; 0.0; 0.0 |], Span(numbers 3)))

            // What was refused has left nothing behind.
            Assert.Equal<float>(
                flat (soft |> Batch.maximizer (Array2D.zeroCreate 1 3)),
                (let y = numbers 3
                 FlatBatch.Maximizer(soft, ReadOnlySpan(numbers 3), Span y)
                 y)
            ))
    ]
