using System;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// A linear program: y*(θ) = argmax ⟨y, θ⟩ over {y : A y ≤ b, l ≤ y ≤ u}, by a dense simplex method with bounds, for
/// modest sizes. l = 0 and u = ∞ where nothing else is said.
/// </summary>
/// <remarks>
/// <para>
/// A dense simplex method in doubles proposes a basis: steepest coefficients, Bland's rule as soon as a pivot brings
/// no gain, bounds without rows. The basis is then proved in the given data, with a bound on every rounding: feasible,
/// the best one, and its vertex known to the last bit. What is not proved that way is decided in whole numbers
/// (doubles are fractions), which always ends and takes a thousand times as long: vertices on more constraints than
/// they need, unless the numbers are short, equal gains, and numbers too far apart for doubles. So each entry of the
/// answer is the double nearest to an exact best vertex, and whether a program is feasible or bounded is decided
/// without tolerance. Where whole numbers would take longer than some ten seconds, it is an error. Cost O(M·d) a
/// pivot, and O(M·k + k³) for a proof with k entries between their bounds.
/// </para>
/// <para>
/// Ties. Of several optimal vertices, the one where the search from the first basis ends, a function of θ alone. When
/// <see cref="ISolver.Begin"/> was given the unperturbed θ and four rows or more follow, a row starts from the best
/// basis of that θ, which often is its own; such an answer counts only where every other step is proved to have a
/// negative gain, so that the vertex is the only best one; otherwise the row is solved again from the first. So a warm
/// start never changes an answer. Warm starts end after a few rows that gain nothing by them.
/// </para>
/// <para>Paper: Appendix B.</para>
/// </remarks>
public sealed class LinearProgramOracle : IOracle
{
    /// <summary>The largest number of entries of A.</summary>
    public const int LargestSize = 1 << 22;

    private readonly double[] lower;
    private readonly double[] upper;
    private readonly ScaledProgram program;
    private readonly SimplexDictionary start;

    /// <summary>The program of the given constraints and y ≥ 0.</summary>
    /// <param name="a">A, M × d, finite, with at least one row and one column. It is copied.</param>
    /// <param name="b">b, of length M, finite, of any sign. It is copied.</param>
    /// <exception cref="ArgumentNullException">An array is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A has no row or no column, or more than 2^22 entries.</exception>
    /// <exception cref="ArgumentException">
    /// Lengths disagree, an entry is not finite, or no y satisfies the constraints, or that is undecided (the
    /// parameter is <paramref name="b"/>).
    /// </exception>
    public LinearProgramOracle(double[,] a, double[] b)
        : this(a, b, new double[Columns(a)], Unbounded(Columns(a)))
    {
    }

    /// <summary>The program of the given constraints and bounds.</summary>
    /// <param name="a">A, M × d, finite, with at least one row and one column. It is copied.</param>
    /// <param name="b">b, of length M, finite, of any sign. It is copied.</param>
    /// <param name="lower">l, of length d, finite. It is copied.</param>
    /// <param name="upper">
    /// u, of length d, each finite or +∞ for none, and no less than its lower bound. It is copied.
    /// </param>
    /// <exception cref="ArgumentNullException">An array is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A has no row or no column, or more than 2^22 entries.</exception>
    /// <exception cref="ArgumentException">
    /// Lengths disagree, an entry is not finite, bounds are out of order, or no y satisfies the constraints, or that
    /// is undecided (the parameter is <paramref name="b"/>).
    /// </exception>
    public LinearProgramOracle(double[,] a, double[] b, double[] lower, double[] upper)
    {
        ArgumentNullException.ThrowIfNull(b);
        ArgumentNullException.ThrowIfNull(lower);
        ArgumentNullException.ThrowIfNull(upper);
        Dimension = Columns(a);
        Constraints = a.GetLength(0);
        if (Constraints == 0 || Dimension == 0 || a.LongLength > LargestSize)
            throw new ArgumentOutOfRangeException(
                nameof(a),
                $"a is {Constraints} × {Dimension}; it must have at least one row and one column, and at most {LargestSize} entries.");
        if (b.Length != Constraints) throw new ArgumentException($"b has length {b.Length}; a has {Constraints} rows.", nameof(b));
        var entries = new double[Constraints * Dimension];
        for (var i = 0; i < Constraints; i++)
        {
            if (!double.IsFinite(b[i])) throw new ArgumentException($"b[{i}] is {b[i]}; expected a finite number.", nameof(b));
            for (var j = 0; j < Dimension; j++)
                entries[i * Dimension + j] = double.IsFinite(a[i, j])
                    ? a[i, j]
                    : throw new ArgumentException($"a[{i}, {j}] is {a[i, j]}; expected a finite number.", nameof(a));
        }

        CheckBounds(lower, upper, Dimension);
        this.lower = (double[])lower.Clone();
        this.upper = (double[])upper.Clone();
        program = new ScaledProgram(entries, (double[])b.Clone(), this.lower, this.upper);
        start = new SimplexDictionary(program);
        if (!start.MakeFeasible() || !new BasisProof(program).Prove(start)) MakeFeasibleExactly();
    }

    /// <inheritdoc/>
    public string Name => "linear-program";

    /// <summary>The number M of constraints.</summary>
    public int Constraints { get; }

    /// <summary>l.</summary>
    public ReadOnlySpan<double> Lower => lower;

    /// <summary>u; +∞ where there is no bound.</summary>
    public ReadOnlySpan<double> Upper => upper;

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <inheritdoc/>
    public int SolutionDimension => Dimension;

    /// <summary>True: rows start warm.</summary>
    public bool DependsOnInstance => true;

    /// <summary>
    /// Whether <paramref name="y"/> satisfies the constraints, and its tight ones determine it. A constraint may fail
    /// by 1e-9 of the sizes of its own terms.
    /// </summary>
    /// <param name="y">A point, of the dimension d.</param>
    /// <returns>True for the vertices.</returns>
    /// <exception cref="ArgumentException"><paramref name="y"/> has another length.</exception>
    public bool IsSolution(ReadOnlySpan<double> y)
    {
        RowShape.Point(y, Dimension);
        return new VertexSystem(program).IsVertex(y);
    }

    /// <inheritdoc/>
    public ISolver CreateSolver() => new SimplexSolver(program, start, Name);

    private void MakeFeasibleExactly()
    {
        try
        {
            var exact = new ExactDictionary(program, []);
            if (exact.Load(start.Basic, start.IsFlipped)) return;
            exact = new ExactDictionary(program, []);
            var excess = exact.MakeFeasible();
            if (excess > 0.0)
                throw new ArgumentException(
                    $"The program is infeasible: no y within its bounds has A y ≤ b; "
                    + $"with every b_i raised by {excess} of its row's largest coefficient there is one.", "b");
            start.Set(exact);
        }
        catch (ExactLimitException error)
        {
            throw new ArgumentException($"Whether the program is feasible is undecided: {error.Message}.", "b", error);
        }
    }

    private static int Columns(double[,] a)
    {
        ArgumentNullException.ThrowIfNull(a);
        return a.GetLength(1);
    }

    private static double[] Unbounded(int dimension)
    {
        var upper = new double[dimension];
        upper.AsSpan().Fill(double.PositiveInfinity);
        return upper;
    }

    private static void CheckBounds(double[] lower, double[] upper, int dimension)
    {
        if (lower.Length != dimension)
            throw new ArgumentException($"lower has length {lower.Length}; a has {dimension} columns.", nameof(lower));
        if (upper.Length != dimension)
            throw new ArgumentException($"upper has length {upper.Length}; a has {dimension} columns.", nameof(upper));
        for (var j = 0; j < dimension; j++)
        {
            if (!double.IsFinite(lower[j]))
                throw new ArgumentException($"lower[{j}] is {lower[j]}; expected a finite number.", nameof(lower));
            if (!(upper[j] >= lower[j]))
                throw new ArgumentException(
                    $"upper[{j}] is {upper[j]}; expected at least lower[{j}] = {lower[j]}, or +∞ for no bound.", nameof(upper));
        }
    }
}
