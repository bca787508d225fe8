/// Explicit disposal.
module Perturbed.Functional.Torch.Tests.MemoryTests

open System
open System.Diagnostics
open Expecto
open TorchSharp
open Perturbed.Functional
open Perturbed.Functional.Torch.Tests.Helpers
open Xunit

let private operators: (string * TensorOperator) list =
    [
        "core", perturb (Oracle.argmax 16) Noise.gaussian 0.9 4 |> Torch.ofSmoothed
        "core by its Jacobian",
        perturb (Oracle.argmax 16) (Noise.sumOfGamma 1.0 10 1.0) 0.9 4
        |> Torch.ofSmoothed
        "tensor operations", Torch.perturb TensorSolver.Argmax Noise.gumbel 0.9 4
    ]

let private backward (y: Tensor) (losses: Tensor) : unit =
    use squares = y * y
    use sum = squares.sum ()
    use total = losses.sum ()
    use all = sum + total
    all.backward ()

// A step number, θ and a target: values, loss and gradients.
let private steps: (string * (int -> Tensor -> Tensor -> unit)) list =
    [
        for name, operator in operators do
            name,
            fun n theta target ->
                let op = operator.WithKey(Key.create (uint64 n))
                use y = op.Maximizer theta
                use losses = op.FenchelYoung(theta, target)
                backward y losses

        let layer = new PerturbedMaximizer(snd operators[0])
        let loss = new FenchelYoungLoss(snd operators[2])
        layer.train ()
        loss.train ()

        "modules",
        fun _ theta target ->
            use y = layer.forward theta
            use mean = loss.forward (theta, target)
            backward y mean
    ]

[<Tests>]
let tests =
    testList "Memory" [
        testCase "A call leaves no tensor but its answer" (fun () ->
            // Ways through the code that the long run leaves out.
            let others: (string * TensorOperator) list =
                [
                    "antithetic, odd",
                    Torch.perturb TensorSolver.Argmax Noise.gumbel 0.9 5
                    |> Torch.withSampling SamplingDesign.Antithetic
                    "antithetic, even",
                    Torch.perturb (TensorSolver.TopK 3) (Noise.studentT 4.0) 0.9 4
                    |> Torch.withSampling SamplingDesign.Antithetic
                    "own solver",
                    Torch.perturbWith
                        VarianceReduction.Baseline
                        (TensorSolver.OfOracle("sign", fun theta -> theta.sign ()))
                        Noise.laplace
                        0.9
                        4
                    "ranking", Torch.perturb TensorSolver.Ranking Noise.cauchy 0.9 1
                    "core, exact",
                    perturb (Oracle.ranking 16) Noise.gaussian 0.9 4
                    |> Smoothed.exact
                    |> Torch.ofSmoothed
                ]

            let stepsOfOthers =
                [
                    for name, operator in others do
                        name,
                        fun (_: int) (theta: Tensor) (target: Tensor) ->
                            use y = operator.Maximizer theta

                            use losses =
                                if name = "ranking" then
                                    theta.sum -1L
                                else
                                    operator.FenchelYoung(theta, target)

                            backward y losses
                ]

            for name, step in steps @ stepsOfOthers do
                use theta = leaf (thetas 8 16 1UL)

                let oracle =
                    if name = "core, exact" then
                        Oracle.ranking 16
                    else
                        Oracle.argmax 16

                use target = tensor (Oracle.solveBatch (thetas 8 16 2UL) oracle)
                step 0 theta target
                GC.Collect()
                GC.WaitForPendingFinalizers()
                // No collection in between could hide a tensor that is left to its finalizer: what is counted is what is not disposed.
                let before = Tensor.TotalCount
                GC.TryStartNoGCRegion 100_000_000L |> ignore

                for n in 1..20 do
                    step n theta target

                let after = Tensor.TotalCount
                GC.EndNoGCRegion()
                Assert.True((before = after), $"{name}: {after - before} tensors are left."))

        testCase "A step of an operator of the core allocates nothing that grows with the batch" (fun () ->
            // The graph's own nodes are the same for any batch; what is allowed is a few numbers a row.
            let bytes (dtype: torch.ScalarType) (rows: int) (d: int) : float =
                let op =
                    perturb (Oracle.ranking d) Noise.gaussian 0.9 4
                    |> Smoothed.withThreads 1
                    |> Torch.ofSmoothed

                use theta =
                    ((tensor (thetas rows d 1UL)).to_type(dtype).detach()).requires_grad_ true

                use target =
                    (tensor (Oracle.solveBatch (thetas rows d 2UL) (Oracle.ranking d))).to_type dtype

                let step () =
                    use _ = torch.NewDisposeScope()
                    let y = op.Maximizer theta
                    let losses = op.FenchelYoung(theta, target)
                    backward y losses

                for _ in 1..5 do
                    step ()

                let before = GC.GetAllocatedBytesForCurrentThread()

                for _ in 1..20 do
                    step ()

                float (GC.GetAllocatedBytesForCurrentThread() - before) / 20.0

            for dtype in [ torch.ScalarType.Float32; torch.ScalarType.Float64 ] do
                let few, many = bytes dtype 8 16, bytes dtype 64 256

                Assert.True(
                    many - few < 56.0 * 256.0,
                    $"{dtype}: {few} bytes a step, {many} for 128 times as many numbers."
                )

                Assert.True(few < 40_000.0, $"{dtype}: {few} bytes a step."))

        testCase "Memory stays flat over 10,000 steps" (fun () ->
            // A tensor of 32 × 16 doubles that was lost in each of 8,000 steps would take 31 MiB.
            use theta = leaf (thetas 32 16 1UL)
            use target = tensor (Oracle.solveBatch (thetas 32 16 2UL) (Oracle.argmax 16))

            let resident () =
                GC.Collect()
                GC.WaitForPendingFinalizers()
                use self = Process.GetCurrentProcess()
                self.WorkingSet64

            for name, step in steps do
                let run (steps: int) =
                    for n in 1..steps do
                        step n theta target

                run 2000
                let before = resident ()
                run 8000
                let grown = resident () - before
                Assert.True(grown < (16L <<< 20), $"{name}: {grown >>> 20} MiB more."))
    ]
