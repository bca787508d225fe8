using System;

namespace Perturbed.Functional.CSharp;

/// <summary>A function of one row that writes into memory of the caller, so that a call need not allocate.</summary>
/// <param name="theta">The input, of the dimension d.</param>
/// <param name="y">Destination of the answer, of the dimension k; every entry must be written.</param>
public delegate void SpanFunction(ReadOnlySpan<double> theta, Span<double> y);
