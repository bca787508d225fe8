namespace Perturbed.Functional

open System

/// Sums of score terms over groups of dependent samples.
module internal GroupSums =

    // Adds what leaves a group of n samples out of its own baseline: (Σ_g left) ⊗ (Σ_g right)/(M − n). Left is centred at
    // the mean over all samples, and the mean outside of the group differs from it by −Σ_g left/(M − n). A group without
    // others has another baseline.
    let private leaveGroupOut (others: float) (left: Span<float>) (right: Span<float>) (sum: Span<float>) : unit =
        for i in 0 .. (if others > 0.0 then left.Length else 0) - 1 do
            let weight = left[i] / others
            let row = sum.Slice(i * right.Length, right.Length)

            for j in 0 .. right.Length - 1 do
                row[j] <- row[j] + weight * right[j]

    /// <summary>Σ t over the samples, behind it the sides of the open group where groups are left out, and last the
    /// moments of the groups' means of t where asked.</summary>
    let create
        (groups: SampleGroups)
        (terms: ScoreTerms)
        (leaveOut: bool)
        (withErrors: bool)
        (used: float[])
        : Accumulation =
        let length = terms.Length
        let sides = if leaveOut then terms.LeftLength + terms.RightLength else 0
        let errors = length + sides

        let stateLength = errors + (if withErrors then GroupMoments.length length else 0)

        { new Accumulation(stateLength, Needs.Scores ||| terms.Needs) with
            member _.Add(block, state) =
                let total = state.Slice(0, length)
                let moments = state.Slice errors
                // A group's own sum is needed where its mean is.
                let target = if withErrors then moments.Slice(0, length) else total

                if not withErrors then
                    terms.Add(&block, total, Span.Empty)

                let last = block.First + block.Count
                let mutable start = if leaveOut || withErrors then block.First else last

                while start < last do
                    let group = GroupMoments.groupOf groups start
                    let stop = min last (GroupMoments.endOf groups group)
                    let isClosed = stop = GroupMoments.endOf groups group
                    let part = block.Slice(start, stop)

                    if withErrors then
                        terms.Add(&part, target, Span.Empty)

                    if leaveOut then
                        let left = state.Slice(length, terms.LeftLength)
                        let right = state.Slice(length + terms.LeftLength, terms.RightLength)
                        terms.AddSides(&part, left, right)

                        if isClosed then
                            let samples =
                                if used.Length = 0 then
                                    float groups.Samples
                                else
                                    used[block.Row]

                            leaveGroupOut (samples - float (groups.SizeOf group)) left right target
                            left.Clear()
                            right.Clear()

                    if withErrors && isClosed then
                        for i in 0 .. length - 1 do
                            total[i] <- total[i] + target[i]

                        GroupMoments.close groups group moments

                    start <- stop

            member _.Merge(state, other) =
                for i in 0 .. length - 1 do
                    state[i] <- state[i] + other[i]

                if withErrors then
                    GroupMoments.merge (state.Slice errors) (other.Slice errors)
        }
