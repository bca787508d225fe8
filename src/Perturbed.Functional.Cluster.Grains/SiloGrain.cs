using System.Threading.Tasks;
using Orleans;
using Orleans.Concurrency;

namespace Perturbed.Functional.Cluster.Grains;

/// <summary>What a silo does with the messages of its grain.</summary>
public interface ISiloWork
{
    /// <inheritdoc cref="ISiloGrain.Join"/>
    Task<JoinReply> Join(JoinRequest request);

    /// <inheritdoc cref="ISiloGrain.Compute"/>
    Task<UnitReply> Compute(UnitRequest request);

    /// <inheritdoc cref="ISiloGrain.Report"/>
    CallReport Report(string call);

    /// <inheritdoc cref="ISiloGrain.Cancel"/>
    void Cancel(string call);
}

/// <summary>The grain of a silo: hands every message to the silo's work.</summary>
/// <param name="work">The silo's work.</param>
[GrainType("perturbed.silo"), SiloPlacement, Reentrant]
public sealed class SiloGrain(ISiloWork work) : Grain, ISiloGrain
{
    /// <inheritdoc/>
    public Task<JoinReply> Join(JoinRequest request) => work.Join(request);

    /// <inheritdoc/>
    public Task<UnitReply> Compute(UnitRequest request) => work.Compute(request);

    /// <inheritdoc/>
    public Task<CallReport> Report(string call) => Task.FromResult(work.Report(call));

    /// <inheritdoc/>
    public Task Cancel(string call)
    {
        work.Cancel(call);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<byte[]> Echo(byte[] payload) => Task.FromResult(payload);
}
