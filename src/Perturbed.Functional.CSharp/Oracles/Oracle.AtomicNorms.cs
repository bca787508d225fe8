using System;

namespace Perturbed.Functional.CSharp;

public sealed partial class Oracle
{
    /// <summary>The ℓ1 ball: y is ±r at the coordinate of largest |θ_i|, with its sign, and 0 elsewhere; F(θ) = r·max
    /// |θ_i|.</summary>
    /// <param name="dimension">d, at least 1.</param>
    /// <param name="radius">r, positive and finite.</param>
    /// <returns>An oracle of cost O(d). Of equal magnitudes the lowest index wins; 0 counts as positive.</returns>
    /// <exception cref="ArgumentOutOfRangeException">r is not positive and finite, or d &lt; 1.</exception>
    public static Oracle L1Ball(int dimension, double radius = 1) => new(OracleModule.l1Ball(radius, dimension));

    /// <summary>A box {lower ≤ y ≤ upper}: y_i is its upper bound where θ_i &gt; 0, and its lower bound
    /// elsewhere.</summary>
    /// <param name="lower">The lower bounds, d of them, finite.</param>
    /// <param name="upper">The upper bounds, d of them, finite, none below its lower bound.</param>
    /// <returns>An oracle of cost O(d). θ_i = 0 takes the lower bound.</returns>
    /// <exception cref="ArgumentException">No bounds, lengths that disagree, or bounds out of order (the coordinate is
    /// named).</exception>
    public static Oracle Box(double[] lower, double[] upper) => new(OracleModule.box(lower, upper));

    /// <summary>The box {0, 1}^d: y_i = 1 where θ_i &gt; 0. Under Gaussian noise y*_ε(θ)_i = Φ(θ_i/ε).</summary>
    /// <param name="dimension">d, 1 to 2^26.</param>
    /// <returns>An oracle of cost O(d). θ_i = 0 gives 0.</returns>
    /// <exception cref="ArgumentOutOfRangeException">d &lt; 1 or d &gt; 2^26.</exception>
    public static Oracle UnitBox(int dimension) => new(OracleModule.unitBox(dimension));

    /// <summary>The sign, or ℓ∞ ball: y_i = 1 where θ_i &gt; 0 and −1 elsewhere. Under Gaussian noise y*_ε(θ)_i =
    /// 2Φ(θ_i/ε) − 1.</summary>
    /// <param name="dimension">d, 1 to 2^26.</param>
    /// <returns>An oracle of cost O(d). θ_i = 0 gives −1.</returns>
    /// <exception cref="ArgumentOutOfRangeException">d &lt; 1 or d &gt; 2^26.</exception>
    public static Oracle Sign(int dimension) => new(OracleModule.sign(dimension));

    /// <summary>The ball of the group lasso {Σ_g ‖y_g‖₂ ≤ r}: y = r·θ_g/‖θ_g‖ on the group of largest norm, and 0
    /// elsewhere; F(θ) = r·max ‖θ_g‖.</summary>
    /// <param name="groups">The group of each of the d coordinates: every number from 0 to G − 1, each in use. All 0
    /// gives the Euclidean ball.</param>
    /// <param name="radius">r, positive and finite.</param>
    /// <returns>An oracle of cost O(d). Of equal norms the lowest group wins; θ = 0 gives r at the first coordinate of
    /// group 0.</returns>
    /// <exception cref="ArgumentException">No groups, a number that is negative or left out, or a bad
    /// radius.</exception>
    public static Oracle GroupBall(int[] groups, double radius = 1) => new(OracleModule.groupBall(groups, radius));

    /// <summary>The nuclear-norm ball of m × n matrices: y = r·u₁v₁ᵀ with the leading singular pair of θ, both
    /// row-major; F(θ) = r·σ₁(θ), to 1e-12 of it.</summary>
    /// <param name="rows">m, at least 1.</param>
    /// <param name="columns">n, at least 1.</param>
    /// <param name="radius">r, positive and finite.</param>
    /// <returns>An oracle of dimension m·n and cost O(m·n·s), s ≤ min(m, n) Lanczos steps. Where σ₁ = σ₂ one pair of
    /// their space, always the same.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A size below 1, or a bad radius.</exception>
    public static Oracle NuclearBall(int rows, int columns, double radius = 1) => new(OracleModule.nuclearBall(radius, rows, columns));

    /// <summary>The spectraplex {Y ⪰ 0, tr Y = 1}: y = vvᵀ with the leading eigenvector of (θ + θᵀ)/2, row-major; F(θ)
    /// = λ₁, to 1e-12 of the norm of θ.</summary>
    /// <param name="size">The order n, from 1 to 4096.</param>
    /// <returns>An oracle of dimension n² and cost O(n²·s), s ≤ n Lanczos steps. Of a multiple eigenvalue one vector,
    /// always the same.</returns>
    /// <exception cref="ArgumentOutOfRangeException">n is not in 1 to 4096.</exception>
    public static Oracle Spectraplex(int size) => new(OracleModule.spectraplex(size));
}
