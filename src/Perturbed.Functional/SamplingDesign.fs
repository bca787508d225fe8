namespace Perturbed.Functional

/// <summary>How the M samples of a row depend on each other. Every single sample has the law of Z under every design,
/// so values and derivatives stay unbiased.</summary>
/// <remarks>
/// The samples fall into groups that are independent of each other. Standard errors come from the groups' means, NaN
/// where there is one group alone, and leave-one-out leaves a sample's whole group out: Σ_g Σ_{m∈g} (y_m − mean of y
/// outside of g) ∇ν(z_m)ᵀ / (εM), unbiased because the mean outside of g is independent of g.
/// </remarks>
[<RequireQualifiedAccess>]
type SamplingDesign =
    /// M independent samples; a group is a sample.
    | Independent
    /// Pairs (z, −z) of symmetric noise, or the quantiles at u and 1 − u of another law (Hammersley and Morton 1956);
    /// a group is a pair. It removes the odd part of the variance of a mean and the even part of that of a derivative
    /// by the score.
    | Antithetic
    /// Blocks of min(d, 128) orthogonal directions, uniformly rotated, each with the length of a normal vector of its
    /// own; Gaussian noise. A group is a block. Choromanski et al. 2017.
    | Orthogonal
    /// Orthogonal directions, each with its negative; Gaussian noise. A group is a block with its negatives.
    | AntitheticOrthogonal
    /// Latin hypercubes (McKay, Beckman and Conover 1979): ⌈M/R⌉ points each, R of them with permutations of their
    /// own; a group is one of them. Through quantile functions.
    | LatinHypercube of randomisations: int
    /// Sobol's points under random linear scrambling and a digital shift (Matoušek 1998), ⌈M/R⌉ each, R scramblings; a
    /// group is one of them; a power of two is best. Through quantile functions, up to the dimension 1111. Antithetic
    /// pairs of them would gain little: the points are balanced already.
    | Sobol of randomisations: int

/// The groups of a row's M samples: all of one size but for a shorter last.
type internal SampleGroups =
    {
        Size: int
        Samples: int
    }

    member this.Count: int = (this.Samples - 1) / this.Size + 1

    member this.IsIndependent: bool = this.Size = 1

    /// The samples of group g.
    member this.SizeOf(g: int) : int =
        min this.Size (this.Samples - g * this.Size)

    /// <summary>ω_g such that Σ ω_g (t_g − t)² is an unbiased estimate of the variance of t, the mean over samples;
    /// t_g is the mean over group g.</summary>
    /// <remarks>
    /// With q_g the share of g, and any variances V_g of the groups, E (t_g − t)² = V_g (1 − 2q_g) + Σ_h q_h² V_h, and
    /// the variance of t is Σ q_g² V_g. So ω_g = q_g²/((1 + Q)(1 − 2q_g)), Q = Σ q_h²/(1 − 2q_h): 1/(G(G − 1)) for G
    /// equal groups. NaN for one group, and where one of unequal groups has half of the samples.
    /// </remarks>
    member this.Weight(g: int) : float =
        let samples = float this.Samples
        let count = float this.Count
        let rest = this.Samples % this.Size

        let term (size: int) =
            let share = float size / samples
            share * share / (1.0 - 2.0 * share)

        if count < 2.0 then
            nan
        elif rest = 0 then
            1.0 / (count * (count - 1.0))
        elif this.Size >= this.Samples - this.Size then
            nan
        else
            term (this.SizeOf g) / (1.0 + (count - 1.0) * term this.Size + term rest)
