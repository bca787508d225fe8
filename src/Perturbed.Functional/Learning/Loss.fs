namespace Perturbed.Functional

open System
open System.Numerics.Tensors
open Perturbed.Kernels

/// <summary>
/// A loss of a batch: key, Θ [rows × d] and targets [rows × k] ↦ the mean loss over the rows and its gradient with respect to Θ,
/// already divided by the number of rows. The key seeds whatever the loss draws; a loss that draws nothing ignores it.
/// </summary>
type Loss = Key -> float[,] -> float[,] -> float * float[,]

/// Losses on θ itself; the Fenchel-Young loss and losses after a smoothed operator have the same type.
[<RequireQualifiedAccess>]
module Loss =

    /// <summary>The squared loss on θ: the mean over rows of ½ ‖y − θ‖², with gradient (θ − y)/rows.</summary>
    /// <param name="_key">Not used: nothing is drawn.</param>
    /// <param name="theta">Θ, [rows × d].</param>
    /// <param name="targets">Y, [rows × d].</param>
    /// <returns>The mean loss and its gradient [rows × d]; 0 for a batch without rows. O(rows · d).</returns>
    /// <exception cref="T:System.ArgumentException">The shapes differ.</exception>
    let squared (_key: Key) (theta: float[,]) (targets: float[,]) : float * float[,] =
        Check.notNull (nameof theta) theta
        Check.notNull (nameof targets) targets
        let rows, columns = Array2D.length1 theta, Array2D.length2 theta

        if Array2D.length1 targets <> rows || Array2D.length2 targets <> columns then
            invalidArg
                (nameof targets)
                $"targets is [{Array2D.length1 targets} × {Array2D.length2 targets}]; theta is [{rows} × {columns}]."

        let gradient = Array2D.zeroCreate<float> rows columns

        if rows = 0 then
            0.0, gradient
        else
            let g = Dense.AsSpan gradient
            TensorPrimitives.Subtract<float>(Dense.AsSpan theta, Dense.AsSpan targets, g)
            let value = 0.5 * TensorPrimitives.SumOfSquares<float>(g) / float rows
            TensorPrimitives.Divide<float>(g, float rows, g)
            value, gradient
