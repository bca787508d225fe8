namespace Perturbed.Functional

open System
open System.Numerics.Tensors
open Perturbed.Kernels

/// Accumulations that write every sample into memory of their own, and so serve one process.
module internal Recorders =

    /// Every solution where it belongs, rows × samples × k.
    let solutions (samples: int) (k: int) (target: float[]) : Accumulation =
        { new Accumulation(0, Needs.Nothing) with
            member _.Add(block, _) =
                block.SolutionRows.CopyTo(Span(target, (block.Row * samples + block.First) * k, block.Count * k))
        }

    /// NaN everywhere, where an operator may leave samples out, so that those are told from the ones that are recorded.
    let marking (s: Settings) (target: float[]) : unit =
        if s.LeavesOut then
            Array.Fill(target, nan)

    /// NaN for all samples of a group that has one: what was recorded of a cut group before a sample of it failed.
    let markGroups (s: Settings) (target: float[]) (rows: int) : unit =
        let groups = Sampler.groups s

        if s.LeavesOut && not groups.IsIndependent then
            let width = target.Length / max 1 (rows * s.Samples)

            for row in 0 .. rows - 1 do
                for group in 0 .. groups.Count - 1 do
                    let first = row * s.Samples + group * groups.Size
                    let part = Span(target, first * width, groups.SizeOf group * width)

                    if not (TensorPrimitives.IsFiniteAll<float>(Span.op_Implicit part)) then
                        part.Fill nan

    /// The distinct solutions of all samples with their counts.
    let distinct (counts: DistinctRows) : Accumulation =
        { new Accumulation(0, Needs.Nothing) with
            member _.Add(block, _) =
                counts.Add(Span.op_Implicit block.SolutionRows)
        }
