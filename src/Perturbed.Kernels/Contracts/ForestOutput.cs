namespace Perturbed.Functional.CSharp;

/// <summary>What a spanning forest oracle answers with.</summary>
public enum ForestOutput
{
    /// <summary>The indicator of the forest's edges.</summary>
    Edges,

    /// <summary>
    /// The indicator of the edges, and after it the cluster matrix, n × n, row-major: 1 where two nodes are in one
    /// tree.
    /// </summary>
    EdgesAndClusters,
}
