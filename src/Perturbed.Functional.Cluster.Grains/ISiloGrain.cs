using System.Threading.Tasks;
using Orleans;
using Orleans.Concurrency;

namespace Perturbed.Functional.Cluster.Grains;

/// <summary>One silo, by Orleans' text of its address: what a client asks of it.</summary>
[Alias("perturbed.silo")]
public interface ISiloGrain : IGrainWithStringKey
{
    /// <summary>Makes an oracle known to the silo, and probes version, noise, sums and the oracle.</summary>
    /// <param name="request">The oracle.</param>
    /// <returns>What the probe gave.</returns>
    [Alias("join"), AlwaysInterleave, ResponseTimeout("01:00:00")]
    Task<JoinReply> Join(JoinRequest request);

    /// <summary>Computes a unit.</summary>
    /// <param name="request">The unit.</param>
    /// <returns>Its answer, or why there is none.</returns>
    [Alias("compute"), AlwaysInterleave, ResponseTimeout("1.00:00:00")]
    Task<UnitReply> Compute(UnitRequest request);

    /// <summary>The units of a call that are here. It also renews the call, which ends where nobody asks.</summary>
    /// <param name="call">The call.</param>
    /// <returns>Its units, with the samples done of each.</returns>
    [Alias("report"), AlwaysInterleave, ResponseTimeout("00:00:10")]
    Task<CallReport> Report(string call);

    /// <summary>Stops the units of a call.</summary>
    /// <param name="call">The call.</param>
    /// <returns>When it is known here.</returns>
    [Alias("cancel"), AlwaysInterleave, ResponseTimeout("00:00:10")]
    Task Cancel(string call);

    /// <summary>Sends back what it gets: the cost of a message alone.</summary>
    /// <param name="payload">Bytes.</param>
    /// <returns>The same bytes.</returns>
    [Alias("echo"), AlwaysInterleave, ResponseTimeout("00:00:10")]
    Task<byte[]> Echo(byte[] payload);
}
