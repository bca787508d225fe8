namespace Perturbed.Functional

open System
open System.Buffers
open Perturbed.Kernels

/// Merges the states of consecutive nodes of the partition's tree, one for each level at most.
[<Sealed>]
type internal StateTree(accumulation: Accumulation, nodes: int) =
    let length = accumulation.StateLength

    // Nodes of sizes 2^l whose sibling has not been written yet.
    let levels =
        if nodes > 1 then
            32 - int (UInt32.LeadingZeroCount(uint32 nodes))
        else
            1

    let numbers =
        Sizes.Product("smoothed", "The sums of the parts", int64 (levels + 1), int64 length)
        |> max 1
        |> ArrayPool<float>.Shared.Rent

    let state (level: int) : Span<float> = Span(numbers, level * length, length)
    let mutable count = 0

    /// Forgets what waits.
    member _.Clear() : unit = count <- 0

    /// The memory for the next node, cleared.
    member _.Next: Span<float> =
        let next = state levels
        next.Clear()
        next

    /// Adds the node that was written into `Next`.
    member _.Push() : unit =
        let current = state levels
        let mutable level = 0

        while (count >>> level) &&& 1 = 1 do
            // The pending node is the earlier one.
            accumulation.Merge(state level, current)
            (state level).CopyTo current
            level <- level + 1

        current.CopyTo(state level)
        count <- count + 1

    /// Merges the pending nodes, writes them to a row's state, and starts anew; a node without a sibling is its own
    /// parent.
    member _.Finish(target: Span<float>) : unit =
        let mutable isFirst = true

        for level in 0 .. levels - 1 do
            if (count >>> level) &&& 1 = 1 then
                if not isFirst then
                    accumulation.Merge(state level, target)

                (state level).CopyTo target
                isFirst <- false

        count <- 0

    /// Merges the states of all nodes, which stand side by side, into a row's state.
    member this.Merge(states: ReadOnlySpan<float>, target: Span<float>) : unit =
        this.Clear()

        for node in 0 .. nodes - 1 do
            (states.Slice(node * length, length)).CopyTo this.Next
            this.Push()

        this.Finish target

    member _.Free() : unit = ArrayPool<float>.Shared.Return numbers
