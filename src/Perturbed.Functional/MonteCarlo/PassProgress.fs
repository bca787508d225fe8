namespace Perturbed.Functional

open System
open System.Threading
open Perturbed.Kernels

/// Tells a user how much of a pass is done, at most a hundred times: on the threads that do it, so not always in order.
[<Sealed>]
type internal PassProgress(s: Settings, total: int64, hasOneRow: bool) =
    let k = s.Oracle.SolutionDimension
    let mutable finished = 0L
    let mutable failures = 0L

    // The moments of the solutions so far, for who listens to them.
    let moments: float[] =
        if s.Solves.IsSome && hasOneRow then
            Array.zeroCreate (Moments.Length k)
        else
            [||]

    let percent (part: int64) : int = int (100.0 * float part / float total)

    let standardError () : float =
        if moments.Length = 0 then
            nan
        else
            lock moments (fun () ->
                let errors: float[] = Array.zeroCreate k
                Moments.StandardErrors(ReadOnlySpan moments, Span errors)
                Array.max errors)

    let report (after: int64) : unit =
        match s.Progress with
        | ValueSome listener -> listener.Report(float after / float total)
        | ValueNone -> ()

        match s.Solves with
        | ValueSome listener ->
            listener.Report
                {
                    Done = after
                    Total = total
                    Failures = Interlocked.Read &failures
                    StandardError = standardError ()
                }
        | ValueNone -> ()

    // Row by row where some have no solution.
    let addMoments (solutions: Span<float>) (codes: ReadOnlySpan<byte>) : unit =
        let scratch: float[] = Array.zeroCreate moments.Length

        if codes.IsEmpty then
            Moments.AddRows(Span.op_Implicit solutions, Span moments, Span scratch)
        else
            for m in 0 .. codes.Length - 1 do
                if codes[m] = 0uy then
                    Moments.AddRows(Span.op_Implicit (solutions.Slice(m * k, k)), Span moments, Span scratch)

    /// So many units are done.
    member _.Add(count: int) : unit =
        let after = Interlocked.Add(&finished, int64 count)

        if percent after > percent (after - int64 count) then
            report after

    /// A block is done.
    member this.AddBlock(block: inref<SampleBlock>) : unit =
        if s.Solves.IsSome then
            let codes = block.Failures

            if not codes.IsEmpty then
                Interlocked.Add(&failures, int64 (codes.Length - codes.Count(0uy))) |> ignore

            if moments.Length > 0 then
                Monitor.Enter moments

                try
                    addMoments block.SolutionRows codes
                finally
                    Monitor.Exit moments

        this.Add block.Count

[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module internal PassProgress =

    /// For work of so many units on so many rows; none where no progress was asked for.
    let create (s: Settings) (total: int64) (rows: int) : PassProgress | null =
        if s.Progress.IsSome || s.Solves.IsSome then
            PassProgress(s, total, (rows = 1))
        else
            null

    let add (count: int) (progress: PassProgress | null) : unit =
        match progress with
        | null -> ()
        | progress -> progress.Add count

    let addBlock (block: inref<SampleBlock>) (progress: PassProgress | null) : unit =
        match progress with
        | null -> ()
        | progress -> progress.AddBlock &block
