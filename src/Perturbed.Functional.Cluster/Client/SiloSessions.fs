namespace Perturbed.Functional.Cluster

open System
open System.Collections.Concurrent
open System.Threading
open System.Threading.Tasks
open Orleans
open Perturbed.Functional
open Perturbed.Functional.Cluster.Grains

/// The silos of a cluster, and what a client knows of its oracles.
[<Sealed>]
type internal SiloSessions(cluster: IClusterClient, registry: OracleRegistry, options: ClientOptions) =
    let sessions = ConcurrentDictionary<string, SiloSession>()
    let oracles = ConcurrentDictionary<string, OracleState>()
    let mutable active: SiloSession[] = [||]
    let mutable refreshed = Int64.MinValue / 2L
    let mutable refreshing: Task = Task.CompletedTask
    let gate = obj ()

    let ask () : Task =
        task {
            try
                let! addresses =
                    cluster.GetGrain<IMembersGrain>(0L).Active().WaitAsync(options.Patience).ConfigureAwait false

                for address in addresses do
                    sessions.GetOrAdd(
                        address,
                        fun address -> SiloSession(address, cluster.GetGrain<ISiloGrain>(address: string))
                    )
                    |> ignore

                for gone in sessions.Keys |> Seq.except addresses |> Array.ofSeq do
                    sessions.TryRemove gone |> ignore

                Metrics.silos.Add(int64 (addresses.Length - active.Length))
                Volatile.Write(&active, addresses |> Array.map (fun address -> sessions[address]))
                Volatile.Write(&refreshed, Environment.TickCount64)
            with _ ->
                // The list stays as it is; the next question may find another gateway.
                ()
        }

    member _.Options: ClientOptions = options

    /// The active silos, as of the last question.
    member _.Active: SiloSession[] = Volatile.Read(&active)

    /// Asks for the active silos, where the answer is older than the heartbeat.
    member _.Refresh() : Task =
        lock gate (fun () ->
            let age = Environment.TickCount64 - Volatile.Read(&refreshed)

            if refreshing.IsCompleted && float age >= 0.9 * options.Heartbeat.TotalMilliseconds then
                refreshing <- Task.Run<unit>(fun () -> task { do! ask () }) :> Task

            refreshing)

    /// What is known of an oracle.
    member _.State(oracle: Oracle) : OracleState =
        let known = registry.Find oracle
        oracles.GetOrAdd(known.Reference.Digest, (fun _ -> OracleState(known, oracle)))
