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
        | AlignmentKind.SemiGlobal -> Oracle.semiGlobalAlignment first.Length second.Length
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

        testCase "A semi-global alignment prints the overlap" (fun () ->
            Assert.Equal("ACGT\n||||\nACGT", show AlignmentKind.SemiGlobal -2.0 -1.0 "GGACGT" "ACGTTT")
            Assert.Equal("CAT\n|||\nCAT", show AlignmentKind.SemiGlobal -2.0 -1.0 "DOCATS" "CAT"))

        testCase "A sequence without letters has no scores, and all of the other is a gap" (fun () ->
            Assert.Empty(Alignment.scores unit -1.0 -1.0 "" "CAT")
            Assert.Equal("---\n   \nCAT", Alignment.render AlignmentKind.Global "" "CAT" [||])
            Assert.Equal("CAT\n   \n---", Alignment.render AlignmentKind.Global "CAT" "" [||])
            Assert.Equal("\n\n", Alignment.render AlignmentKind.Local "" "CAT" [||])
            Assert.Equal("\n\n", Alignment.render AlignmentKind.Global "" "" [||]))

        testCase "Pairs of different lengths in one batch have the alignments that they have alone" (fun () ->
            let pairs =
                [| "GATTACA", "GATCA"; "", "CAT"; "A", "C"; "ACGTTT", "AT"; "GATTACA", "GATCA" |]

            for kind in [ AlignmentKind.Global; AlignmentKind.Local; AlignmentKind.SemiGlobal ] do
                let oracle =
                    Oracle.alignments kind (pairs |> Array.map (fun (a, b) -> struct (a.Length, b.Length)))

                Assert.Equal(3 * 7 * 5, oracle.Dimension)
                let theta = Array2D.create pairs.Length oracle.Dimension 9.0

                pairs
                |> Array.iteri (fun r (a, b) ->
                    Alignment.scores unit -1.5 -0.1 a b |> Array.iteri (fun i t -> theta[r, i] <- t))

                let solutions = oracle |> Oracle.solveBatch theta

                pairs
                |> Array.iteri (fun r (a, b) ->
                    let cells = 3 * a.Length * b.Length
                    Assert.All(solutions[r, cells..], (fun y -> Assert.Equal(0.0, y)))

                    if cells > 0 then
                        Assert.Equal(show kind -1.5 -0.1 a b, Alignment.render kind a b solutions[r, .. cells - 1])

                    let instance = oracle |> Oracle.ofInstance r
                    Assert.Equal(Membership.Inside, instance |> Oracle.membership solutions[r, *])
                    let beyond = Array.copy solutions[r, *]
                    beyond[beyond.Length - 1] <- 0.5
                    Assert.True(cells = beyond.Length || (instance |> Oracle.membership beyond).IsOutside)))

        testCase
            "The pairs of an alignment make it again, with the letters of the first sequence before those of the second"
            (fun () ->
                let random = Random 5

                for kind, create in
                    [
                        AlignmentKind.Global, Oracle.alignment
                        AlignmentKind.Local, Oracle.localAlignment
                        AlignmentKind.SemiGlobal, Oracle.semiGlobalAlignment
                    ] do
                    for _ in 1..300 do
                        let n, m = random.Next(1, 6), random.Next(1, 6)
                        let oracle = create n m

                        let theta =
                            Array.init (3 * n * m) (fun at ->
                                if at < n * m then
                                    random.NextDouble() - 0.3
                                else
                                    -0.2 * random.NextDouble() - 0.1)

                        let pairs = oracle |> Oracle.solve theta |> Alignment.pairs n m

                        if pairs.Length > 0 then
                            let y = Alignment.ofPairs kind n m pairs
                            Assert.True(oracle.Implementation.IsSolution(ReadOnlySpan y))
                            Assert.Equal<struct (int * int)[]>(pairs, Alignment.pairs n m y)

                Assert.Equal<float[]>(Array.zeroCreate 18, Alignment.ofPairs AlignmentKind.Local 3 2 [||])
                Assert.Empty(Alignment.ofPairs AlignmentKind.Global 0 2 [||]))

        testCase "A perturbed batch of pairs of different lengths learns from its alignments" (fun () ->
            let lengths = [| struct (3, 2); struct (2, 4) |]
            let oracle = Oracle.alignments AlignmentKind.Local lengths
            let theta = Array2D.create 2 24 0.2
            let target = oracle |> Oracle.solveBatch theta
            let loss = perturb oracle Noise.gaussian 0.5 50 |> Loss.fenchelYoung
            loss |> Loss.checkTargets [| 1.0; 1.0 |] [| 0; 1 |] target

            let value, gradient =
                loss |> Loss.evaluate (LossBatch.create (Key.create 1UL) theta target)

            Assert.True(value > 0.0)
            Assert.All(gradient[0, 18..], (fun g -> Assert.Equal(0.0, g))))

        testCase "Wrong arguments are errors that name the parameter" (fun () ->
            let wrong (name: string) (call: unit -> 'a) =
                let error = Assert.ThrowsAny<ArgumentException>(fun () -> call () |> ignore)
                Assert.Equal(name, error.ParamName)

            wrong "opening" (fun () -> Alignment.scores unit nan 0.0 "A" "A")
            wrong "substitution" (fun () -> Alignment.scores (fun _ _ -> infinity) 0.0 0.0 "A" "A")
            wrong "y" (fun () -> Alignment.render AlignmentKind.Global "A" "A" [| 1.0 |])
            wrong "y" (fun () -> Alignment.render AlignmentKind.Global "" "A" [| 1.0 |])
            wrong "pairs" (fun () -> Alignment.ofPairs AlignmentKind.Global 1 1 [||])
            wrong "pairs" (fun () -> Alignment.ofPairs AlignmentKind.Local 2 2 [| struct (1, 0); struct (0, 1) |])
            wrong "pairs" (fun () -> Alignment.ofPairs AlignmentKind.Local 2 2 [| struct (2, 0) |])
            wrong "n" (fun () -> Alignment.ofPairs AlignmentKind.Local -1 2 [||])
            wrong "y" (fun () -> Alignment.pairs 2 2 [| 1.0 |])
            wrong "lengths" (fun () -> Oracle.alignments AlignmentKind.Global [||])
            wrong "lengths" (fun () -> Oracle.alignments AlignmentKind.Global [| struct (1, -1) |])
            wrong "lengths" (fun () -> Oracle.alignments AlignmentKind.Global [| struct (1, 1); struct (5000, 5000) |])
            wrong "dimension" (fun () -> Oracle.argmax 3 |> Oracle.padded 2)
            wrong "y" (fun () -> Alignment.render AlignmentKind.Global "A" "A" [| 0.5; 1.0; 0.0 |]))
    ]
