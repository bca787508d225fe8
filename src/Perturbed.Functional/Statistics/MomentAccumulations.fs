namespace Perturbed.Functional

open System
open Perturbed.Kernels

/// Moments of values and solutions, as of independent samples.
module internal MomentAccumulations =

    /// The moments of F.
    let values: Accumulation =
        { new Accumulation(Moments.Length 1, Needs.Values) with
            member _.Add(block, state) =
                Moments.AddRows(Span.op_Implicit block.Values, state, Span(block.Scratch, 0, 8))

            member _.Merge(state, other) =
                Moments.Merge(state, Span.op_Implicit other)
        }

    /// The moments of y (k).
    let solutions (k: int) : Accumulation =
        { new Accumulation(Moments.Length k, Needs.Nothing) with
            member _.Add(block, state) =
                Moments.AddRows(Span.op_Implicit block.SolutionRows, state, Span block.Scratch)

            member _.Merge(state, other) =
                Moments.Merge(state, Span.op_Implicit other)
        }

    /// Means and standard errors of rows × width numbers.
    let read (width: int) (states: RowStates) : Uncertain<float[]> =
        let means: float[] = Array.zeroCreate (states.Rows * width)
        let errors: float[] = Array.zeroCreate means.Length

        for row in 0 .. states.Rows - 1 do
            states.Row(row).Slice(1, width).CopyTo(Span(means, row * width, width))
            Moments.StandardErrors(states.Row row, Span(errors, row * width, width))

        {
            Value = means
            StandardErrors = errors
            LeftOut = states.Counts.AllLeftOut
        }
