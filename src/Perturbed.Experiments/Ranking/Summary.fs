namespace Perturbed.Experiments

/// Mean and standard deviation over folds.
type Summary =
    {
        /// The mean; NaN of nothing.
        Mean: float
        /// The standard deviation with n − 1 in the denominator; NaN below two.
        StandardDeviation: float
    }

/// Summaries over folds.
[<RequireQualifiedAccess>]
module Summary =

    /// <summary>Mean and standard deviation of a score over folds.</summary>
    /// <param name="score">The score of a fold.</param>
    /// <param name="folds">The folds.</param>
    /// <returns>Their summary.</returns>
    let ofFolds (score: FoldResult -> float) (folds: FoldResult[]) : Summary =
        let values = folds |> Array.map score
        let n = values.Length
        let mean = if n = 0 then nan else Array.average values

        {
            Mean = mean
            StandardDeviation =
                if n < 2 then
                    nan
                else
                    sqrt ((values |> Array.sumBy (fun v -> (v - mean) * (v - mean))) / float (n - 1))
        }
