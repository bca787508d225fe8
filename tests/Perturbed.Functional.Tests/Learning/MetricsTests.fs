module Perturbed.Functional.Tests.Learning.MetricsTests

open System
open Expecto
open FsCheck.FSharp
open MathNet.Numerics.Statistics
open Perturbed.Functional
open Perturbed.Functional.Tests.Learning.Helpers
open Perturbed.Suite
open Xunit

/// The rank of v is one more than the number of smaller values, plus half the number of equal others.
let private naiveRanks (values: float[]) : float[] =
    values
    |> Array.map (fun v ->
        let smaller = values |> Array.filter (fun w -> w < v) |> Array.length
        let equal = values |> Array.filter (fun w -> w = v) |> Array.length
        float smaller + 0.5 * float (equal + 1))

/// Pairs of vectors of one length with many ties: entries are small whole numbers.
let private tied: FsCheck.Gen<float[] * float[]> =
    gen {
        let! n = Gen.choose (1, 40)
        let! a = Gen.arrayOfLength n (Gen.choose (0, 6))
        let! b = Gen.arrayOfLength n (Gen.choose (0, 6))
        return Array.map float a, Array.map float b
    }

/// Pairs of rankings 1 .. n without ties.
let private rankings: FsCheck.Gen<float[] * float[]> =
    gen {
        let! n = Gen.choose (2, 60)
        let! k = key

        let ranks i =
            Permutation.create n (Key.fold i k) |> Array.map (fun p -> float (p + 1))

        return ranks 0, ranks 1
    }

let private constant (v: float[]) = Array.forall ((=) v[0]) v

[<Tests>]
let tests =
    testList "Learning.Metrics" [
        property 200 "ranks agree with counting, ties sharing their mean" (fun () ->
            Assert.Equal<float[]>([| 3.0; 1.0; 3.0; 5.0; 3.0 |], Metrics.ranks [| 2.0; 1.0; 2.0; 9.0; 2.0 |])
            Assert.Equal<float[]>([||], Metrics.ranks [||])
            forAll tied (fun (a, _) -> Metrics.ranks a = naiveRanks a))

        property 200 "ranks maximise the inner product over the permutations of 1 to d" (fun () ->
            let rec permutations (items: float list) =
                match items with
                | [] -> [ [] ]
                | _ ->
                    items
                    |> List.collect (fun i -> permutations (List.except [ i ] items) |> List.map (fun p -> i :: p))

            let all = permutations [ 1.0; 2.0; 3.0; 4.0; 5.0 ] |> List.map List.toArray

            forAll (vector 5) (fun theta ->
                dot (Metrics.ranks theta) theta = (all |> List.map (dot theta) |> List.max)))

        property 200 "Spearman without ties is 1 − 6 Σ d² / (n (n² − 1))" (fun () ->
            forAll rankings (fun (a, b) ->
                let n = float a.Length
                let d2 = Array.fold2 (fun s x y -> s + (x - y) * (x - y)) 0.0 a b
                near (1.0 - 6.0 * d2 / (n * (n * n - 1.0))) (Metrics.spearman a b)))

        property 200 "Spearman with ties is the Pearson correlation of mean ranks, as MathNet has it" (fun () ->
            forAll tied (fun (a, b) ->
                constant a
                || constant b
                || near (Correlation.Spearman(a, b)) (Metrics.spearman a b)))

        property
            200
            "Spearman and Kendall are 1 under increasing maps, −1 under decreasing ones, and 0 against a constant"
            (fun () ->
                forAll tied (fun (a, b) ->
                    [ Metrics.spearman; Metrics.kendall ]
                    |> List.forall (fun correlation ->
                        if constant a then
                            correlation a b = 0.0 && correlation b a = 0.0
                        else
                            correlation a (Array.map exp a) = 1.0
                            && correlation a (Array.map (fun v -> -v * v * v) a) = -1.0
                            && correlation a b = correlation b a
                            && abs (correlation a b) <= 1.0)))

        testCase
            "Kendall is (concordant − discordant) over all pairs without ties, and corrected for ties by tau-b"
            (fun () ->
                forAll rankings (fun (a, b) ->
                    let n = a.Length

                    let score =
                        Seq.sum (
                            seq {
                                for i in 0 .. n - 1 do
                                    for j in 0 .. n - 1 do
                                        if a[i] < a[j] then
                                            if b[i] < b[j] then 1 else -1
                            }
                        )

                    near (float score / float (n * (n - 1) / 2)) (Metrics.kendall a b))
                |> check 200

                // Pairs (1,2,2,3) and (1,3,2,2): of 6 pairs the 3 with the first are concordant, 1 is discordant, 1 is tied in each.
                Assert.Equal(2.0 / 5.0, Metrics.kendall [| 1.0; 2.0; 2.0; 3.0 |] [| 1.0; 3.0; 2.0; 2.0 |]))

        testCase "exact and partial matches count equal entries" (fun () ->
            Assert.Equal(1.0, Metrics.solutionMatch [| 1.0; 2.0; 3.0 |] [| 1.0; 2.0; 3.0 |])
            Assert.Equal(0.0, Metrics.solutionMatch [| 1.0; 2.0; 3.0 |] [| 1.0; 3.0; 2.0 |])
            Assert.Equal(1.0 / 3.0, Metrics.solutionAgreement [| 1.0; 2.0; 3.0 |] [| 1.0; 3.0; 2.0 |]))

        testCase "the cost ratio is 1 at the optimum and the ratio of costs elsewhere" (fun () ->
            let cost = [| 1.0; 2.0; 4.0 |]
            Assert.Equal(1.0, Metrics.costRatio cost [| 1.0; 0.0; 0.0 |] [| 1.0; 0.0; 0.0 |])
            Assert.Equal(6.0, Metrics.costRatio cost [| 1.0; 0.0; 0.0 |] [| 0.0; 1.0; 1.0 |]))

        testCase "the mean of a metric is the mean over rows" (fun () ->
            let targets = array2D [ [ 1.0; 2.0; 3.0 ]; [ 1.0; 2.0; 3.0 ] ]
            let predictions = array2D [ [ 1.0; 2.0; 3.0 ]; [ 3.0; 2.0; 1.0 ] ]
            Assert.Equal<float[]>([| 1.0; -1.0 |], predictions |> Metrics.rows Metrics.spearman targets)
            Assert.Equal(0.0, predictions |> Metrics.mean Metrics.spearman targets)
            Assert.Equal(0.5, predictions |> Metrics.mean Metrics.solutionMatch targets))

        testCase "bad input is named with what was expected" (fun () ->
            for name, metric in
                [
                    "predicted", Metrics.spearman
                    "predicted", Metrics.kendall
                    "solution", Metrics.solutionMatch
                    "solution", Metrics.solutionAgreement
                ] do
                raises<ArgumentException> $"{name} has length 1; the length of target is 2." (fun () ->
                    metric [| 1.0; 2.0 |] [| 1.0 |] |> ignore)

                raises<ArgumentException> "target has length 0; it must have at least one entry." (fun () ->
                    metric [||] [||] |> ignore)

                raises<ArgumentException> $"{name}[1] is NaN; every entry must be finite." (fun () ->
                    metric [| 1.0; 2.0 |] [| 1.0; nan |] |> ignore)

            raises<ArgumentException> "optimal has cost 0; a ratio needs a cost other than 0." (fun () ->
                Metrics.costRatio [| 0.0 |] [| 1.0 |] [| 1.0 |] |> ignore)

            raises<ArgumentException> "predictions has 1 rows; targets has 2." (fun () ->
                Metrics.mean Metrics.spearman (Array2D.zeroCreate 2 1) (Array2D.zeroCreate 1 1)
                |> ignore)

            raises<ArgumentException> "targets has 0 rows; a mean needs at least one." (fun () ->
                Metrics.mean Metrics.spearman (Array2D.zeroCreate 0 1) (Array2D.zeroCreate 0 1)
                |> ignore))
    ]
