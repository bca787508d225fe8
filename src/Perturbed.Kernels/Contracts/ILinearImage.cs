using System;

namespace Perturbed.Functional.CSharp;

/// <summary>
/// A noise Z = L·X that is a linear image of a noise X with independent coordinates, as a correlated normal law is.
/// </summary>
/// <remarks>Points that are spread well under X are carried to Z, so that sampling designs serve it as well.</remarks>
public interface ILinearImage : INoise
{
    /// <summary>X, whose coordinates are independent.</summary>
    INoise Source { get; }

    /// <summary>z = L·x for each row, in place.</summary>
    /// <param name="rows">n × d samples of the source, overwritten with samples of this noise.</param>
    /// <exception cref="ArgumentException">The length is no multiple of the dimension.</exception>
    void Transform(Span<double> rows);
}
