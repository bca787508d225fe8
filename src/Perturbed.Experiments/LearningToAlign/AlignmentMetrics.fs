namespace Perturbed.Experiments

/// How well alignments and their scores agree with what is known.
[<RequireQualifiedAccess>]
module AlignmentMetrics =

    // The share of some pairs that are near one of the others: the same letter of one sequence, and of the other one
    // at most `tolerance` letters away.
    let private near (tolerance: int) (those: (int * int)[]) (some: (int * int)[]) : float =
        if some.Length = 0 then
            0.0
        else
            let close (i, j) =
                those
                |> Array.exists (fun (k, l) ->
                    (i = k && abs (j - l) <= tolerance) || (j = l && abs (i - k) <= tolerance))

            float (some |> Array.filter close |> Array.length) / float some.Length

    /// <summary>The harmonic mean of precision and recall of aligned pairs.</summary>
    /// <param name="tolerance">By how many letters of one sequence a pair may be off and still count.</param>
    /// <param name="truth">The true pairs.</param>
    /// <param name="found">The pairs of a solution.</param>
    /// <returns>From 0 to 1; 0 where nothing is found.</returns>
    let f1 (tolerance: int) (truth: (int * int)[]) (found: (int * int)[]) : float =
        let precision, recall = near tolerance truth found, near tolerance found truth

        if precision + recall = 0.0 then
            0.0
        else
            2.0 * precision * recall / (precision + recall)

    /// <summary>The area under the ROC curve: how often a positive scores above a negative, equal scores counted
    /// half.</summary>
    /// <param name="positives">Scores, at least one.</param>
    /// <param name="negatives">Scores, at least one.</param>
    /// <returns>From 0 to 1.</returns>
    let auroc (positives: float[]) (negatives: float[]) : float =
        let above (p: float) =
            negatives
            |> Array.sumBy (fun n ->
                if p > n then 1.0
                elif p = n then 0.5
                else 0.0)

        (positives |> Array.sumBy above)
        / (float positives.Length * float negatives.Length)
