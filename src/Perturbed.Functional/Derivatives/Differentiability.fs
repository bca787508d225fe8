namespace Perturbed.Functional

open Perturbed.Kernels

/// What score-function derivatives ask of the noise and of θ.
module internal Differentiability =

    /// A score, and under multiplicative noise no zero in θ.
    let requireScores (s: Settings) (batch: ThetaBatch) : unit =
        if not s.Noise.HasScore then
            invalidArg
                "smoothed"
                $"The density of the noise '{s.Noise.Name}' is not continuous, so its score gives no derivative. The \
                  Fenchel-Young gradient exists."

        if s.Perturbation = Perturbation.Multiplicative then
            let d = s.Oracle.Dimension

            for index in 0 .. batch.Rows * d - 1 do
                let theta = batch.Values[index]
                let epsilon = s.EpsilonOf(index % d)

                if theta <> 0.0 && abs (epsilon * theta) < Check.smallestEpsilon then
                    invalidArg
                        "theta"
                        $"theta is {theta} at row {batch.Numbers.First + int64 (index / d)}, coordinate {index % d}, \
                          and epsilon {epsilon}; a multiplicative derivative divides by their product, which must be \
                          at least {Check.smallestEpsilon}."

                if theta = 0.0 then
                    invalidArg
                        "theta"
                        $"theta is 0 at {batch.Numbers.Describe(index / d)}, coordinate {index % d}; a \
                          multiplicative perturbation leaves a zero where it is, so the maximizer has no \
                          score-function derivative there. The Fenchel-Young gradient exists."

    /// A second derivative of ν and a finite F_ε, for derivatives out of values.
    let requireCurvature (s: Settings) : unit =
        if not s.Noise.HasCurvature then
            invalidArg
                "formula"
                $"The noise '{s.Noise.Name}' has no second derivative of ν everywhere; DerivativeFormula.OfMaximizer needs none."

        if not s.Noise.HasMean then
            invalidArg
                "formula"
                $"The perturbed maximum is infinite: the noise '{s.Noise.Name}' has no mean. DerivativeFormula.OfMaximizer needs none."

        let least = Array.min s.Epsilons

        if least * least < 1e-300 then
            invalidArg
                "formula"
                $"epsilon is {least}; DerivativeFormula.OfMaximum divides by its square, which must be at least \
                  1E-300. DerivativeFormula.OfMaximizer divides by epsilon."

        if s.Perturbation = Perturbation.Multiplicative then
            invalidArg
                "formula"
                "DerivativeFormula.OfMaximum holds for additive perturbations; use DerivativeFormula.OfMaximizer."
