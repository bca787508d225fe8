namespace Perturbed.Experiments

open Perturbed.Functional

/// Costs with a fixed scale.
[<RequireQualifiedAccess>]
module MeanCost =

    /// <summary>Each row of θ brought to a mean cost: θ_j ↦ c θ_j / m with m = −(1/d) Σ θ_i.</summary>
    /// <remarks>
    /// The path does not change: paths leave the scale of the costs open. Under noise of a fixed ε the scale decides
    /// how much the noise matters, and the black-box gradient drifts to costs of 0, as paths of hardly trained costs
    /// have fewer tiles than the true ones.
    /// </remarks>
    /// <param name="mean">c, positive.</param>
    /// <param name="theta">θ, [rows × d], below 0.</param>
    /// <returns>Rows of mean −c, and the pullback θ̄_i = c (ȳ_i / m + ⟨ȳ, θ⟩ / (d m²)).</returns>
    let fix (mean: float) : Differentiable<float[,], float[,]> =
        fun theta ->
            let rows, d = Array2D.length1 theta, Array2D.length2 theta
            let means = Array.init rows (fun r -> -Array.average theta[r, *])
            let value = theta |> Array2D.mapi (fun r _ t -> mean * t / means[r])

            let pullback (cotangent: float[,]) =
                let along =
                    Array.init rows (fun r -> Array.fold2 (fun s g t -> s + g * t) 0.0 cotangent[r, *] theta[r, *])

                cotangent
                |> Array2D.mapi (fun r _ g -> mean * (g / means[r] + along[r] / (float d * means[r] * means[r])))

            value, pullback
