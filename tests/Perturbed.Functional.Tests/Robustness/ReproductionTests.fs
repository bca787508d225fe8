module Perturbed.Functional.Tests.Robustness.ReproductionTests

open System
open Expecto
open Perturbed.Functional
open Perturbed.Functional.Tests.Theory
open Perturbed.Suite
open Xunit

let private messageOf (run: unit -> unit) : string = (Assert.ThrowsAny<exn> run).Message

let private containsAll (parts: string list) (message: string) : unit =
    for part in parts do
        Assert.Contains(part, message)

[<Tests>]
let tests =
    testList "Robustness.Reproduction" [
        testCase
            "A random law that fails tells its seed, its operator, its points, both sides, and that it fails again"
            (fun () ->
                let broken (case: Cases.Case) =
                    Reproduction.equal
                        (Smoothed.maximum case.Theta case.Smoothed + 1.0)
                        (Smoothed.maximum case.Theta case.Smoothed)
                        0.0

                let message =
                    messageOf (fun () -> Cases.forAll [| Cases.argmax 3 |] [| Noise.gumbel |] broken |> check 200)

                message
                |> containsAll [
                    // FsCheck's own seed.
                    "Falsifiable, after 1 test"
                    "seed of ("
                    "seed of the case"
                    "argmax 3"
                    "oracle argmax (dimension 3)"
                    "noise gumbel"
                    "epsilon [| "
                    "; M "
                    "; key "
                    "threads "
                    "theta = [| "
                    "other = [| "
                    "F(theta) is "
                    "y*(other) is [| "
                    ", twice"
                    " differs from "
                    "The second time it fails with the same numbers."
                    "The third time it fails with the same numbers."
                ])

        testCase
            "A law that fails once and then holds, or fails otherwise, is told apart from one that always fails"
            (fun () ->
                let mutable times = 0

                let failing (on: int list) () =
                    times <- times + 1

                    if List.contains times on then
                        Reproduction.equal 1.0 (float (times + 1)) 0.5

                let told (on: int list) =
                    times <- 0
                    messageOf (fun () -> Reproduction.check (fun () -> [ "details" ]) (failing on))

                told [ 1 ]
                |> containsAll [
                    "2 differs from 1 by more than 0.5"
                    "The second time the law HOLDS"
                    "The third time the law HOLDS"
                    "details"
                ]

                told [ 1; 3 ]
                |> containsAll [
                    "The second time the law HOLDS"
                    "The third time it fails with OTHER numbers: 4 differs from 1"
                ]

                // A law that holds is run once.
                times <- 0
                Reproduction.check (fun () -> [ "details" ]) (failing [])
                Assert.Equal(1, times))

        testCase "Digits are those that give the number back" (fun () ->
            for x in [ 0.1; 1.0 / 3.0; Double.Epsilon; -Double.MaxValue; 1e-300 ] do
                Assert.Equal(x, Double.Parse((Reproduction.digits [| x |]).Trim('[', ']', '|', ' '))))
    ]
