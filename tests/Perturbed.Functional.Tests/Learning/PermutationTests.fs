module Perturbed.Functional.Tests.Learning.PermutationTests

open System
open Expecto
open FsCheck.FSharp
open Perturbed.Functional
open Perturbed.Functional.Tests.Learning.Helpers
open Perturbed.Suite
open Xunit

[<Tests>]
let tests =
    testList "Learning.Permutation" [
        property 200 "a permutation is a bijection, its inverse undoes it, and the key decides it" (fun () ->
            forAll (Gen.zip (Gen.choose (0, 300)) key) (fun (n, k) ->
                let p = Permutation.create n k
                let back = Permutation.inverse p

                Array.sort p = Array.init n id
                && Array.forall (fun i -> back[p[i]] = i) [| 0 .. n - 1 |]
                && p = Permutation.create n k))

        testCase "each of the 24 permutations of four comes with probability 1/24" (fun () ->
            // 24 counts of n = 48000 draws within 6 standard errors √(n p (1 − p)): a false alarm below 24 · 2e-9.
            let n = 48000
            let root = Key.create 11UL

            let counts =
                Array.init n (fun i -> Permutation.create 4 (Key.fold i root) |> Array.toList)
                |> Array.countBy id

            Assert.Equal(24, counts.Length)
            let p = 1.0 / 24.0
            let deviation = sqrt (float n * p * (1.0 - p))

            for _, count in counts do
                Assert.InRange((float count - float n * p) / deviation, -6.0, 6.0))

        testCase "each place of a long permutation is uniform" (fun () ->
            // Where item 0 lands among 10 places and which item lands on place 9: 20 counts within 6 standard errors.
            let n = 20000
            let root = Key.create 12UL
            let drawn = Array.init n (fun i -> Permutation.create 10 (Key.fold i root))
            let deviation = sqrt (float n * 0.1 * 0.9)

            for counts in [ drawn |> Array.countBy (Array.findIndex ((=) 0)); drawn |> Array.countBy Array.last ] do
                Assert.Equal(10, counts.Length)

                for _, count in counts do
                    Assert.InRange((float count - 0.1 * float n) / deviation, -6.0, 6.0))

        testCase
            "the stream is pinned to Fisher-Yates on the high product of Philox block (i, 0, 0, 2), worked out elsewhere"
            (fun () -> Assert.Equal<int[]>([| 1; 2; 7; 4; 5; 3; 0; 6 |], Permutation.create 8 (Key.create 1UL)))

        testCase "a negative size and arrays that are no permutation are named" (fun () ->
            Assert.Throws<ArgumentOutOfRangeException>(fun () -> Permutation.create -1 (Key.create 0UL) |> ignore)
            |> ignore

            raises<ArgumentException> "permutation[1] is 2; it must lie in 0 .. 1." (fun () ->
                Permutation.inverse [| 0; 2 |] |> ignore)

            raises<ArgumentException> "permutation[1] is 0, as is permutation[0]; each must occur once." (fun () ->
                Permutation.inverse [| 0; 0 |] |> ignore))
    ]
