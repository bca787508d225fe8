/// Tier (b): estimates, leave-one-group-out derivatives and standard errors between groups, written out sample by sample.
module Perturbed.Functional.Tests.Theory.BruteForce.SamplingTests

open System
open Expecto
open Perturbed.Functional
open Perturbed.Functional.Tests.Theory
open Perturbed.Functional.Tests.Theory.Vertices
open Xunit

/// Means over samples, and their variance: Σ ω_g (mean of g − mean)².
let private overGroups (op: Smoothed) (terms: float[]) : float * float =
    let groups = Designs.groupsOf op
    let mean = Array.average terms
    let share (g: int[]) = float g.Length / float terms.Length

    let variance =
        if groups.Length < 2 then
            nan
        elif groups |> Array.forall (fun g -> g.Length = groups[0].Length) then
            let n = float groups.Length

            (groups
             |> Array.sumBy (fun g -> (Array.averageBy (Array.get terms) g - mean) ** 2.0))
            / (n * (n - 1.0))
        elif groups |> Array.exists (fun g -> share g >= 0.5) then
            nan
        else
            let leverage =
                groups |> Array.sumBy (fun g -> share g ** 2.0 / (1.0 - 2.0 * share g))

            groups
            |> Array.sumBy (fun g ->
                let weight = share g ** 2.0 / ((1.0 + leverage) * (1.0 - 2.0 * share g))
                weight * (Array.averageBy (Array.get terms) g - mean) ** 2.0)

    mean, sqrt variance

/// Each number less what the baseline says: nothing, the number at θ, or the mean outside of the number's own group.
let private centred (op: Smoothed) (atTheta: float) (numbers: float[]) : float[] =
    let groups = Designs.groupsOf op

    match op.VarianceReduction with
    | VarianceReduction.None -> numbers
    | VarianceReduction.LeaveOneOut when groups.Length > 1 ->
        let result = Array.copy numbers

        for group in groups do
            let others = Array.except group (Array.init numbers.Length id)

            for m in group do
                result[m] <- numbers[m] - Array.averageBy (Array.get numbers) others

        result
    | _ -> numbers |> Array.map (fun x -> x - atTheta)

let private near (scale: float) (expected: float) (actual: float) : unit =
    if Double.IsNaN expected then
        Assert.True(Double.IsNaN actual, $"{actual} is not NaN")
    else
        Assert.True(abs (expected - actual) <= 1e-11 * (scale + abs expected), $"{actual} is not {expected}")

let private epsilon = 0.6

let private instances: (Smoothed * float[]) list =
    let random = Random 44
    let mutable turn = 0

    [
        for noise in [ Noise.gaussian; Noise.gumbel; Designs.correlated; Noise.logistic ] do
            for design in Designs.on noise do
                for samples in [ 1; 5; 24; 61; 700 ] do
                    for oracle in [ Oracle.argmax 4; Oracle.ranking 4 ] do
                        turn <- turn + 1

                        perturb oracle noise epsilon samples
                        |> Smoothed.withKey (Key.create (uint64 turn))
                        |> Smoothed.withVarianceReduction Settings.reductions[turn % 3]
                        |> Smoothed.withSampling design,
                        Cases.vector random 1.0 4
    ]

type private Draws =
    {
        Solutions: float[][]
        Values: float[]
        Scores: float[][]
        Noise: float[][]
    }

let private draw (op: Smoothed) (theta: float[]) : Draws =
    let z = Designs.noiseOf op
    let etas = z |> Array.map (fun zm -> add theta (scaled epsilon zm))
    let solutions = etas |> Array.map (fun eta -> Oracle.solve eta op.Oracle)

    {
        Solutions = solutions
        Values = Array.map2 dot solutions etas
        Scores = Designs.scoresOf op
        Noise = z
    }

let private entry (i: int) (rows: float[][]) : float[] = rows |> Array.map (Array.item i)

let tests: Test list =
    [
        testCase
            "Under every design estimates are means over its samples, with standard errors between its groups"
            (fun () ->
                Reproduction.each instances (fun op theta ->
                    let draws = draw op theta
                    let estimate = Smoothed.estimate theta op
                    let value, error = overGroups op draws.Values
                    near 10.0 value estimate.Maximum
                    near 10.0 error estimate.MaximumStandardError
                    let loss = FenchelYoung.value theta (Oracle.solve theta op.Oracle) op
                    near 10.0 error loss.StandardError

                    for i in 0..3 do
                        let mean, error = overGroups op (entry i draws.Solutions)
                        near 10.0 mean estimate.Maximizer[i]
                        near 10.0 error estimate.MaximizerStandardErrors[i]))

        testCase
            "Under every design derivatives leave a sample's whole group out, with standard errors between groups"
            (fun () ->
                let g, u = [| 1.0; -0.5; 2.0; 0.3 |], [| 0.2; 1.0; -1.0; 0.7 |]

                Reproduction.each instances (fun op theta ->
                    let draws = draw op theta
                    let atTheta = Oracle.solve theta op.Oracle
                    let y = Array.init 4 (fun i -> centred op atTheta[i] (entry i draws.Solutions))

                    let compare (scale: float) (terms: float[]) (value: float) (error: float) =
                        let mean, expected = overGroups op terms
                        near scale mean value
                        near scale expected error

                    let product = Smoothed.vectorJacobian g theta op
                    let _, back = Smoothed.pullback theta op
                    let pulled = back g
                    let forward = Smoothed.jacobianVector u theta op
                    let jacobian = Smoothed.jacobianBy DerivativeFormula.OfMaximizer theta op
                    let plain = Smoothed.jacobian theta op
                    let slopes = draws.Scores |> Array.map (fun s -> dot s u / epsilon)

                    for i in 0..3 do
                        let scores = entry i draws.Scores |> Array.map (fun s -> s / epsilon)

                        let terms =
                            Array.init op.Samples (fun m ->
                                Seq.sum (seq { for l in 0..3 -> g[l] * y[l].[m] }) * scores[m])

                        compare 100.0 terms product.Value[i] product.StandardErrors[i]
                        near 100.0 (Array.average terms) pulled[i]
                        compare 100.0 (Array.map2 (*) y[i] slopes) forward.Value[i] forward.StandardErrors[i]

                        for l in 0..3 do
                            let terms = Array.map2 (*) y[l] scores
                            compare 100.0 terms jacobian.Value[l, i] jacobian.StandardErrors[l, i]
                            near 100.0 (Array.average terms) plain[l, i]))

        testCase "Under every design the formulas from values leave groups out as well" (fun () ->
            let v = [| 0.2; 1.0; -1.0; 0.7 |]

            Reproduction.each instances (fun op theta ->
                let draws = draw op theta
                let atTheta = Oracle.solve theta op.Oracle |> dot theta
                let f = centred op atTheta draws.Values

                let compare (terms: float[]) (value: float) (error: float) =
                    let mean, expected = overGroups op terms
                    near 1e3 mean value
                    near 1e3 expected error

                let curved (direction: float[]) : float[][] =
                    let products: float[] = Array.zeroCreate (4 * op.Samples)
                    op.Noise.Curvature(ReadOnlySpan(Array.concat draws.Noise), ReadOnlySpan direction, Span products)
                    let products = Array.chunkBySize 4 products

                    Array.map2
                        (fun (s: float[]) (p: float[]) ->
                            Array.init 4 (fun i -> (s[i] * dot s direction - p[i]) / epsilon ** 2.0))
                        draws.Scores
                        products

                let gradient = Smoothed.maximizerOfMaximum theta op
                let hessian = Smoothed.hessianVectorBy DerivativeFormula.OfMaximum v theta op
                let jacobian = Smoothed.jacobianBy DerivativeFormula.OfMaximum theta op
                let rows = curved v

                for i in 0..3 do
                    compare
                        (Array.map2 (fun x (s: float[]) -> x * s[i] / epsilon) f draws.Scores)
                        gradient.Value[i]
                        gradient.StandardErrors[i]

                    compare
                        (Array.map2 (fun x (r: float[]) -> x * r[i]) f rows)
                        hessian.Value[i]
                        hessian.StandardErrors[i]

                for j in 0..3 do
                    let columns = curved (Array.init 4 (fun l -> if l = j then 1.0 else 0.0))

                    for i in 0..3 do
                        compare
                            (Array.map2 (fun x (r: float[]) -> x * r[i]) f columns)
                            jacobian.Value[i, j]
                            jacobian.StandardErrors[i, j]))
    ]
