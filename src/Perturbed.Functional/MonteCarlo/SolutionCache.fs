namespace Perturbed.Functional

open System
open System.Threading
open Perturbed.Kernels

/// The solutions of all samples, and their values where asked, kept between two passes so that the second need not
/// solve again.
[<Sealed>]
type internal SolutionCache private (rows: int, s: Settings, withValues: bool, partition: Partition, blockBytes: int) =
    let k = s.Oracle.SolutionDimension
    let encoding = s.Oracle.Encoding
    let rowBytes = blockBytes * partition.Blocks
    let mutable isLost = 0

    let numbers: float[] =
        if encoding = SolutionEncoding.Numbers then
            CallMemory.rent s.Memory (rows * s.Samples * k)
        else
            [||]

    // Whole rows to an array that is no large object: those cost page faults, and a full collection every
    // few hundred of them.
    let rowsOfArray =
        if rowBytes = 0 then
            max 1 rows
        else
            Math.Clamp((1 <<< 16) / rowBytes, 1, max 1 rows)

    let codes: byte[][] =
        if encoding = SolutionEncoding.Numbers then
            [||]
        else
            Array.init ((rows + rowsOfArray - 1) / rowsOfArray) (fun index ->
                CallMemory.rent s.Memory (min rowsOfArray (rows - index * rowsOfArray) * rowBytes))

    let values: float[] =
        if withValues then
            GC.AllocateUninitializedArray(rows * s.Samples)
        else
            [||]

    let failures: byte[] =
        if s.LeavesOut then
            Array.zeroCreate (rows * s.Samples)
        else
            [||]

    // In what the solutions leave of the bound.
    let mutable residuals: ScoreResiduals | null =
        ScoreResiduals.TryRent(rows, s, s.CacheBytes - SolutionCache.Bytes(rows, s, withValues, partition))

    // The bytes of an encoded block; 0 where solutions are kept as numbers.
    static member BlockBytes(s: Settings, partition: Partition) : int =
        match s.Oracle.Encoding with
        | SolutionEncoding.Numbers -> 0
        | encoding ->
            int (Encodings.Bytes(encoding, int64 partition.BlockSamples, s.Oracle.SolutionDimension, s.Oracle.Ones))

    static member private Bytes(rows: int, s: Settings, withValues: bool, partition: Partition) : int64 =
        let samples = int64 s.Samples

        let solutions =
            match SolutionCache.BlockBytes(s, partition) with
            | 0 -> 8L * samples * int64 s.Oracle.SolutionDimension
            | bytes -> int64 bytes * int64 partition.Blocks

        int64 rows
        * (solutions
           + (if withValues then 8L * samples else 0L)
           + (if s.LeavesOut then samples else 0L))

    /// How many rows of an operator a cache may hold, at least 1: the memory bound.
    static member MostRows(s: Settings, withValues: bool) : int64 =
        min s.CacheBytes (int64 Array.MaxLength)
        / max 1L (SolutionCache.Bytes(1, s, withValues, Partition.create s))
        |> max 1L

    /// None where it would be larger than the operator allows: then the second pass replays noise and solves, for the
    /// same bits.
    static member TryCreate(rows: int, s: Settings, withValues: bool) : SolutionCache voption =
        let partition = Partition.create s
        let bytes = SolutionCache.Bytes(rows, s, withValues, partition)

        if bytes <= s.CacheBytes && bytes <= int64 Array.MaxLength then
            ValueSome(SolutionCache(rows, s, withValues, partition, SolutionCache.BlockBytes(s, partition)))
        else
            ValueNone

    /// How solutions are encoded.
    member _.Encoding: SolutionEncoding = encoding

    /// rows × samples × k, where they are kept as numbers.
    member _.Numbers: float[] = numbers

    /// Where the encoded block that starts at a sample of a row stands: an array and an offset in it.
    member _.CodesAt(row: int, firstSample: int) : struct (byte[] * int) =
        struct (codes[row / rowsOfArray], row % rowsOfArray * rowBytes + partition.BlockAt firstSample * blockBytes)

    /// The residuals of the scores, while they are written; null where they are not kept.
    member _.ResidualsToWrite: ScoreResiduals | null = residuals

    /// The residuals of the scores for the pass that asks first, to give back after use; null for all others, which
    /// draw the scores again.
    member _.TakeResiduals() : ScoreResiduals | null = Interlocked.Exchange(&residuals, null)

    member _.HasValues: bool = withValues

    /// rows × samples.
    member _.Values: float[] = values

    /// What each sample failed by, rows × samples; empty where failed samples are errors.
    member _.Failures: byte[] = failures

    /// A solution could not be encoded, so the cache is of no use.
    member _.Lose() : unit =
        Interlocked.Exchange(&isLost, 1) |> ignore

    member _.IsLost: bool = Volatile.Read(&isLost) = 1

    /// Set by the engine after the pass that filled it.
    member val IsFilled = false with get, set

    /// Whether a pass, which may read values, need not solve.
    member this.Serves(readsValues: bool) : bool =
        this.IsFilled && not this.IsLost && (withValues || not readsValues)
