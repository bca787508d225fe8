using System;

namespace Perturbed.Functional.CSharp;

/// <summary>How good predictions are: rank correlations, exact matches, cost ratios, for one row and as means over a
/// batch.</summary>
public static class Metrics
{
    /// <summary>The ranks 1 .. d in ascending order: the largest value has rank d, tied values share the mean of their
    /// ranks.</summary>
    /// <param name="values">d finite values.</param>
    /// <returns>d ranks, whose sum is d(d + 1)/2; O(d log d). Without ties this is argmax over permutations y of
    /// (1..d) of ⟨y, values⟩.</returns>
    /// <exception cref="ArgumentException">A value is not finite.</exception>
    public static double[] Ranks(double[] values) => Functional.Metrics.ranks(values);

    /// <summary>Spearman's ρ: the Pearson correlation of the ranks, ties sharing their mean rank; 1 − 6 Σ d_i² / (n(n²
    /// − 1)) where nothing is tied.</summary>
    /// <param name="target">n finite values, such as the true ranks.</param>
    /// <param name="predicted">n finite values, such as θ itself: only their order counts.</param>
    /// <returns>A number of [−1, 1], 0 for a constant vector, which orders nothing; O(n log n).</returns>
    /// <exception cref="ArgumentException">The lengths differ or are 0, or a value is not finite.</exception>
    public static double Spearman(double[] target, double[] predicted) => Functional.Metrics.spearman(target, predicted);

    /// <summary>Kendall's τ_b = (concordant − discordant) / √((pairs − pairs tied in target)(pairs − pairs tied in
    /// predicted)).</summary>
    /// <param name="target">n finite values.</param>
    /// <param name="predicted">n finite values; only their order counts.</param>
    /// <returns>A number of [−1, 1], 0 for a constant vector; O(n²), 4,950 comparisons for 100 labels.</returns>
    /// <exception cref="ArgumentException">The lengths differ or are 0, or a value is not finite.</exception>
    public static double Kendall(double[] target, double[] predicted) => Functional.Metrics.kendall(target, predicted);

    /// <summary>1 where every entry of a predicted solution equals the target's, else 0: the paper's "perfect ranks"
    /// when averaged.</summary>
    /// <param name="target">n finite values, a solution y.</param>
    /// <param name="solution">n finite values: a predicted solution such as y*(θ), which θ itself, unlike for rank
    /// correlations, is not; equality is exact.</param>
    /// <returns>1 or 0.</returns>
    /// <exception cref="ArgumentException">The lengths differ or are 0, or a value is not finite.</exception>
    public static double SolutionMatch(double[] target, double[] solution) => Functional.Metrics.solutionMatch(target, solution);

    /// <summary>The share of entries on which a predicted solution and the target agree: the paper's "partial ranks"
    /// when averaged.</summary>
    /// <param name="target">n finite values, a solution y.</param>
    /// <param name="solution">n finite values: a predicted solution such as y*(θ), which θ itself, unlike for rank
    /// correlations, is not; equality is exact.</param>
    /// <returns>A number of [0, 1].</returns>
    /// <exception cref="ArgumentException">The lengths differ or are 0, or a value is not finite.</exception>
    public static double SolutionAgreement(double[] target, double[] solution) => Functional.Metrics.solutionAgreement(target, solution);

    /// <summary>⟨cost, predicted⟩ / ⟨cost, optimal⟩: 1 for an optimal prediction, above 1 for a worse one when costs
    /// are positive.</summary>
    /// <param name="cost">The true cost of each coordinate, finite.</param>
    /// <param name="optimal">A solution of least cost.</param>
    /// <param name="predicted">The predicted solution.</param>
    /// <returns>The ratio; O(d).</returns>
    /// <exception cref="ArgumentException">Lengths differ, an entry is not finite, or the optimal cost is
    /// 0.</exception>
    public static double CostRatio(double[] cost, double[] optimal, double[] predicted) =>
        Functional.Metrics.costRatio(cost, optimal, predicted);

    /// <summary>A metric of each row of a batch.</summary>
    /// <param name="metric">The metric of one row: target, then prediction, such as <see cref="Spearman"/>.</param>
    /// <param name="targets">[rows × dimension].</param>
    /// <param name="predictions">[rows × dimension].</param>
    /// <returns>One number a row, for example to plot or to take quantiles of.</returns>
    /// <exception cref="ArgumentException">The numbers of rows differ.</exception>
    public static double[] Rows(Func<double[], double[], double> metric, double[,] targets, double[,] predictions) =>
        Functional.Metrics.rows(Crossing.Function(metric), targets, predictions);

    /// <summary>The mean of a metric over the rows of a batch: <c>Metrics.Mean(Metrics.Spearman, targets,
    /// predictions)</c>.</summary>
    /// <param name="metric">The metric of one row: target, then prediction.</param>
    /// <param name="targets">[rows × dimension], at least one row.</param>
    /// <param name="predictions">[rows × dimension].</param>
    /// <returns>The mean over rows.</returns>
    /// <exception cref="ArgumentException">The numbers of rows differ or are 0.</exception>
    public static double Mean(Func<double[], double[], double> metric, double[,] targets, double[,] predictions) =>
        Functional.Metrics.mean(Crossing.Function(metric), targets, predictions);
}
