using System;

namespace Perturbed.Functional.CSharp;

/// <content>Oracles out of this one.</content>
public sealed partial class LinearOracle
{
    /// <summary>The oracle on some coordinates of θ with the others held fast: for S the free coordinates and R the rest, y_S of the y ∈ Y that maximises ⟨y_S, θ⟩ + ⟨y_R, c_R⟩.</summary>
    /// <param name="free">S: the coordinates that θ gives, in the order it gives them; at least one, no two the same.</param>
    /// <param name="theta">c: a vector of the dimension d. Its entries at the free coordinates are not read.</param>
    /// <returns>An oracle of dimension |S|, of the cost and with the ties of the whole. Its Fenchel-Young losses are known up to a constant in θ.</returns>
    /// <exception cref="ArgumentException">A coordinate outside 0 to d − 1 or named twice, none at all, a wrong length, an entry of c_R that is not finite, or k ≠ d.</exception>
    public LinearOracle Restrict(int[] free, double[] theta) => new(OracleModule.restrict(free, theta, Core));

    /// <summary>The oracle with a linear offset: y maximises ⟨y, θ⟩ + ⟨c, y⟩ over Y, so y = y*(θ + c) and F(θ) = F₀(θ + c).</summary>
    /// <param name="offset">c, of the dimension d, finite: what each coordinate earns whatever θ is.</param>
    /// <returns>An oracle of the same cost and ties. Its Fenchel-Young losses are known up to a constant in θ.</returns>
    /// <exception cref="ArgumentException">A wrong length, NaN or ∞, or k ≠ d.</exception>
    public LinearOracle WithOffset(double[] offset) => new(OracleModule.withOffset(offset, Core));

    /// <summary>The minimum instead of the maximum: θ is a cost, and the answer is −y with y = argmin over y ∈ Y of ⟨y, θ⟩.</summary>
    /// <returns>The oracle of −Y, of the same cost; of equal costs the solution wins that this oracle chooses at −θ. Minimising twice gives this oracle back.</returns>
    /// <exception cref="ArgumentException">k ≠ d.</exception>
    /// <remarks>It is the maximum over −Y: F(θ) = −min ⟨y, θ⟩ is convex with gradient −y, and a Fenchel-Young target is the negated solution −y.</remarks>
    public LinearOracle Minimise() => new(OracleModule.minimise(Core));
}
