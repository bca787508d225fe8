/// Types, layouts, shapes and devices of tensors.
module Perturbed.Functional.Torch.Tests.TensorKindTests

open System
open Expecto
open TorchSharp
open Perturbed.Functional
open Perturbed.Functional.Torch.Tests.Helpers
open Xunit

let private operators: (string * TensorOperator) list =
    [
        "core", perturb (Oracle.ranking 4) Noise.gaussian 0.9 12 |> Torch.ofSmoothed
        "core, exact",
        perturb (Oracle.ranking 4) Noise.gaussian 0.9 12
        |> Smoothed.exact
        |> Torch.ofSmoothed
        "tensor operations", Torch.perturb TensorSolver.Ranking Noise.gaussian 0.9 12
    ]

// Numbers that half precision holds, so that every type sees one θ.
let private theta: float[,] =
    thetas 5 4 1UL |> Array2D.map (fun v -> Math.Round(v * 64.0) / 64.0)

let private cotangent: float[,] =
    thetas 5 4 2UL |> Array2D.map (fun v -> Math.Round(v * 64.0) / 64.0)

let private gradients (op: TensorOperator) (x: Tensor) (g: Tensor) : Tensor * Tensor * Tensor * Tensor =
    let y = op.Maximizer x
    // Rankings, which every type holds.
    let rankings = g.argsort(-1L).argsort(-1L).to_type g.dtype + (1.0).ToScalar()
    let loss = op.FenchelYoung(x, rankings)
    y, pull y g x, loss, pull loss (torch.ones_like loss) x

[<Tests>]
let tests =
    testList "TensorKind" [
        testCase "Every floating type gives the numbers of double precision, rounded" (fun () ->
            // Each entry is a sum of at most 12 rounded terms of the size of the largest, and rounded itself: 40 roundings.
            let kinds =
                [
                    torch.ScalarType.Float32, 2.0 ** -24.0
                    torch.ScalarType.Float16, 2.0 ** -11.0
                    torch.ScalarType.BFloat16, 2.0 ** -8.0
                ]

            for name, op in operators do
                for dtype, unit in kinds do
                    // The noise of tensor operations is drawn in the working type: single precision is the reference of the half ones.
                    let reference =
                        if name.StartsWith "core" then
                            torch.ScalarType.Float64
                        else
                            torch.ScalarType.Float32

                    let at (dtype: torch.ScalarType) =
                        let x = (tensor theta).to_type(dtype).detach().requires_grad_ true
                        gradients op x ((tensor cotangent).to_type dtype)

                    let e1, e2, e3, e4 = at reference
                    let a1, a2, a3, a4 = at dtype

                    for e, a in [ e1, a1; e2, a2; e3, a3; e4, a4 ] do
                        Assert.Equal(dtype, a.dtype)
                        Assert.Equal<int64[]>(e.shape, a.shape)
                        assertWithin (40.0 * unit * size (values e)) (values e) (values a))

        testCase "A tensor that is not contiguous gives the bits of its contiguous copy" (fun () ->
            for _, op in operators do
                let wide = (tensor (thetas 4 5 1UL)).t().requires_grad_ true
                Assert.False(wide.is_contiguous ())
                let y1, g1, l1, h1 = gradients op wide (tensor cotangent)

                let y2, g2, l2, h2 =
                    gradients op (wide.detach().contiguous().requires_grad_ true) (tensor cotangent)

                for a, b in [ y1, y2; g1, g2; l1, l2; h1, h2 ] do
                    Assert.Equal<float[]>(values b, values a))

        testCase
            "A view into other memory, repeated or with gaps, gives the bits of its copy and sends gradients through"
            (fun () ->
                for _, op in operators do
                    let target = op |> targetAt cotangent

                    let views: (Tensor * Tensor) list =
                        [
                            // One row in memory for five.
                            let row = (leaf (thetas 1 4 1UL)) in
                            row, row.expand (5L, 4L)
                            // Every second number of every row, from the middle of a larger tensor.
                            let wide = leaf (thetas 7 8 1UL) in
                            wide, wide.narrow(0L, 1L, 5L).slice(1L, 0L, 8L, 2L)
                            let long = leaf (thetas 7 6 1UL) in
                            long, long.narrow(0L, 1L, 5L).narrow(1L, 2L, 4L)
                        ]

                    for source, view in views do
                        let copy = (view.detach().clone()).requires_grad_ true
                        let y, z = op.Maximizer view, op.Maximizer copy
                        Assert.Equal<float[]>(values z, values y)
                        // The rows of a repeated one add up in the gradient of the one.
                        let through = pull y target source
                        let expected = pull view (pull z target copy) source
                        Assert.Equal<float[]>(values expected, values through)

                        // Targets are views as well.
                        let turned = target.t().contiguous().t()

                        Assert.Equal<float[]>(
                            op.FenchelYoung(copy, target) |> values,
                            op.FenchelYoung(view, turned) |> values
                        ))

        testCase "A vector has a loss of no dimensions, whose gradient is that of a row" (fun () ->
            for _, op in operators do
                let x = leaf (thetas 1 4 1UL)
                let vector = x.detach().reshape(4L).requires_grad_ true
                let target = op |> targetAt (thetas 1 4 2UL)
                let loss = op.FenchelYoung(vector, target.reshape 4L)
                Assert.Empty loss.shape
                let row = op.FenchelYoung(x, target)
                Assert.Equal<float[]>(values row, values loss)
                let expected = pull row (torch.ones_like row) x |> values
                Assert.Equal<float[]>(expected, pull loss (torch.ones_like loss) vector |> values)
                Assert.Empty(op.Maximum(vector).shape))

        testCase "A scalar and rows of no numbers are refused by name" (fun () ->
            for _, op in operators do
                for shape, words in [ [||], "scalar"; [| 0L |], "[0]"; [| 3L; 0L |], "[3, 0]" ] do
                    let theta = torch.zeros (shape, dtype = float64)

                    let calls: (unit -> Tensor) list =
                        [
                            fun () -> op.Maximizer theta
                            fun () -> op.Maximum theta
                            fun () -> op.FenchelYoung(theta, theta)
                        ]

                    for call in calls do
                        let e = Assert.ThrowsAny<ArgumentException>(fun () -> call () |> ignore)
                        Assert.Equal("theta", e.ParamName)
                        Assert.Contains(words, e.Message))

        testCase "Leading dimensions are rows in row-major order, and a vector is one row" (fun () ->
            for _, op in operators do
                let flat = tensor (thetas 6 4 1UL)
                let cube = op.Maximizer(flat.reshape (2L, 3L, 4L))
                Assert.Equal<int64[]>([| 2L; 3L; 4L |], cube.shape)
                Assert.Equal<float[]>(op.Maximizer flat |> values, values cube)
                Assert.Equal<int64[]>([| 2L; 3L |], op.Maximum(flat.reshape (2L, 3L, 4L)).shape)
                let vector = op.Maximizer(flat[0])
                Assert.Equal<int64[]>([| 4L |], vector.shape)
                Assert.Equal<float[]>(op.Maximizer(flat[0].unsqueeze 0L) |> values, values vector)
                Assert.Empty(op.FenchelYoung(flat[0], vector.detach ()).shape))

        testCase "A batch of no rows has an answer of no rows and a gradient" (fun () ->
            for _, op in operators do
                let x = torch.zeros ([| 0L; 4L |], dtype = float64, requires_grad = true)
                let y, g, l, h = gradients op x (torch.zeros ([| 0L; 4L |], dtype = float64))

                for t, shape in [ y, [| 0L; 4L |]; g, [| 0L; 4L |]; l, [| 0L |]; h, [| 0L; 4L |] ] do
                    Assert.Equal<int64[]>(shape, t.shape))

        testCase "Where no gradient is asked for none is recorded, and the value is the same" (fun () ->
            for _, op in operators do
                let recorded = op.Maximizer(leaf theta)
                Assert.True(recorded.requires_grad)
                let plain = op.Maximizer(tensor theta)
                Assert.False(plain.requires_grad)
                Assert.Equal<float[]>(values recorded, values plain)
                use _ = torch.no_grad ()
                Assert.False(op.Maximizer(leaf theta).requires_grad)
                Assert.False(op.FenchelYoung(leaf theta, op |> targetAt cotangent).requires_grad))

        testCase "A batch on another device stays there and has the CPU's numbers" (fun () ->
            if torch.cuda.is_available () then
                let device = torch.device "cuda"

                for name, op in operators do
                    let x = (leaf theta).``to``(device).detach().requires_grad_ true
                    let y, g, l, h = gradients op x ((tensor cotangent).``to`` device)

                    for t in [ y; g; l; h ] do
                        Assert.Equal(DeviceType.CUDA, t.device_type)

                    // There is no look at the numbers there, and no answer that looks right.
                    if not (name.StartsWith "core") then
                        let bad =
                            torch.tensor([| 1.0; nan; 0.0; 2.0; 1.0; 4.0; 3.0; 2.0 |]).reshape(2L, 4L).``to`` device

                        for z in [ op.Maximizer bad; op.Maximizer(bad.clone().requires_grad_ true) ] do
                            let z = values z
                            Assert.All(z[..3], fun v -> Assert.True(Double.IsNaN v))
                            Assert.All(z[4..], fun v -> Assert.True(Double.IsFinite v))

                    if name.StartsWith "core" then
                        let y', g', l', h' = gradients op (leaf theta) (tensor cotangent)

                        // The same sums on another processor: 1e-12 is hundreds of roundings.
                        for a, b in [ y, y'; g, g'; l, l'; h, h' ] do
                            assertWithin (1e-12 * size (values b)) (values b) (values a))
    ]
