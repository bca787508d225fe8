namespace Perturbed.Functional

open System
open System.Runtime.InteropServices
open Perturbed.Kernels

/// Whether all samples of a row have one solution, so that derivatives through the maximizer are estimated as 0.
module internal Agreement =

    // Bits first, which are compared by vectors; zeros of both signs are equal.
    let private areEqual (a: ReadOnlySpan<float>) (b: ReadOnlySpan<float>) : bool =
        MemoryMarshal.AsBytes(a).SequenceEqual(MemoryMarshal.AsBytes b)
        || a.SequenceEqual b

    // 0 before any solution, 1 where all are the one that follows, 2 where two differ; no sample is read after those.
    let private comparison (k: int) : Accumulation =
        { new Accumulation(1 + k, Needs.Nothing) with
            member _.Add(block, state) =
                if state[0] < 2.0 then
                    let solutions: ReadOnlySpan<float> = Span.op_Implicit block.SolutionRows
                    let isFirst = state[0] = 0.0

                    if isFirst then
                        solutions.Slice(0, k).CopyTo(state.Slice(1, k))

                    let one: ReadOnlySpan<float> = Span.op_Implicit (state.Slice(1, k))
                    let mutable sample = if isFirst then 1 else 0

                    while sample < block.Count && areEqual (solutions.Slice(sample * k, k)) one do
                        sample <- sample + 1

                    state[0] <- if sample = block.Count then 1.0 else 2.0

            member _.Merge(state, other) =
                if state[0] = 0.0 then
                    other.CopyTo state
                elif
                    other[0] = 2.0
                    || (other[0] = 1.0
                        && not (areEqual (Span.op_Implicit (state.Slice 1)) (Span.op_Implicit (other.Slice 1))))
                then
                    state[0] <- 2.0
        }

    // One sample agrees with no other.
    let private never: Accumulation =
        { new Accumulation(1, Needs.Nothing) with
            member _.Add(_, _) = ()
        }

    /// Whether the M ≥ 2 samples of each row agree.
    let accumulation (s: Settings) : Accumulation =
        if s.Samples = 1 then
            never
        else
            comparison s.Oracle.SolutionDimension

    let read (states: RowStates) : bool[] =
        Array.init states.Rows (fun row -> (states.Row row)[0] = 1.0 && states.Counts.Of row > 1)

    /// Whether the sums of the solutions decide it.
    let isToldBySums (s: Settings) : bool =
        s.Samples > 1
        && (s.Oracle.Encoding = SolutionEncoding.Bits
            || s.Oracle.Encoding = SolutionEncoding.Indices)

    // For 0/1 solutions the sums alone decide it.
    let private agrees (samples: int) (sums: ReadOnlySpan<float>) : bool =
        let all = float samples
        let mutable i = 0

        while i < sums.Length && (sums[i] = 0.0 || sums[i] = all) do
            i <- i + 1

        i = sums.Length

    /// Of 0/1 solutions, whose sums (rows × k) over so many samples decide it.
    let ofSums (s: Settings) (counts: SampleCounts) (sums: float[]) : bool[] =
        let k = s.Oracle.SolutionDimension

        Array.init (sums.Length / k) (fun row ->
            counts.Of row > 1 && agrees (counts.Of row) (ReadOnlySpan(sums, row * k, k)))
