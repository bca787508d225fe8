using System;
using System.Threading;

namespace Perturbed.Functional.CSharp;

/// <summary>A discrete solver y*(θ) = argmax over y ∈ Y of ⟨y, θ⟩, ready to be perturbed: always
/// maximisation.</summary>
/// <remarks>Made by <see cref="Oracle"/>. Immutable and safe to call from many threads. Berthet et al. 2020, equation
/// (1).</remarks>
public sealed partial class Oracle
{
    internal Oracle(Functional.Oracle core) => Core = core;

    internal Functional.Oracle Core { get; }

    /// <summary>The name in messages and reports.</summary>
    public string Name => Core.Name;

    /// <summary>The dimension d of θ.</summary>
    public int Dimension => Core.Dimension;

    /// <summary>The dimension k of a solution.</summary>
    public int SolutionDimension => Core.SolutionDimension;

    /// <summary>How many instances have a problem of their own (<see cref="PerInstance"/>); 0 where one problem serves
    /// every instance.</summary>
    public int InstanceCount => Core.InstanceCount;

    /// <summary>Whether the same θ gives the same answer on every run and machine; false where a limit of wall-clock time
    /// may end a solve.</summary>
    public bool IsReproducible => Core.IsReproducible;

    /// <summary>The hull of the solutions, where it is known by name.</summary>
    public Polytope Polytope => Polytope.Of(Core.Polytope);

    /// <summary>The contract behind this oracle, for solvers that build on it.</summary>
    public IOracle Implementation => Core.Implementation;

    /// <summary>An oracle under another name, as messages and reports show it.</summary>
    /// <param name="name">The name, not empty.</param>
    /// <returns>An oracle with the same answers.</returns>
    /// <exception cref="ArgumentException">The name is null or empty.</exception>
    public Oracle WithName(string name) => new(OracleModule.withName(Crossing.NotNull(name), Core));

    /// <summary>An oracle that can tell which points are its solutions, so that Fenchel-Young losses at them are true
    /// losses.</summary>
    /// <param name="isSolution">Whether a point of the dimension k is a vertex of conv(Y).</param>
    /// <returns>An oracle with the same answers.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="isSolution"/> is null.</exception>
    public Oracle WithSolutions(Func<double[], bool> isSolution) =>
        new(OracleModule.withSolutions(Crossing.Function(isSolution), Core));

    /// <summary>An oracle that is called by one thread at a time, for a solver that is not safe to call
    /// concurrently.</summary>
    /// <returns>An oracle with the same answers; noise and sums still use every thread.</returns>
    public Oracle Synchronized() => new(OracleModule.synchronized(Core));

    /// <summary>Where a point lies with respect to conv(Y): inside, outside with the inequality that says so, or
    /// undecided with what was tried.</summary>
    /// <param name="y">A point, of the dimension k, finite.</param>
    /// <returns>Exact for most polytopes (see <see cref="Polytope"/>); an inequality may be missed by 1e-9 of its own
    /// terms, so means of solutions pass.</returns>
    /// <exception cref="ArgumentException">A wrong length, NaN or ∞ in y.</exception>
    public Membership Membership(double[] y) => new(OracleModule.membership(y, Core));

    /// <summary>Where a point whose entries have a relative error lies with respect to conv(Y), as a target in single or
    /// half precision.</summary>
    /// <param name="y">A point, of the dimension k, finite.</param>
    /// <param name="tolerance">The relative error of the entries, at least 0 and below 1: an inequality Σ c_i y_i ≤ b
    /// may be missed by tolerance · (Σ |c_i y_i| + |b|), and by tolerance · Σ |c_i| times the largest entry that
    /// solutions have in it. 1e-5 suits single precision, 2⁻⁶ half.</param>
    /// <returns>Inside, outside or undecided, at the cost of <see cref="Membership(double[])"/>.</returns>
    /// <exception cref="ArgumentException">A tolerance that is negative, 1 or more, or NaN; a wrong length, NaN or ∞ in
    /// y.</exception>
    public Membership MembershipWithin(double[] y, double tolerance) =>
        new(OracleModule.membershipWithin(tolerance, y, Core));

    /// <summary>The unperturbed solution y*(θ).</summary>
    /// <param name="theta">θ, of the dimension d, finite.</param>
    /// <returns>y*(θ), of the dimension k.</returns>
    /// <exception cref="ArgumentException">A wrong length, NaN or ∞ in θ.</exception>
    /// <exception cref="OracleException">The oracle threw or answered nonsense.</exception>
    public double[] Solve(double[] theta) => OracleModule.solve(theta, Core);

    /// <summary>The unperturbed solutions of a batch; row r is instance r, where the oracle has a problem for each
    /// instance.</summary>
    /// <param name="thetas">B × d, finite; B = 0 is legal.</param>
    /// <returns>B × k.</returns>
    /// <exception cref="ArgumentException">A wrong shape, NaN or ∞ (the row is named).</exception>
    /// <exception cref="OracleException">The oracle threw or answered nonsense.</exception>
    public double[,] Solve(double[,] thetas) => OracleModule.solveBatch(thetas, Core);

    /// <summary>The unperturbed solutions of a batch, until a token stops it.</summary>
    /// <param name="thetas">B × d, finite; B = 0 is legal.</param>
    /// <param name="cancellation">The token, looked at between rows, or blocks of 64 rows of a fast solver, and handed to
    /// the solver.</param>
    /// <returns>B × k.</returns>
    /// <exception cref="ArgumentException">A wrong shape, NaN or ∞ (the row is named).</exception>
    /// <exception cref="OracleException">The oracle threw or answered nonsense.</exception>
    /// <exception cref="OperationCanceledException">The token stopped it.</exception>
    public double[,] Solve(double[,] thetas, CancellationToken cancellation) =>
        OracleModule.solveBatchWith(cancellation, thetas, Core);

    /// <summary>The unperturbed solutions of a batch whose rows are the given instances, such as the rows of a fold:
    /// row r is solved by the problem of instance instances[r].</summary>
    /// <param name="thetas">B × d, finite; B = 0 is legal.</param>
    /// <param name="instances">One number a row, at least 0.</param>
    /// <returns>B × k.</returns>
    /// <exception cref="ArgumentException">A wrong shape, NaN or ∞ (the row is named), another number of instances
    /// than rows, or an instance without an oracle.</exception>
    /// <exception cref="OracleException">The oracle threw or answered nonsense.</exception>
    public double[,] Solve(double[,] thetas, int[] instances) => OracleModule.solveInstances(instances, thetas, Core);

    /// <summary>The unperturbed solutions of given instances, until a token stops it.</summary>
    /// <param name="thetas">B × d, finite; B = 0 is legal.</param>
    /// <param name="instances">One number a row, at least 0.</param>
    /// <param name="cancellation">The token, looked at between rows, or blocks of 64 rows of a fast solver, and handed to
    /// the solver.</param>
    /// <returns>B × k.</returns>
    /// <exception cref="ArgumentException">A wrong shape, NaN or ∞ (the row is named), another number of instances
    /// than rows, or an instance without an oracle.</exception>
    /// <exception cref="OracleException">The oracle threw or answered nonsense.</exception>
    /// <exception cref="OperationCanceledException">The token stopped it.</exception>
    public double[,] Solve(double[,] thetas, int[] instances, CancellationToken cancellation) =>
        OracleModule.solveInstancesWith(cancellation, instances, thetas, Core);

    /// <summary>The oracle that solves an instance: oracle number i of <see cref="PerInstance"/>, whose polytope and
    /// membership are known; any other oracle is itself.</summary>
    /// <param name="instance">The number of the instance, from 0.</param>
    /// <returns>An oracle that has the same answers for every instance.</returns>
    /// <exception cref="ArgumentException">A negative instance, or one that has no oracle.</exception>
    public Oracle OfInstance(int instance) => new(OracleModule.ofInstance(instance, Core));

    /// <summary>The perturbed optimizer y*_ε(θ) = E[y*(θ + εZ)] of an oracle, estimated from M samples.</summary>
    /// <param name="noise">The law of Z. If it has a dimension of its own, it is the oracle's.</param>
    /// <param name="epsilon">The noise scale ε, positive, in the unit of θ.</param>
    /// <param name="samples">The number M of samples, at least 1; the standard error falls as 1/√M and the cost grows
    /// as M.</param>
    /// <param name="key">The key of the noise; without one, the key of seed 0.</param>
    /// <returns>An operator: a pure function of θ, with leave-one-out derivatives and all processors.</returns>
    /// <exception cref="ArgumentException">ε ≤ 0 or not finite, M &lt; 1, or the noise's dimension is not the
    /// oracle's.</exception>
    /// <remarks>Berthet et al. 2020, Definitions 2.1 and 3.1.</remarks>
    public Smoothed Perturb(INoise noise, double epsilon, int samples, Key key = default) =>
        new(SmoothedModule.withKey(key, Functional.Perturb.perturb(Core, noise, epsilon, samples)));

    /// <summary>Name and dimension.</summary>
    /// <returns>A line such as <c>ranking (dimension 5)</c>.</returns>
    public override string ToString() => Core.ToString();
}
