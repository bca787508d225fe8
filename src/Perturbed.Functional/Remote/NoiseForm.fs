namespace Perturbed.Functional.Remote

open System.IO
open Perturbed.Functional
open Perturbed.Kernels

/// A noise as a name and numbers, from which any machine makes it again.
[<RequireQualifiedAccess>]
module internal NoiseForm =

    // Of a noise that both ends know by a name of its own.
    let private named = "named: "

    /// Built-in noises name themselves; `nameOf` names the others, or answers null.
    let ofNoise (nameOf: INoise -> string | null) (noise: INoise) : struct (string * float[]) =
        match noise with
        | :? GaussianNoise -> struct ("gaussian", [||])
        | :? GumbelNoise as gumbel when obj.ReferenceEquals(gumbel, GumbelNoise.Standard) -> struct ("gumbel", [||])
        | :? GumbelNoise as gumbel when obj.ReferenceEquals(gumbel, GumbelNoise.Centred) ->
            struct ("centred gumbel", [||])
        | :? LogisticNoise -> struct ("logistic", [||])
        | :? LaplaceNoise -> struct ("laplace", [||])
        | :? CauchyNoise -> struct ("cauchy", [||])
        | :? StudentTNoise as t -> struct ("student", [| t.DegreesOfFreedom |])
        | :? SumOfGammaNoise as sum -> struct ("sum of gamma", [| sum.Kappa; float sum.Terms; sum.Tau |])
        | other ->
            match nameOf other with
            | null ->
                invalidArg
                    "smoothed"
                    $"The noise '{other.Name}' has no name that other machines know; built-in noises of independent \
                      coordinates do, and others once they are registered on both ends."
            | name -> struct (named + name, [||])

    let toNoise (ofName: string -> INoise) (name: string) (numbers: float[]) : INoise =
        match name, numbers with
        | "gaussian", [||] -> Noise.gaussian
        | "gumbel", [||] -> Noise.gumbel
        | "centred gumbel", [||] -> Noise.centredGumbel
        | "logistic", [||] -> Noise.logistic
        | "laplace", [||] -> Noise.laplace
        | "cauchy", [||] -> Noise.cauchy
        | "student", [| n |] -> Noise.studentT n
        | "sum of gamma", [| kappa; terms; tau |] when terms >= 1.0 && terms <= 1e6 ->
            Noise.sumOfGamma kappa (int terms) tau
        | other, [||] when other.StartsWith named -> ofName (other.Substring named.Length)
        | other, _ ->
            raise (InvalidDataException $"A unit has the noise '{other}' with {numbers.Length} numbers, which is none.")
