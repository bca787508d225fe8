namespace Perturbed.Experiments

open System
open Perturbed.Functional

/// A Fenchel-Young loss at a target.
type LossAt =
    {
        /// y.
        Target: float[]
        /// The loss; NaN in it where the noise has no mean.
        Loss: LossValue
        /// y*_ε(θ) − y.
        Gradient: float[]
    }

/// What `eval` is asked.
type EvalRequest =
    {
        /// The oracle as written.
        OracleText: string
        /// The noise as written.
        NoiseText: string
        /// Rows of θ, all of the oracle's dimension.
        Thetas: NumberRow[]
        /// The operator.
        Operator: Smoothed
        /// How the Jacobian is estimated.
        Formula: DerivativeFormula
        /// Whether there is a Jacobian.
        WithJacobian: bool
        /// y, if a loss is asked for.
        Target: float[] option
        /// How many solutions are shown, if any.
        Distribution: int option
    }

/// What `eval` answers for one θ.
type Evaluation =
    {
        /// θ.
        Theta: float[]
        /// y*(θ), unperturbed.
        Solution: float[]
        /// F_ε and y*_ε with standard errors.
        Estimate: Estimate
        /// ∂y*_ε/∂θ with standard errors.
        Jacobian: Estimated<float[,]> option
        /// The loss at the target.
        FenchelYoung: LossAt option
        /// The most frequent solutions.
        Distribution: SolutionFrequency[] option
    }

/// Evaluation of an operator.
[<RequireQualifiedAccess>]
module Evaluation =

    let private lossAt (target: float[]) (theta: float[]) (operator: Smoothed) : LossAt =
        let loss, gradient =
            if operator.Noise.HasMean then
                FenchelYoung.valueAndGradient theta target operator
            else
                let unknown =
                    {
                        Value = nan
                        StandardError = nan
                        Regularizer = nan
                    }

                unknown, FenchelYoung.gradient theta target operator

        {
            Target = target
            Loss = loss
            Gradient = gradient
        }

    /// <summary>Evaluates one row. Row r uses row r of the key's stream, so rows are independent.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="row">The row's number, from 0.</param>
    /// <returns>The answer: the functions of <c>Smoothed</c> with their bits.</returns>
    /// <exception cref="T:System.ArgumentException">What those functions refuse.</exception>
    let ofRow (request: EvalRequest) (row: int) : Evaluation =
        let theta = request.Thetas[row].Numbers
        let operator = request.Operator |> Smoothed.withFirstRow (int64 row)

        {
            Theta = theta
            Solution = Oracle.solve theta operator.Oracle
            Estimate = Smoothed.estimate theta operator
            Jacobian =
                if request.WithJacobian then
                    Some(Smoothed.jacobianBy request.Formula theta operator)
                else
                    None
            FenchelYoung = request.Target |> Option.map (fun target -> lossAt target theta operator)
            Distribution =
                request.Distribution
                |> Option.map (fun count -> Smoothed.distribution theta operator |> Array.truncate count)
        }
