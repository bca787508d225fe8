namespace Perturbed.Functional

open System
open MathNet.Numerics

/// An operator's expectations at one θ, without samples. Pure, and safe to call from many threads.
[<AbstractClass>]
type internal ExactForm() =
    /// F_ε(θ); asked for only where the noise has a mean.
    abstract Maximum: theta: float[] -> float
    /// y*_ε(θ).
    abstract Maximizer: theta: float[] -> float[]
    /// ∂y*_ε/∂θ times each vector; the Jacobian is symmetric, so from both sides.
    abstract Products: theta: float[] * vectors: float[][] -> float[][]

module internal ExactForms =

    /// <summary>The simplex under Gumbel noise of one scale: softmax, F_ε = ε log Σ exp(θ/ε) + ε E Z, J = (diag p −
    /// ppᵀ)/ε. O(d).</summary>
    let softmax (epsilon: float) (mean: float) : ExactForm =
        let weights (theta: float[]) =
            let largest = Array.max theta
            theta |> Array.map (fun t -> exp ((t - largest) / epsilon))

        let maximizer (theta: float[]) =
            let w = weights theta
            let total = Array.sum w
            w |> Array.map (fun x -> x / total)

        { new ExactForm() with
            member _.Maximum theta =
                Array.max theta + epsilon * (log (Array.sum (weights theta)) + mean)

            member _.Maximizer theta = maximizer theta

            member _.Products(theta, vectors) =
                let p = maximizer theta

                vectors
                |> Array.map (fun v ->
                    let average = Array.fold2 (fun total x y -> total + x * y) 0.0 p v
                    Array.map2 (fun x y -> x * (y - average) / epsilon) p v)
        }

    // Both tails with their relative accuracy, and one of them as the rest of the other where that rest is not small.
    let private tails (law: ICoordinateLaw) (z: float) (cdf: byref<float>) (survival: byref<float>) : unit =
        if z < 0.0 then
            cdf <- law.Cdf z
            survival <- if cdf <= 0.75 then 1.0 - cdf else law.Survival z
        else
            survival <- law.Survival z
            cdf <- if survival <= 0.75 then 1.0 - survival else law.Cdf z

    /// An order problem by quadrature: `scale` in the unit of θ, one for each coordinate. O(nodes · cost of the rule).
    let byQuadrature
        (law: ICoordinateLaw)
        (epsilons: float[])
        (refinement: float)
        (createRule: unit -> OrderRule)
        : ExactForm =
        let d = epsilons.Length
        let unit = Array.max epsilons
        let struct (low, high) = Panels.range law

        // In units of the largest ε, cluster by cluster of near centres, each from its largest θ on: no θ however far
        // costs digits. The first cluster is on the top; `add` is told whether a node is above its largest θ.
        let integrate (theta: float[]) (rule: OrderRule) (add: bool -> float -> AtNode -> unit) : unit =
            let sorted = Array.sortDescending theta
            let distant = 64.0 * Array.min epsilons

            let at =
                {
                    Density = Array.zeroCreate d
                    Cdf = Array.zeroCreate d
                    Survival = Array.zeroCreate d
                }

            let starts =
                [|
                    for i in 0 .. d - 1 do
                        if i = 0 || sorted[i - 1] - sorted[i] > distant then
                            i
                    d
                |]

            for start, next in Array.pairwise starts do
                let relative (t: float) =
                    max -1e290 (min 1e290 ((t - sorted[start]) / unit))

                let x =
                    {
                        Law = law
                        Centres = Array.map relative theta
                        Scales = epsilons |> Array.map (fun e -> e / unit)
                    }

                let ends (z: float) =
                    Array.map2 (fun c s -> c + s * z) x.Centres x.Scales |> Array.sortDescending

                // Half way to the neighbouring clusters, and not beyond what the tails reach.
                let top =
                    if start = 0 then
                        infinity
                    else
                        0.5 * relative sorted[start - 1]

                let bottom =
                    if next = d then
                        -infinity
                    else
                        0.5 * relative sorted[next - 1] + 0.5 * relative sorted[next]

                let first = max bottom (ends low |> Array.item (rule.Depth - 1))
                let last = min top (ends high |> Array.item 0)

                if first < last then
                    let struct (nodes, weights) = Panels.nodes x first last refinement

                    for n in 0 .. nodes.Length - 1 do
                        for i in 0 .. d - 1 do
                            let z = (nodes[n] - x.Centres[i]) / x.Scales[i]
                            at.Density[i] <- law.Density z / x.Scales[i]
                            tails law z &at.Cdf[i] &at.Survival[i]

                        add (start = 0 && nodes[n] > 0.0) weights[n] at

        { new ExactForm() with
            member _.Maximum theta =
                let rule = createRule ()
                let mutable total = 0.0

                integrate theta rule (fun isAbove weight at ->
                    total <- total + weight * (if isAbove then rule.Rise at else -(rule.Fall at)))

                rule.Base * Array.max theta + unit * total

            member _.Maximizer theta =
                let rule = createRule ()
                let y = Array.zeroCreate d

                integrate theta rule (fun _ weight at -> rule.AddSolution(at, weight, y))
                |> ignore

                y

            member _.Products(theta, vectors) =
                let rule = createRule ()
                let products = vectors |> Array.map (fun _ -> Array.zeroCreate d)

                integrate theta rule (fun _ weight at ->
                    for m in 0 .. vectors.Length - 1 do
                        rule.AddProduct(at, weight, vectors[m], products[m]))

                products |> Array.map (Array.map (fun x -> x / unit))
        }

    /// The rank less one, out of a law of differences and the scale of each pair. O(d²).
    let byPairs (law: PairLaw) (scale: int -> int -> float) (epsilons: float[]) (mean: float) : ExactForm =
        let d = epsilons.Length

        let standard (theta: float[]) (i: int) (j: int) = (theta[i] - theta[j]) / scale i j

        { new ExactForm() with
            member _.Maximum theta =
                let mutable total = 0.0

                for i in 0 .. d - 1 do
                    for j in 0 .. i - 1 do
                        let above = if theta[i] >= theta[j] then i else j
                        let gain = scale i j * law.Excess(-(abs (standard theta i j)))
                        total <- total + theta[above] + epsilons[above] * mean + gain

                total

            member _.Maximizer theta =
                let y = Array.zeroCreate d

                for i in 0 .. d - 1 do
                    for j in 0 .. i - 1 do
                        let x = standard theta i j
                        let lesser = law.Cdf(-(abs x))
                        y[i] <- y[i] + (if x > 0.0 then 1.0 - lesser else lesser)
                        y[j] <- y[j] + (if x > 0.0 then lesser else 1.0 - lesser)

                y

            member _.Products(theta, vectors) =
                let products = vectors |> Array.map (fun _ -> Array.zeroCreate d)

                for i in 0 .. d - 1 do
                    for j in 0 .. i - 1 do
                        let slope = law.Density(-(abs (standard theta i j))) / scale i j

                        for m in 0 .. vectors.Length - 1 do
                            let flow = slope * (vectors[m][i] - vectors[m][j])
                            products[m][i] <- products[m][i] + flow
                            products[m][j] <- products[m][j] - flow

                products
        }

    /// Σ weight·form + constant: y = constant·1 + Σ_k weight_k y_k. The mean of each coordinate enters F_ε with the
    /// constant.
    let combine (constant: float) (epsilons: float[]) (mean: float) (parts: struct (float * ExactForm)[]) : ExactForm =
        let d = epsilons.Length

        let sum (start: float) (of': ExactForm -> float[]) =
            let total = Array.create d start

            for struct (weight, form) in parts do
                of' form |> Array.iteri (fun i x -> total[i] <- total[i] + weight * x)

            total

        { new ExactForm() with
            member _.Maximum theta =
                let mutable total = 0.0

                for struct (weight, form) in parts do
                    total <- total + weight * form.Maximum theta

                if constant <> 0.0 then
                    for i in 0 .. d - 1 do
                        total <- total + constant * (theta[i] + epsilons[i] * mean)

                total

            member _.Maximizer theta =
                sum constant (fun form -> form.Maximizer theta)

            member _.Products(theta, vectors) =
                let totals = vectors |> Array.map (fun _ -> Array.zeroCreate d)

                for struct (weight, form) in parts do
                    form.Products(theta, vectors)
                    |> Array.iteri (fun m product ->
                        for i in 0 .. d - 1 do
                            totals[m][i] <- totals[m][i] + weight * product[i])

                totals
        }
