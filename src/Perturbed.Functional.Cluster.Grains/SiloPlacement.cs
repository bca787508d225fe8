using System;
using System.Threading.Tasks;
using Orleans;
using Orleans.Placement;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace Perturbed.Functional.Cluster.Grains;

/// <summary>A grain lives on the silo whose address is its key.</summary>
[GenerateSerializer, Immutable, Alias("perturbed.placement")]
public sealed class SiloPlacement : PlacementStrategy
{
}

/// <summary>Marks a grain that lives on the silo whose address is its key.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class SiloPlacementAttribute() : PlacementAttribute(new SiloPlacement())
{
}

/// <summary>Finds the silo of a grain.</summary>
public sealed class SiloPlacementDirector : IPlacementDirector
{
    /// <inheritdoc/>
    /// <exception cref="SiloUnavailableException">No such silo is active, or it does not take part.</exception>
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var key = target.GrainIdentity.Key.ToString() ?? "";
        foreach (var silo in context.GetCompatibleSilos(target))
            if (silo.ToParsableString() == key) return Task.FromResult(silo);
        throw new SiloUnavailableException($"The silo {key} is not active, or takes no units.");
    }
}
