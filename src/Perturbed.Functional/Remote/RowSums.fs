namespace Perturbed.Functional.Remote

open System
open System.Collections.Generic
open Perturbed.Functional

/// Merges the nodes of one row's tree, which come in any order.
[<Sealed>]
type internal RowSums(accumulation: Accumulation, parts: int) =
    // Nodes that wait for their siblings, by level and number.
    let waiting = Dictionary<struct (int * int), float[]>()

    let rec add (level: int) (index: int) (state: float[]) : float[] voption =
        let nodes = (parts - 1) / (1 <<< level) + 1

        if nodes = 1 then
            ValueSome state
        elif index = nodes - 1 && index % 2 = 0 then
            // Without a sibling it stands for its parent.
            add (level + 1) (index / 2) state
        else
            let mutable sibling: float[] = [||]

            if waiting.Remove(struct (level, index ^^^ 1), &sibling) then
                let earlier, later = if index % 2 = 1 then sibling, state else state, sibling
                accumulation.Merge(Span earlier, Span later)
                add (level + 1) (index / 2) earlier
            else
                waiting.Add(struct (level, index), state)
                ValueNone

    /// Adds the state of a node; the row's own once it is whole.
    member _.Add(part: int, count: int, state: float[]) : float[] voption =
        let level =
            Numerics.BitOperations.Log2(Numerics.BitOperations.RoundUpToPowerOf2(uint32 count))

        add level (part >>> level) state
