namespace Perturbed.Functional

open System
open System.Numerics.Tensors
open Perturbed.Kernels

/// The samples of a batch with their scores, centred by the baseline of derivatives.
module internal ScoredDraws =

    let private copy (numbers: Span<float>) (start: int) (target: float[,,]) : unit =
        numbers.CopyTo((Rows.span3 target).Slice start)

    // Every solution, noise and score where it belongs.
    let private recording (s: Settings) (solutions: float[,,]) (noise: float[,,]) (scores: float[,,]) : Accumulation =
        { new Accumulation(0, Needs.Noise ||| Needs.Scores) with
            member _.Add(block, _) =
                let first = block.Row * s.Samples + block.First
                copy block.SolutionRows (first * s.Oracle.SolutionDimension) solutions
                copy block.Noise (first * s.Oracle.Dimension) noise
                copy block.ScoreRows (first * s.Oracle.Dimension) scores
        }

    // y − centre, and for samples in groups y less the mean outside of the sample's group, which differs from the mean
    // over all by −Σ_g (y − ȳ)/(M − n).
    let private centre (s: Settings) (baseline: Baseline) (rows: int) (solutions: Span<float>) : unit =
        let k = s.Oracle.SolutionDimension
        let groups = Sampler.groups s

        for row in 0 .. rows - 1 do
            let ofRow = solutions.Slice(row * s.Samples * k, s.Samples * k)

            for i in 0 .. ofRow.Length - 1 do
                ofRow[i] <- ofRow[i] - baseline.Solutions[row * k + i % k]

            if baseline.LeavesGroupsOut then
                for group in 0 .. groups.Count - 1 do
                    let n = groups.SizeOf group
                    let ofGroup = ofRow.Slice(group * groups.Size * k, n * k)
                    let others = float (baseline.Counts.Of row - n)

                    for i in 0 .. (if others > 0.0 then k else 0) - 1 do
                        let mutable sum = 0.0

                        for m in 0 .. n - 1 do
                            sum <- sum + ofGroup[m * k + i]

                        for m in 0 .. n - 1 do
                            ofGroup[m * k + i] <- ofGroup[m * k + i] + sum / others

    // 0 for samples that were left out, and the others scaled so that M divides every row's sums.
    let private withoutFailed (s: Settings) (baseline: Baseline) (rows: int) (centred: Span<float>) : unit =
        let k = s.Oracle.SolutionDimension
        let groups = Sampler.groups s

        for row in 0 .. rows - 1 do
            let factor = float s.Samples / baseline.Denominator row

            for group in 0 .. groups.Count - 1 do
                let first = row * s.Samples + group * groups.Size
                let ofGroup = centred.Slice(first * k, groups.SizeOf group * k)

                if not (TensorPrimitives.IsFiniteAll<float>(Span.op_Implicit ofGroup)) then
                    ofGroup.Clear()
                else
                    for i in 0 .. ofGroup.Length - 1 do
                        ofGroup[i] <- factor * ofGroup[i]

    let ofBatch (s: Settings) (batch: ThetaBatch) : Draws =
        Differentiability.requireScores s batch
        let d, k, rows = s.Oracle.Dimension, s.Oracle.SolutionDimension, batch.Rows

        let numbers (what: string) (width: int) : float[,,] =
            Sizes.Require<float>("thetas", what, int64 rows, int64 s.Samples, int64 width)
            Array3D.zeroCreate rows s.Samples width

        let solutions = numbers "The solutions of the samples" k
        let noise = numbers "The noise of the samples" d
        let scores = numbers "The scores of the samples" d

        if s.LeavesOut then
            (Rows.span3 solutions).Fill nan

        let sums =
            Accumulation.pair (SumAccumulations.solutions k) (recording s solutions noise scores)
            |> Engine.record s batch

        let means =
            sums.Flat |> Array.mapi (fun i sum -> sum / float (sums.Counts.Of(i / k)))

        let baseline = Baseline.create s batch sums.Counts (Array.copy means) [||]
        centre s baseline rows (Rows.span3 solutions)

        let denominator =
            if sums.Counts.IsAll then
                baseline.Denominator 0
            else
                withoutFailed s baseline rows (Rows.span3 solutions)
                float s.Samples

        {
            Maximizer = Rows.shape rows k means
            Centred = solutions
            Noise = noise
            Scores = scores
            Denominator = denominator
        }
