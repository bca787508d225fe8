namespace Perturbed.Functional

open Perturbed.Kernels

/// Examples to learn from: row i of the inputs goes with row i of the targets.
type Examples =
    {
        /// X, [rows × features].
        Inputs: float[,]
        /// Y, [rows × dimension of y].
        Targets: float[,]
    }

/// Sets of examples: construction with checks, and selection of rows.
[<RequireQualifiedAccess>]
module Examples =

    let private takeRows (name: string) (indices: int[]) (matrix: float[,]) : float[,] =
        let rows, columns = Array2D.length1 matrix, Array2D.length2 matrix
        let taken = Array2D.zeroCreate<float> indices.Length columns

        for i in 0 .. indices.Length - 1 do
            let r = indices[i]

            if r < 0 || r >= rows then
                invalidArg name $"{name}[{i}] is {r}; it must lie in 0 .. {rows - 1}."

            Dense.AsSpan(matrix).Slice(r * columns, columns).CopyTo(Dense.AsSpan(taken).Slice(i * columns, columns))

        taken

    /// <summary>The examples with the given inputs and targets.</summary>
    /// <param name="inputs">X, [rows × features], finite; not copied.</param>
    /// <param name="targets">Y, [rows × dimension], finite; not copied.</param>
    /// <returns>The set.</returns>
    /// <exception cref="T:System.ArgumentException">The numbers of rows differ, or an entry is not finite: the message names its row.</exception>
    let create (inputs: float[,]) (targets: float[,]) : Examples =
        Check.finiteMatrix (nameof inputs) inputs
        Check.finiteMatrix (nameof targets) targets

        if Array2D.length1 targets <> Array2D.length1 inputs then
            invalidArg
                (nameof targets)
                $"targets has {Array2D.length1 targets} rows; inputs has {Array2D.length1 inputs}."

        { Inputs = inputs; Targets = targets }

    /// <summary>The number of rows.</summary>
    /// <param name="examples">The set.</param>
    /// <returns>At least 0.</returns>
    let count (examples: Examples) : int = Array2D.length1 examples.Inputs

    /// <summary>The rows with the given numbers, in the given order; a number may occur more than once.</summary>
    /// <param name="indices">Row numbers from 0.</param>
    /// <param name="examples">The set.</param>
    /// <returns>A copy of those rows.</returns>
    /// <exception cref="T:System.ArgumentException">A number is out of range.</exception>
    let take (indices: int[]) (examples: Examples) : Examples =
        Check.notNull (nameof indices) indices

        {
            Inputs = takeRows (nameof indices) indices examples.Inputs
            Targets = takeRows (nameof indices) indices examples.Targets
        }
