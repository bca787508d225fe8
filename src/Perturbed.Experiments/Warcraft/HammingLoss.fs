namespace Perturbed.Experiments

open System
open Perturbed.Functional

/// The Hamming loss of paths with the black-box gradient of Vlastelica et al. (ICLR 2020).
[<RequireQualifiedAccess>]
module HammingLoss =

    /// <summary>
    /// The mean over rows of Σ y*(1 − y) + (1 − y*) y, the number of tiles on one path only. Its derivative by y* is g
    /// = 1 − 2y; the row's gradient by θ is (y*(θ) − y*(θ − λ g)) / λ, the difference of two solutions in place of a
    /// derivative that is zero almost everywhere.
    /// </summary>
    /// <remarks>They minimise where this library maximises: their weights are −θ. Nothing is drawn.</remarks>
    /// <param name="lambda">λ, positive: how far to look for another answer.</param>
    /// <param name="oracle">The solver; θ − λ g has entries of either sign, so its policy for negative costs must not
    /// reject them.</param>
    /// <returns>The loss: two solves a row.</returns>
    /// <exception cref="T:System.ArgumentOutOfRangeException"><paramref name="lambda"/> is not positive and
    /// finite.</exception>
    let interpolated (lambda: float) (oracle: Oracle) : Loss =
        if not (Double.IsFinite lambda && lambda > 0.0) then
            raise (
                ArgumentOutOfRangeException(
                    nameof lambda,
                    lambda,
                    $"lambda is {lambda}; it must be positive and finite."
                )
            )

        Loss.create (fun batch ->
            let theta, targets = batch.Theta, batch.Targets

            let solve (theta: float[,]) =
                oracle |> Oracle.solveInstances batch.Instances theta

            let solutions = solve theta

            let others =
                solve (theta |> Array2D.mapi (fun r i t -> t - lambda * (1.0 - 2.0 * targets[r, i])))

            let differing: float[] = Array.zeroCreate (LossBatch.count batch)

            solutions
            |> Array2D.iteri (fun r i y ->
                differing[r] <- differing[r] + y * (1.0 - targets[r, i]) + (1.0 - y) * targets[r, i])

            let total = Array.sum batch.Weights

            let gradient =
                solutions
                |> Array2D.mapi (fun r i y ->
                    if batch.Weights[r] = 0.0 then
                        0.0
                    else
                        (y - others[r, i]) / (lambda * (total / batch.Weights[r])))

            fst (batch |> LossBatch.mean differing gradient), gradient)
