using System;

namespace Perturbed.Functional.CSharp;

public sealed partial class Oracle
{
    /// <summary>The 0/1 knapsack: θ is the gain of each item, and y the selection of largest gain with Σ w_i y_i ≤ c.
    /// Exact, for gains of either sign.</summary>
    /// <param name="weights">w, one for each of the d items, at least 0.</param>
    /// <param name="capacity">c, at least 0.</param>
    /// <returns>An oracle of cost O(d·c/g), g the common divisor of the weights. An item of gain ≤ 0 is never taken;
    /// of equal selections the one wins that leaves out the highest index in which they differ.</returns>
    /// <exception cref="ArgumentException">No items, a negative number, or a table of more than 2^28
    /// entries.</exception>
    public static Oracle Knapsack(int[] weights, int capacity) => new(OracleModule.knapsack(weights, capacity));

    /// <summary>The 0/1 knapsack of several constraints: θ is the gain of each item, and y the selection of largest
    /// gain with W y ≤ c. Exact, by branch and bound.</summary>
    /// <param name="weights">W, K × d, at least 0: the weight of each item in each constraint; d from 1 to 64.</param>
    /// <param name="capacities">c, of length K, at least 0.</param>
    /// <returns>An oracle for small sizes: its cost is exponential in d at worst. An item of gain ≤ 0 is never taken;
    /// of equal selections the first of the search wins.</returns>
    /// <exception cref="ArgumentException">Sizes out of range or that disagree, or a negative number.</exception>
    public static Oracle MultiKnapsack(int[,] weights, int[] capacities) => new(OracleModule.multiKnapsack(weights, capacities));

    /// <summary>The travelling salesman, exact: θ = −cost of each edge of the complete graph, the upper triangle row
    /// by row ((0,1), (0,2), …, (1,2), …), and y marks the edges of the best round trip.</summary>
    /// <param name="cities">n, from 3 to 12.</param>
    /// <returns>An oracle of dimension n(n − 1)/2 and cost O(n²·2ⁿ) (Held-Karp), for costs of either sign. Ties break
    /// the same way every time.</returns>
    /// <exception cref="ArgumentOutOfRangeException">n is not in 3 to 12.</exception>
    public static Oracle Tsp(int cities) => new(OracleModule.tsp(cities));

    /// <summary>The travelling salesman by a heuristic, for more cities: y marks the edges of a good round trip, which
    /// need not be the best; θ as in <see cref="Tsp"/>.</summary>
    /// <param name="cities">n, from 3 to 4096.</param>
    /// <param name="starts">How many cities to start from, 1 to n: the cost and the quality grow with it.</param>
    /// <returns>An oracle of dimension n(n − 1)/2 and cost O(starts·n²) a sweep, some tens of sweeps.</returns>
    /// <exception cref="ArgumentOutOfRangeException">n is not in 3 to 4096, or starts not in 1 to n.</exception>
    /// <remarks>Nearest neighbours improved by 2-opt and Or-opt, without a bound on the gap. The answer is a function
    /// of θ, so perturbing it is sound, but F is then a lower estimate of the maximum and not convex.</remarks>
    public static Oracle TspHeuristic(int cities, int starts = 1) => new(OracleModule.tspHeuristic(starts, cities));

    /// <summary>The global alignment of two sequences with affine gaps (Needleman-Wunsch-Gotoh): θ scores pairs, gap
    /// openings and gap extensions, and y counts those of the best alignment.</summary>
    /// <param name="first">n, the length of the first sequence, at least 1.</param>
    /// <param name="second">m, the length of the second, at least 1.</param>
    /// <returns>An oracle of dimension 3·n·m and cost O(n·m): three planes of n × m, row-major. Ties break the same
    /// way every time, for pairs before gaps as seen from the end.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A length below 1, or n·m above 2^22.</exception>
    /// <remarks><see cref="Alignment.Scores"/> makes θ of a score for letters, <see cref="Alignment.Render"/> prints
    /// y.</remarks>
    public static Oracle Alignment(int first, int second) => new(OracleModule.alignment(first, second));

    /// <summary>The local alignment of two sequences with affine gaps (Smith-Waterman): as <see cref="Alignment"/>, of
    /// a contiguous part of each sequence from one pair to another, or of nothing, y = 0.</summary>
    /// <param name="first">n, the length of the first sequence, at least 1.</param>
    /// <param name="second">m, the length of the second, at least 1.</param>
    /// <returns>An oracle of dimension 3·n·m and cost O(n·m). Ties break as for <see cref="Alignment"/>, for the
    /// shorter start and the first end.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A length below 1, or n·m above 2^22.</exception>
    public static Oracle LocalAlignment(int first, int second) => new(OracleModule.localAlignment(first, second));

    /// <summary>The semi-global alignment of two sequences with affine gaps: as <see cref="Alignment"/>, but gaps
    /// before and after are free and have no steps, as where one sequence is a part of the other or overlaps with
    /// it.</summary>
    /// <param name="first">n, the length of the first sequence, at least 1.</param>
    /// <param name="second">m, the length of the second, at least 1.</param>
    /// <returns>An oracle of dimension 3·n·m and cost O(n·m); y = 0 where no overlap gains. Ties break as for
    /// <see cref="Alignment"/>, for ends after all of the second sequence, the first of them.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A length below 1, or n·m above 2^22.</exception>
    public static Oracle SemiGlobalAlignment(int first, int second) => new(OracleModule.semiGlobalAlignment(first, second));

    /// <summary>Alignments of pairs of sequences of different lengths, instance by instance: θ of each begins with its
    /// own 3·n·m scores, and what follows up to the longest is not read and 0 in y.</summary>
    /// <param name="kind">Global, local or semi-global.</param>
    /// <param name="lengths">n and m of each pair, at least 0.</param>
    /// <returns>An oracle of dimension 3·n·m of the longest pair, at least 3, and cost O(n·m) for each row's own n and
    /// m.</returns>
    /// <exception cref="ArgumentException">No pairs, a negative length, or n·m above 2^22.</exception>
    /// <remarks>Rows of a batch say which pair they are by <see cref="Smoothed.WithInstances"/> or
    /// <see cref="Examples.Instances"/>. A sequence without letters has no cells: its alignment is y = 0, and all of θ
    /// is padding. Pairs of equal lengths share an oracle.</remarks>
    public static Oracle Alignments(AlignmentKind kind, (int First, int Second)[] lengths) => new(OracleModule.alignments(kind, lengths));

    /// <summary>A linear program: y maximises ⟨y, θ⟩ over {A y ≤ b, y ≥ 0}, and is a vertex of it. Dense simplex, for
    /// modest sizes.</summary>
    /// <param name="a">A, M × d, finite, at least one row and one column.</param>
    /// <param name="b">b, of length M, finite, of either sign.</param>
    /// <returns>An oracle of cost O(M·d) a pivot, with no more than some M + d pivots as a rule. Of several optimal
    /// vertices the same one wins every time.</returns>
    /// <exception cref="ArgumentException">Wrong sizes, NaN or ∞, or an infeasible program.</exception>
    /// <remarks>An equation is two inequalities. Where the set is unbounded, a θ that gains for ever is an
    /// <see cref="OracleException"/> that names the direction: bound every entry that may gain.</remarks>
    public static Oracle LinearProgram(double[,] a, double[] b) => new(OracleModule.linearProgram(a, b));

    /// <summary>A linear program with bounds: y maximises ⟨y, θ⟩ over {A y ≤ b, l ≤ y ≤ u}, and is a vertex of it.
    /// Dense simplex, for modest sizes.</summary>
    /// <param name="a">A, M × d, finite, at least one row and one column.</param>
    /// <param name="b">b, of length M, finite, of either sign.</param>
    /// <param name="lower">l, of length d, finite.</param>
    /// <param name="upper">u, of length d, no entry below its lower bound; +∞ for none.</param>
    /// <returns>An oracle of cost O(M·d) a pivot, with no more than some M + d pivots as a rule. Of several optimal
    /// vertices the same one wins every time.</returns>
    /// <exception cref="ArgumentException">Wrong sizes, NaN, bounds out of order, or an infeasible
    /// program.</exception>
    /// <remarks>Bounds are not rows of A, so they cost next to nothing. Where every u is finite, the program has an
    /// answer at every θ.</remarks>
    public static Oracle LinearProgram(double[,] a, double[] b, double[] lower, double[] upper) =>
        new(OracleModule.boundedLinearProgram(lower, upper, a, b));
}
