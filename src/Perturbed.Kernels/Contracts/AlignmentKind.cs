namespace Perturbed.Functional.CSharp;

/// <summary>Which part of two sequences an alignment covers.</summary>
public enum AlignmentKind
{
    /// <summary>All of both, from end to end: Needleman and Wunsch, with Gotoh's affine gaps.</summary>
    Global,

    /// <summary>
    /// A stretch of each, from one pair to another, or nothing at all: Smith and Waterman, with affine gaps.
    /// </summary>
    Local,

    /// <summary>All of both but for free gaps before and after: from where one sequence begins to where one ends, or
    /// nothing at all.</summary>
    SemiGlobal,
}

/// <summary>One step of an alignment.</summary>
public enum AlignmentStep
{
    /// <summary>A letter of the first sequence stands over one of the second.</summary>
    Pair,

    /// <summary>A letter of the first stands over a gap.</summary>
    First,

    /// <summary>A letter of the second stands under a gap.</summary>
    Second,
}
