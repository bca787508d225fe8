namespace Perturbed.Experiments

open Perturbed.Functional

/// The baseline that differentiates through an unperturbed solver by interpolating between two of its solutions.
[<RequireQualifiedAccess>]
module BlackBoxLoss =

    /// <summary>
    /// The mean over rows of ½ ‖y − y*(θ)‖², with the gradient of Vlastelica et al. (ICLR 2020) in place of the true
    /// one, which is zero almost everywhere: with g = y*(θ) − y, the row's gradient is (y*(θ) − y*(θ − λ g)) / λ.
    /// </summary>
    /// <remarks>They minimise where this library maximises: their weights are −θ. Nothing is drawn.</remarks>
    /// <param name="lambda">λ, positive: how far to look for another answer.</param>
    /// <param name="oracle">The solver.</param>
    /// <returns>The loss: two solves a row.</returns>
    /// <exception cref="T:System.ArgumentOutOfRangeException"><paramref name="lambda"/> is not positive and
    /// finite.</exception>
    let squared (lambda: float) (oracle: Oracle) : Loss =
        if not (System.Double.IsFinite lambda && lambda > 0.0) then
            raise (
                System.ArgumentOutOfRangeException(
                    nameof lambda,
                    lambda,
                    $"lambda is {lambda}; it must be positive and finite."
                )
            )

        Loss.create (fun batch ->
            let solve (theta: float[,]) =
                oracle |> Oracle.solveInstances batch.Instances theta

            let solutions = solve batch.Theta
            let value, meanGradient = Loss.squared.Evaluate { batch with Theta = solutions }
            let total = Array.sum batch.Weights

            // What a row's gradient is divided by in the mean; a row that does not count stays where it is.
            let divisor (r: int) =
                if batch.Weights[r] = 0.0 then
                    0.0
                else
                    total / batch.Weights[r]

            let others =
                batch.Theta
                |> Array2D.mapi (fun r i t -> t - lambda * divisor r * meanGradient[r, i])
                |> solve

            value,
            solutions
            |> Array2D.mapi (fun r i y ->
                if batch.Weights[r] = 0.0 then
                    0.0
                else
                    (y - others[r, i]) / (lambda * divisor r)))
