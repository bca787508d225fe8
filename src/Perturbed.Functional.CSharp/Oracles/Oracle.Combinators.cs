using System;

namespace Perturbed.Functional.CSharp;

/// <content>Oracles out of oracles.</content>
public sealed partial class Oracle
{
    /// <summary>An oracle on some coordinates of θ with the others fixed: for S the free coordinates and R the rest,
    /// y_S of the y ∈ Y that maximises ⟨y_S, θ⟩ + ⟨y_R, c_R⟩.</summary>
    /// <param name="free">S: the coordinates that θ gives, in the order it gives them; at least one, no two the
    /// same.</param>
    /// <param name="theta">c: a vector of the dimension d. Its entries at the free coordinates are not read.</param>
    /// <returns>An oracle of dimension |S|, of the cost and with the ties of the whole. Its Fenchel-Young losses are
    /// known up to a constant in θ.</returns>
    /// <exception cref="ArgumentException">A coordinate outside 0 to d − 1 or named twice, none at all, a wrong
    /// length, an entry of c_R that is not finite, or k ≠ d.</exception>
    public Oracle Restrict(int[] free, double[] theta) => new(OracleModule.restrict(free, theta, Core));

    /// <summary>A linear offset: y maximises ⟨y, θ⟩ + ⟨c, y⟩ over Y, so y = y*(θ + c) and F(θ) = F₀(θ + c).</summary>
    /// <param name="offset">c, of the dimension d, finite: what each coordinate earns whatever θ is.</param>
    /// <returns>An oracle of the same cost and ties. Its Fenchel-Young losses are known up to a constant in
    /// θ.</returns>
    /// <exception cref="ArgumentException">A wrong length, NaN or ∞, or k ≠ d.</exception>
    public Oracle WithOffset(double[] offset) => new(OracleModule.withOffset(offset, Core));

    /// <summary>The minimum instead of the maximum: θ is a cost, and the answer is −y with y = argmin over y ∈ Y of
    /// ⟨y, θ⟩.</summary>
    /// <returns>The oracle of −Y, of the same cost; of equal costs the solution wins that this oracle chooses at −θ.
    /// Minimising twice gives this oracle back.</returns>
    /// <exception cref="ArgumentException">k ≠ d.</exception>
    /// <remarks>It is the maximum over −Y: F(θ) = −min ⟨y, θ⟩ is convex with gradient −y, and a Fenchel-Young target
    /// is the negated solution −y.</remarks>
    public Oracle Minimise() => new(OracleModule.minimise(Core));

    /// <summary>A different oracle for each instance: instance i is solved by oracle number i.</summary>
    /// <param name="oracles">At least one; all of one dimension d and one solution dimension k.</param>
    /// <returns>An oracle; an instance that has no oracle is an error.</returns>
    /// <exception cref="ArgumentException">No oracles, a null one, or dimensions that disagree (the index is
    /// named).</exception>
    /// <remarks>
    /// Training tells the operator which instance each row is (<see cref="Examples.Instances"/>); elsewhere
    /// <see cref="Smoothed.WithInstances"/> does. Without it row r of a batch, counted from the operator's first row,
    /// is instance r.
    /// </remarks>
    public static Oracle PerInstance(params Oracle[] oracles) => new(OracleModule.perInstance(Views.Cores(oracles)));

    /// <summary>The product of oracles (direct sum): θ = (θ₁, …, θ_n) and y = (y₁, …, y_n) with y_i = y_i*(θ_i); F(θ)
    /// = Σ F_i(θ_i), and conv(Y) is the product of the factors' hulls.</summary>
    /// <param name="oracles">At least one; each with solutions of the dimension of its θ.</param>
    /// <returns>An oracle of the sum of their dimensions, of cost the sum of their costs, with the ties of
    /// each.</returns>
    /// <exception cref="ArgumentException">No oracles, a null one, or one whose k is not its d.</exception>
    public static Oracle Product(params Oracle[] oracles) => new(OracleModule.product(Views.Cores(oracles)));

    /// <summary>The oracle of a longer θ, whose last entries are not read and are 0 in y: instances of different sizes
    /// then fit into one batch.</summary>
    /// <param name="dimension">The dimension of the longer θ, at least that of the oracle.</param>
    /// <returns>An oracle whose first entries are those of this one, at the same cost.</returns>
    /// <exception cref="ArgumentException">A dimension below that of the oracle, or an oracle of another solution
    /// dimension.</exception>
    public Oracle Padded(int dimension) => new(OracleModule.padded(dimension, Core));

    /// <summary>A finite set with an offset for each point: y is the row that maximises ⟨y_n, θ⟩ + h_n, and F(θ) that
    /// maximum.</summary>
    /// <param name="solutions">The points y_n (or their features g(y_n)), N × d, finite, at least one row.</param>
    /// <param name="offsets">h, of length N, finite.</param>
    /// <returns>An oracle of cost O(N·d). Of equal values the first row wins. Its Fenchel-Young losses are known up to
    /// a constant in θ.</returns>
    /// <exception cref="ArgumentException">No rows, a wrong number of offsets, or an entry that is not
    /// finite.</exception>
    public static Oracle FiniteSet(double[,] solutions, double[] offsets) => new(OracleModule.finiteSetWithOffsets(solutions, offsets));

    /// <summary>A user's generalised maximizer: y maximises ⟨g(y), θ⟩ + h(y) over any set, and the oracle's solution
    /// is g(y) = ∇F(θ), which pairs with θ.</summary>
    /// <typeparam name="TSolution">The type of y: anything.</typeparam>
    /// <param name="dimension">d, at least 1: the length of θ and of g(y).</param>
    /// <param name="maximizer">θ ↦ y. A function of θ alone, safe to call from many threads at once (or see
    /// <see cref="Oracle.Synchronized"/>).</param>
    /// <param name="g">The features of y, of length d, finite.</param>
    /// <param name="h">The offset of y, finite.</param>
    /// <returns>An oracle. A throw, a wrong length or a value that is not finite becomes an
    /// <see cref="OracleException"/> that names the row.</returns>
    /// <exception cref="ArgumentException">d &lt; 1, or a function is null.</exception>
    /// <remarks>F(θ) is convex, so F_ε, its gradient E g(y) and the Fenchel-Young gradient hold as for a linear
    /// program; the value of the loss is known up to a constant in θ.</remarks>
    public static Oracle Generalised<TSolution>(
        int dimension, Func<double[], TSolution> maximizer, Func<TSolution, double[]> g, Func<TSolution, double> h) =>
        new(OracleModule.generalised(dimension, Crossing.Function(maximizer), Crossing.Function(g), Crossing.Function(h)));
}
