namespace Perturbed.Functional

open System

/// What an operator's answers are read from.
module internal Accumulators =

    let private create (s: Settings) (statistic: Statistic) (read: RowStates -> 'result) : Accumulator<'result> =
        {
            Statistic = statistic
            Accumulation = Accumulations.ofStatistic s statistic
            Result = read
        }

    // Sums of each row, which are the caller's own, become means.
    let private means (counts: SampleCounts) (rows: int) (sums: float[]) : float[] =
        let width = sums.Length / max rows 1

        for row in 0 .. rows - 1 do
            let samples = float (counts.Of row)

            for i in row * width .. row * width + width - 1 do
                sums[i] <- sums[i] / samples

        sums

    let private meansOf (states: RowStates) : float[] =
        means states.Counts states.Rows states.Flat

    /// The means of y (rows × k).
    let solutions (s: Settings) : Accumulator<float[]> = create s Statistic.Solutions meansOf

    /// The means of ∂F/∂θ (rows × k).
    let gradients (s: Settings) : Accumulator<float[]> = create s Statistic.Gradients meansOf

    /// Means of F (rows), with the errors of independent samples.
    let valueMoments (s: Settings) : Accumulator<Uncertain<float[]>> =
        create s Statistic.ValueMoments (MomentAccumulations.read 1)

    // Under a design with dependent samples, errors between groups take the place of those of independent samples.
    let private withErrors
        (s: Settings)
        (width: int)
        (ofGroups: Statistic)
        (inner: Accumulator<Uncertain<float[]>>)
        : Accumulator<Uncertain<float[]>> =
        if (Sampler.groups s).IsIndependent then
            inner
        else
            Accumulator.pair inner (create s ofGroups id)
            |> Accumulator.map (fun struct (means, between) ->
                { means with
                    StandardErrors =
                        Array.init between.Rows (fun row ->
                            GroupMoments.standardErrors
                                (Sampler.groups s)
                                (between.Counts.Of row)
                                (between.Row row)
                                (ReadOnlySpan(means.Value, row * width, width)))
                        |> Array.concat
                })

    /// Means of F and their errors (rows).
    let values (s: Settings) : Accumulator<Uncertain<float[]>> =
        valueMoments s |> withErrors s 1 Statistic.ValueMomentsOfGroups

    /// Means of y and their errors (rows × k).
    let solutionMoments (s: Settings) : Accumulator<Uncertain<float[]>> =
        let k = s.Oracle.SolutionDimension

        create s Statistic.SolutionMoments (MomentAccumulations.read k)
        |> withErrors s k Statistic.SolutionMomentsOfGroups

    /// Σ (y − centre) yᵀ/(M − 1) of one row (k × k): with the mean as the centre, the covariance of the solutions.
    let covariance (s: Settings) (centre: float[]) : Accumulator<float[]> =
        create s (Statistic.Scatter centre) (fun states ->
            let others = float (max 1 (states.Counts.Of 0 - 1))
            states.Flat |> Array.map (fun sum -> sum / others))

    /// With an accumulator: whether the M ≥ 2 samples of each row agree.
    let besideAgreement (s: Settings) (inner: Accumulator<'a>) : Accumulator<struct ('a * bool[])> =
        Accumulator.pair inner (create s Statistic.Agreement Agreement.read)

    /// The means of y with it; where solutions are 0/1 the sums decide it.
    let withAgreement (s: Settings) : Accumulator<struct (float[] * bool[])> =
        if Agreement.isToldBySums s then
            create s Statistic.Solutions (fun states ->
                let sums = states.Flat
                let agree = Agreement.ofSums s states.Counts sums
                struct (means states.Counts states.Rows sums, agree))
        else
            besideAgreement s (solutions s)

    /// Σ t of a score-function derivative, with what its standard errors need where asked.
    let scoreSums
        (s: Settings)
        (term: ScoreTerm)
        (leavesGroupsOut: bool)
        (withErrors: bool)
        (used: float[])
        : Accumulator<RowStates> =
        create s (Statistic.ScoreSums(term, leavesGroupsOut, withErrors, used)) id
