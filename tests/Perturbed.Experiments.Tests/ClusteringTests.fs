module Perturbed.Experiments.Tests.ClusteringTests

open System
open Expecto
open Perturbed.Experiments
open Perturbed.Functional
open Xunit

/// 600 images of noise with a bright band, whose place tells the class.
let private images: LabelledImages =
    let random = Random 5
    let labels = Array.init 600 (fun i -> i % 10)

    {
        Labels = labels
        Pixels =
            Array.init (600 * 784) (fun at ->
                if at % 784 / 78 = labels[at / 784] then
                    byte (random.Next(200, 256))
                else
                    byte (random.Next 120))
    }

let private settings: ClusteringSettings =
    {
        Directory = ""
        Train = 500
        Validation = 100
        Points = 40
        Batches = 30
        Epochs = 3
        Hidden = [| 32 |]
        Dimension = 8
        Epsilon = 1.0
        Samples = 10
        LearningRate = 1e-3
        ClassRate = 1e-3
        TestBatches = 2
        Sizes = []
        Keys = 1
    }

[<Tests>]
let tests =
    testList "Clustering" [
        testCase "scores count what is outside of the matched cluster, and pairs that are wrong" (fun () ->
            let score = ClusterScore.create [| 0; 0; 0; 1; 1; 2 |] [| 1; 1; 0; 0; 0; 0 |]
            // Class 0 takes cluster 1, class 1 cluster 0.
            Assert.Equal(1.0 / 3.0, score.Unmatched, 12)
            // Wrong: (0,2) and (1,2) apart; (2,3), (2,4), (2,5), (3,5), (4,5) together.
            Assert.Equal(7.0 / 15.0, score.WrongPairs, 12)
            let right = ClusterScore.create [| 0; 1; 1 |] [| 5; 2; 2 |]
            Assert.Equal(0.0, right.Unmatched)
            Assert.Equal(0.0, right.WrongPairs))

        testCase "k-means and forests find clouds that are far apart" (fun () ->
            let random = Random 2

            let points =
                Array2D.init 30 2 (fun i k -> float (10 * (i % 3) * (k + 1)) + random.NextDouble())

            let classes = Array.init 30 (fun i -> i % 3)

            for clusters in [ ClusterScore.kMeans 3 (Key.create 1UL) points; PointForest.clusters 3 points ] do
                Assert.Equal(0.0, (ClusterScore.create classes clusters).WrongPairs))

        testCase "the pullback of similarities is their derivative" (fun () ->
            let random = Random 3
            let graph = Graph.Complete 4
            let points = Array2D.init 8 3 (fun _ _ -> random.NextDouble())
            let cotangent = Array2D.init 2 graph.Edges (fun _ _ -> random.NextDouble() - 0.5)
            let theta, back = PointForest.similarities graph points
            Assert.Equal(-(Seq.sum (seq { for k in 0..2 -> (points[4, k] - points[6, k]) ** 2.0 })), theta[1, 1], 12)
            let gradient = back cotangent

            let along (points: float[,]) =
                Seq.map2 (*) (Seq.cast<float> cotangent) (Seq.cast<float>(fst (PointForest.similarities graph points)))
                |> Seq.sum

            points
            |> Array2D.iteri (fun i k _ ->
                let moved h =
                    Array2D.mapi (fun a b x -> if a = i && b = k then x + h else x) points

                Assert.Equal((along (moved 1e-5) - along (moved -1e-5)) / 2e-5, gradient[i, k], 8)))

        testCase "tasks keep labelled, unlabelled and unseen images apart" (fun () ->
            let known task =
                LinkedBatches.known settings task (Key.create 1UL) images

            let few = known (ClusterTask.FewLabels 3)
            Assert.Equal(30, few.Labelled.Length)
            Assert.Equal(470, few.Unlabelled.Length)
            Assert.Empty(few.Labelled |> Array.filter (fun i -> Array.contains i few.Unlabelled))

            for group in few.Labelled |> Array.groupBy (fun i -> images.Labels[i]) do
                Assert.Equal(3, (snd group).Length)

            let unseen = known ClusterTask.UnseenClasses
            Assert.Equal(3, unseen.TestClasses.Length)

            Assert.Empty(
                unseen.Labelled
                |> Array.filter (fun i -> Array.contains images.Labels[i] unseen.TestClasses)
            )

            Assert.True(Array.max unseen.Labelled < settings.Train))

        testCase
            "the encoder learns to cluster from a few labels, and every batch has forests that obey them"
            (fun () ->
                let context: PieceContext =
                    {
                        Cancellation = Threading.CancellationToken.None
                        Threads = 2
                        Report = fun _ _ -> ()
                        Checkpoint =
                            {
                                Load = fun () -> None
                                Save = ignore
                                IsDue = fun () -> false
                            }
                    }

                let result =
                    context
                    |> ClusteringTraining.run
                        settings
                        (ClusterTask.FewLabels 5)
                        (Key.create 2UL)
                        (lazy (images, images))

                let scores = result.Metrics |> Json.get "sizes" |> Json.get "40"

                let error name =
                    scores |> Json.get name |> Json.number "unmatched"

                let last = Array.last result.Epochs
                Assert.True(error "encoder, forest" < 0.1, $"""{error "encoder, forest"}""")
                Assert.True(error "encoder, linear probe" < 0.1, $"""{error "encoder, linear probe"}""")
                Assert.InRange(Json.number "validation" last, 0.0, 0.2))
    ]
