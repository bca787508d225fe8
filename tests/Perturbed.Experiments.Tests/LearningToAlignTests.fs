module Perturbed.Experiments.Tests.LearningToAlignTests

open System
open System.IO
open Expecto
open Perturbed.Experiments
open Perturbed.Functional
open Xunit

let private family (name: string) (rows: string[]) : ProteinFamily = { Name = name; Rows = rows }

let private toy =
    family "toy" [|
        "MKVLAWTREDNHSQCGFIPYMKVLAWTRED..NHSQCGFIPY"
        "MKVLGWTREDNHS.CGFLPYMKVIAWSREDAANHTQCGFIPY"
        "MRVLAWT.EDNHSQCGFIPYmkVLAWTREDA.NHSECGYIPY"
    |]

let private pair (first: string) (second: string) matches : SequencePair =
    {
        Family = "toy"
        First = first
        Second = second
        Matches = matches
    }

/// The eight families as small files.
let private write (directory: string) : unit =
    for name in Seq.concat ProteinFamilies.groups do
        let rows =
            toy.Rows
            |> Array.map (fun row -> row.Replace('A', name[0] |> Char.ToUpperInvariant))

        Stockholm.save (Path.Combine(directory, name + ".sto")) [|
            {
                Sequences = rows |> Array.mapi (fun i row -> { Name = $"s{i}"; Row = row })
                Annotations = [||]
            }
        |]

[<Tests>]
let tests =
    testList "LearningToAlign" [
        testCase "BLOSUM62 is symmetric, and unknown letters score -1" (fun () ->
            for a in 0..19 do
                for b in 0..19 do
                    Assert.Equal(AminoAcids.blosum62 a b, AminoAcids.blosum62 b a)

            Assert.Equal(-1.0, AminoAcids.blosum62 (AminoAcids.index 'X') 0)
            Assert.Equal(11.0, AminoAcids.blosum62 (AminoAcids.index 'W') (AminoAcids.index 'W'))
            Assert.Equal(-4.0, AminoAcids.blosum62 (AminoAcids.index 'F') (AminoAcids.index 'P')))

        testCase
            "a drawn pair has the letters of its rows, and pairs those in upper case that share a column"
            (fun () ->
                for seed in 0..60 do
                    for isLocal in [ true; false ] do
                        let drawn = SequencePair.related isLocal toy (Key.create (uint64 seed))
                        Assert.True(drawn.Matches.Length >= SequencePair.FewestMatches)
                        let most = SequencePair.Core + (if isLocal then 2 * SequencePair.Flank else 0)
                        Assert.True(drawn.First.Length <= most && drawn.Second.Length <= most)

                        for (i, j), (k, l) in Array.pairwise drawn.Matches do
                            Assert.True(i < k && j < l)

                        Assert.True(SequencePair.identity drawn > 0.7)

                let other = family "other" toy.Rows
                Assert.Empty((SequencePair.unrelated toy other (Key.create 1UL)).Matches)
                let drawn = SequencePair.related true toy (Key.create 1UL)
                let shuffled = SequencePair.shuffled (Key.create 2UL) drawn
                Assert.Equal<char list>(Seq.sort drawn.Second |> List.ofSeq, Seq.sort shuffled.Second |> List.ofSeq))

        testCase "F1 counts pairs, within a tolerance those nearby" (fun () ->
            let truth = [| 0, 0; 1, 1; 2, 2; 3, 3 |]
            Assert.Equal(1.0, AlignmentMetrics.f1 0 truth truth)
            Assert.Equal(0.0, AlignmentMetrics.f1 0 truth [||])
            let shifted = truth |> Array.map (fun (i, j) -> i, j + 1)
            Assert.Equal(0.0, AlignmentMetrics.f1 0 truth shifted)
            Assert.Equal(1.0, AlignmentMetrics.f1 1 truth shifted)
            // Precision 1, recall 1/2.
            Assert.Equal(2.0 / 3.0, AlignmentMetrics.f1 0 truth truth[..1], 12))

        testCase "the area under the ROC curve counts wins, and ties half" (fun () ->
            Assert.Equal(0.75, AlignmentMetrics.auroc [| 1.0; 3.0 |] [| 0.0; 2.0 |])
            Assert.Equal(0.5, AlignmentMetrics.auroc [| 1.0 |] [| 1.0 |]))

        testCase
            "a cell sees scores of its diagonal and classes of the letters around, nothing beyond the ends"
            (fun () ->
                let one = pair "WG" "WPX" [||]
                let features = CellFeatures.ofCells one [| 0; 5 |]
                Assert.Equal(77, Array2D.length2 features)
                // Cell (0, 0): W over W in the middle of the diagonal, G over P after it.
                Assert.Equal<float[]>([| 0.0; 0.0; 0.0; 2.75; -0.5; 0.0; 0.0 |], features[0, 0..6])
                // Cell (1, 2): G over X, which is unknown, and W over P before it.
                Assert.Equal<float[]>([| 0.0; 0.0; -1.0; -0.25; 0.0; 0.0; 0.0 |], features[1, 0..6])
                // Two classes of W are one: aromatic. G and P have one each.
                Assert.Equal(2.0 + 2.0, Array.sum features[0, 7..]))

        testCase "the model starts from BLOSUM62 with gaps, and its pullback is the derivative" (fun () ->
            let gaps = { Opening = 10.0; Extension = 1.0 }
            let pairs = [| pair "MKVLA" "MRVA" [||]; pair "WTR" "WSRED" [||] |]
            let network = PairModel.network [| 4 |]
            let dimension = 60
            let model = PairModel.create network gaps dimension pairs
            let numbers = array2D [ [ 1.0 ]; [ 0.0 ] ]
            let start = network.Initial(Key.create 1UL)
            let theta = model |> Model.predict start numbers
            Assert.Equal<float[]>(PairModel.fixedScores gaps pairs[1], theta[0, .. 3 * 15 - 1])
            Assert.Equal<float[]>(PairModel.fixedScores gaps pairs[0], theta[1, *])
            Assert.All(theta[0, 45..], (fun t -> Assert.Equal(0.0, t)))

            let parameters = (network |> Model.withNormalInitial 0.3).Initial(Key.create 2UL)

            let flat: Differentiable<float[], float[]> =
                fun w ->
                    let value, back = model.Apply numbers w
                    let rows, columns = Array2D.length1 value, Array2D.length2 value

                    Array.init (rows * columns) (fun at -> value[at / columns, at % columns]),
                    fun cotangent -> back (Array2D.init rows columns (fun r c -> cotangent[r * columns + c]))

            Assert.InRange(flat |> Differentiable.discrepancy 1e-5 parameters, 0.0, 1e-6))

        testCase "the experiment runs on small families, and its report names every method" (fun () ->
            let directory = Directory.CreateTempSubdirectory().FullName

            try
                write directory

                let settings =
                    { AlignSettings.ofRequest
                          {
                              IsQuick = true
                              Key = 1UL
                              Data = Some directory
                          } with
                        TrainPairs = 3
                        ValidationPairs = 2
                        TestPairs = 2
                        UnrelatedPairs = 2
                        Epochs = 1
                    }

                let sets = AlignSets.create settings AlignmentKind.Local 0 settings.Key
                Assert.Equal(4 * 3 + 2, sets.Train.Length)
                let loss = AlignTraining.loss settings 1.0 sets
                let examples = AlignTraining.examples sets

                // The targets are alignments, which training does not look at again.
                let checkedLoss =
                    perturb
                        (sets.Train
                         |> Array.map (fun p -> struct (p.First.Length, p.Second.Length))
                         |> Oracle.alignments AlignmentKind.Local)
                        Noise.gaussian
                        1.0
                        1
                    |> Loss.fenchelYoung

                checkedLoss
                |> Loss.checkTargets examples.Weights examples.Instances examples.Targets

                let trained =
                    examples
                    |> Training.run
                        (AlignTraining.config settings settings.Key)
                        (AlignTraining.model (PairModel.network [| 4 |]) sets)
                        loss

                Assert.True(Double.IsFinite trained.History[0].Loss && trained.History[0].Loss > 0.0)
            finally
                Directory.Delete(directory, true))
    ]
