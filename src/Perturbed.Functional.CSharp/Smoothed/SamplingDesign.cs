namespace Perturbed.Functional.CSharp;

/// <summary>How the M samples of a row depend on each other. Every single sample has the law of Z under every design,
/// so values and derivatives stay unbiased.</summary>
/// <remarks>
/// The samples fall into groups that are independent of each other. Standard errors come from the groups' means, NaN
/// where there is one group alone, and leave-one-out leaves a sample's whole group out.
/// </remarks>
public sealed record SamplingDesign
{
    internal SamplingDesign(Functional.SamplingDesign core) => Core = core;

    internal Functional.SamplingDesign Core { get; }

    /// <summary>M independent samples; a group is a sample.</summary>
    public static SamplingDesign Independent { get; } = new(Functional.SamplingDesign.Independent);

    /// <summary>Pairs (z, −z) of symmetric noise, or the quantiles at u and 1 − u of another law (Hammersley and
    /// Morton 1956); a group is a pair. It removes the odd part of the variance of a mean and the even part of that of
    /// a derivative by the score.</summary>
    public static SamplingDesign Antithetic { get; } = new(Functional.SamplingDesign.Antithetic);

    /// <summary>Blocks of min(d, 128) orthogonal directions, uniformly rotated, each with the length of a normal
    /// vector of its own; Gaussian noise. A group is a block. Choromanski et al. 2017.</summary>
    public static SamplingDesign Orthogonal { get; } = new(Functional.SamplingDesign.Orthogonal);

    /// <summary>Orthogonal directions, each with its negative; Gaussian noise. A group is a block with its
    /// negatives.</summary>
    public static SamplingDesign AntitheticOrthogonal { get; } = new(Functional.SamplingDesign.AntitheticOrthogonal);

    /// <summary>Latin hypercubes (McKay, Beckman and Conover 1979): ⌈M/R⌉ points each, R of them with permutations of
    /// their own; a group is one of them. Through quantile functions.</summary>
    /// <param name="randomisations">R, at least 1: how many, with permutations of their own. One has no standard
    /// errors.</param>
    /// <returns>The design; an operator refuses fewer than 1.</returns>
    public static SamplingDesign LatinHypercube(int randomisations) => new(Functional.SamplingDesign.NewLatinHypercube(randomisations));

    /// <summary>Sobol's points under random linear scrambling and a digital shift (Matoušek 1998), ⌈M/R⌉ each, R
    /// scramblings; a group is one of them; a power of two is best. Through quantile functions, up to the dimension
    /// 1111. Antithetic pairs of them would gain little: the points are balanced already.</summary>
    /// <param name="randomisations">R, at least 1: how many, with scramblings of their own. One has no standard
    /// errors.</param>
    /// <returns>The design; an operator refuses fewer than 1.</returns>
    public static SamplingDesign Sobol(int randomisations) => new(Functional.SamplingDesign.NewSobol(randomisations));

    /// <summary>The design in a word.</summary>
    /// <returns>Such as <c>Antithetic</c> or <c>Sobol 4</c>.</returns>
    public override string ToString() => Core.ToString();
}
