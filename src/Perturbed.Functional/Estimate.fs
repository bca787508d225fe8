namespace Perturbed.Functional

/// <summary>F_ε(θ) and y*_ε(θ) from one set of solves, with their standard errors (NaN for one sample, or one group of
/// dependent samples).</summary>
type Estimate =
    {
        /// F_ε(θ) = E F(θ + εZ), in the unit of θ; NaN where it is not finite, as for a noise without a mean.
        Maximum: float
        /// The standard error of Maximum; ∞ where the values have no second moment.
        MaximumStandardError: float
        /// y*_ε(θ) = E y*(θ + εZ), of the dimension k.
        Maximizer: float[]
        /// The standard error of each entry of Maximizer.
        MaximizerStandardErrors: float[]
        /// Why Maximum or its standard error is not finite, by the moments of the noise; None where both are.
        Remark: string option
        /// Whether all M ≥ 2 samples have one solution: ε is then far below the gaps of θ, and derivatives are
        /// estimated as 0; a larger ε is needed. False for an exact operator.
        SamplesAgree: bool
        /// <summary>How many of the M samples were left out because they, or samples they depend on, have no solution
        /// (<c>FailurePolicy</c>). Where any were, all of this is conditional on success.</summary>
        LeftOut: int
    }

/// <summary>A value, and the standard error of each of its entries (NaN for one sample, or one group of dependent
/// samples; 0 where the value is exact).</summary>
type Uncertain<'T> =
    {
        /// The value.
        Value: 'T
        /// The standard error of each entry, in the same shape.
        StandardErrors: 'T
        /// <summary>How many samples of all rows were left out because they, or samples they depend on, have no solution
        /// (<c>FailurePolicy</c>). Where any were, value and errors are conditional on success.</summary>
        LeftOut: int
    }

/// <summary>A solution y of the model p_θ, and how often it was drawn. Berthet et al. 2020, Definition 2.1.</summary>
type SolutionFrequency =
    {
        /// The solution.
        Solution: float[]
        /// How many of the M samples it was.
        Count: int64
        /// Count / M, the estimate of p_θ(y); where failed samples are left out, M is the number of the others.
        Probability: float
        /// <summary>√(p(1 − p)/M), the standard error of Probability; NaN where samples depend on each other
        /// (<c>SamplingDesign</c>).</summary>
        StandardError: float
    }
