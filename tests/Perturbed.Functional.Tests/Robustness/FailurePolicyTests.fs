/// Failed samples that are left out: every answer is that of the successful samples, whatever computes it.
module Perturbed.Functional.Tests.FailurePolicyTests

open System
open System.Threading
open Expecto
open Perturbed.Functional
open Xunit

let private theta = [| 0.3; -0.2; 0.1; 0.4 |]
let private epsilon = 0.5

let private best (theta: float[]) : float[] =
    let top = Array.IndexOf(theta, Array.max theta)
    Array.init theta.Length (fun i -> if i = top then 1.0 else 0.0)

// Which θ have no solution.
let private hasNone (theta: float[]) : bool = theta[0] > 0.3 + 2.0 * epsilon

let private solve (theta: float[]) : float[] =
    if hasNone theta then
        raise (SolveFailedException(SolveFailure.Infeasible, "status 3"))
    else
        best theta

let private leaveOut (oracle: Oracle) (samples: int) : Smoothed =
    perturb oracle Noise.gaussian epsilon samples
    |> Smoothed.withFailures (FailurePolicy.LeaveOut 1.0)

let private mine (samples: int) : Smoothed =
    leaveOut (Oracle.ofFunction 4 solve) samples

// The noise of an operator's samples of one row, each with what its group's samples have to say.
let private noiseOf (op: Smoothed) : float[][] =
    let whole =
        perturb (Oracle.ofFunction 4 id) Noise.gaussian epsilon op.Samples
        |> Smoothed.withSampling op.Sampling
        |> Smoothed.withKey op.Key

    let draws = whole |> Batch.draws (array2D [ theta ])
    Array.init op.Samples (fun m -> draws.Noise[0, m, *])

let private perturbed (z: float[]) : float[] =
    Array.map2 (fun t z -> t + epsilon * z) theta z

// The samples that count: those of groups of so many without a failure.
let private successes (size: int) (op: Smoothed) : float[][] =
    noiseOf op
    |> Array.chunkBySize size
    |> Array.filter (Array.forall (perturbed >> hasNone >> not))
    |> Array.concat

let private mean (rows: float[][]) : float[] =
    Array.init rows[0].Length (fun i -> rows |> Array.averageBy (Array.item i))

let private close (expected: float[]) (actual: float[]) : unit =
    Assert.Equal(expected.Length, actual.Length)

    for i in 0 .. expected.Length - 1 do
        Assert.Equal(expected[i], actual[i], 1e-10 * (1.0 + abs expected[i]))

// Everything that an operator says of θ, bit for bit.
let private answers (op: Smoothed) : float[] =
    let value, pullback = op |> Smoothed.pullback theta
    let estimate = op |> Smoothed.estimate theta

    let loss, gradient =
        op |> FenchelYoung.valueAndGradient theta (op.Oracle |> Oracle.solve theta)

    let jacobian = op |> Smoothed.jacobianBy DerivativeFormula.OfMaximizer theta
    let ofMaximum = op |> Smoothed.jacobianBy DerivativeFormula.OfMaximum theta

    Array.concat [
        value
        pullback [| 1.0; -2.0; 0.5; 3.0 |]
        [| estimate.Maximum; estimate.MaximumStandardError; loss.Value; loss.StandardError |]
        estimate.Maximizer
        estimate.MaximizerStandardErrors
        gradient
        Seq.cast<float> jacobian.Value |> Array.ofSeq
        Seq.cast<float> jacobian.StandardErrors |> Array.ofSeq
        Seq.cast<float> ofMaximum.Value |> Array.ofSeq
        (op |> Smoothed.vectorJacobian [| 1.0; -2.0; 0.5; 3.0 |] theta).Value
        (op |> Smoothed.jacobianVector [| 1.0; -2.0; 0.5; 3.0 |] theta).StandardErrors
        (op |> Smoothed.maximizerOfMaximum theta).Value
    ]

let private refused (work: unit -> 'T) : OracleException =
    Assert.Throws<OracleException>(fun () -> work () |> ignore)

[<Tests>]
let tests =
    testList "Robustness.FailurePolicy" [
        testCase "Value, errors and Jacobian are those of the successful samples" (fun () ->
            let op = mine 1000
            let z = successes 1 op
            let n = float z.Length
            Assert.InRange(z.Length, 800, 990)
            let y = z |> Array.map (perturbed >> best)
            let centre = mean y
            let estimate = op |> Smoothed.estimate theta
            close centre estimate.Maximizer
            close centre (op |> Smoothed.maximizer theta)
            Assert.Equal(1000 - z.Length, estimate.LeftOut)

            y
            |> Array.map (fun y -> Array.map2 (fun y c -> (y - c) ** 2.0 / (n - 1.0) / n) y centre)
            |> fun terms -> Array.init 4 (fun i -> sqrt (terms |> Array.sumBy (Array.item i)))
            |> fun errors -> close errors estimate.MaximizerStandardErrors

            let values = z |> Array.map (perturbed >> Array.max)
            close [| Array.average values |] [| estimate.Maximum |]

            let expected =
                [|
                    for i in 0..3 do
                        for j in 0..3 do
                            Seq.sumBy (fun m -> (y[m][i] - centre[i]) * z[m][j]) [ 0 .. z.Length - 1 ]
                            / (n - 1.0)
                            / epsilon
                |]

            let jacobian = op |> Smoothed.jacobianBy DerivativeFormula.OfMaximizer theta
            close expected (Seq.cast<float> jacobian.Value |> Array.ofSeq)
            Assert.Equal(1000 - z.Length, jacobian.LeftOut)
            let loss, gradient = op |> FenchelYoung.valueAndGradient theta (best theta)
            close (Array.map2 (-) centre (best theta)) gradient
            Assert.Equal(1000 - z.Length, loss.LeftOut))

        testCase
            "Draws have the same derivative, samples are NaN where they failed, and frequencies are of successes"
            (fun () ->
                for sampling in [ SamplingDesign.Independent; SamplingDesign.Antithetic; SamplingDesign.Sobol 40 ] do
                    let op = mine 1000 |> Smoothed.withSampling sampling
                    let draws = op |> Batch.draws (array2D [ theta ])
                    let jacobian = op |> Smoothed.jacobian theta

                    for i in 0..3 do
                        for j in 0..3 do
                            let sum =
                                Seq.sumBy (fun m -> draws.Centred[0, m, i] * draws.Scores[0, m, j]) [ 0..999 ]

                            Assert.Equal(jacobian[i, j], sum / draws.Denominator / epsilon, 1e-10)

                    let left = (op |> Smoothed.estimate theta).LeftOut
                    let samples = op |> Smoothed.samples theta
                    let missing = [ 0..999 ] |> List.filter (fun m -> Double.IsNaN samples[m, 0])
                    Assert.Equal(left, missing.Length)
                    let frequencies = op |> Smoothed.distribution theta
                    Assert.Equal(1000L - int64 left, frequencies |> Array.sumBy _.Count)
                    Assert.Equal(1.0, frequencies |> Array.sumBy _.Probability, 1e-12))

        testCase "Groups of dependent samples are left out whole" (fun () ->
            for sampling, size in
                [
                    SamplingDesign.Antithetic, 2
                    SamplingDesign.Orthogonal, 4
                    SamplingDesign.AntitheticOrthogonal, 8
                    SamplingDesign.Sobol 100, 10
                    SamplingDesign.LatinHypercube 100, 10
                ] do
                let op = mine 1000 |> Smoothed.withSampling sampling
                let z = successes size op
                let estimate = op |> Smoothed.estimate theta
                let y = z |> Array.map (perturbed >> best)
                close (mean y) estimate.Maximizer
                Assert.Equal(1000 - z.Length, estimate.LeftOut)
                // Standard errors between the groups that are left.
                let groups = y |> Array.chunkBySize size |> Array.map mean
                let g = float groups.Length

                let errors =
                    Array.init 4 (fun i ->
                        groups
                        |> Array.sumBy (fun t -> (t[i] - estimate.Maximizer[i]) ** 2.0)
                        |> fun s -> sqrt (s / g / (g - 1.0)))

                close errors estimate.MaximizerStandardErrors)

        testCase "A point set that is cut into blocks is left out whole too" (fun () ->
            let isRare (theta: float[]) = theta[0] > 0.3 + epsilon * 3.5

            let rare (theta: float[]) : float[] =
                if isRare theta then
                    raise (SolveFailedException(SolveFailure.Failed, "rare"))
                else
                    best theta

            let op =
                leaveOut (Oracle.ofFunction 4 rare) 8000
                |> Smoothed.withSampling (SamplingDesign.Sobol 4)

            // A key under which some of the four sets have a failure, and some have none.
            let failing (op: Smoothed) =
                noiseOf op
                |> Array.chunkBySize 2000
                |> Array.filter (Array.exists (perturbed >> isRare))
                |> Array.length

            let op =
                Seq.initInfinite uint64
                |> Seq.map (fun key -> op |> Smoothed.withKey (Key.create key))
                |> Seq.find (fun op -> failing op = 1 || failing op = 2)

            let samples = op |> Smoothed.samples theta

            let isWhole g =
                not (Seq.exists (fun m -> Double.IsNaN samples[2000 * g + m, 0]) [ 0..1999 ])

            let kept = [ 0..3 ] |> List.filter isWhole
            Assert.InRange(kept.Length, 1, 3)
            let estimate = op |> Smoothed.estimate theta
            Assert.Equal(8000 - 2000 * kept.Length, estimate.LeftOut)

            [|
                for g in kept do
                    for m in 0..1999 do
                        samples[2000 * g + m, *]
            |]
            |> mean
            |> fun expected -> close expected estimate.Maximizer)

        testCase "The bits are the same for any threads, cut of the batch, cache and size of calls" (fun () ->
            let batch (thetas: float[,]) : float[,] =
                Array.init (Array2D.length1 thetas) (fun r -> solve thetas[r, *]) |> array2D

            for sampling in [ SamplingDesign.Independent; SamplingDesign.Antithetic; SamplingDesign.Sobol 50 ] do
                let op = mine 500 |> Smoothed.withSampling sampling
                let expected = answers op
                Assert.Equal<float>(expected, op |> Smoothed.withThreads 1 |> answers)
                Assert.Equal<float>(expected, op |> Smoothed.withThreads 5 |> answers)
                Assert.Equal<float>(expected, op |> Smoothed.withCacheBytes 0L |> answers)

                let batched =
                    leaveOut (Oracle.ofBatchFunction 4 batch) 500 |> Smoothed.withSampling sampling

                Assert.Equal<float>(expected, answers batched)
                let thetas = Array2D.init 7 4 (fun r i -> theta[i] - 0.1 * float r)
                let whole = op |> Batch.vectorJacobian thetas thetas

                for r in 0..6 do
                    let one =
                        op
                        |> Smoothed.withFirstRow (int64 r)
                        |> Smoothed.vectorJacobian thetas[r, *] thetas[r, *]

                    Assert.Equal<float>(whole.Value[r, *], one.Value)
                    Assert.Equal<float>(whole.StandardErrors[r, *], one.StandardErrors))

        testCase "Without a failure the answers have the bits of the default" (fun () ->
            for sampling in
                [
                    SamplingDesign.Independent
                    SamplingDesign.Antithetic
                    SamplingDesign.Sobol 2
                    SamplingDesign.Sobol 40
                ] do
                for oracle in
                    [
                        Oracle.ofFunction 4 best
                        Oracle.argmax 4
                        Oracle.ranking 4
                        Oracle.box (Array.zeroCreate 4) (Array.create 4 1.0)
                    ] do
                    let op =
                        perturb oracle Noise.gaussian epsilon 3000 |> Smoothed.withSampling sampling

                    let lenient = op |> Smoothed.withFailures (FailurePolicy.LeaveOut 0.1)
                    Assert.Equal<float>(answers op, answers lenient))

        testCase "A single success has y*(θ) for its baseline" (fun () ->
            let op = mine 2

            let op =
                Seq.initInfinite uint64
                |> Seq.map (fun key -> op |> Smoothed.withKey (Key.create key))
                |> Seq.find (fun op -> (successes 1 op).Length = 1)

            let samples = op |> Smoothed.samples theta
            let m = if Double.IsNaN samples[0, 0] then 1 else 0
            let noise = noiseOf op
            let jacobian = op |> Smoothed.jacobian theta

            for i in 0..3 do
                for j in 0..3 do
                    Assert.Equal((samples[m, i] - (best theta)[i]) * noise[m][j] / epsilon, jacobian[i, j], 1e-12))

        testCase "More failures than the share, or no success, are an error that counts them" (fun () ->
            let op = mine 1000
            let left = (op |> Smoothed.estimate theta).LeftOut
            let few = op |> Smoothed.withFailures (FailurePolicy.LeaveOut 0.01)
            let error = refused (fun () -> few |> Smoothed.maximizer theta)
            Assert.Contains($"{left} of 1000 samples have no solution ({left} infeasible)", error.Message)
            Assert.Contains("the policy allows 0.01", error.Message)
            Assert.Contains("the problem is infeasible: status 3", error.Message)
            let first = noiseOf op |> Array.findIndex (perturbed >> hasNone)
            Assert.Contains($"The first is sample {first}:", error.Message)

            let exact =
                op |> Smoothed.withFailures (FailurePolicy.LeaveOut(float left / 1000.0))

            exact |> Smoothed.maximizer theta |> ignore

            let none =
                leaveOut
                    (Oracle.ofFunction 4 (fun _ -> raise (SolveFailedException(SolveFailure.TimedOut, "slow"))))
                    10

            let error = refused (fun () -> none |> Batch.maximizer (array2D [ theta; theta ]))
            Assert.Equal(0L, error.Row)
            Assert.Contains("10 of 10 samples have no solution (10 timed out): no sample is left", error.Message)

            let pairs =
                mine 1000
                |> Smoothed.withSampling SamplingDesign.Antithetic
                |> Smoothed.withFailures (FailurePolicy.LeaveOut 0.01)

            Assert.Contains(
                "with those that depend on them",
                (refused (fun () -> pairs |> Smoothed.maximizer theta)).Message
            ))

        testCase "Every other exception is an error, whatever the policy" (fun () ->
            let wrongs: (float[] -> float[]) list =
                [ (fun _ -> invalidOp "a bug"); Array.map (fun _ -> nan); (fun _ -> [| 1.0 |]) ]

            for wrong in wrongs do
                refused (fun () -> leaveOut (Oracle.ofFunction 4 wrong) 10 |> Smoothed.maximizer theta)
                |> ignore)

        testCase "Wrappers and combinators of a solver leave the same samples out" (fun () ->
            let oracle = Oracle.ofFunction 4 solve
            let expected = leaveOut oracle 300 |> answers

            for same in
                [
                    Oracle.withName "mine" oracle
                    Oracle.synchronized oracle
                    Oracle.withOffset (Array.zeroCreate 4) oracle
                    Oracle.withBatchSize 7 oracle
                    Oracle.withRetries 3 oracle
                    Oracle.withTimeLimit (TimeSpan.FromHours 1.0) oracle
                    Oracle.restrict [| 0..3 |] (Array.zeroCreate 4) oracle
                    Oracle.perInstance [| oracle; oracle |]
                    Oracle.ofCancellableFunction 4 (fun _ -> solve)
                ] do
                close expected (leaveOut same 300 |> answers))

        testCase "A built-in program leaves unbounded directions out" (fun () ->
            let program = Oracle.linearProgram (array2D [ [ 1.0; -1.0 ] ]) [| 1.0 |]
            let op = leaveOut program 1000
            let estimate = op |> Smoothed.estimate [| -0.5; -0.5 |]
            Assert.InRange(estimate.LeftOut, 1, 500)

            Assert.Equal<float>(
                estimate.Maximizer,
                op |> Smoothed.withThreads 1 |> Smoothed.maximizer [| -0.5; -0.5 |]
            ))

        testCase "Training goes on over failed samples" (fun () ->
            let inputs = Array2D.init 12 3 (fun r i -> float ((5 * r + 3 * i) % 7) / 7.0)
            let targets = Array2D.init 12 4 (fun r i -> if r % 4 = i then 1.0 else 0.0)
            let model = Model.linear 3 4

            let settings =
                Training.config 3 4 Optimizer.sgd (Schedule.constant 0.1) (Key.create 3UL)

            let train (op: Smoothed) =
                (Training.run settings model (Loss.fenchelYoung op) (Examples.create inputs targets)).Parameters

            let op = mine 50
            Assert.True(train op |> Array.forall Double.IsFinite)
            Assert.Equal<float>(train op, train (op |> Smoothed.withThreads 1))

            Assert.Throws<OracleException>(fun () -> train (op |> Smoothed.withFailures FailurePolicy.Error) |> ignore)
            |> ignore)

        testCase "A share outside of 0 to 1 is an error" (fun () ->
            for share in [ -0.1; 1.1; nan; infinity ] do
                let error =
                    Assert.Throws<ArgumentOutOfRangeException>(fun () ->
                        mine 3 |> Smoothed.withFailures (FailurePolicy.LeaveOut share) |> ignore)

                Assert.Equal("failures", error.ParamName))
    ]
