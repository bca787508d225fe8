namespace Perturbed.Functional.CSharp;

/// <summary>Where a point lies with respect to conv(Y), the hull of an oracle's solutions, and why.</summary>
public readonly record struct Membership
{
    internal Membership(Functional.Membership core) => (Kind, Reason) = core switch
    {
        Functional.Membership.Outside outside => (MembershipKind.Outside, outside.reason),
        Functional.Membership.Undecided undecided => (MembershipKind.Undecided, undecided.tried),
        _ => (MembershipKind.Inside, string.Empty),
    };

    /// <summary>Inside, outside or undecided.</summary>
    public MembershipKind Kind { get; }

    /// <summary>Outside: the inequality that says so. Undecided: what was tried. Inside: empty.</summary>
    public string Reason { get; }
}
