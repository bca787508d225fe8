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

    /// <summary>Mean and standard deviation of numbers.</summary>
    /// <param name="values">The numbers.</param>
    /// <returns>Their summary.</returns>
    let ofValues (values: float[]) : Summary =
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

    /// <summary>Mean and standard deviation of a score over folds.</summary>
    /// <param name="score">The score of a fold.</param>
    /// <param name="folds">The folds.</param>
    /// <returns>Their summary.</returns>
    let ofFolds (score: FoldResult -> float) (folds: FoldResult[]) : Summary = folds |> Array.map score |> ofValues

    /// <summary>A number with a given number of decimals.</summary>
    /// <param name="digits">How many.</param>
    /// <param name="value">The number.</param>
    /// <returns>A text; - where it is NaN.</returns>
    let decimals (digits: int) (value: float) : string =
        if System.Double.IsNaN value then
            "-"
        else
            value.ToString($"F{digits}", System.Globalization.CultureInfo.InvariantCulture)

    /// <summary>A summary as mean ± standard deviation.</summary>
    /// <param name="digits">How many decimals.</param>
    /// <param name="summary">The summary.</param>
    /// <returns>A text; - where there is no mean, the mean alone where there is no deviation.</returns>
    let text (digits: int) (summary: Summary) : string =
        if System.Double.IsNaN summary.StandardDeviation then
            decimals digits summary.Mean
        else
            $"{decimals digits summary.Mean} ± {decimals digits summary.StandardDeviation}"
