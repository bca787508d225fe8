module Perturbed.Functional.Tests.Learning.StandardisationTests

open System
open Expecto
open FsCheck.FSharp
open Perturbed.Functional
open Perturbed.Functional.Tests.Learning.Helpers
open Perturbed.Suite
open Xunit

[<Tests>]
let tests =
    testList "Learning.Standardisation" [
        property 200 "fitted columns get mean 0 and deviation 1, constant columns 0" (fun () ->
            let generated =
                gen {
                    let! n = Gen.choose (2, 30)
                    let! x = matrix n 3
                    return x
                }

            forAll generated (fun x ->
                let z = x |> Standardisation.apply (Standardisation.fit x)

                [ 0..2 ]
                |> List.forall (fun c ->
                    if Array.forall ((=) x[0, c]) x[*, c] then
                        Array.forall ((=) 0.0) z[*, c]
                    else
                        abs (Array.average z[*, c]) < 1e-12
                        && near 1.0 (Array.averageBy (fun v -> v * v) z[*, c]))))

        testCase "a constant column whose mean is rounded is still constant" (fun () ->
            // The rounded mean of three times 0.1 is not 0.1: deviation by the formula alone would be 1e-17 and the column ±1.
            let x = Array2D.create 3 1 0.1
            let fitted = Standardisation.fit x
            Assert.Equal(0.0, fitted.Deviation[0])
            Assert.Equal<float[]>([| 0.0; 0.0 |], flat (Standardisation.apply fitted (array2D [ [ 0.1 ]; [ 7.0 ] ]))))

        testCase "the test part is scaled by the training part" (fun () ->
            let train =
                Examples.create (array2D [ [ 1.0 ]; [ 3.0 ] ]) (array2D [ [ 1.0 ]; [ 2.0 ] ])

            let test = Examples.create (array2D [ [ 5.0 ] ]) (array2D [ [ 9.0 ] ])
            let train', test' = Standardisation.pair train test
            Assert.Equal<float[]>([| -1.0; 1.0 |], flat train'.Inputs)
            Assert.Equal<float[]>([| 3.0 |], flat test'.Inputs)
            Assert.Equal<float[]>([| 9.0 |], flat test'.Targets))

        testCase "bad input is named with what was expected" (fun () ->
            raises<ArgumentException> "inputs has 0 rows; a mean needs at least one." (fun () ->
                Standardisation.fit (Array2D.zeroCreate 0 2) |> ignore)

            raises<ArgumentException> "inputs has 2 columns; the fit has 1." (fun () ->
                Standardisation.apply (Standardisation.fit (Array2D.zeroCreate 1 1)) (Array2D.zeroCreate 1 2)
                |> ignore)

            raises<ArgumentException> "inputs[0, 0] is NaN (row 0); every entry must be finite." (fun () ->
                Standardisation.fit (array2D [ [ nan ] ]) |> ignore))
    ]
