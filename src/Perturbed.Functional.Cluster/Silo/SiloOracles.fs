namespace Perturbed.Functional.Cluster

open System.Collections.Generic
open Perturbed.Functional

/// What a silo made of a reference, with the probe of it.
[<NoEquality; NoComparison>]
type internal MadeOracle =
    {
        Oracle: Oracle
        Digest: string
        SolveSeconds: float
    }

/// The oracles that a silo has made, by the digest of their references; the one that was not used for the longest time
/// makes room.
[<Sealed>]
type internal SiloOracles(registry: OracleRegistry, options: SiloOptions) =
    let made = Dictionary<string, LinkedListNode<struct (string * MadeOracle)>>()
    let order = LinkedList<struct (string * MadeOracle)>()

    let tryFind (digest: string) : MadeOracle voption =
        match made.TryGetValue digest with
        | true, node ->
            order.Remove node
            order.AddFirst node
            let struct (_, oracle) = node.Value
            ValueSome oracle
        | false, _ -> ValueNone

    let check (oracle: Oracle) : unit =
        let widest = max oracle.Dimension oracle.SolutionDimension

        if widest > options.MaxDimension then
            invalidArg
                "oracle"
                $"The oracle '{oracle.Name}' has the dimension {widest}; this silo's limit is {options.MaxDimension} (MaxDimension)."

    member _.TryFind(digest: string) : MadeOracle voption = lock order (fun () -> tryFind digest)

    /// Makes it where it is not known.
    member this.Make(reference: OracleReference) : MadeOracle =
        let digest = reference.Digest

        match this.TryFind digest with
        | ValueSome oracle -> oracle
        | ValueNone ->
            let oracle = registry.Oracle(reference.Name, reference.Text, reference.Numbers)
            check oracle
            let struct (solutions, seconds) = Probe.oracle oracle

            let fresh =
                {
                    Oracle = oracle
                    Digest = solutions
                    SolveSeconds = seconds
                }

            lock order (fun () ->
                match tryFind digest with
                | ValueSome other -> other
                | ValueNone ->
                    if made.Count >= options.MaxOracles then
                        let struct (oldest, _) = (nonNull order.Last).Value
                        made.Remove oldest |> ignore
                        order.RemoveLast()

                    made.Add(digest, order.AddFirst(struct (digest, fresh)))
                    fresh)
