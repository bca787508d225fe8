namespace Perturbed.Functional.Remote

open System
open System.Collections.Generic
open System.IO
open System.Runtime.InteropServices
open System.Threading
open Perturbed.Functional
open Perturbed.Kernels

/// <summary>One pass over the samples of a batch, to be computed elsewhere: gives units of it as bytes, and takes
/// their answers in any order.</summary>
/// <remarks>Safe to call from many threads. The sums have the same bits however the pass is cut into units, and
/// whichever machine answers one.</remarks>
[<Sealed>]
type RemotePass internal (pass: Pass, statistic: Statistic, nameOf: INoise -> string | null) =
    let s, batch, partition = pass.Settings, pass.Batch, pass.Partition
    let length = pass.StateLength

    let sums: float[] =
        Sizes.Zeros("smoothed", "The sums of the rows", int64 batch.Rows, int64 length)

    let rowSums = Dictionary<int, RowSums>()
    let reported = Dictionary<UnitRange, int64>()
    let mutable missing = int64 batch.Rows * int64 partition.Parts
    let mutable kept = 0L
    let mutable isClosed = false
    let total = int64 batch.Rows * int64 s.Samples

    let withValues =
        match pass.Cache with
        | ValueSome cache -> cache.HasValues
        | ValueNone -> false

    let layoutOf (range: UnitRange) : SolutionLayout =
        SolutionLayout.Of(s, range.Rows, range.Part, range.Parts, withValues)

    let samplesOf (range: UnitRange) : int64 =
        let first = int64 range.Part * int64 partition.PartSamples

        int64 range.Rows
        * (min (int64 range.Parts * int64 partition.PartSamples) (int64 s.Samples - first))

    let tell (range: UnitRange) (finished: int64) : unit =
        let before =
            match reported.TryGetValue range with
            | true, known -> known
            | false, _ -> 0L

        if finished > before then
            reported[range] <- finished
            pass.Progress |> PassProgress.add (int (finished - before))

    let keep (range: UnitRange) (cache: SolutionCache) (solutions: byte[]) : unit =
        let layout = layoutOf range
        let k = s.Oracle.SolutionDimension

        if int64 solutions.Length <> layout.Bytes then
            raise (
                InvalidDataException
                    $"The solutions of a unit take {solutions.Length} bytes; {layout.Bytes} were expected."
            )

        let first = range.Part * partition.PartSamples

        for row in 0 .. range.Rows - 1 do
            let source = Span(solutions, row * int layout.RowBytes, int layout.RowBytes)
            let sample = (range.Row + row) * s.Samples + first

            if layout.BlockBytes = 0 then
                source.CopyTo(MemoryMarshal.AsBytes(Span(cache.Numbers, sample * k, layout.Samples * k)))
            else
                let struct (codes, place) = cache.CodesAt(range.Row + row, first)
                source.CopyTo(Span(codes, place, source.Length))

            if withValues then
                Span(solutions, layout.ValueStart row, 8 * layout.Samples)
                    .CopyTo(MemoryMarshal.AsBytes(Span(cache.Values, sample, layout.Samples)))

        kept <- kept + samplesOf range

    let add (range: UnitRange) (states: float[]) : unit =
        if range.Parts = partition.Parts then
            Array.Copy(states, 0, sums, range.Row * length, states.Length)
        else
            let tree =
                match rowSums.TryGetValue range.Row with
                | true, known -> known
                | false, _ ->
                    let fresh = RowSums(pass.Accumulation, partition.Parts)
                    rowSums.Add(range.Row, fresh)
                    fresh

            match tree.Add(range.Part, range.Parts, states) with
            | ValueSome whole ->
                Array.Copy(whole, 0, sums, range.Row * length, length)
                rowSums.Remove range.Row |> ignore
            | ValueNone -> ()

    let accept (range: UnitRange) (answer: UnitAnswer) (states: float[]) : bool =
        match pass.Cache with
        | ValueSome cache when answer.Solutions.Length > 0 -> keep range cache answer.Solutions
        | _ -> ()

        add range states
        tell range (samplesOf range)
        reported.Remove range |> ignore
        missing <- missing - int64 range.Rows * int64 range.Parts

        match pass.Cache with
        | ValueSome cache when missing = 0L && kept = total -> cache.IsFilled <- true
        | _ -> ()

        missing = 0L

    /// The oracle.
    member _.Oracle: Oracle = s.Oracle

    /// The rows of the batch, at least 1.
    member _.Rows: int = batch.Rows

    /// The parts that a row's samples are cut into.
    member _.Parts: int = partition.Parts

    /// The samples of a part; the last one of a row may have fewer.
    member _.PartSamples: int = partition.PartSamples

    /// The number M of samples of a row.
    member _.SamplesOfRow: int = s.Samples

    /// The samples of a unit.
    member _.SamplesOf(range: UnitRange) : int64 = samplesOf range

    /// The bytes of a row in a unit and in its answer, but for solutions.
    member _.RowBytes: int64 = 8L * (3L * int64 s.Oracle.Dimension + int64 length)

    /// <summary>The bytes that a sample's solution takes in an answer; 0 where no later pass reads it.</summary>
    /// <remarks>With the solutions of all samples at hand, the pass that follows solves nothing, and runs in this
    /// process.</remarks>
    member _.SolutionBytes: float =
        match pass.Cache with
        | ValueNone -> 0.0
        | ValueSome _ when s.LeavesOut -> 0.0
        | ValueSome _ ->
            let layout = SolutionLayout.Of(s, 1, 0, partition.Parts, withValues)

            float layout.Bytes / float s.Samples

    /// Stops the call.
    member _.Cancellation: CancellationToken = s.Cancellation

    /// <summary>The bytes of a unit, for <c>RemoteUnit.Read</c>.</summary>
    /// <param name="range">Some rows whole, or a node of one row's parts.</param>
    /// <param name="withSolutions">Whether the answer is to hold the solutions.</param>
    /// <returns>Noise, scale, design, key, rows of θ, parts, and what is summed: O(d) a row.</returns>
    member _.Write(range: UnitRange, withSolutions: bool) : byte[] =
        UnitForm.write
            nameOf
            {
                Settings = s
                Batch = batch.Part(range.Row, range.Rows)
                Partition = partition
                Part = range.Part
                Parts = range.Parts
                Statistic = Statistic.ofRows batch.Rows range.Row range.Rows statistic
                // Which of them failed would have to travel too.
                WithSolutions = withSolutions && not s.LeavesOut
                WithValues = withValues
            }

    /// <summary>Tells the caller's listener how much of a unit is done, before it is answered.</summary>
    /// <param name="range">The unit.</param>
    /// <param name="samples">The samples that are done; fewer than before change nothing.</param>
    member _.Report(range: UnitRange, samples: int64) : unit =
        lock rowSums (fun () ->
            if not isClosed then
                tell range (min samples (samplesOf range)))

    /// <summary>Takes the answer of a unit, once.</summary>
    /// <param name="range">The unit.</param>
    /// <param name="answer">What it gave.</param>
    /// <returns>Whether it was the last one.</returns>
    /// <exception cref="T:System.IO.InvalidDataException">The answer is not of the unit's size.</exception>
    member _.Accept(range: UnitRange, answer: UnitAnswer) : bool =
        if int64 answer.States.Length <> 8L * int64 range.Rows * int64 length then
            raise (
                InvalidDataException
                    $"The sums of a unit take {answer.States.Length} bytes; {8L * int64 range.Rows * int64 length} were expected."
            )

        let states = MemoryMarshal.Cast<byte, float>(ReadOnlySpan answer.States).ToArray()

        lock rowSums (fun () -> not isClosed && accept range answer states)

    /// Takes no answer any more: what is behind it may be another call's from now on.
    member internal _.Close() : unit =
        lock rowSums (fun () -> isClosed <- true)

    /// The sums of all rows.
    member internal _.Sums: float[] =
        lock rowSums (fun () ->
            if missing > 0L then
                invalidOp $"{missing} parts of a pass were not answered."

            sums)
