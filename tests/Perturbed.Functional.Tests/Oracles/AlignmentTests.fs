/// Alignments of letters: their scores, and how they print.
module Perturbed.Functional.Tests.AlignmentTests

open System
open Expecto
open Perturbed.Functional
open Xunit

let private unit (a: char) (b: char) : float = if a = b then 1.0 else -1.0

let private show kind opening extension (first: string) (second: string) =
    let oracle =
        match kind with
        | AlignmentKind.Global -> Oracle.alignment first.Length second.Length
        | _ -> Oracle.localAlignment first.Length second.Length

    oracle
    |> Oracle.solve (Alignment.scores unit opening extension first second)
    |> Alignment.render kind first second

[<Tests>]
let tests =
    testList "Oracles.Alignment" [
        testCase "A global alignment prints both sequences whole" (fun () ->
            Assert.Equal("GATTACA\n|||  ||\nGAT--CA", show AlignmentKind.Global -1.5 -0.1 "GATTACA" "GATCA")
            Assert.Equal("--CAT\n  |||\nDOCAT", show AlignmentKind.Global -1.0 -0.5 "CAT" "DOCAT")
            Assert.Equal("A\n.\nC", show AlignmentKind.Global -5.0 -5.0 "A" "C"))

        testCase "A local alignment prints its stretch, and nothing where nothing pairs" (fun () ->
            Assert.Equal("TACG\n||||\nTACG", show AlignmentKind.Local -2.0 -1.0 "GGTACGAA" "CCTACGTT")
            Assert.Equal("\n\n", show AlignmentKind.Local -2.0 -1.0 "AAA" "CCC"))

        testCase "One long gap is cheaper than two short ones where opening costs more than extending" (fun () ->
            Assert.Equal("ACGTTT\n|    |\nA----T", show AlignmentKind.Global -2.0 -0.1 "ACGTTT" "AT"))

        testCase "Every sample of a perturbed alignment prints" (fun () ->
            let first, second = "GCATGCG", "GATTACA"
            let theta = Alignment.scores unit -1.0 -0.5 first second
            let random = Random 3

            for _ in 1..200 do
                let noisy = theta |> Array.map (fun t -> t + 2.0 * random.NextDouble() - 1.0)

                let lines =
                    (Oracle.alignment 7 7
                     |> Oracle.solve noisy
                     |> Alignment.render AlignmentKind.Global first second)
                        .Split
                        '\n'

                Assert.Equal(first, lines[0].Replace("-", ""))
                Assert.Equal(second, lines[2].Replace("-", "")))

        testCase "Wrong arguments are errors that name the parameter" (fun () ->
            let wrong (name: string) (call: unit -> 'a) =
                let error = Assert.ThrowsAny<ArgumentException>(fun () -> call () |> ignore)
                Assert.Equal(name, error.ParamName)

            wrong "first" (fun () -> Alignment.scores unit 0.0 0.0 "" "A")
            wrong "second" (fun () -> Alignment.scores unit 0.0 0.0 "A" "")
            wrong "opening" (fun () -> Alignment.scores unit nan 0.0 "A" "A")
            wrong "substitution" (fun () -> Alignment.scores (fun _ _ -> infinity) 0.0 0.0 "A" "A")
            wrong "y" (fun () -> Alignment.render AlignmentKind.Global "A" "A" [| 1.0 |])
            wrong "y" (fun () -> Alignment.render AlignmentKind.Global "A" "A" [| 0.5; 1.0; 0.0 |]))
    ]
