namespace Perturbed.Functional

/// The mean and deviation of each feature of a training set, to bring any set to its scale.
type Standardisation =
    {
        /// Mean of each column.
        Mean: float[]
        /// Standard deviation of each column, √(1/n Σ (x − mean)²); 0 exactly where the column is constant.
        Deviation: float[]
    }

/// Standardisation: fitted on the training part, applied to any part.
[<RequireQualifiedAccess>]
module Standardisation =

    /// <summary>Mean and deviation of each column, in two passes.</summary>
    /// <param name="inputs">X, [rows × features], finite; at least one row.</param>
    /// <returns>What <c>apply</c> needs; O(rows · features).</returns>
    /// <exception cref="T:System.ArgumentException">X has no row or an entry that is not finite.</exception>
    let fit (inputs: float[,]) : Standardisation =
        Check.finiteMatrix (nameof inputs) inputs
        let rows, columns = Array2D.length1 inputs, Array2D.length2 inputs

        if rows = 0 then
            invalidArg (nameof inputs) "inputs has 0 rows; a mean needs at least one."

        let column c =
            let x = inputs[*, c]

            // A mean is rounded: only equality tells a constant column from one with a tiny spread.
            if Array.forall (fun v -> v = x[0]) x then
                x[0], 0.0
            else
                let mean = Array.average x
                mean, sqrt (Array.averageBy (fun v -> (v - mean) * (v - mean)) x)

        let mean, deviation = Array.init columns column |> Array.unzip
        { Mean = mean; Deviation = deviation }

    /// <summary>(x − mean)/deviation in each column; columns that were constant where fitted become 0.</summary>
    /// <param name="standardisation">From <c>fit</c>.</param>
    /// <param name="inputs">X, [rows × features], any number of rows.</param>
    /// <returns>A new batch of the same shape.</returns>
    /// <exception cref="T:System.ArgumentException">X has another number of columns than the fit.</exception>
    let apply (standardisation: Standardisation) (inputs: float[,]) : float[,] =
        Check.notNull (nameof inputs) inputs
        let columns = Array2D.length2 inputs

        if columns <> standardisation.Mean.Length then
            invalidArg (nameof inputs) $"inputs has {columns} columns; the fit has {standardisation.Mean.Length}."

        inputs
        |> Array2D.mapi (fun _ c x ->
            if standardisation.Deviation[c] = 0.0 then
                0.0
            else
                (x - standardisation.Mean[c]) / standardisation.Deviation[c])

    /// <summary>Both parts brought to the scale of the first.</summary>
    /// <param name="train">The part to fit on.</param>
    /// <param name="test">The part that must not be looked at in fitting.</param>
    /// <returns>Both with standardised inputs and unchanged targets.</returns>
    /// <exception cref="T:System.ArgumentException">The training part has no row, or the parts have different
    /// columns.</exception>
    let pair (train: Examples) (test: Examples) : Examples * Examples =
        let scaled = apply (fit train.Inputs)

        { train with
            Inputs = scaled train.Inputs
        },
        { test with
            Inputs = scaled test.Inputs
        }
