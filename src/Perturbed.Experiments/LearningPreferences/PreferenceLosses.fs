namespace Perturbed.Experiments

open System
open Perturbed.Functional

/// What else weights of preferences are estimated by: likelihoods where they are known, and simplifications.
[<RequireQualifiedAccess>]
module PreferenceLosses =

    // log Σ exp over some entries, and the share of each.
    let private softmax (theta: float[]) (among: bool[]) : float * float[] =
        let largest =
            Seq.max (
                seq {
                    for i in 0 .. theta.Length - 1 do
                        if among[i] then
                            theta[i]
                }
            )

        let weights =
            theta |> Array.mapi (fun i t -> if among[i] then exp (t - largest) else 0.0)

        let total = Array.sum weights
        largest + log total, weights |> Array.map (fun w -> w / total)

    // −log P(order) of Plackett and Luce, the best first, and its gradient.
    let private ordered (theta: float[]) (order: int[]) : float * float[] =
        let among = Array.create theta.Length true
        let gradient = Array.zeroCreate<float> theta.Length
        let mutable loss = 0.0

        for best in order do
            let logarithm, shares = softmax theta among
            loss <- loss + logarithm - theta[best]
            shares |> Array.iteri (fun i share -> gradient[i] <- gradient[i] + share)
            gradient[best] <- gradient[best] - 1.0
            among[best] <- false

        loss, gradient

    let rec private orders (items: int list) : int list list =
        match items with
        | [] -> [ [] ]
        | _ ->
            items
            |> List.collect (fun first -> orders (List.except [ first ] items) |> List.map (fun rest -> first :: rest))

    let private byRow (row: float[] -> float[] -> float * float[]) : Loss =
        Loss.create (fun batch ->
            let results =
                Array.init (LossBatch.count batch) (fun r -> row batch.Theta[r, *] batch.Targets[r, *])

            let gradients =
                Array2D.init results.Length (Array2D.length2 batch.Theta) (fun r i -> (snd results[r])[i])

            batch |> LossBatch.mean (results |> Array.map fst) gradients)

    /// −log of the probability of the set that was taken, over all orders in which it may have been.
    let set: Loss =
        byRow (fun theta target ->
            let taken =
                [
                    for i in 0 .. target.Length - 1 do
                        if target[i] = 1.0 then
                            i
                ]

            let each = orders taken |> List.map (Array.ofList >> ordered theta) |> List.toArray

            let logarithm, shares =
                softmax (each |> Array.map (fun (loss, _) -> -loss)) (Array.create each.Length true)

            -logarithm,
            Array.init theta.Length (fun i ->
                Seq.sum (Seq.map2 (fun share (_, g: float[]) -> share * g[i]) shares each)))

    /// −log of the probability of the ranking.
    let ranking: Loss =
        byRow (fun theta target ->
            target
            |> Array.indexed
            |> Array.sortBy (fun (_, rank) -> -rank)
            |> Array.map fst
            |> ordered theta)

    /// The cross-entropy of choices taken one at a time, as if each could be repeated.
    let independent: Loss =
        Loss.create (fun batch ->
            let scaled =
                Array2D.init (LossBatch.count batch) (Array2D.length2 batch.Targets) (fun r i ->
                    batch.Targets[r, i] / Array.sum batch.Targets[r, *])

            Loss.crossEntropy.Evaluate(batch |> LossBatch.withTargets scaled))

    /// The cross-entropy of the driver of each rider, as if riders did not share drivers.
    let eachRider: Loss =
        byRow (fun theta target ->
            let size = int (Math.Round(sqrt (float theta.Length)))

            let columns =
                Array.init size (fun j -> softmax theta (Array.init theta.Length (fun at -> at % size = j)))

            let loss = (columns |> Array.sumBy fst) - Array.sum (Array.map2 (*) theta target)
            loss, Array.init theta.Length (fun at -> (snd columns[at % size])[at] - target[at]))
