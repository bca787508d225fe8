namespace Perturbed.Functional.Cluster

open System.Diagnostics.Metrics

/// What is measured, under the names that OpenTelemetry recommends: a meter "Perturbed.Functional.Cluster".
module internal Metrics =

    let private meter = new Meter("Perturbed.Functional.Cluster", "1.0.0")

    /// On silos.
    let solves =
        meter.CreateCounter<int64>("perturbed.silo.solves", "{solve}", "Samples solved.")

    let units =
        meter.CreateCounter<int64>("perturbed.silo.units", "{unit}", "Units, by their status.")

    let failures =
        meter.CreateCounter<int64>("perturbed.silo.failures", "{unit}", "Units that failed or were refused.")

    let queue =
        meter.CreateUpDownCounter<int64>("perturbed.silo.queue.length", "{unit}", "Units that wait.")

    let wait =
        meter.CreateHistogram<float>("perturbed.silo.queue.duration", "s", "Time from arrival to computation.")

    let duration =
        meter.CreateHistogram<float>("perturbed.silo.unit.duration", "s", "Time of the computation of a unit.")

    /// At clients.
    let messages =
        meter.CreateHistogram<float>("perturbed.client.unit.duration", "s", "Time from sending a unit to its answer.")

    let resends =
        meter.CreateCounter<int64>("perturbed.client.resends", "{unit}", "Units sent again.")

    let silos =
        meter.CreateUpDownCounter<int64>("perturbed.client.silos", "{silo}", "Silos that take part.")
