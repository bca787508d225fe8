namespace Perturbed.Functional

open System
open Perturbed.Kernels

/// Accumulations that write every sample into memory of their own, and so serve one process.
module internal Recorders =

    /// Every solution where it belongs, rows × samples × k.
    let solutions (samples: int) (k: int) (target: float[]) : Accumulation =
        { new Accumulation(0, Needs.Nothing) with
            member _.Add(block, _) =
                block.SolutionRows.CopyTo(Span(target, (block.Row * samples + block.First) * k, block.Count * k))
        }

    /// The distinct solutions of all samples with their counts.
    let distinct (counts: DistinctRows) : Accumulation =
        { new Accumulation(0, Needs.Nothing) with
            member _.Add(block, _) =
                counts.Add(Span.op_Implicit block.SolutionRows)
        }
