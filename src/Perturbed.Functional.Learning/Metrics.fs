namespace Perturbed.Functional

open System
open Perturbed.Kernels

/// How good predictions are: rank correlations, exact matches, cost ratios, for one row and as means over a batch.
[<RequireQualifiedAccess>]
module Metrics =

    let private comparable (name: string) (truth: float[]) (other: string) (predicted: float[]) : unit =
        Check.finiteVector name truth
        Check.finiteVector other predicted
        Check.length other predicted.Length truth.Length $"the length of {name}"

        if truth.Length = 0 then
            invalidArg name $"{name} has length 0; it must have at least one entry."

    let private sameLength (target: float[]) (predicted: float[]) : unit =
        comparable (nameof target) target (nameof predicted) predicted

    let private ranksOf (values: float[]) : float[] =
        let n = values.Length
        let sorted = Array.copy values
        let order = Array.init n id
        Array.Sort(sorted, order)
        let ranks = Array.zeroCreate<float> n
        let mutable first = 0

        while first < n do
            let mutable last = first

            while last + 1 < n && sorted[last + 1] = sorted[first] do
                last <- last + 1

            // The entries first .. last hold the ranks first + 1 .. last + 1; each gets their mean.
            for k in first..last do
                ranks[order[k]] <- 0.5 * float (first + last) + 1.0

            first <- last + 1

        ranks

    /// <summary>The ranks 1 .. d in ascending order: the largest value has rank d, tied values share the mean of their
    /// ranks.</summary>
    /// <param name="values">d finite values.</param>
    /// <returns>d ranks, whose sum is d(d + 1)/2; O(d log d). Without ties this is argmax over permutations y of
    /// (1..d) of ⟨y, values⟩.</returns>
    /// <exception cref="T:System.ArgumentException">A value is not finite.</exception>
    let ranks (values: float[]) : float[] =
        Check.finiteVector (nameof values) values
        ranksOf values

    /// <summary>
    /// Spearman's ρ: the Pearson correlation of the ranks, ties sharing their mean rank; 1 − 6 Σ d_i² / (n(n² − 1))
    /// where nothing is tied.
    /// </summary>
    /// <remarks>A constant vector orders nothing: ρ is 0 then, the expectation over breaking its ties at
    /// random.</remarks>
    /// <param name="target">n finite values, such as the true ranks.</param>
    /// <param name="predicted">n finite values, such as θ itself: only their order counts.</param>
    /// <returns>A number of [−1, 1]; O(n log n).</returns>
    /// <exception cref="T:System.ArgumentException">The lengths differ or are 0, or a value is not finite.</exception>
    /// <example><code>
    /// Metrics.spearman [| 1.0; 2.0; 3.0 |] [| 0.1; 0.7; 0.4 |] // 0.5
    /// </code></example>
    let spearman (target: float[]) (predicted: float[]) : float =
        sameLength target predicted
        let a, b = ranksOf target, ranksOf predicted
        let middle = 0.5 * float (a.Length + 1)
        let mutable ab, aa, bb = 0.0, 0.0, 0.0

        // Ranks are multiples of ½ and so are these differences: the three sums are exact for n below 1e5.
        for i in 0 .. a.Length - 1 do
            let u, v = a[i] - middle, b[i] - middle
            ab <- ab + u * v
            aa <- aa + u * u
            bb <- bb + v * v

        if aa = 0.0 || bb = 0.0 then 0.0
        elif aa = bb then ab / aa
        else Math.Clamp(ab / (sqrt aa * sqrt bb), -1.0, 1.0)

    /// 1, 0 or −1 without a branch; compare, which must also order NaN, takes several times as long.
    let inline private sign (x: float) (y: float) : int =
        (if x > y then 1 else 0) - (if x < y then 1 else 0)

    /// <summary>Kendall's τ_b = (concordant − discordant) / √((pairs − pairs tied in target)(pairs − pairs tied in
    /// predicted)).</summary>
    /// <remarks>A constant vector orders nothing: τ_b is 0 then.</remarks>
    /// <param name="target">n finite values.</param>
    /// <param name="predicted">n finite values; only their order counts.</param>
    /// <returns>A number of [−1, 1]; O(n²), 4,950 comparisons for 100 labels.</returns>
    /// <exception cref="T:System.ArgumentException">The lengths differ or are 0, or a value is not finite.</exception>
    let kendall (target: float[]) (predicted: float[]) : float =
        sameLength target predicted
        let mutable score, untiedTarget, untiedPredicted = 0L, 0L, 0L

        for i in 1 .. target.Length - 1 do
            for j in 0 .. i - 1 do
                let t = sign target[i] target[j]
                let p = sign predicted[i] predicted[j]
                score <- score + int64 (t * p)
                untiedTarget <- untiedTarget + int64 (t * t)
                untiedPredicted <- untiedPredicted + int64 (p * p)

        if untiedTarget = 0L || untiedPredicted = 0L then
            0.0
        elif untiedTarget = untiedPredicted then
            float score / float untiedTarget
        else
            Math.Clamp(float score / (sqrt (float untiedTarget) * sqrt (float untiedPredicted)), -1.0, 1.0)

    /// <summary>1 where every entry of a predicted solution equals the target's, else 0: the paper's "perfect ranks"
    /// when averaged.</summary>
    /// <param name="target">n finite values, a solution y.</param>
    /// <param name="solution">n finite values: a predicted solution such as y*(θ), which θ itself, unlike for rank
    /// correlations, is not; equality is exact.</param>
    /// <returns>1 or 0.</returns>
    /// <exception cref="T:System.ArgumentException">The lengths differ or are 0, or a value is not finite.</exception>
    /// <example><code>
    /// Metrics.solutionMatch [| 1.0; 2.0; 3.0 |] [| 1.0; 3.0; 2.0 |] // 0.0
    /// </code></example>
    let solutionMatch (target: float[]) (solution: float[]) : float =
        comparable (nameof target) target (nameof solution) solution

        if target.AsSpan().SequenceEqual(solution.AsSpan()) then
            1.0
        else
            0.0

    /// <summary>The share of entries on which a predicted solution and the target agree: the paper's "partial ranks"
    /// when averaged.</summary>
    /// <param name="target">n finite values, a solution y.</param>
    /// <param name="solution">n finite values: a predicted solution such as y*(θ), which θ itself, unlike for rank
    /// correlations, is not; equality is exact.</param>
    /// <returns>A number of [0, 1].</returns>
    /// <exception cref="T:System.ArgumentException">The lengths differ or are 0, or a value is not finite.</exception>
    let solutionAgreement (target: float[]) (solution: float[]) : float =
        comparable (nameof target) target (nameof solution) solution

        let agreeing =
            Array.fold2 (fun n t p -> if t = p then n + 1 else n) 0 target solution

        float agreeing / float target.Length

    /// <summary>⟨cost, predicted⟩ / ⟨cost, optimal⟩: 1 for an optimal prediction, above 1 for a worse one when costs
    /// are positive.</summary>
    /// <param name="cost">The true cost of each coordinate, finite.</param>
    /// <param name="optimal">A solution of least cost.</param>
    /// <param name="predicted">The predicted solution.</param>
    /// <returns>The ratio; O(d).</returns>
    /// <exception cref="T:System.ArgumentException">Lengths differ, an entry is not finite, or the optimal cost is
    /// 0.</exception>
    let costRatio (cost: float[]) (optimal: float[]) (predicted: float[]) : float =
        comparable (nameof optimal) optimal (nameof predicted) predicted
        Check.finiteVector (nameof cost) cost
        Check.length (nameof cost) cost.Length optimal.Length "the length of optimal"
        let best = Sums.Product(ReadOnlySpan cost, ReadOnlySpan optimal)

        if best = 0.0 then
            invalidArg (nameof optimal) "optimal has cost 0; a ratio needs a cost other than 0."

        Sums.Product(ReadOnlySpan cost, ReadOnlySpan predicted) / best

    /// <summary>A metric of each row of a batch.</summary>
    /// <param name="metric">The metric of one row: target, then prediction.</param>
    /// <param name="targets">[rows × dimension].</param>
    /// <param name="predictions">[rows × dimension].</param>
    /// <returns>One number a row, for example to plot or to take quantiles of.</returns>
    /// <exception cref="T:System.ArgumentException">The numbers of rows differ.</exception>
    let rows (metric: float[] -> float[] -> float) (targets: float[,]) (predictions: float[,]) : float[] =
        Check.notNull (nameof targets) targets
        Check.notNull (nameof predictions) predictions
        let n = Array2D.length1 targets

        if Array2D.length1 predictions <> n then
            invalidArg (nameof predictions) $"predictions has {Array2D.length1 predictions} rows; targets has {n}."

        Array.init n (fun r -> metric targets[r, *] predictions[r, *])

    /// <summary>The mean of a metric over the rows of a batch: <c>predictions |&gt; Metrics.mean Metrics.spearman
    /// targets</c>.</summary>
    /// <param name="metric">The metric of one row: target, then prediction.</param>
    /// <param name="targets">[rows × dimension], at least one row.</param>
    /// <param name="predictions">[rows × dimension].</param>
    /// <returns>The mean over rows.</returns>
    /// <exception cref="T:System.ArgumentException">The numbers of rows differ or are 0.</exception>
    let mean (metric: float[] -> float[] -> float) (targets: float[,]) (predictions: float[,]) : float =
        let values = rows metric targets predictions

        if values.Length = 0 then
            invalidArg (nameof targets) "targets has 0 rows; a mean needs at least one."

        Array.average values
