namespace Perturbed.Functional

open System

/// Which expectations of an operator are finite, by the moments of its noise. What a noise does not know (NaN) is
/// taken to be.
module internal Existence =

    // The largest ε, and where it stands among several.
    let private largest (s: Settings) : struct (float * string) =
        let at = Array.IndexOf(s.Epsilons, Array.max s.Epsilons)

        struct (s.Epsilons[at], (if s.Epsilons.Length = 1 then "" else $" at coordinate {at}"))

    /// Why F_ε, or E[y ⊙ factor] under multiplicative noise, is infinite or not known to be finite; None where it is
    /// finite.
    let maximumFault (s: Settings) : string option =
        match s.Perturbation with
        | Perturbation.Additive when not s.Noise.HasMean ->
            Some
                $"The perturbed maximum is infinite: the noise '{s.Noise.Name}' has no mean. The perturbed maximizer exists."
        | Perturbation.Multiplicative ->
            let struct (epsilon, where) = largest s
            let rate = s.Noise.ExponentialRate

            if epsilon >= rate then
                let remedy =
                    if rate > 0.0 then
                        $"it is finite for epsilon below {rate}"
                    else
                        "it is so for every epsilon"

                Some
                    $"The multiplicative perturbed maximum is not known to be finite: E exp(εZ) is infinite for the \
                      noise '{s.Noise.Name}' and epsilon {epsilon}{where}; {remedy}. The perturbed maximizer exists."
            else
                None
        | Perturbation.Additive -> None

    /// Why the standard error of F_ε is infinite; None where it is finite.
    let maximumErrorFault (s: Settings) : string option =
        match s.Perturbation with
        | Perturbation.Additive when s.Noise.MomentOrder <= 2.0 ->
            Some
                $"The standard error of the perturbed maximum is infinite: the noise '{s.Noise.Name}' has moments of \
                  orders below {s.Noise.MomentOrder} alone, and no variance."
        | Perturbation.Multiplicative ->
            let struct (epsilon, where) = largest s
            let rate = s.Noise.ExponentialRate

            if 2.0 * epsilon >= rate then
                Some
                    $"The standard error of the perturbed maximum is infinite: E exp(2εZ) is infinite for the noise \
                      '{s.Noise.Name}' and epsilon {epsilon}{where}; it is finite for epsilon below {rate / 2.0}."
            else
                None
        | Perturbation.Additive -> None

    /// An argument error where F_ε is not finite.
    let requireMaximum (s: Settings) : unit =
        maximumFault s |> Option.iter (invalidArg "smoothed")

    /// The standard errors of a mean of values F: ∞ where F has no second moment, and those of the samples elsewhere.
    let valueErrors (s: Settings) (errors: float[]) : float[] =
        if Option.isSome (maximumErrorFault s) then
            Array.create errors.Length infinity
        else
            errors

    /// The standard errors of a mean with the score as a factor: ∞ where the score has no second moment.
    let scoreErrors (s: Settings) (errors: float[]) : float[] =
        if Double.IsPositiveInfinity(s.Noise.ScoreNorm s.Oracle.Dimension) then
            Array.create errors.Length infinity
        else
            errors
