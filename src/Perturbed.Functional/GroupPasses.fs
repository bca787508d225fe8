namespace Perturbed.Functional

open System
open Perturbed.Kernels

/// Sums over groups of dependent samples: standard errors between groups, and derivatives that leave a sample's own group out.
module internal GroupPasses =

    // The group that a sample is in, and where the part of it ends that a block holds.
    let private groupAt (groups: SampleGroups) (sample: int) : int = sample / groups.Size

    let private endOf (groups: SampleGroups) (group: int) : int =
        group * groups.Size + groups.SizeOf group

    // Narrows a block, whose first sample is number `first` at `offset`, to some of its samples.
    let private select (block: Block) (first: int) (offset: int) (start: int) (stop: int) : unit =
        block.First <- start
        block.Offset <- offset + start - first
        block.Count <- stop - start

    let private addTo (sum: Span<float>) (part: Span<float>) : unit =
        for i in 0 .. sum.Length - 1 do
            sum[i] <- sum[i] + part[i]

    /// The numbers of a moment state: the open group's sums, then the weighted moments of the groups' means.
    let momentLength (width: int) : int =
        Sizes.Product("smoothed", "The moments of the groups", 3L, int64 width) + 1

    // Closes a group: its sums become a mean among the others.
    let private close (groups: SampleGroups) (group: int) (moments: Span<float>) : unit =
        let width = (moments.Length - 1) / 3
        let part = moments.Slice(0, width)

        Moments.AddWeighted(
            groups.Weight group,
            Span.op_Implicit part,
            1.0 / float (groups.SizeOf group),
            moments.Slice width
        )

        part.Clear()

    // Chunks hold whole groups, so no group is open where states meet.
    let private merge (moments: Span<float>) (other: Span<float>) : unit =
        let width = (moments.Length - 1) / 3
        Moments.Merge(moments.Slice width, Span.op_Implicit (other.Slice width))

    /// The standard errors of means over samples, out of a moment state: √(Σ ω_g (t_g − mean)²).
    let standardErrors (moments: ReadOnlySpan<float>) (means: ReadOnlySpan<float>) : float[] =
        let width = means.Length
        let errors: float[] = Array.zeroCreate width

        for i in 0 .. width - 1 do
            let shift = moments[width + 1 + i] - means[i]
            errors[i] <- sqrt (moments[2 * width + 1 + i] + moments[width] * shift * shift)

        errors

    /// A pass, and behind its own state a moment state of the groups' means of F (where `withValue`) and of y (k numbers, or none).
    let withErrors (groups: SampleGroups) (inner: Pass) (withValue: bool) (k: int) : Pass =
        let head = inner.StateLength
        let values = if withValue then 1 else 0

        { new Pass(head + momentLength (values + k)) with
            member _.NeedsValues = inner.NeedsValues || withValue
            member _.NeedsScore = inner.NeedsScore
            member _.NeedsNoise = inner.NeedsNoise
            member _.NeedsFactor = inner.NeedsFactor

            member _.Add(block, state) =
                inner.Add(block, state.Slice(0, head))
                let first, count, offset = block.First, block.Count, block.Offset
                let moments = state.Slice head
                block.ReadBack()
                let mutable start = first

                while start < first + count do
                    let group = groupAt groups start
                    let stop = min (first + count) (endOf groups group)
                    select block first offset start stop

                    if withValue then
                        moments[0] <- moments[0] + Sums.Of(Span.op_Implicit block.Values)

                    if k > 0 then
                        Sums.AddRows(Span.op_Implicit block.Solutions, moments.Slice(values, k))

                    if stop = endOf groups group then
                        close groups group moments

                    start <- stop

                select block first offset first (first + count)

            member _.Merge(state, other) =
                inner.Merge(state.Slice(0, head), other.Slice(0, head))
                merge (state.Slice head) (other.Slice head)
        }

    /// <summary>Σ t over the samples, and a moment state of the groups' means of t where asked.</summary>
    /// <remarks>
    /// With `leaveOut`, left is centred at the mean over all samples, and the mean outside of a group of n differs from it by −Σ_g left/(M − n): so a group's
    /// terms, each centred by the others' mean, add to Σ_g left ⊗ right + (Σ_g left) ⊗ (Σ_g right)/(M − n).
    /// </remarks>
    let derivative (groups: SampleGroups) (terms: ScoreTerms) (leaveOut: bool) (withErrors: bool) : Pass =
        let length = terms.Length
        let sides = if leaveOut then terms.LeftLength + terms.RightLength else 0
        let errors = length + sides

        { new Pass(errors + (if withErrors then momentLength length else 0)) with
            member _.NeedsScore = true
            member _.NeedsValues = terms.NeedsValues
            member _.NeedsNoise = terms.NeedsNoise

            member _.Add(block, state) =
                let first, count, offset = block.First, block.Count, block.Offset
                let total = state.Slice(0, length)
                let moments = state.Slice errors
                let target = if withErrors then moments.Slice(0, length) else total

                if not withErrors then
                    terms.Add(block, total, Span.Empty)

                let hasParts = leaveOut || withErrors

                if hasParts then
                    block.ReadBack()

                let mutable start = if hasParts then first else first + count

                while start < first + count do
                    let group = groupAt groups start
                    let stop = min (first + count) (endOf groups group)
                    select block first offset start stop

                    if withErrors then
                        terms.Add(block, target, Span.Empty)

                    if leaveOut then
                        let left = state.Slice(length, terms.LeftLength)
                        let right = state.Slice(length + terms.LeftLength, terms.RightLength)
                        terms.AddSides(block, left, right)

                        if stop = endOf groups group then
                            let others = float (groups.Samples - groups.SizeOf group)

                            for i in 0 .. left.Length - 1 do
                                let weight = left[i] / others

                                for j in 0 .. right.Length - 1 do
                                    let index = i * right.Length + j
                                    target[index] <- target[index] + weight * right[j]

                            left.Clear()
                            right.Clear()

                    if withErrors && stop = endOf groups group then
                        addTo total target
                        close groups group moments

                    start <- stop

                select block first offset first (first + count)

            member _.Merge(state, other) =
                addTo (state.Slice(0, length)) (other.Slice(0, length))

                if withErrors then
                    merge (state.Slice errors) (other.Slice errors)
        }
