namespace Perturbed.Experiments

open System
open Perturbed.Functional

/// A Fenchel-Young loss at a target.
type LossAt =
    {
        /// y.
        Target: float[]
        /// The loss; NaN in it where F_ε is not finite.
        Loss: LossValue
        /// y*_ε(θ) − y; NaN where it is not finite under multiplicative noise.
        Gradient: float[]
    }

/// A standard error to reach, and the samples that it may take.
type Accuracy =
    {
        /// Of F_ε and of every coordinate of y*_ε, positive.
        StandardError: float
        /// The largest M.
        Budget: int
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
        /// As many samples as a standard error takes, from the operator's own on, if that is asked for.
        Accuracy: Accuracy option
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
        /// M.
        Samples: int
        /// Whether the standard error was reached within the budget; None where none was asked for.
        IsReached: bool option
        /// F_ε and y*_ε with standard errors.
        Estimate: Estimate
        /// ∂y*_ε/∂θ with standard errors.
        Jacobian: Uncertain<float[,]> option
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
            if Smoothed.hasMaximum operator then
                FenchelYoung.valueAndGradient theta target operator
            else
                let unknown =
                    {
                        Value = nan
                        StandardError = nan
                        Regularizer = nan
                        Remark = None
                        SamplesAgree = false
                        LeftOut = 0
                    }

                match operator.Perturbation with
                | Perturbation.Additive -> unknown, FenchelYoung.gradient theta target operator
                | Perturbation.Multiplicative -> unknown, Array.create theta.Length nan

        {
            Target = target
            Loss = loss
            Gradient = gradient
        }

    // F_ε, where it exists, and y*_ε to a standard error.
    let private estimate
        (accuracy: Accuracy option)
        (theta: float[])
        (operator: Smoothed)
        : Estimate * int * bool option =
        match accuracy with
        | None -> Smoothed.estimate theta operator, operator.Samples, None
        | Some asked ->
            let measure (operator: Smoothed) =
                let estimate = Smoothed.estimate theta operator

                // What has no finite standard error cannot be asked for one.
                let ofMaximum =
                    if estimate.Remark.IsNone then
                        estimate.MaximumStandardError
                    else
                        0.0

                estimate, Array.fold max ofMaximum estimate.MaximizerStandardErrors

            let found = operator |> Adaptive.until measure asked.StandardError asked.Budget
            found.Value, found.Samples, Some found.IsReached

    /// <summary>Evaluates one row. Row r uses row r of the key's stream, so rows are independent.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="row">The row's number, from 0.</param>
    /// <returns>The answer: the functions of <c>Smoothed</c> with their bits.</returns>
    /// <exception cref="T:System.ArgumentException">What those functions refuse.</exception>
    let ofRow (request: EvalRequest) (row: int) : Evaluation =
        let theta = request.Thetas[row].Numbers
        let operator = request.Operator |> Smoothed.withFirstRow (int64 row)
        let estimate, samples, isReached = estimate request.Accuracy theta operator
        let operator = operator |> Smoothed.withSamples samples

        {
            Theta = theta
            Solution = Oracle.solve theta operator.Oracle
            Samples = samples
            IsReached = isReached
            Estimate = estimate
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

    /// <summary>Evaluates all rows.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="listener">Who is told how far each pass is.</param>
    /// <returns>One answer a row.</returns>
    /// <exception cref="T:System.ArgumentException">What the functions of <c>Smoothed</c> refuse.</exception>
    let ofRows (request: EvalRequest) (listener: IProgress<SolveProgress>) : Evaluation[] =
        let request =
            { request with
                Operator = request.Operator |> Smoothed.withSolveProgress listener
            }

        Array.init request.Thetas.Length (ofRow request)
