namespace Perturbed.Functional.Remote

open System
open System.Runtime.InteropServices
open System.Threading
open Perturbed.Functional
open Perturbed.Kernels

/// <summary>A unit of a pass that came from elsewhere: read, checked, and computed on one thread.</summary>
/// <remarks>What it asks for is known before memory is taken for it, so that a machine may refuse it.</remarks>
[<Sealed>]
type RemoteUnit internal (form: UnitForm) =
    let s, batch = form.Settings, form.Batch
    let accumulation = Accumulations.ofStatistic s form.Statistic

    let layout =
        SolutionLayout.Of(s, batch.Rows, form.Part, form.Parts, form.WithValues)

    let stateBytes = 8L * int64 batch.Rows * int64 accumulation.StateLength
    let samples = int64 batch.Rows * int64 layout.Samples

    /// <summary>Reads the bytes of a unit.</summary>
    /// <param name="oracle">The oracle that the unit is of.</param>
    /// <param name="noiseOf">The noises that are known by a name of their own; it throws where it knows none.</param>
    /// <param name="bytes">What <c>RemotePass.Write</c> gave.</param>
    /// <returns>The unit.</returns>
    /// <exception cref="T:System.IO.InvalidDataException">The bytes are no unit, are of another version of the form,
    /// or the oracle is not the one that the unit was written for.</exception>
    /// <exception cref="T:System.ArgumentException">A number is out of its range, as for <c>perturb</c>.</exception>
    static member Read(oracle: Oracle, noiseOf: Func<string, INoise>, bytes: byte[]) : RemoteUnit =
        Check.notNull (nameof oracle) oracle
        Check.notNull (nameof noiseOf) noiseOf
        Check.notNull (nameof bytes) bytes
        RemoteUnit(UnitForm.read oracle noiseOf.Invoke bytes)

    /// The rows of θ.
    member _.Rows: int = batch.Rows

    /// The samples to solve, of all rows.
    member _.Samples: int64 = samples

    /// The number M of samples of the operator.
    member _.OperatorSamples: int = s.Samples

    /// The bytes that computing it takes: its sums, the solutions that are sent back, and a block of samples.
    member _.Bytes: int64 =
        let d, k = int64 s.Oracle.Dimension, int64 s.Oracle.SolutionDimension

        2L * stateBytes
        + (if form.WithSolutions then layout.Bytes else 0L)
        + 8L
          * int64 (max form.Partition.Capacity form.Partition.BlockSamples)
          * (5L * d + 3L * k + 16L)
        + 64L * int64 accumulation.StateLength

    /// <summary>Draws the unit's noise, solves its samples and sums.</summary>
    /// <param name="progress">Told the share of the unit that is done; may be null.</param>
    /// <param name="cancellation">Looked at between blocks of samples, and between the calls of a user's
    /// function.</param>
    /// <returns>The sums, and the solutions where they were asked for.</returns>
    /// <exception cref="T:Perturbed.Functional.CSharp.OracleException">The oracle failed; the row is that of the
    /// caller's batch.</exception>
    member _.Compute(progress: IProgress<float> | null, cancellation: CancellationToken) : UnitAnswer =
        let s = { s with Cancellation = cancellation }

        let record =
            if form.WithSolutions && layout.Bytes <= int64 Array.MaxLength then
                ValueSome(SolutionRecord(s, layout))
            else
                ValueNone

        let accumulation =
            match record with
            | ValueSome record -> record.Beside accumulation
            | ValueNone -> accumulation

        let pass =
            { Pass.create s batch ValueNone accumulation with
                Progress =
                    match progress with
                    | null -> null
                    | progress ->
                        let told =
                            { s with
                                Progress = ValueSome progress
                                Solves = ValueNone
                            }

                        PassProgress(told, samples, false)
            }

        let states =
            if form.Parts = form.Partition.Parts then
                ThreadPass(pass).States()
            else
                let sources = SampleSources.Choose(s, batch, ValueNone, accumulation.Needs)
                let worker = PassWorker(pass, sources.Create form.Partition.BlockSamples)
                let state: float[] = Array.zeroCreate pass.StateLength

                try
                    try
                        worker.Unit(0, form.Part, form.Parts, Span state)
                    with _ ->
                        worker.DropSolver()
                        reraise ()
                finally
                    worker.Free()
                    sources.End()

                state

        {
            States = MemoryMarshal.AsBytes(ReadOnlySpan states).ToArray()
            Solutions =
                match record with
                | ValueSome record -> record.Bytes
                | ValueNone -> [||]
        }
