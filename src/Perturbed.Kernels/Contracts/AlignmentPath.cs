using System.Collections.Generic;

namespace Perturbed.Functional.CSharp;

/// <summary>An alignment of two sequences: where it starts in each, and its steps.</summary>
/// <param name="FirstStart">The index of its first letter of the first sequence.</param>
/// <param name="SecondStart">The index of its first letter of the second sequence.</param>
/// <param name="Steps">The steps in order; none for the empty alignment.</param>
public sealed record AlignmentPath(int FirstStart, int SecondStart, IReadOnlyList<AlignmentStep> Steps);
