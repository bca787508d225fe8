namespace Perturbed.Functional.CSharp;

/// <summary>What a callback decides after an epoch.</summary>
public enum EpochDecision
{
    /// <summary>Go on with the next epoch.</summary>
    Continue,

    /// <summary>End the training here.</summary>
    Stop,
}
