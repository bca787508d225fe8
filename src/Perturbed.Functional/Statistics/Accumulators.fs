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

    /// Σ y (rows × k).
    let solutions (s: Settings) : Accumulator<float[]> = create s Statistic.Solutions _.Flat

    /// Σ ∂F/∂θ (rows × k).
    let gradients (s: Settings) : Accumulator<float[]> = create s Statistic.Gradients _.Flat

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

    /// Σ (y − centre) yᵀ of one row (k × k): with the mean as the centre, the scatter of the solutions.
    let scatter (s: Settings) (centre: float[]) : Accumulator<float[]> =
        create s (Statistic.Scatter centre) _.Flat

    /// With an accumulator: whether the M ≥ 2 samples of each row agree.
    let besideAgreement (s: Settings) (inner: Accumulator<'a>) : Accumulator<struct ('a * bool[])> =
        Accumulator.pair inner (create s Statistic.Agreement Agreement.read)

    /// The same with the sums of the solutions, which decide it where solutions are 0/1.
    let withAgreement (s: Settings) (sums: Accumulator<float[]>) : Accumulator<struct (float[] * bool[])> =
        if Agreement.isToldBySums s then
            sums |> Accumulator.map (fun sums -> struct (sums, Agreement.ofSums s sums))
        else
            besideAgreement s sums

    /// Σ t of a score-function derivative, with what its standard errors need where asked.
    let scoreSums (s: Settings) (term: ScoreTerm) (leavesGroupsOut: bool) (withErrors: bool) : Accumulator<RowStates> =
        create s (Statistic.ScoreSums(term, leavesGroupsOut, withErrors)) id
