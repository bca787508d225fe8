/// How Monte Carlo estimates are compared with closed forms: within 6 standard errors, computed from M and the sample variance.
/// A right estimate fails one comparison with probability 2·10⁻⁹ over keys (a Gaussian tail; the means are of at least a thousand
/// terms), and the keys are fixed, so that a run never differs from the last.
module Perturbed.Functional.Tests.Theory.ClosedForms.Comparison

open MathNet.Numerics.Distributions
open Perturbed.Functional
open Xunit

let errors = 6.0

/// |actual − expected| ≤ 6 se, where se is at most `resolution`: a comparison that could not tell a wrong formula is a failure too.
let within (resolution: float) (expected: float) (actual: float) (standardError: float) : unit =
    Assert.True(standardError <= resolution, $"The standard error {standardError} exceeds {resolution}.")
    let slack = errors * standardError + 1e-12 * (1.0 + abs expected)
    Assert.True(abs (actual - expected) <= slack, $"{actual} differs from {expected} by more than 6 × {standardError}")

let allWithin (resolution: float) (expected: float[]) (actual: Uncertain<float[]>) : unit =
    Assert.Equal(expected.Length, actual.Value.Length)
    Array.iteri (fun i e -> within resolution e actual.Value[i] actual.StandardErrors[i]) expected

let matrixWithin (resolution: float) (expected: float[,]) (actual: Uncertain<float[,]>) : unit =
    Array2D.iteri (fun i j e -> within resolution e actual.Value[i, j] actual.StandardErrors[i, j]) expected

/// y*_ε with its standard errors.
let maximizerOf (theta: float[]) (smoothed: Smoothed) : Uncertain<float[]> =
    let estimate = Smoothed.estimate theta smoothed

    {
        Value = estimate.Maximizer
        StandardErrors = estimate.MaximizerStandardErrors
        LeftOut = estimate.LeftOut
    }

/// The mean of an estimator over keys, with the standard error of that mean.
let overKeys (count: int) (estimator: Key -> float[]) : Uncertain<float[]> =
    let values = Key.create 99UL |> Key.split count |> Array.map estimator
    let n = float count
    let column i = values |> Array.map (Array.item i)
    let width = values[0].Length

    {
        Value = Array.init width (fun i -> column i |> Array.average)
        LeftOut = 0
        StandardErrors =
            Array.init width (fun i ->
                let mean = column i |> Array.average
                let square = column i |> Array.sumBy (fun v -> (v - mean) * (v - mean))
                sqrt (square / (n - 1.0) / n))
    }

let phi (x: float) : float = Normal.PDF(0.0, 1.0, x)

let cdf (x: float) : float = Normal.CDF(0.0, 1.0, x)

/// max over y in {0, 1}^d: 1 where θ > 0.
let box (dimension: int) : Oracle =
    Oracle.ofSpanFunction
        dimension
        (SpanFunction(fun theta y ->
            for i in 0 .. theta.Length - 1 do
                y[i] <- if theta[i] > 0.0 then 1.0 else 0.0))

/// max over y in {−1, 1}^d.
let signs (dimension: int) : Oracle =
    Oracle.ofSpanFunction
        dimension
        (SpanFunction(fun theta y ->
            for i in 0 .. theta.Length - 1 do
                y[i] <- if theta[i] > 0.0 then 1.0 else -1.0))

/// y_i = 1 + Σ_j P(θ_j + ε z_j < θ_i + ε z_i) for a ranking under Gaussian noise.
let gaussianRanking (epsilon: float) (theta: float[]) : float[] =
    theta
    |> Array.mapi (fun i ti ->
        1.0
        + Seq.sum (
            seq {
                for j in 0 .. theta.Length - 1 do
                    if j <> i then
                        cdf ((ti - theta[j]) / (epsilon * sqrt 2.0))
            }
        ))

/// Its Jacobian.
let gaussianRankingJacobian (epsilon: float) (theta: float[]) : float[,] =
    let scale = epsilon * sqrt 2.0
    let d = theta.Length

    let density i j =
        phi ((theta[i] - theta[j]) / scale) / scale

    Array2D.init d d (fun i j ->
        if i = j then
            Seq.sum (seq { for l in 0 .. d - 1 -> if l = i then 0.0 else density i l })
        else
            -(density i j))
