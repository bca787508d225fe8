namespace Perturbed.Functional

open System

/// Sums of products in twice the working precision, by what each operation loses (Ogita, Rump, Oishi 2005), and the
/// sizes of their terms.
module internal CompensatedSum =

    /// ⟨y − x, θ⟩, Σ(|x_i| + |y_i|)|θ_i| over the entries in which x and y differ, and the same over all entries.
    let difference
        (y: ReadOnlySpan<float>)
        (x: ReadOnlySpan<float>)
        (theta: ReadOnlySpan<float>)
        : struct (float * float * float) =
        let mutable sum, lost, differing, all = 0.0, 0.0, 0.0, 0.0

        for i in 0 .. theta.Length - 1 do
            let size = (abs x[i] + abs y[i]) * abs theta[i]
            all <- all + size

            if x[i] <> y[i] then
                differing <- differing + size

                for side in 0..1 do
                    let factor = if side = 0 then y[i] else -x[i]
                    let term = factor * theta[i]
                    let next = sum + term
                    let part = next - sum
                    let rounding = (sum - (next - part)) + (term - part)
                    lost <- lost + (rounding + Math.FusedMultiplyAdd(factor, theta[i], -term))
                    sum <- next

        struct (sum + lost, differing, all)
