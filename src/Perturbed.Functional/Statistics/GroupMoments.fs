namespace Perturbed.Functional

open System
open Perturbed.Kernels

/// <summary>Moments of the means of groups of dependent samples, for the standard errors of means over all
/// samples.</summary>
/// <remarks>A state is the sums of the group that is open, then the weighted moments of the groups that are closed.
/// Parts hold whole groups, so no group is open where states are merged.</remarks>
module internal GroupMoments =

    /// The group of a sample.
    let groupOf (groups: SampleGroups) (sample: int) : int = sample / groups.Size

    /// The first sample after a group.
    let endOf (groups: SampleGroups) (group: int) : int =
        group * groups.Size + groups.SizeOf group

    /// The numbers of a state.
    let length (width: int) : int =
        Sizes.Product("smoothed", "The moments of the groups", 3L, int64 width) + 1

    /// Closes a group: its sums become a mean among the others.
    let close (groups: SampleGroups) (group: int) (state: Span<float>) : unit =
        let width = (state.Length - 1) / 3
        let part = state.Slice(0, width)

        Moments.AddWeighted(
            groups.Weight group,
            Span.op_Implicit part,
            1.0 / float (groups.SizeOf group),
            state.Slice width
        )

        part.Clear()

    let merge (state: Span<float>) (other: Span<float>) : unit =
        let width = (state.Length - 1) / 3
        Moments.Merge(state.Slice width, Span.op_Implicit (other.Slice width))

    // The weights of all groups of a design turned into those of the groups whose samples are left: exact where groups
    // are of one size.
    let private reweighting (groups: SampleGroups) (used: int) : float =
        let left = float ((used - 1) / groups.Size + 1)

        if used = groups.Samples then 1.0
        elif left < 2.0 then nan
        else 1.0 / (left * (left - 1.0) * groups.Weight 0)

    /// The standard errors of means over so many samples: √(Σ ω_g (t_g − mean)²).
    let standardErrors
        (groups: SampleGroups)
        (used: int)
        (state: ReadOnlySpan<float>)
        (means: ReadOnlySpan<float>)
        : float[] =
        let width = means.Length
        let factor = reweighting groups used
        let errors: float[] = Array.zeroCreate width

        for i in 0 .. width - 1 do
            let shift = state[width + 1 + i] - means[i]
            errors[i] <- sqrt (factor * (state[2 * width + 1 + i] + state[width] * shift * shift))

        errors

    /// The moments of the means of F over groups, or of y.
    let accumulation (groups: SampleGroups) (width: int) (isValue: bool) : Accumulation =
        { new Accumulation(length width, (if isValue then Needs.Values else Needs.Nothing)) with
            member _.Add(block, state) =
                let last = block.First + block.Count
                let mutable start = block.First

                while start < last do
                    let group = groupOf groups start
                    let stop = min last (endOf groups group)
                    let part = block.Slice(start, stop)

                    if isValue then
                        state[0] <- state[0] + Sums.Of(Span.op_Implicit part.Values)
                    else
                        Sums.AddRows(Span.op_Implicit part.SolutionRows, state.Slice(0, width))

                    if stop = endOf groups group then
                        close groups group state

                    start <- stop

            member _.Merge(state, other) = merge state other
        }
