namespace Perturbed.Functional.CSharp;

/// <summary>What to do about NaN and ±∞ in a file of numbers.</summary>
public enum NonFinite
{
    /// <summary>Such a number is an error that names its place.</summary>
    Reject,

    /// <summary>It is read as it is.</summary>
    Keep,
}
