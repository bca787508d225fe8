namespace Perturbed.Functional

open System

/// <summary>Boxes and signs: every coordinate alone, y_i = l_i + (u_i − l_i) P(θ_i + ε_i Z_i &gt; 0), with a diagonal
/// Jacobian (u_i − l_i) f(−θ_i/ε_i)/ε_i.</summary>
module internal BoxForm =

    // ∫ of a tail from a to its end, over panels that the law needs.
    let private integral (law: ICoordinateLaw) (refinement: float) (from: float) (upTo: float) (tail: float -> float) =
        if from >= upTo then
            0.0
        else
            let x =
                {
                    Law = law
                    Centres = [| 0.0 |]
                    Scales = [| 1.0 |]
                }

            let struct (nodes, weights) = Panels.nodes x from upTo refinement
            let mutable total = 0.0

            for n in 0 .. nodes.Length - 1 do
                total <- total + weights[n] * tail nodes[n]

            total

    /// The form of {lower ≤ y ≤ upper}; the value takes the integral of one tail a coordinate, the rest O(d).
    let create
        (law: ICoordinateLaw)
        (epsilons: float[])
        (refinement: float)
        (mean: float)
        (lower: float[])
        (upper: float[])
        : ExactForm =
        let d = epsilons.Length
        let struct (low, high) = Panels.range law
        // Z beyond it changes the sign of θ_i + ε_i Z_i.
        let threshold (theta: float[]) (i: int) =
            max -1e290 (min 1e290 (-theta[i] / epsilons[i]))

        { new ExactForm() with
            // On the side of θ_i the bound there, and what the other side gains over it: ε_i times the integral of the
            // tail beyond the threshold.
            member _.Maximum theta =
                let mutable total = 0.0

                for i in 0 .. d - 1 do
                    let t = threshold theta i
                    let width = upper[i] - lower[i]

                    let bound, gain =
                        if t < 0.0 then
                            upper[i], integral law refinement low t law.Cdf
                        else
                            lower[i], integral law refinement t high law.Survival

                    total <- total + bound * (theta[i] + epsilons[i] * mean) + width * epsilons[i] * gain

                total

            member _.Maximizer theta =
                Array.init d (fun i ->
                    let t = threshold theta i
                    let width = upper[i] - lower[i]
                    let above = law.Survival t

                    if above <= 0.5 then
                        lower[i] + width * above
                    else
                        upper[i] - width * law.Cdf t)

            member _.Products(theta, vectors) =
                let slopes =
                    Array.init d (fun i -> (upper[i] - lower[i]) * law.Density(threshold theta i) / epsilons[i])

                vectors |> Array.map (Array.map2 (*) slopes)
        }
