using System.Collections.Generic;
using System.Threading.Tasks;
using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace Perturbed.Functional.Cluster.Grains;

/// <summary>Which silos are active, as the gateway of the caller knows it.</summary>
[Alias("perturbed.members")]
public interface IMembersGrain : IGrainWithIntegerKey
{
    /// <summary>The active silos.</summary>
    /// <returns>Orleans' text of the address of each.</returns>
    [Alias("active"), AlwaysInterleave, ResponseTimeout("00:00:05")]
    Task<string[]> Active();
}

/// <summary>Answers from the silo that the caller's message reaches first.</summary>
/// <param name="silos">The silo's view of the others.</param>
[GrainType("perturbed.members"), StatelessWorker, Reentrant]
public sealed class MembersGrain(ISiloStatusOracle silos) : Grain, IMembersGrain
{
    /// <inheritdoc/>
    public Task<string[]> Active()
    {
        var active = new List<string>();
        foreach (var silo in silos.GetApproximateSiloStatuses(onlyActive: true).Keys)
            active.Add(silo.ToParsableString());
        return Task.FromResult(active.ToArray());
    }
}
