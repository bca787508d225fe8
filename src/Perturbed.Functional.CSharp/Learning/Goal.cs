namespace Perturbed.Functional.CSharp;

/// <summary>Which metric is the better one.</summary>
public enum Goal
{
    /// <summary>The larger, as for a correlation.</summary>
    Maximise,

    /// <summary>The smaller, as for a loss.</summary>
    Minimise,
}
