namespace Perturbed.Functional

open System
open System.Threading
open Perturbed.Kernels

/// The solutions of all samples, and their values where asked, kept between two passes so that the second need not solve again.
[<Sealed>]
type internal Tape(rows: int, op: Smoothed, withValues: bool) =
    let k = op.Oracle.SolutionDimension
    let plan = Plan.create op
    let code = op.Oracle.Code
    let blockBytes = Tape.BlockBytes(op, plan)
    let rowBytes = blockBytes * plan.Blocks
    let mutable isLost = 0

    let numbers: float[] =
        if code = SolutionCode.Numbers then
            GC.AllocateUninitializedArray(rows * op.Samples * k)
        else
            [||]

    // Whole rows to a stretch of memory that is no large object: those cost page faults, and a full collection every few hundred of them.
    let codeRows =
        if rowBytes = 0 then
            max 1 rows
        else
            min (max 1 rows) (max 1 (Tape.MostBytes / rowBytes))

    let codes: byte[][] =
        if code = SolutionCode.Numbers then
            [||]
        else
            Array.init ((rows + codeRows - 1) / codeRows) (fun index ->
                GC.AllocateUninitializedArray(min codeRows (rows - index * codeRows) * rowBytes))

    let values: float[] =
        if withValues then
            GC.AllocateUninitializedArray(rows * op.Samples)
        else
            [||]

    let shortcut = Shortcuts.between op
    let mutable seeds: Seeds | null = Seeds.TryRent(shortcut, rows, op)

    static member private MostBytes: int = 1 <<< 16

    static member private BlockBytes(op: Smoothed, plan: Plan) : int =
        match op.Oracle.Code with
        | SolutionCode.Numbers -> 0
        | code -> int (Codes.Bytes(code, int64 plan.BlockSamples, op.Oracle.SolutionDimension, op.Oracle.Ones))

    static member Bytes(rows: int, op: Smoothed, withValues: bool) : int64 =
        let samples = int64 op.Samples

        let perRow =
            match op.Oracle.Code with
            | SolutionCode.Numbers -> 8L * samples * int64 op.Oracle.SolutionDimension
            | _ ->
                let plan = Plan.create op

                int64 (Tape.BlockBytes(op, plan)) * int64 plan.Blocks

        int64 rows * (perRow + (if withValues then 8L * samples else 0L))

    /// None where it would be larger than the operator allows: then the second pass replays noise and solves, for the same bits.
    static member TryCreate(rows: int, op: Smoothed, withValues: bool) : Tape voption =
        let bytes = Tape.Bytes(rows, op, withValues)

        if bytes <= op.TapeBytes && bytes <= int64 Array.MaxLength then
            ValueSome(Tape(rows, op, withValues))
        else
            ValueNone

    /// How solutions are written.
    member _.Code: SolutionCode = code
    /// rows × samples × k, where they are written as they are.
    member _.Numbers: float[] = numbers

    /// The codes of the block that starts at a sample of a row.
    member _.Codes(row: int, firstSample: int) : Span<byte> =
        Span(codes[row / codeRows], row % codeRows * rowBytes + plan.BlockAt firstSample * blockBytes, blockBytes)

    /// The seeds of the scores, while they are written; null where they are not kept.
    member _.SeedsToWrite: Seeds | null = seeds

    /// The seeds of the scores for the one who asks first, to give back after use; null for all others, who draw the scores again.
    member _.TakeSeeds() : Seeds | null = Interlocked.Exchange(&seeds, null)

    member _.HasValues: bool = withValues
    /// rows × samples.
    member _.Values: float[] = values

    /// A solution had no code: what is written is of no use.
    member _.Lose() : unit =
        Interlocked.Exchange(&isLost, 1) |> ignore

    member _.IsLost: bool = Volatile.Read(&isLost) = 1
    member val IsFilled = false with get, set
