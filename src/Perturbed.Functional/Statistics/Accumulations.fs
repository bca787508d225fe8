namespace Perturbed.Functional

/// The accumulation of every statistic.
module internal Accumulations =

    /// Made of the statistic and the settings alone, and so the same on every machine.
    let rec ofStatistic (s: Settings) (statistic: Statistic) : Accumulation =
        let k = s.Oracle.SolutionDimension

        match statistic with
        | Statistic.Solutions -> SumAccumulations.solutions k
        | Statistic.Gradients -> SumAccumulations.gradients s.Perturbation k
        | Statistic.ValueMoments -> MomentAccumulations.values
        | Statistic.SolutionMoments -> MomentAccumulations.solutions k
        | Statistic.ValueMomentsOfGroups -> GroupMoments.accumulation (Sampler.groups s) 1 true
        | Statistic.SolutionMomentsOfGroups -> GroupMoments.accumulation (Sampler.groups s) k false
        | Statistic.Agreement -> Agreement.accumulation s
        | Statistic.Scatter centre -> SumAccumulations.scatter k centre
        | Statistic.ScoreSums(term, leavesGroupsOut, withErrors, used) ->
            ScoreSums.accumulation s term leavesGroupsOut withErrors used
        | Statistic.Pair(a, b) -> Accumulation.pair (ofStatistic s a) (ofStatistic s b)
        | Statistic.OfSuccesses inner -> Successes.accumulation s (ofStatistic s inner)
