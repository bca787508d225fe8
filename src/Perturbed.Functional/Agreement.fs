namespace Perturbed.Functional

open System
open System.Runtime.InteropServices
open Perturbed.Kernels

/// Whether all samples of a row have one solution, so that derivatives through the maximizer are estimated as 0.
module internal Agreement =

    // Sums of zeros and ones tell it without a look at any sample.
    let private isToldBySums (op: Smoothed) (addsSolutions: bool) : bool =
        addsSolutions
        && (op.Oracle.Code = SolutionCode.Bits || op.Oracle.Code = SolutionCode.Places)

    // Bits first, which are compared by vectors; zeros of both signs are equal.
    let private areEqual (a: ReadOnlySpan<float>) (b: ReadOnlySpan<float>) : bool =
        MemoryMarshal.AsBytes(a).SequenceEqual(MemoryMarshal.AsBytes b)
        || a.SequenceEqual b

    /// <summary>A pass that also compares solutions, where its sums do not tell; it stops at the first two that differ.</summary>
    /// <remarks>Behind the state of the pass stand 0 before any solution, 1 where all are the one that follows, and 2 where two differ.</remarks>
    /// <param name="op">The operator.</param>
    /// <param name="addsSolutions">Whether the pass has the sums of the solutions, and not of their products with factors.</param>
    /// <param name="inner">The pass.</param>
    let watch (op: Smoothed) (addsSolutions: bool) (inner: Pass) : Pass =
        if op.Samples = 1 || isToldBySums op addsSolutions then
            inner
        else
            let head = inner.StateLength
            let k = op.Oracle.SolutionDimension

            { new Pass(head + 1 + k) with
                member _.NeedsValues = inner.NeedsValues
                member _.NeedsScore = inner.NeedsScore
                member _.NeedsNoise = inner.NeedsNoise
                member _.NeedsFactor = inner.NeedsFactor

                member _.Add(block, state) =
                    inner.Add(block, state.Slice(0, head))
                    let seen = state.Slice head

                    if seen[0] < 2.0 then
                        let solutions: ReadOnlySpan<float> = Span.op_Implicit block.Solutions
                        let isFirst = seen[0] = 0.0

                        if isFirst then
                            solutions.Slice(0, k).CopyTo(seen.Slice(1, k))

                        let one: ReadOnlySpan<float> = Span.op_Implicit (seen.Slice(1, k))
                        let mutable sample = if isFirst then 1 else 0

                        while sample < block.Count && areEqual (solutions.Slice(sample * k, k)) one do
                            sample <- sample + 1

                        seen[0] <- if sample = block.Count then 1.0 else 2.0

                member _.Merge(state, other) =
                    inner.Merge(state.Slice(0, head), other.Slice(0, head))
                    let seen = state.Slice head
                    let others = other.Slice head

                    if seen[0] = 0.0 then
                        others.CopyTo seen
                    elif
                        others[0] = 2.0
                        || (others[0] = 1.0
                            && not (areEqual (Span.op_Implicit (seen.Slice 1)) (Span.op_Implicit (others.Slice 1))))
                    then
                        seen[0] <- 2.0
            }

    /// <summary>Whether the M ≥ 2 samples of a row agree.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="addsSolutions">As for <c>watch</c>.</param>
    /// <param name="sums">The sums of the row's solutions.</param>
    /// <param name="rest">What stands behind the state of the pass that was watched.</param>
    let holds (op: Smoothed) (addsSolutions: bool) (sums: ReadOnlySpan<float>) (rest: ReadOnlySpan<float>) : bool =
        if op.Samples = 1 then
            false
        elif isToldBySums op addsSolutions then
            let all = float op.Samples
            let mutable i = 0

            while i < sums.Length && (sums[i] = 0.0 || sums[i] = all) do
                i <- i + 1

            i = sums.Length
        else
            rest[0] = 1.0
