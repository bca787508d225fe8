namespace Perturbed.Functional.Remote

open System
open System.Runtime.InteropServices
open System.Threading
open Perturbed.Functional
open Perturbed.Kernels

/// How the solutions of a unit stand side by side: for each row its encoded blocks, or its numbers; then all values.
[<Struct; NoEquality; NoComparison>]
type internal SolutionLayout =
    {
        Partition: Partition
        Part: int
        Rows: int
        /// The samples of a row in the unit.
        Samples: int
        /// The bytes of a row's solutions.
        RowBytes: int64
        /// The bytes of an encoded block; 0 where solutions are numbers.
        BlockBytes: int
        WithValues: bool
    }

    static member Of(s: Settings, rows: int, part: int, parts: int, withValues: bool) : SolutionLayout =
        let partition = Partition.create s
        let first = part * partition.PartSamples
        let samples = min (parts * partition.PartSamples) (s.Samples - first)
        let blockBytes = SolutionCache.BlockBytes(s, partition)

        {
            Partition = partition
            Part = part
            Rows = rows
            Samples = samples
            RowBytes =
                if blockBytes = 0 then
                    8L * int64 samples * int64 s.Oracle.SolutionDimension
                else
                    let blocks = partition.BlockAt(first + samples - 1) - partition.BlockAt first + 1

                    int64 blocks * int64 blockBytes
            BlockBytes = blockBytes
            WithValues = withValues
        }

    /// The bytes of all.
    member this.Bytes: int64 =
        int64 this.Rows
        * (this.RowBytes + (if this.WithValues then 8L * int64 this.Samples else 0L))

    /// Where a block starts that has a row's sample as its first.
    member this.BlockStart(row: int, firstSample: int, solutionDimension: int) : int =
        let first = this.Part * this.Partition.PartSamples

        let inRow =
            if this.BlockBytes = 0 then
                8 * (firstSample - first) * solutionDimension
            else
                (this.Partition.BlockAt firstSample - this.Partition.BlockAt first)
                * this.BlockBytes

        row * int this.RowBytes + inRow

    /// Where the values of a row start.
    member this.ValueStart(row: int) : int =
        this.Rows * int this.RowBytes + 8 * row * this.Samples

/// Writes the solutions of a unit beside its sums.
[<Sealed>]
type internal SolutionRecord(s: Settings, layout: SolutionLayout) =
    let k = s.Oracle.SolutionDimension
    let bytes: byte[] = Array.zeroCreate (int layout.Bytes)
    let mutable isLost = 0

    let lose () =
        Interlocked.Exchange(&isLost, 1) |> ignore

    let record (block: inref<SampleBlock>) : unit =
        let start = layout.BlockStart(block.Row, block.First, k)

        if layout.BlockBytes = 0 then
            let solutions: ReadOnlySpan<float> = Span.op_Implicit block.SolutionRows
            MemoryMarshal.AsBytes(solutions).CopyTo(Span(bytes, start, 8 * solutions.Length))
        else
            let target = Span(bytes, start, layout.BlockBytes)

            match block.Solutions with
            | Solutions.Encoded(codes, place) ->
                let size =
                    int (Encodings.Bytes(s.Oracle.Encoding, int64 block.Count, k, s.Oracle.Ones))

                Span(codes, place, min size (codes.Length - place)).CopyTo target
            | Solutions.Dense _ ->
                if
                    not (
                        Encodings.TryEncode(
                            s.Oracle.Encoding,
                            k,
                            s.Oracle.Ones,
                            Span.op_Implicit block.SolutionRows,
                            target
                        )
                    )
                then
                    lose ()

        if layout.WithValues then
            let values: ReadOnlySpan<float> = Span.op_Implicit block.Values
            let first = layout.Part * layout.Partition.PartSamples
            let start = layout.ValueStart block.Row + 8 * (block.First - first)
            MemoryMarshal.AsBytes(values).CopyTo(Span(bytes, start, 8 * values.Length))

    /// An accumulation of the same states that records every block.
    member _.Beside(inner: Accumulation) : Accumulation =
        let needs =
            if layout.WithValues then
                inner.Needs ||| Needs.Values
            else
                inner.Needs

        { new Accumulation(inner.StateLength, needs) with
            member _.Add(block, state) =
                inner.Add(&block, state)
                record &block

            member _.EndPart state = inner.EndPart state
            member _.Merge(state, other) = inner.Merge(state, other)
        }

    /// The solutions; empty where one did not fit the encoding.
    member _.Bytes: byte[] = if isLost = 1 then [||] else bytes
