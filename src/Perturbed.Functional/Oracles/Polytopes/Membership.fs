namespace Perturbed.Functional

/// <summary>Where a point lies with respect to conv(Y), the hull of an oracle's solutions, and why.</summary>
[<RequireQualifiedAccess>]
type Membership =
    /// In conv(Y), to the rounding of means computed in double precision.
    | Inside
    /// Outside of conv(Y), where εΩ is +∞, and the inequality that says so.
    | Outside of reason: string
    /// Nothing that was tried puts it outside: what that was.
    | Undecided of tried: string
