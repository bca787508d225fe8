/// Tier (b): every derivative against its formula, written out over enumerated samples; each baseline, one ε or many, both perturbations.
module Perturbed.Functional.Tests.Theory.BruteForce.DerivativeTests

open System
open Expecto
open Perturbed.Functional
open Perturbed.Functional.Tests.Theory
open Perturbed.Functional.Tests.Theory.BruteForce.Settings
open Xunit

let private agree (samples: int) (expected: Naive.Mean[]) (actual: Uncertain<float[]>) =
    Assert.Equal(expected.Length, actual.Value.Length)
    Array.iteri (fun i e -> nearMean e samples actual.Value[i] actual.StandardErrors[i]) expected

let private agreeMatrix (samples: int) (expected: Naive.Mean[,]) (actual: Uncertain<float[,]>) =
    Assert.Equal(
        (Array2D.length1 expected, Array2D.length2 expected),
        (Array2D.length1 actual.Value, Array2D.length2 actual.Value)
    )

    Array2D.iteri (fun i j e -> nearMean e samples actual.Value[i, j] actual.StandardErrors[i, j]) expected

let private directions (case: Instance) =
    let random = Random case.Setting.Smoothed.Samples
    Cases.vector random 1.0 case.Setting.Smoothed.Oracle.SolutionDimension, Cases.vector random 1.0 case.Theta.Length

let private additive =
    instances |> Array.filter (fun c -> c.Setting.Smoothed.Perturbation.IsAdditive)

let tests: Test list =
    [
        testCase "The Jacobian is the mean of (y - baseline) score' / eps, with its standard errors" (fun () ->
            each instances (fun case ->
                let op = case.Setting.Smoothed
                let expected = Naive.jacobian case.Setting case.Theta
                agreeMatrix op.Samples expected (Smoothed.jacobianBy DerivativeFormula.OfMaximizer case.Theta op)
                let bare = Smoothed.jacobian case.Theta op
                Array2D.iteri (fun i j (e: Naive.Mean) -> near e.Size e.Value bare[i, j]) expected))

        testCase "Products with the Jacobian from both sides are the means of their terms" (fun () ->
            each instances (fun case ->
                let op = case.Setting.Smoothed
                let g, u = directions case
                let back = Naive.vectorJacobian case.Setting g case.Theta
                agree op.Samples back (Smoothed.vectorJacobian g case.Theta op)

                agree
                    op.Samples
                    (Naive.jacobianVector case.Setting u case.Theta)
                    (Smoothed.jacobianVector u case.Theta op)

                let value, pullback = Smoothed.pullback case.Theta op
                Assert.Equal<float[]>(Smoothed.maximizer case.Theta op, value)
                Array.iter2 (fun (e: Naive.Mean) a -> near e.Size e.Value a) back (pullback g)))

        testCase "The maximizer out of values is the mean of (F - baseline) score / eps" (fun () ->
            each instances (fun case ->
                let op = case.Setting.Smoothed

                agree
                    op.Samples
                    (Naive.maximizerOfMaximum case.Setting case.Theta)
                    (Smoothed.maximizerOfMaximum case.Theta op)))

        testCase
            "The Jacobian and its products out of values are the means of (F - baseline)(score score' - curvature) / eps^2"
            (fun () ->
                each additive (fun case ->
                    let op = case.Setting.Smoothed

                    if op.Noise.HasCurvature then
                        let expected = Naive.jacobianOfMaximum case.Setting case.Theta

                        agreeMatrix
                            op.Samples
                            expected
                            (Smoothed.jacobianBy DerivativeFormula.OfMaximum case.Theta op)

                        let _, v = directions case

                        agree
                            op.Samples
                            (Naive.hessianVectorOfMaximum case.Setting v case.Theta)
                            (Smoothed.hessianVectorBy DerivativeFormula.OfMaximum v case.Theta op)))

        testCase "The Hessian-vector product of F_eps from solutions is the Jacobian times the vector" (fun () ->
            each additive (fun case ->
                let _, v = directions case
                let expected = Naive.jacobianVector case.Setting v case.Theta
                let actual = Smoothed.hessianVector v case.Theta case.Setting.Smoothed
                Array.iter2 (fun (e: Naive.Mean) a -> near e.Size e.Value a) expected actual))

        testCase
            "Under correlated Gaussian noise scores and curvatures are those of the inverse covariance, in every formula"
            (fun () ->
                // Σ = [2 1; 1 1] ⊕ [4], so Σ⁻¹ = [1 −1; −1 2] ⊕ [¼].
                let covariance = array2D [ [ 2.0; 1.0; 0.0 ]; [ 1.0; 1.0; 0.0 ]; [ 0.0; 0.0; 4.0 ] ]
                let inverse = array2D [ [ 1.0; -1.0; 0.0 ]; [ -1.0; 2.0; 0.0 ]; [ 0.0; 0.0; 0.25 ] ]
                let theta = [| 0.4; -0.3; 0.1 |]

                for reduction in reductions do
                    let op =
                        perturb (Oracle.ranking 3) (Noise.gaussianWith covariance) 0.7 700
                        |> Smoothed.withVarianceReduction reduction

                    let setting: Naive.Setting =
                        {
                            Smoothed = op
                            Solve = Vertices.argmaxOver (Vertices.permutations [| 1.0; 2.0; 3.0 |])
                            Value = Vertices.dot
                            Score = fun z -> Array.init 3 (fun i -> Vertices.dot inverse[i, *] z)
                            Curvature = fun _ -> inverse
                        }

                    let u = [| 1.0; 0.3; -2.0 |]

                    agreeMatrix
                        700
                        (Naive.jacobian setting theta)
                        (Smoothed.jacobianBy DerivativeFormula.OfMaximizer theta op)

                    agreeMatrix
                        700
                        (Naive.jacobianOfMaximum setting theta)
                        (Smoothed.jacobianBy DerivativeFormula.OfMaximum theta op)

                    agree 700 (Naive.vectorJacobian setting u theta) (Smoothed.vectorJacobian u theta op)
                    let ofValues = Smoothed.hessianVectorBy DerivativeFormula.OfMaximum u theta op
                    agree 700 (Naive.hessianVectorOfMaximum setting u theta) ofValues)

        testCase "The smoothing of any function is the mean of its values, with derivatives by the score" (fun () ->
            // Not an argmax of anything: R³ → R², discrete in its first entry.
            let f (x: float[]) =
                [| ceil (x[0] * x[1]); max x[2] (abs x[0]) |]

            for reduction in reductions do
                for samples in [ 1; 2; 900 ] do
                    for law in [ Laws.gaussian; Laws.centredGumbel; Laws.laplace ] do
                        let configure =
                            Smoothed.withVarianceReduction reduction >> Smoothed.withKey (Key.create 12UL)

                        let smoothing =
                            SmoothedFunction.create 3 2 f law.Noise 0.8 samples
                            |> SmoothedFunction.configure configure

                        // The operator with the same noise; its oracle is not used.
                        let setting =
                            { Naive.ofVertices [||] (perturb (Oracle.argmax 3) law.Noise 0.8 samples |> configure) with
                                Solve = f
                                Value = fun _ _ -> 0.0
                            }

                        let theta = [| 0.3; -1.1; 0.6 |]
                        let draws = Naive.draws setting theta

                        let values =
                            Array.init 2 (fun i -> draws |> Array.map (fun s -> s.Solution[i]) |> Naive.meanOf)

                        agree samples values (SmoothedFunction.value theta smoothing)
                        agreeMatrix samples (Naive.jacobian setting theta) (SmoothedFunction.jacobian theta smoothing)
                        let g = [| 0.7; -2.0 |]
                        let _, pullback = SmoothedFunction.pullback theta smoothing

                        Array.iter2
                            (fun (e: Naive.Mean) a -> near e.Size e.Value a)
                            (Naive.vectorJacobian setting g theta)
                            (pullback g))
    ]
