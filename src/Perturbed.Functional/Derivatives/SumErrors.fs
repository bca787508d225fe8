namespace Perturbed.Functional

open System

/// Standard errors of the sums of score terms.
module internal SumErrors =

    // Standard errors of one row's sums over independent samples: of the sums of squares behind them.
    let private independent (s: Settings) (length: int) (state: ReadOnlySpan<float>) : float[] =
        let samples = float s.Samples
        let errors: float[] = Array.create length nan

        if s.Samples > 1 then
            for i in 0 .. length - 1 do
                let deviations = state[length + i] - state[i] * state[i] / samples
                errors[i] <- sqrt (max 0.0 deviations * samples / (samples - 1.0))

        errors

    // The same over groups of dependent samples.
    let private betweenGroups (s: Settings) (length: int) (state: ReadOnlySpan<float>) : float[] =
        let samples = float s.Samples
        let means: float[] = Array.zeroCreate length

        for i in 0 .. length - 1 do
            means[i] <- state[i] / samples

        GroupMoments.standardErrors (state.Slice(state.Length - GroupMoments.length length)) (ReadOnlySpan means)
        |> Array.map (fun error -> error * samples)

    /// The standard errors of one row's sums, out of its state.
    let ofRow (s: Settings) (length: int) (state: ReadOnlySpan<float>) : float[] =
        if (Sampler.groups s).IsIndependent then
            independent s length state
        else
            betweenGroups s length state
