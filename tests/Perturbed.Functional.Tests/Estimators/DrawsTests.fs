/// Draws: the samples of an operator, from which derivatives are plain sums.
module Perturbed.Functional.Tests.DrawsTests

open System
open Expecto
open Perturbed.Functional
open Perturbed.Functional.Tests.Theory
open Xunit

let private random (rows: int) (columns: int) (seed: uint64) : float[,] =
    Noise.gaussian |> Noise.sample columns rows (Key.create seed)

let private reductions =
    [ VarianceReduction.None; VarianceReduction.Baseline; VarianceReduction.LeaveOneOut ]

let private operators: Smoothed list =
    [
        for reduction in reductions do
            for op in
                [
                    perturb (Oracle.argmax 4) Noise.gumbel 0.7 300
                    perturb (Oracle.ranking 4) Noise.gaussian 0.7 300
                    |> Smoothed.withEpsilons [| 0.5; 0.7; 1.0; 1.5 |]
                    perturb (Oracle.topK 2 4) (Noise.studentT 4.0) 0.7 1
                    perturb (Oracle.ranking 4) Noise.gaussian 0.4 300
                    |> Smoothed.withPerturbation Perturbation.Multiplicative
                    perturb (Oracle.clusters LinkConstraints.None 2 (Graph.Complete 3)) Noise.logistic 0.7 77
                    for noise in [ Noise.gaussian; Designs.correlated ] do
                        for design in Designs.on noise do
                            // The last group is shorter.
                            perturb (Oracle.ranking 4) noise 0.7 301 |> Smoothed.withSampling design
                ] do
                op |> Smoothed.withVarianceReduction reduction
    ]

let private scale (op: Smoothed) (thetas: float[,]) (row: int) (j: int) : float =
    let epsilon = op.Epsilon[j % op.Epsilon.Length]

    match op.Perturbation with
    | Perturbation.Additive -> epsilon
    | Perturbation.Multiplicative -> epsilon * thetas[row, j]

[<Tests>]
let tests =
    testList "Estimators.Draws" [
        testCase "The Jacobian is a plain sum over draws, for every design, baseline and perturbation" (fun () ->
            for op in operators do
                let thetas = random 3 op.Oracle.Dimension 5UL
                let draws = op |> Batch.draws thetas

                op
                |> Batch.jacobian thetas
                |> Array3D.iteri (fun row i j expected ->
                    let terms =
                        Array.init op.Samples (fun m -> draws.Centred[row, m, i] * draws.Scores[row, m, j])

                    let divisor = draws.Denominator * scale op thetas row j
                    // Two orders of a few hundred terms.
                    let rounding = 1e-13 * Array.sumBy abs terms / abs divisor
                    let actual = Array.sum terms / divisor

                    Assert.True(
                        abs (actual - expected) <= rounding,
                        $"{op}, {op.VarianceReduction}: {actual}, {expected}"
                    )))

        testCase
            "Draws are the samples of the operator, their noise, their scores, and their mean to the bit"
            (fun () ->
                for op in operators do
                    let d, k = op.Oracle.Dimension, op.Oracle.SolutionDimension
                    let thetas = random 3 d 5UL
                    let draws = op |> Batch.draws thetas
                    let solutions = op |> Batch.samples thetas
                    Assert.Equal<float[,]>(op |> Batch.maximizer thetas, draws.Maximizer)

                    for row in 0..2 do
                        let here = op |> Smoothed.withFirstRow (int64 row)

                        let rowOf (values: float[,,]) (width: int) =
                            Array.init op.Samples (fun m -> Array.init width (fun i -> values[row, m, i]))

                        Assert.Equal<float[][]>(Designs.noiseOf here, rowOf draws.Noise d)

                        if row = 0 then
                            Assert.Equal<float[][]>(Designs.scoresOf here, rowOf draws.Scores d)

                        let groups = Designs.groupsOf here
                        let y = rowOf solutions k

                        let baseline (group: int[]) (i: int) : float =
                            match op.VarianceReduction with
                            | VarianceReduction.None -> 0.0
                            | VarianceReduction.LeaveOneOut when groups.Length > 1 ->
                                let others =
                                    if op.Sampling = SamplingDesign.Independent then
                                        [| 0 .. op.Samples - 1 |]
                                    else
                                        Array.except group [| 0 .. op.Samples - 1 |]

                                others |> Array.averageBy (fun m -> y[m][i])
                            | _ -> (op.Oracle |> Oracle.solve thetas[row, *])[i]

                        for group in groups do
                            for i in 0 .. k - 1 do
                                let c = baseline group i

                                for m in group do
                                    Assert.Equal(y[m][i] - c, draws.Centred[row, m, i], 1e-12))

        testCase "The maximum with its gradient is the maximum and the maximizer, to the bit" (fun () ->
            for op in operators do
                if op.Oracle.SolutionDimension = op.Oracle.Dimension then
                    let thetas = random 3 op.Oracle.Dimension 5UL
                    let values, gradient = op |> Batch.maximumAndGradient thetas
                    Assert.Equal<float[]>(op |> Batch.maximum thetas, values)

                    Assert.Equal<float[,]>(
                        (if op.Perturbation = Perturbation.Additive then
                             op |> Batch.maximizer thetas
                         else
                             op |> FenchelYoung.gradientBatch thetas (Array2D.zeroCreate 3 4)),
                        gradient
                    ))

        testCase "A batch of no rows has no draws, and an exact operator has those of its samples" (fun () ->
            let op = perturb (Oracle.ranking 3) Noise.gaussian 0.7 10
            let none = op |> Batch.draws (Array2D.zeroCreate 0 3)

            Assert.Equal(
                0,
                none.Maximizer.Length
                + none.Centred.Length
                + none.Noise.Length
                + none.Scores.Length
            )

            let thetas = random 2 3 5UL
            Assert.Equal(op |> Batch.draws thetas, op |> Smoothed.exact |> Batch.draws thetas))

        testCase "What draws need and do not find is an error that names it" (fun () ->
            let refused (name: string) (words: string) (act: unit -> Draws) =
                let e = Assert.ThrowsAny<ArgumentException>(fun () -> act () |> ignore)
                Assert.Equal(name, e.ParamName)
                Assert.Contains(words, e.Message)

            let op = perturb (Oracle.ranking 3) Noise.gaussian 0.7 10
            refused "thetas" "dimension of oracle" (fun () -> op |> Batch.draws (Array2D.zeroCreate 2 4))
            refused "thetas" "(row 1)" (fun () -> op |> Batch.draws (array2D [ [ 0.0; 0.0; 0.0 ]; [ 0.0; nan; 0.0 ] ]))

            refused "thetas" "The solutions of the samples" (fun () ->
                op
                |> Smoothed.withSamples Int32.MaxValue
                |> Batch.draws (Array2D.zeroCreate 2 3))

            refused "theta" "theta is 0 at row 0" (fun () ->
                op
                |> Smoothed.withPerturbation Perturbation.Multiplicative
                |> Batch.draws (Array2D.zeroCreate 2 3))

            let clusters =
                perturb (Oracle.clusters LinkConstraints.None 2 (Graph.Complete 3)) Noise.gaussian 0.7 10

            let e =
                Assert.Throws<ArgumentException>(
                    "smoothed",
                    fun () -> clusters |> Batch.maximumAndGradient (Array2D.zeroCreate 2 3) |> ignore
                )

            Assert.Contains("maps dimension 3", e.Message))
    ]
