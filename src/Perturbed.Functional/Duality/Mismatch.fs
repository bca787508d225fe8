namespace Perturbed.Functional

open System

/// Why no point was found.
[<RequireQualifiedAccess>]
type internal Mismatch =
    /// The target is outside conv(Y)'s affine hull, on its boundary, or so near to it that M samples cannot decide.
    | NotInInterior of reason: string
    /// The residual stayed above the tolerance.
    | NotConverged of residual: float * iterations: int
    /// The operator has fewer samples than the dual needs.
    | TooFewSamples of samples: int * dimension: int

[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module internal Mismatch =

    /// The error of a caller whose argument has the given name.
    let toError (name: string) (failure: Mismatch) : exn =
        match failure with
        | Mismatch.NotInInterior reason -> ArgumentException($"{name} is not in the interior: {reason}.", name)
        | Mismatch.NotConverged(residual, iterations) ->
            ArgumentException(
                $"{name} was not reached: after {iterations} iterations the residual is {residual}. A larger \
                  tolerance or more samples are needed.",
                name
            )
        | Mismatch.TooFewSamples(samples, dimension) ->
            ArgumentException(
                $"The operator has {samples} samples; the dual in dimension {dimension} needs at least \
                  {2 * dimension}, and many more to be accurate.",
                "smoothed"
            )
