namespace Perturbed.Functional.CSharp;

/// <summary>Where a point lies with respect to conv(Y), the hull of an oracle's solutions.</summary>
public enum MembershipKind
{
    /// <summary>In conv(Y), to the rounding of means computed in double precision.</summary>
    Inside,

    /// <summary>Outside of conv(Y), where εΩ is +∞.</summary>
    Outside,

    /// <summary>Nothing that was tried puts it outside.</summary>
    Undecided,
}
