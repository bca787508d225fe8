/// What operators refuse, and in which words; what they take without harm.
module Perturbed.Functional.Torch.Tests.InputTests

open System
open Expecto
open TorchSharp
open Perturbed.Functional
open Perturbed.Functional.Torch.Tests.Helpers
open Xunit

let private operators: (string * TensorOperator) list =
    [
        "core", perturb (Oracle.ranking 3) Noise.gaussian 0.9 4 |> Torch.ofSmoothed
        "tensor operations", Torch.perturb TensorSolver.Ranking Noise.gaussian 0.9 4
    ]

let private refused (parameter: string) (words: string list) (act: unit -> obj) : unit =
    let e = Assert.ThrowsAny<ArgumentException>(fun () -> act () |> ignore)
    Assert.Equal(parameter, e.ParamName)

    for word in words do
        Assert.Contains(word, e.Message)

let private fine () : Tensor =
    torch.tensor([| 1.0; 4.0; 0.0; 1.0; 2.0; 3.0 |]).reshape(2L, 3L)

// Row 1, place 2 is not a number to calculate with.
let private spoilt (value: float) (dtype: torch.ScalarType) : Tensor =
    torch.tensor([| 1.0; 4.0; 0.0; 1.0; 2.0; value |]).reshape(2L, 3L).to_type dtype

[<Tests>]
let tests =
    testList "Input" [
        testCase "NaN and infinities are refused by row and place, recorded or not" (fun () ->
            for _, op in operators do
                for value, word in [ nan, "NaN"; infinity, "Infinity"; -infinity, "-Infinity" ] do
                    for dtype in
                        [
                            torch.ScalarType.Float64
                            torch.ScalarType.Float32
                            torch.ScalarType.Float16
                            torch.ScalarType.BFloat16
                        ] do
                        let bad = spoilt value dtype
                        let words (name: string) = [ $"{name}[1, 2] is {word}"; "row 1" ]
                        refused "theta" (words "theta") (fun () -> op.Maximizer bad)
                        refused "theta" (words "theta") (fun () -> op.Maximizer(bad.clone().requires_grad_ true))
                        refused "theta" (words "theta") (fun () -> op.Maximum bad)
                        refused "theta" (words "theta") (fun () -> op.FenchelYoung(bad, fine ()))
                        refused "target" (words "target") (fun () -> op.FenchelYoung(fine (), bad)))

        testCase "Types, shapes and layouts that do not fit are refused by name" (fun () ->
            for _, op in operators do
                let whole = (fine ()).to_type torch.ScalarType.Int64
                let complex = (fine ()).to_type torch.ScalarType.ComplexFloat64
                let sparse = sparseIdentity ()
                let narrow = torch.zeros ([| 2L; 2L |], dtype = float64)
                let missing = Unchecked.defaultof<Tensor>

                for bad, words in
                    [
                        whole, [ "Int64"; "floating" ]
                        complex, [ "Complex" ]
                        sparse, [ "sparse" ]
                        missing, [ "null" ]
                    ] do
                    refused "theta" words (fun () -> op.Maximizer bad)
                    refused "theta" words (fun () -> op.Maximum bad)
                    refused "theta" words (fun () -> op.FenchelYoung(bad, fine ()))

                for bad, words in
                    [
                        complex, [ "Complex"; "real" ]
                        sparse, [ "sparse" ]
                        narrow, [ "[2, 2]"; "theta has [2, 3]" ]
                        missing, [ "null" ]
                    ] do
                    refused "target" words (fun () -> op.FenchelYoung(fine (), bad))

            // A solver in tensor operations has no dimension of its own.
            refused "theta" [ "[2, 2]"; "'ranking'"; "3" ] (fun () ->
                (snd operators[0]).Maximizer(torch.zeros [| 2L; 2L |])))

        testCase "Targets of whole numbers and of truth values are numbers" (fun () ->
            let ranks = torch.tensor([| 2.0; 3.0; 1.0; 1.0; 2.0; 3.0 |]).reshape(2L, 3L)
            let marks = torch.tensor([| 0.0; 1.0; 0.0; 0.0; 0.0; 1.0 |]).reshape(2L, 3L)

            let argmax = perturb (Oracle.argmax 3) Noise.gaussian 0.9 4 |> Torch.ofSmoothed

            for op, targets in
                [
                    snd operators[0],
                    [ ranks, torch.ScalarType.Int64; ranks, torch.ScalarType.Byte; ranks, torch.ScalarType.Float16 ]
                    snd operators[1], [ ranks, torch.ScalarType.Int64; marks, torch.ScalarType.Bool ]
                    argmax, [ marks, torch.ScalarType.Bool; marks, torch.ScalarType.Byte ]
                ] do
                for target, dtype in targets do
                    let x, y = (fine ()).requires_grad_ true, (fine ()).requires_grad_ true

                    let expected, actual =
                        op.FenchelYoung(x, target), op.FenchelYoung(y, target.to_type dtype)

                    Assert.Equal<float[]>(values expected, values actual)

                    Assert.Equal<float[]>(
                        pull expected (torch.ones_like expected) x |> values,
                        pull actual (torch.ones_like actual) y |> values
                    ))

        testCase
            "A target outside of the hull of a core oracle's solutions is refused by row and entry, and means in every type are not"
            (fun () ->
                let core = snd operators[0]

                for dtype in [ torch.ScalarType.Float64; torch.ScalarType.Float32; torch.ScalarType.Int64 ] do
                    let ranks =
                        (torch.tensor([| 1.0; 2.0; 3.0; 2.0; 0.0; 1.0 |]).reshape(2L, 3L)).to_type dtype

                    refused "target" [ "target, row 1, is outside"; "entry 1 is 0; ranks run from 1 to 3" ] (fun () ->
                        core.FenchelYoung(fine (), ranks))

                for dtype in
                    [
                        torch.ScalarType.Float64
                        torch.ScalarType.Float32
                        torch.ScalarType.Float16
                        torch.ScalarType.BFloat16
                    ] do
                    let mean = (core |> targetAt (thetas 2 3 7UL)).to_type dtype
                    Assert.Equal<int64[]>([| 2L |], core.FenchelYoung(fine (), mean).shape))

        testCase
            "A target that passed in a coarser type is looked at again in a finer one, and one that is refused is refused again"
            (fun () ->
                let core = snd operators[0]
                // Off by 2⁻⁹, which half precision holds: within its rounding, beyond that of double.
                let coarse =
                    torch.tensor([| 1.0; 2.0; 3.0; 1.0; 2.0; 3.001953125 |]).reshape(2L, 3L)

                core.FenchelYoung(fine (), coarse.to_type torch.ScalarType.Float16) |> ignore

                for _ in 1..2 do
                    refused "target" [ "target, row 1, is outside" ] (fun () -> core.FenchelYoung(fine (), coarse))

                Assert.Equal<int64[]>(
                    [| 2L |],
                    core.WithUncheckedTargets().WithSamples(3).FenchelYoung(fine (), coarse).shape
                ))

        testCase "Under multiplicative noise targets may be anywhere" (fun () ->
            let op =
                perturb (Oracle.ranking 3) Noise.gaussian 0.9 4
                |> Smoothed.withPerturbation Perturbation.Multiplicative
                |> Torch.ofSmoothed

            Assert.Equal<int64[]>([| 2L |], op.FenchelYoung(fine (), fine ()).shape))

        testCase "No gradient flows into a target" (fun () ->
            for _, op in operators do
                let target = (op |> targetAt (thetas 2 3 7UL)).requires_grad_ true
                Assert.False(op.FenchelYoung(fine (), target).requires_grad)
                let theta = (fine ()).requires_grad_ true
                op.FenchelYoung(theta, target).sum().backward()
                Assert.Equal<float[]>(op.Maximizer(fine ()) - target |> values, left theta |> values)
                Assert.Null(left target))

        testCase "A solver of a user's own may spoil what it is given, and neither θ nor the answer changes" (fun () ->
            let clean = TensorSolver.OfOracle("clean", fun t -> t.sign ())

            let spoiling =
                [
                    TensorSolver.OfOracle("in place", fun t -> t.sign_ ())
                    TensorSolver.OfOracle(
                        "disposes",
                        fun t ->
                            let y = t.sign ()
                            t.Dispose()
                            y
                    )
                ]

            for solver in spoiling do
                // One sample asks for the solution at θ itself.
                for samples in [ 1; 5 ] do
                    let answers (solver: TensorSolver) =
                        let op = Torch.perturb solver Noise.gaussian 1.0 samples
                        let x = leaf (thetas 3 4 1UL)

                        let y, loss, maximum =
                            op.Maximizer x, op.FenchelYoung(x, tensor (thetas 3 4 2UL)), op.Maximum x

                        let g = pull y (tensor (thetas 3 4 5UL)) x
                        Assert.Equal<float[]>(flatten (thetas 3 4 1UL), values x)
                        [ y; loss; maximum; g ] |> List.map values

                    Assert.Equal<float[] list>(answers clean, answers solver))

        testCase "Nothing is refused by its name" (fun () ->
            refused "smoothed" [] (fun () -> TensorOperator.Of(Unchecked.defaultof<Smoothed>))
            refused "smoothed" [] (fun () -> TensorOperator.Of(Unchecked.defaultof<CSharp.Smoothed>))

            refused "solver" [] (fun () ->
                TensorOperator.Of(Unchecked.defaultof<TensorSolver>, Noise.gaussian, 1.0, 2))

            refused "noise" [] (fun () -> TensorOperator.Of(TensorSolver.Argmax, Unchecked.defaultof<_>, 1.0, 2))
            refused "name" [] (fun () -> TensorSolver.OfOracle(Unchecked.defaultof<string>, fun t -> t))
            refused "solve" [] (fun () -> TensorSolver.OfOracle("own", Unchecked.defaultof<_>))
            refused "f" [] (fun () -> TensorSolver.OfFunction("own", Unchecked.defaultof<_>))
            refused "operator" [] (fun () -> new PerturbedMaximizer(Unchecked.defaultof<TensorOperator>))
            refused "smoothed" [] (fun () -> new PerturbedMaximizer(Unchecked.defaultof<Smoothed>))
            refused "smoothed" [] (fun () -> new FenchelYoungLoss(Unchecked.defaultof<CSharp.Smoothed>))
            refused "operator" [] (fun () -> new FenchelYoungLoss(Unchecked.defaultof<TensorOperator>))

            refused "sampling" [] (fun () ->
                (snd operators[0]).WithSampling(Unchecked.defaultof<CSharp.SamplingDesign>))

            refused "reduction" [ "7" ] (fun () ->
                new FenchelYoungLoss(snd operators[0], LanguagePrimitives.EnumOfValue 7L))

            refused "varianceReduction" [ "7" ] (fun () ->
                TensorOperator.Of(TensorSolver.Argmax, Noise.gaussian, 1.0, 2, enum 7))

            use layer = new PerturbedMaximizer(snd operators[0])
            refused "value" [] (fun () -> box (layer.Operator <- Unchecked.defaultof<_>)))
    ]
