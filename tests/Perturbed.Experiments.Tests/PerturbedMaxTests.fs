module Perturbed.Experiments.Tests.PerturbedMaxTests

open Expecto
open Perturbed.Experiments
open Perturbed.Functional
open Xunit

let private column (c: int) (examples: Examples) : float[] = examples.Inputs[*, c]

[<Tests>]
let tests =
    testList "PerturbedMax" [
        testCase "accuracy is the share of rows whose largest score is that of the class" (fun () ->
            let scores = array2D [ [ 0.1; 0.9 ]; [ 2.0; -1.0 ]; [ 0.0; 1.0 ]; [ 5.0; 4.0 ] ]
            let targets = array2D [ [ 0.0; 1.0 ]; [ 1.0; 0.0 ]; [ 1.0; 0.0 ]; [ 1.0; 0.0 ] ]
            Assert.Equal(0.75, PerturbedMaxTraining.accuracy scores targets))

        testCase "generated examples are a function of key and number, and classes take turns" (fun () ->
            let key = Key.create 3UL
            let all = GeneratedClasses.create 50 0 key
            let later = GeneratedClasses.create 20 30 key
            Assert.Equal<float[]>(Array.skip 30 (column 4 all), column 4 later)

            for row in 0..49 do
                Assert.Equal(1.0, all.Targets[row, row % 10])
                Assert.Equal(1.0, Array.sum all.Targets[row, *]))

        testCase "a perceptron learns the generated classes by either loss where an affine model cannot" (fun () ->
            let key = Key.create 5UL
            let set = ClassSets.generated 3000 1000 key

            let settings =
                { PerturbedMaxSettings.generated true with
                    Epochs = 12
                }

            let accuracy (loss: ClassLoss) (model: Model) =
                let trained =
                    set.Train
                    |> Training.run (PerturbedMaxTraining.config settings key) model (PerturbedMaxTraining.loss 2 loss)

                PerturbedMaxTraining.accuracy (Model.predict trained.Parameters set.Test.Inputs model) set.Test.Targets

            let perceptron = PerturbedMaxTraining.model settings 2 set
            let affine = Model.affine GeneratedClasses.Dimension GeneratedClasses.Classes
            let entropy = accuracy ClassLoss.CrossEntropy perceptron
            let fenchelYoung = accuracy (ClassLoss.FenchelYoung(1.0, 10)) perceptron
            let flat = accuracy ClassLoss.CrossEntropy affine
            // The accuracy of 1,000 rows has a standard deviation below 0.016: the margins are six of them.
            Assert.True(entropy > flat + 0.1, $"cross-entropy {entropy}, affine {flat}")
            Assert.True(fenchelYoung > flat + 0.1, $"Fenchel-Young {fenchelYoung}, affine {flat}"))
    ]
