/// Steady state: what a call allocates does not grow with the number of samples.
module Perturbed.Functional.Tests.AllocationTests

open System
open Expecto
open Perturbed.Functional
open Xunit

// What one call allocates on this thread once pools are warm: the least of several calls, because a garbage collection between two of
// them may empty the shared pools.
let allocated (call: unit -> 'a) : int64 =
    let once () =
        let before = GC.GetAllocatedBytesForCurrentThread()
        call () |> ignore
        GC.GetAllocatedBytesForCurrentThread() - before

    Seq.init 6 (fun _ -> once ()) |> Seq.min

let private operators: (string * (int -> Smoothed)) list =
    [
        "argmax, gumbel", perturb (Oracle.argmax 10) Noise.gumbel 1.0
        "ranking, gaussian", perturb (Oracle.ranking 10) Noise.gaussian 1.0
        "top 3, logistic", perturb (Oracle.topK 3 10) Noise.logistic 1.0
        "grid, laplace", perturb (Oracle.gridPath GridMoves.Eight NegativeCosts.ClampToZero 3 4) Noise.laplace 1.0
        "span function, student",
        perturb (Oracle.ofSpanFunction 10 (SpanFunction(fun t y -> t.CopyTo y))) (Noise.studentT 3.0) 1.0
        for design in
            [
                SamplingDesign.Antithetic
                SamplingDesign.Orthogonal
                SamplingDesign.AntitheticOrthogonal
                SamplingDesign.LatinHypercube 4
                SamplingDesign.Sobol 4
            ] do
            $"ranking, {design}", perturb (Oracle.ranking 10) Noise.gaussian 1.0 >> Smoothed.withSampling design
    ]

let private noGrowth (name: string) (call: Smoothed -> float[] -> 'a) =
    for oracle, make in operators do
        let measure (samples: int) =
            let op = make samples |> Smoothed.withThreads 1
            let theta = Array.init op.Oracle.Dimension (fun i -> -1.0 - float (i % 3))
            allocated (fun () -> call op theta)

        let few, many = measure 2_000, measure 20_000
        // 18,000 samples more; one byte for each would be 18,000.
        Assert.True(many - few < 1_000L, $"{name} of {oracle}: {few} bytes for 2,000 samples, {many} for 20,000")

[<Tests>]
let tests =
    testList "Robustness.Allocation" [
        testCase "The maximizer allocates nothing per sample" (fun () ->
            noGrowth "maximizer" (fun op theta -> op |> Smoothed.maximizer theta))

        testCase "The maximum and the estimate with standard errors allocate nothing per sample" (fun () ->
            noGrowth "maximum" (fun op theta -> op |> Smoothed.maximum theta)
            noGrowth "estimate" (fun op theta -> op |> Smoothed.estimate theta))

        testCase "The Fenchel-Young loss and gradient allocate nothing per sample" (fun () ->
            noGrowth "Fenchel-Young" (fun op theta ->
                op |> FenchelYoung.valueAndGradient theta (Oracle.solve theta op.Oracle)))

        testCase "Derivatives allocate nothing per sample beside the tape, which is bounded" (fun () ->
            let bare = Smoothed.withCacheBytes 0L
            noGrowth "VJP" (fun op theta -> bare op |> Smoothed.vectorJacobian theta theta)
            noGrowth "JVP" (fun op theta -> bare op |> Smoothed.jacobianVector theta theta)
            noGrowth "Jacobian" (fun op theta -> bare op |> Smoothed.jacobian theta))

        testCase "The distribution allocates for distinct solutions, not for samples" (fun () ->
            let measure (samples: int) =
                let op =
                    perturb (Oracle.argmax 4) Noise.gumbel 1.0 samples |> Smoothed.withThreads 1

                allocated (fun () -> op |> Smoothed.distribution [| 0.0; 0.1; 0.2; 0.3 |])

            Assert.True(measure 20_000 - measure 2_000 < 1_000L))

        testCase "A training step allocates neither an array of its inputs nor the optimizer's moments" (fun () ->
            let rows, features = 64, 5000

            let examples =
                Examples.create
                    (Array2D.init rows features (fun r c -> float ((r + c) % 7)))
                    (Array2D.create rows 1 0.5)

            let bytes (epochs: int) =
                let config =
                    Training.config epochs 32 Optimizer.adam (Schedule.constant 1e-3) (Key.create 1UL)

                allocated (fun () -> examples |> Training.run config (Model.linear features 1) Loss.squared)

            // Four epochs of two steps more. A step has a gradient of 40,000 bytes and half of the epoch's copy of the
            // parameters; a moment would be 40,000 more, and the inputs are 1,280,000.
            let ofStep = (bytes 6 - bytes 2) / 8L
            Assert.True(ofStep < 70_000L, $"a step allocates {ofStep} bytes"))
    ]
    |> testSequenced
