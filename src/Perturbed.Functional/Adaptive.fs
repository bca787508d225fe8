namespace Perturbed.Functional

open System

/// <summary>An estimate for as many samples as a standard error took.</summary>
type Adaptive<'T> =
    {
        /// The estimate.
        Value: 'T
        /// Its standard error: of several numbers the largest.
        StandardError: float
        /// The number M of samples it was made of.
        Samples: int
        /// Whether the standard error is as small as was asked; false where the budget ended first.
        IsReached: bool
    }

/// <summary>As many samples as a wanted standard error takes: M grows until it is reached, or until a budget
/// is.</summary>
/// <remarks>
/// The answer is that of <c>Smoothed.withSamples</c> with the M it names, bit for bit. M starts at the operator's own
/// and at least doubles from one look to the next, towards M (s/target)², so that all looks together cost at most
/// twice the last. A standard error is itself estimated: from few samples that happen to agree it is 0, so let the
/// operator's own M be large enough for rare solutions to occur. Stopping by the data biases a mean by less than its
/// standard error over √M.
/// </remarks>
[<RequireQualifiedAccess>]
module Adaptive =

    // A little more than the forecast, since half of the forecasts fall short.
    let private margin = 1.1

    // The growth from one look to the next is bounded, because a first standard error is rough.
    let private longestStride = 16.0

    /// <summary>Anything that is estimated with an operator: repeated with more samples until its standard error is at
    /// most the target.</summary>
    /// <param name="measure">From an operator of M samples to an estimate and its standard error; NaN where M is too
    /// small to have one.</param>
    /// <param name="standardError">The target, positive, in the unit of the estimate.</param>
    /// <param name="budget">The largest M, at least that of the operator.</param>
    /// <param name="smoothed">The operator; M starts at its own.</param>
    /// <returns>The last estimate. An exact operator is asked once.</returns>
    /// <exception cref="T:System.ArgumentException">The target is not positive and finite, or the budget is below the
    /// operator's M.</exception>
    let until
        (measure: Smoothed -> 'T * float)
        (standardError: float)
        (budget: int)
        (smoothed: Smoothed)
        : Adaptive<'T> =
        Check.notNull (nameof smoothed) smoothed
        Check.positive (nameof standardError) standardError

        if budget < smoothed.Samples then
            raise (
                ArgumentOutOfRangeException(
                    nameof budget,
                    budget,
                    $"budget is {budget}; it must be at least the operator's {smoothed.Samples} samples."
                )
            )

        let rec look (samples: int) : Adaptive<'T> =
            let value, error = measure (smoothed |> Smoothed.withSamples samples)
            let isReached = error <= standardError

            if isReached || samples >= budget then
                {
                    Value = value
                    StandardError = error
                    Samples = samples
                    IsReached = isReached
                }
            else
                let ratio = error / standardError
                // Too few samples have no standard error.
                let stride =
                    if Double.IsNaN ratio then
                        2.0
                    else
                        Math.Clamp(margin * ratio * ratio, 2.0, longestStride)

                look (int (Math.Min(float budget, Math.Ceiling(float samples * stride))))

        look smoothed.Samples

    let private largest (errors: float[]) : float = Array.fold max 0.0 errors

    /// <summary>The perturbed maximum F_ε(θ) to a standard error, with as many samples as that takes.</summary>
    /// <param name="standardError">The target, positive, in the unit of θ.</param>
    /// <param name="budget">The largest M, at least that of the operator.</param>
    /// <param name="theta">θ, of the oracle's dimension d, finite.</param>
    /// <param name="smoothed">The operator.</param>
    /// <returns>F_ε(θ) with the M it took: about M₀ (s₀/target)².</returns>
    /// <exception cref="T:System.ArgumentException">The target or the budget is out of range, θ is wrong, or F_ε or
    /// its standard error is infinite.</exception>
    let maximum (standardError: float) (budget: int) (theta: float[]) (smoothed: Smoothed) : Adaptive<float> =
        smoothed
        |> until
            (fun op ->
                Existence.requireMaximum op.Settings

                match op.Expectations.Draws with
                | ValueSome _ ->
                    Existence.maximumErrorFault op.Settings
                    |> Option.iter (invalidArg (nameof smoothed))
                | ValueNone -> ()

                let estimate = op |> Smoothed.estimate theta
                estimate.Maximum, estimate.MaximumStandardError)
            standardError
            budget

    /// <summary>The perturbed maximizer y*_ε(θ), every coordinate to a standard error. It is also the gradient of F_ε
    /// and, less the target, of a Fenchel-Young loss.</summary>
    /// <param name="standardError">The target of the least certain coordinate, positive, in the unit of the
    /// solutions.</param>
    /// <param name="budget">The largest M, at least that of the operator.</param>
    /// <param name="theta">θ, of the oracle's dimension d, finite.</param>
    /// <param name="smoothed">The operator.</param>
    /// <returns>y*_ε(θ), of the dimension k, with the M it took.</returns>
    /// <exception cref="T:System.ArgumentException">The target or the budget is out of range, or θ is
    /// wrong.</exception>
    /// <example><code>
    /// let soft = perturb (Oracle.argmax 2) Noise.gumbel 1.0 100
    /// let found = soft |> Adaptive.maximizer 0.005 1_000_000 [| 1.0; 0.0 |]
    /// found.Samples, found.IsReached // (8791, true)
    /// found.Value // [|0.726; 0.274|]
    /// </code></example>
    let maximizer (standardError: float) (budget: int) (theta: float[]) (smoothed: Smoothed) : Adaptive<float[]> =
        smoothed
        |> until
            (fun op ->
                let estimate = op |> Smoothed.estimate theta
                estimate.Maximizer, largest estimate.MaximizerStandardErrors)
            standardError
            budget

    /// <summary>The vector-Jacobian product ∂⟨g, y*_ε(θ)⟩/∂θ, every coordinate to a standard error.</summary>
    /// <param name="cotangent">g, of the dimension k, finite.</param>
    /// <param name="standardError">The target of the least certain coordinate, positive.</param>
    /// <param name="budget">The largest M, at least that of the operator.</param>
    /// <param name="theta">θ, of the oracle's dimension d, finite.</param>
    /// <param name="smoothed">The operator.</param>
    /// <returns>Jᵀg, of the dimension d, with the M it took.</returns>
    /// <exception cref="T:System.ArgumentException">The target or the budget is out of range, or an argument is
    /// wrong.</exception>
    let vectorJacobian
        (cotangent: float[])
        (standardError: float)
        (budget: int)
        (theta: float[])
        (smoothed: Smoothed)
        : Adaptive<float[]> =
        smoothed
        |> until
            (fun op ->
                let product = op |> Smoothed.vectorJacobian cotangent theta
                product.Value, largest product.StandardErrors)
            standardError
            budget
