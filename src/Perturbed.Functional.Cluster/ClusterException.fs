namespace Perturbed.Functional.Cluster

open System

/// <summary>A call could not be computed by the cluster: no silo takes part, a silo refuses a unit, or every attempt
/// at one failed. The message says which, and what each silo said.</summary>
[<Sealed>]
type ClusterException(message: string, inner: exn | null) =
    inherit Exception(message, inner)
    new(message: string) = ClusterException(message, null)
