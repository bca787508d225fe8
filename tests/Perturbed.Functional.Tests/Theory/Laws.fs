/// Noise laws with their scores written out by hand.
module Perturbed.Functional.Tests.Theory.Laws

open System
open Perturbed.Functional

/// A law of independent coordinates: ν′ and ν″ from its density, not from the library.
type Law =
    {
        Noise: INoise
        Score: float -> float
        Curvature: (float -> float) option
        Mean: float
    }

let private euler = 0.57721566490153286

let gaussian =
    {
        Noise = Noise.gaussian
        Score = id
        Curvature = Some(fun _ -> 1.0)
        Mean = 0.0
    }

let gumbel =
    {
        Noise = Noise.gumbel
        Score = fun z -> 1.0 - exp -z
        Curvature = Some(fun z -> exp -z)
        Mean = euler
    }

let centredGumbel =
    {
        Noise = Noise.centredGumbel
        Score = fun z -> 1.0 - exp (-z - euler)
        Curvature = Some(fun z -> exp (-z - euler))
        Mean = 0.0
    }

let logistic =
    {
        Noise = Noise.logistic
        Score = fun z -> tanh (z / 2.0)
        Curvature = Some(fun z -> 0.5 / (cosh (z / 2.0) ** 2.0))
        Mean = 0.0
    }

let laplace =
    {
        Noise = Noise.laplace
        Score = fun z -> float (sign z)
        Curvature = None
        Mean = 0.0
    }

let studentT (n: float) =
    {
        Noise = Noise.studentT n
        Score = fun z -> (n + 1.0) * z / (n + z * z)
        Curvature = Some(fun z -> (n + 1.0) * (n - z * z) / (n + z * z) ** 2.0)
        Mean = if n > 1.0 then 0.0 else nan
    }

let cauchy =
    {
        Noise = Noise.cauchy
        Score = fun z -> 2.0 * z / (1.0 + z * z)
        Curvature = Some(fun z -> 2.0 * (1.0 - z * z) / (1.0 + z * z) ** 2.0)
        Mean = nan
    }

let withMean: Law[] =
    [| gaussian; gumbel; centredGumbel; logistic; laplace; studentT 5.0 |]

let all: Law[] = Array.append withMean [| cauchy |]

/// The law of a noise.
let ofNoise (noise: INoise) : Law =
    match all |> Array.tryFind (fun law -> law.Noise.Name = noise.Name) with
    | Some law -> law
    | None -> raise (ArgumentException $"No score by hand for the noise '{noise.Name}'.")
