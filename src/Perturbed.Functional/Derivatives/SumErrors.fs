namespace Perturbed.Functional

open System

/// Standard errors of the sums of score terms.
module internal SumErrors =

    // Standard errors of one row's sums over independent samples: of the sums of squares behind them.
    let private independent (used: int) (length: int) (state: ReadOnlySpan<float>) : float[] =
        let samples = float used
        let errors: float[] = Array.create length nan

        if used > 1 then
            for i in 0 .. length - 1 do
                let deviations = state[length + i] - state[i] * state[i] / samples
                errors[i] <- sqrt (max 0.0 deviations * samples / (samples - 1.0))

        errors

    // The same over groups of dependent samples.
    let private betweenGroups (groups: SampleGroups) (used: int) (length: int) (state: ReadOnlySpan<float>) : float[] =
        let samples = float used
        let means: float[] = Array.zeroCreate length

        for i in 0 .. length - 1 do
            means[i] <- state[i] / samples

        let moments = state.Slice(state.Length - GroupMoments.length length)

        GroupMoments.standardErrors groups used moments (ReadOnlySpan means)
        |> Array.map (fun error -> error * samples)

    /// The standard errors of one row's sums over so many samples, out of its state.
    let ofRow (s: Settings) (used: int) (length: int) (state: ReadOnlySpan<float>) : float[] =
        let groups = Sampler.groups s

        if groups.IsIndependent then
            independent used length state
        else
            betweenGroups groups used length state
