namespace Perturbed.Functional.CSharp;

/// <summary>The steps that a path on a grid may take.</summary>
public enum GridMoves
{
    /// <summary>One cell to the right or one down.</summary>
    RightDown,

    /// <summary>To the four cells that share a side.</summary>
    Four,

    /// <summary>To the eight cells that share a side or a corner.</summary>
    Eight,
}
