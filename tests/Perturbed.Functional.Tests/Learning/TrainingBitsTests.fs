/// The bits of trainings with one oracle, so that a change of how rows, weights and instances travel cannot move them unseen.
module Perturbed.Functional.Tests.Learning.TrainingBitsTests

open System
open System.Security.Cryptography
open Expecto
open Xunit
open Perturbed.Functional
open Perturbed.Functional.Tests.Learning.Helpers

let private data = regression 23 3 4 0.5 (Key.create 41UL)

let private ranked =
    { data with
        Targets =
            data.Targets
            |> Array2D.mapi (fun r c _ -> (Metrics.ranks data.Targets[r, *])[c])
    }

let private classes =
    { data with
        Targets =
            data.Targets
            |> Array2D.mapi (fun r _ y -> if y = Array.max data.Targets[r, *] then 1.0 else 0.0)
    }

let private ranking = perturb (Oracle.ranking 4) Noise.gaussian 0.7 9

let private argmax = perturb (Oracle.argmax 4) Noise.gumbel 1.0 40

let private assignment =
    { data with
        Targets =
            data.Targets
            |> Array2D.mapi (fun r c _ -> if (r + c + c / 2) % 2 = 0 then 1.0 else 0.0)
    },
    perturb (Oracle.assignment 2 2) Noise.gaussian 0.5 7

// The first half of the hash of all parameters and epoch losses.
let private hash (loss: Loss) (examples: Examples) : string =
    let trained =
        examples
        |> Training.run
            (Training.config 4 5 Optimizer.adam (Schedule.constant 0.05) (Key.create 42UL))
            (Model.affine 3 4)
            loss

    let numbers = Array.append trained.Parameters (trained.History |> Array.map _.Loss)
    let bytes: byte[] = Array.zeroCreate (8 * numbers.Length)
    Buffer.BlockCopy(numbers, 0, bytes, 0, bytes.Length)
    Convert.ToHexString(SHA256.HashData bytes)[..15]

let private trainings: (string * (unit -> string))[] =
    [|
        "16720F1013FA8C3C", (fun () -> hash Loss.squared data)
        "85D93C8CC8F5D1FA", (fun () -> hash Loss.crossEntropy classes)
        "91370F28DF3BE731", (fun () -> hash (Loss.fenchelYoung ranking) ranked)
        "6B456EF42AFB0658", (fun () -> hash (Loss.smoothedSquared ranking) ranked)
        "CBF63549A03DD626", (fun () -> hash (Loss.fenchelYoung (Smoothed.exact ranking)) ranked)
        "312CA4428B172CED", (fun () -> hash (Loss.fenchelYoung argmax) classes)
        "4161B1AA7DC60825", (fun () -> hash (Loss.smoothedSquared argmax) classes)
        "904C296C15112C06", (fun () -> hash (Loss.fenchelYoung (snd assignment)) (fst assignment))
        "D38484A70A8A3004", (fun () -> hash (Loss.smoothedSquared (snd assignment)) (fst assignment))
    |]

[<Tests>]
let tests =
    testList "Learning.TrainingBits" [
        testCase "Trainings with one oracle keep their bits" (fun () ->
            let actual = trainings |> Array.map (fun (_, run) -> run ())
            Assert.True((trainings |> Array.map fst = actual), String.concat " " actual))
    ]
