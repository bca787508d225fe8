namespace Perturbed.Experiments

open Perturbed.Functional

/// Costs with a fixed scale.
[<RequireQualifiedAccess>]
module UnitMean =

    /// <summary>Each row of θ divided by the mean of its costs: θ_j ↦ θ_j / m with m = −(1/d) Σ θ_i.</summary>
    /// <remarks>
    /// The path does not change, and a loss that sees only paths cannot move the scale. The black-box gradient does move it: paths of hardly trained
    /// costs have fewer tiles than the true ones, so on the whole it lowers costs, until all are 0.
    /// </remarks>
    /// <param name="theta">θ, [rows × d], below 0.</param>
    /// <returns>The rows with mean −1, and the pullback: θ̄_i = ȳ_i / m + ⟨ȳ, θ⟩ / (d m²).</returns>
    let map: Differentiable<float[,], float[,]> =
        fun theta ->
            let rows, d = Array2D.length1 theta, Array2D.length2 theta
            let means = Array.init rows (fun r -> -Array.average theta[r, *])
            let value = theta |> Array2D.mapi (fun r _ t -> t / means[r])

            let pullback (cotangent: float[,]) =
                let along =
                    Array.init rows (fun r -> Array.fold2 (fun s g t -> s + g * t) 0.0 cotangent[r, *] theta[r, *])

                cotangent
                |> Array2D.mapi (fun r _ g -> g / means[r] + along[r] / (float d * means[r] * means[r]))

            value, pullback
