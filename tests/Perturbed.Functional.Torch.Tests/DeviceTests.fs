/// What a GPU is to show, on the device that TORCH_DEVICE names: cpu unless it says cuda. scripts/test-gpu.sh runs these.
module Perturbed.Functional.Torch.Tests.DeviceTests

open System
open Expecto
open TorchSharp
open Perturbed.Functional
open Perturbed.Functional.Torch.Tests.Helpers
open Xunit

let private device: torch.Device =
    match Environment.GetEnvironmentVariable "TORCH_DEVICE" with
    | null
    | "" -> torch.CPU
    | name -> torch.device name

let private copies = 4000

// Costs, which paths take as they are; the others take any sign.
let private row = [| -1.0; -0.6; -1.1; -0.2; -0.9; -1.3; -0.4; -0.8; -0.7 |]

let private cotangent = [| 1.0; -2.0; 0.5; 3.0; -1.0; 0.3; 0.7; -0.4; 2.0 |]

let private clamp = NegativeCosts.ClampToZero

let private pairs: (TensorSolver * Oracle) list =
    [
        TensorSolver.Argmax, Oracle.argmax 9
        TensorSolver.TopK 4, Oracle.topK 4 9
        TensorSolver.Ranking, Oracle.ranking 9
        TensorSolver.GridPath(GridMoves.RightDown, 3, 3), Oracle.rightDownPath 3 3
        TensorSolver.GridPath(GridMoves.Four, 3, 3), Oracle.gridPath GridMoves.Four clamp 3 3
        TensorSolver.GridPath(GridMoves.Eight, 3, 3), Oracle.gridPath GridMoves.Eight clamp 3 3
    ]

let private there (numbers: float[,]) (dtype: torch.ScalarType) : Tensor =
    ((tensor numbers).to_type(dtype).``to`` device).detach()

let private differences (a: float[,]) (b: float[,]) : float[,] =
    Array2D.mapi (fun r i v -> v - b[r, i]) a

// Columns whose entries are not all one number.
let private varying (numbers: float[,]) : float[,] =
    let columns =
        [|
            for i in 0 .. Array2D.length2 numbers - 1 do
                if Array.exists ((<>) numbers[0, i]) numbers[*, i] then
                    i
        |]

    Array2D.init (Array2D.length1 numbers) columns.Length (fun r c -> numbers[r, columns[c]])

[<Tests>]
let tests =
    testList "Device" [
        for dtype in [ torch.ScalarType.Float32; torch.ScalarType.Float64 ] do
            testCase $"Solvers on the device have the values and derivatives of the core's oracles: {dtype}" (fun () ->
                let rows = Array2D.init copies 9 (fun _ i -> row[i])

                for solver, oracle in pairs do
                    for noise in [ Noise.gaussian; Noise.gumbel ] do
                        let x = (there rows dtype).requires_grad_ true
                        let y = Torch.perturb solver noise 0.5 8 |> Torch.maximizer x
                        Assert.Equal(device.``type``, y.device_type)
                        let g = torch.tensor(cotangent).to_type(dtype).``to`` device
                        let gradient = pull y (g.expand_as y) x

                        let mean, back = perturb oracle noise 0.5 8 |> Batch.pullback rows
                        let slope = back (Array2D.init copies 9 (fun _ i -> cotangent[i]))

                        // 24 · 18 means of independent replicates: five standard errors each, a false alarm below 3e-4.
                        let zeros (m: float[,]) : float[] = Array.zeroCreate (Array2D.length2 m)
                        let values = varying (differences (matrix y) mean)
                        let slopes = varying (differences (matrix gradient) slope)
                        assertMeans 5.0 (zeros values) values
                        assertMeans 5.0 (zeros slopes) slopes)

        testCase "Sorting on the device sorts" (fun () ->
            let rows = thetas 20 9 1UL
            let x = there rows torch.ScalarType.Float64

            let y =
                Torch.perturb TensorSolver.Sorting Noise.gaussian 1e-9 1
                |> Torch.maximizer x
                |> matrix

            for r in 0..19 do
                assertWithin 1e-7 (Array.sort rows[r, *]) y[r, *])

        testCase "The same key gives the same bits on the device, and another key others" (fun () ->
            let x = there (thetas 20 9 1UL) torch.ScalarType.Float32

            for solver, _ in pairs do
                let at (key: uint64) =
                    Torch.perturb solver Noise.gaussian 0.7 30
                    |> Torch.withKey (Key.create key)
                    |> Torch.maximizer x
                    |> values

                Assert.Equal<float>(at 1UL, at 1UL)
                Assert.NotEqual<float>(at 1UL, at 2UL))

        testCase "Operators of the core take θ on the device and leave gradients there" (fun () ->
            let rows = thetas 20 9 1UL
            let soft = perturb (Oracle.ranking 9) Noise.gaussian 0.7 30
            let mean, back = soft |> Batch.pullback rows
            let x = (there rows torch.ScalarType.Float64).requires_grad_ true
            let y = soft |> Torch.ofSmoothed |> Torch.maximizer x
            let g = thetas 20 9 2UL
            let gradient = pull y ((tensor g).``to`` device) x
            Assert.Equal(device.``type``, gradient.device_type)
            Assert.Equal<float>(flatten mean, values y)
            Assert.Equal<float>(flatten (back g), values gradient))

        testCase "Training through a loss on the device lowers it" (fun () ->
            torch.manual_seed 1L |> ignore
            use layer = torch.nn.Linear(6L, 9L)
            let model = layer.``to`` device
            use optimizer = torch.optim.Adam(model.parameters (), 0.05)
            use inputs = there (thetas 64 6 1UL) torch.ScalarType.Float32
            let op = Torch.perturb TensorSolver.Ranking Noise.gaussian 0.5 4
            use loss = new FenchelYoungLoss(op)
            loss.train ()
            use hidden = there (thetas 6 9 2UL) torch.ScalarType.Float32

            use ranks =
                (Torch.perturb TensorSolver.Ranking Noise.gaussian 1e-6 1
                 |> Torch.maximizer (inputs.matmul hidden))
                    .detach()

            let step () =
                use _ = torch.NewDisposeScope()
                optimizer.zero_grad ()
                let value = loss.forward (model.forward inputs, ranks)
                value.backward ()
                optimizer.step () |> ignore
                float (value.item<float32>())

            let first = step ()

            for _ in 1..60 do
                step () |> ignore

            Assert.True(step () < 0.5 * first)
            Assert.Equal(62L, loss.Step))

        testCase "θ that is not finite gives NaN on a GPU and an error on the CPU" (fun () ->
            let numbers = array2D [ [ 1.0; nan; 2.0 ]; [ 1.0; 2.0; 3.0 ] ]
            let x = there numbers torch.ScalarType.Float32
            let op = Torch.perturb TensorSolver.Argmax Noise.gaussian 0.5 4

            if device.``type`` = DeviceType.CPU then
                Assert.ThrowsAny<ArgumentException>(fun () -> op |> Torch.maximizer x |> ignore)
                |> ignore
            else
                let y = op |> Torch.maximizer x |> matrix
                Assert.True(Double.IsNaN y[0, 0])
                Assert.False(Double.IsNaN y[1, 0]))
    ]
