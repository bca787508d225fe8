using System;
using System.Runtime.Intrinsics;
using System.Threading;
using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>
/// The sum-of-gamma law: z = (τ/κ)(Σ_{i=1..s} Gamma(1/κ, scale κ/i) − log s), whose sum of κ coordinates tends to a
/// Gumbel number of scale τ.
/// </summary>
/// <remarks>
/// Niepert, Minervini and Franceschi, "Implicit MLE" (NeurIPS 2021). The law starts at z = −(τ/κ) log s, where its
/// density behaves like the power ρ − 1, ρ = s/κ, of the distance x. So the score integrates to 0 only if ρ is above
/// 1, and it has a second moment, and formulas with the curvature hold, only if ρ is above 2. A score or curvature
/// costs O(1 + sx/τ) and is exact up to 1e-10 (the mixture of gamma laws of Moschopoulos, 1985); it inherits the
/// rounding of z, which matters where x is small against (τ/κ) log s. It is infinite at the start of the law and NaN
/// left of it. The first score builds the series: below a millisecond for κ above 1 and s = 10, up to seconds for the
/// smallest κ with the most terms.
/// </remarks>
public sealed class SumOfGammaNoise : IndependentNoise
{
    private readonly double shift;
    private readonly GammaVariates gamma;
    private readonly Lazy<GammaMixture> mixture;
    private readonly Lazy<double> information;

    /// <summary>The noise with the given parameters.</summary>
    /// <param name="kappa">κ, in the paper the number of coordinates that a solution sets; from 0.1 to 10000.</param>
    /// <param name="terms">s, the number of gamma variates in a number, from 1 to 100; the paper takes 10.</param>
    /// <param name="tau">The scale τ, above 0 and finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is outside its range.</exception>
    public SumOfGammaNoise(double kappa, int terms, double tau)
    {
        if (!(kappa >= 0.1 && kappa <= 1e4))
            throw new ArgumentOutOfRangeException(nameof(kappa), kappa, RowShape.Text($"kappa is {kappa}; it must be from 0.1 to 10000."));
        if (terms is < 1 or > 100)
            throw new ArgumentOutOfRangeException(nameof(terms), terms, RowShape.Text($"terms is {terms}; it must be from 1 to 100."));
        if (!(tau > 0 && double.IsFinite(tau)))
            throw new ArgumentOutOfRangeException(nameof(tau), tau, RowShape.Text($"tau is {tau}; it must be above 0 and finite."));
        (Kappa, Terms, Tau) = (kappa, terms, tau);
        Name = RowShape.Text($"sum-of-gamma({kappa}, {terms}, {tau})");
        shift = tau / kappa * Math.Log(terms);
        gamma = new GammaVariates(1 / kappa);
        mixture = new Lazy<GammaMixture>(() => new GammaMixture(1 / kappa, terms), LazyThreadSafetyMode.ExecutionAndPublication);
        information = new Lazy<double>(
            () => mixture.Value.FisherInformation() / (tau * tau), LazyThreadSafetyMode.ExecutionAndPublication);
    }

    /// <summary>κ.</summary>
    public double Kappa { get; }

    /// <summary>The number of terms s.</summary>
    public int Terms { get; }

    /// <summary>The scale τ.</summary>
    public double Tau { get; }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override bool IsSymmetric => false;

    /// <summary>Whether s/κ is above 2; below, ∇²ν has no mean and the formulas with it do not hold.</summary>
    public override bool HasCurvature => Terms / Kappa > 2;

    /// <inheritdoc/>
    /// <remarks>
    /// The density behaves as x^(s/κ − 1) at the lower end of its support, so it vanishes there only if s &gt; κ.
    /// </remarks>
    public override bool HasScore => Terms / Kappa > 1;

    /// <summary>(τ/κ)(H_s − log s), with the harmonic number H_s.</summary>
    public override double CoordinateMean
    {
        get
        {
            var harmonic = 0.0;
            for (var i = Terms; i >= 1; i--) harmonic += 1.0 / i;
            return Tau / Kappa * (harmonic - Math.Log(Terms));
        }
    }

    /// <summary>1/τ: the first term τ Gamma(1/κ) has the heaviest tail.</summary>
    public override double ExponentialRate => 1 / Tau;

    /// <summary>E[ν'(Z)²], by quadrature; infinite if s/κ is at most 2.</summary>
    public override double FisherInformation => information.Value;

    private protected override void Fill(Key key, uint row, long first, Span<double> z) =>
        Groups.Fill(new Sum(gamma, Terms, Tau, shift), key, row, first, z);

    private protected override void Scores(ReadOnlySpan<double> z, Span<double> score)
    {
        var density = mixture.Value;
        for (var i = 0; i < z.Length; i++) score[i] = density.At((z[i] + shift) / Tau).Score / Tau;
    }

    private protected override void Curvatures(ReadOnlySpan<double> z, Span<double> curvature)
    {
        if (!HasCurvature)
        {
            var ratio = RowShape.Text($"The noise {Name} has s/kappa = {Terms / Kappa}, not above 2");
            throw new NotSupportedException($"{ratio}: its curvature has no mean. Use more terms or a smaller kappa.");
        }
        var density = mixture.Value;
        for (var i = 0; i < z.Length; i++) curvature[i] = density.At((z[i] + shift) / Tau).Curvature / (Tau * Tau);
    }

    /// <summary>τ Σ_i G_i/i − (τ/κ) log s with G_i of the shape 1/κ and scale 1.</summary>
    private readonly struct Sum(GammaVariates gamma, int terms, double tau, double shift) : IGroupRule
    {
        public void Write(ref readonly PhiloxLanes lanes, ulong group, ref double destination)
        {
            Eight(in lanes, 16 * group).StoreUnsafe(ref destination);
            Eight(in lanes, 16 * group + 8).StoreUnsafe(ref destination, 8);
        }

        private Vector512<double> Eight(ref readonly PhiloxLanes lanes, ulong block)
        {
            var sum = Vector512<double>.Zero;
            for (var i = terms; i >= 1; i--) sum += gamma.Of(in lanes, block, (uint)i - 1) / Vector512.Create((double)i);
            return Vector512.FusedMultiplyAdd(Vector512.Create(tau), sum, Vector512.Create(-shift));
        }
    }
}
