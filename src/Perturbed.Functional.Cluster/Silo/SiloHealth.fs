namespace Perturbed.Functional.Cluster

open System.Collections.Generic
open System.Threading.Tasks
open Microsoft.Extensions.Diagnostics.HealthChecks

/// <summary>The health of a silo's work: degraded while its queue is full.</summary>
[<Sealed>]
type SiloHealth(work: SiloWork) =
    interface IHealthCheck with
        member _.CheckHealthAsync(_, _) =
            let data = Dictionary<string, obj>()
            data["running"] <- work.Running
            data["waiting"] <- work.Waiting
            data["threads"] <- work.Options.Threads
            let text = $"{work.Running} units are computed, {work.Waiting} wait."

            if work.Waiting >= work.Options.QueueLength then
                Task.FromResult(HealthCheckResult.Degraded($"The queue is full: {text}", null, data))
            else
                Task.FromResult(HealthCheckResult.Healthy(text, data))
