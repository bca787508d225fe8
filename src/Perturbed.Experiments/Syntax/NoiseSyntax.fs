namespace Perturbed.Experiments

open System
open Perturbed.Functional

/// A noise that the command line knows.
type NoiseForm =
    {
        /// The word before the colon.
        Name: string
        /// How it is written.
        Form: string
        /// What it is, in one line.
        Meaning: string
        /// From the text after the colon ("" where there is no colon) to the noise.
        Parse: string -> INoise
    }

/// Noises as a user writes them: a name, and parameters after a colon.
[<RequireQualifiedAccess>]
module NoiseSyntax =

    let private plain (name: string) (meaning: string) (noise: INoise) : NoiseForm =
        {
            Name = name
            Form = name
            Meaning = meaning
            Parse =
                fun parameters ->
                    if parameters = "" then
                        noise
                    else
                        Input.fail $"noise '{name}:{parameters}': {name} takes no parameter after a colon."
        }

    let private withParameters
        (name: string)
        (parameters: string)
        (meaning: string)
        (parse: string -> INoise)
        : NoiseForm =
        {
            Name = name
            Form = $"{name}:{parameters}"
            Meaning = meaning
            Parse =
                fun text ->
                    if text = "" then
                        Input.fail $"noise '{name}': it is written {name}:{parameters}."
                    else
                        parse text
        }

    let private sumOfGamma (text: string) : INoise =
        match text.Split '/' with
        | [| kappa; terms; tau |] ->
            Noise.sumOfGamma
                (NumberSyntax.positive "KAPPA of sum-of-gamma" kappa)
                (NumberSyntax.count 1 "TERMS of sum-of-gamma" terms)
                (NumberSyntax.positive "TAU of sum-of-gamma" tau)
        | parts ->
            Input.fail
                $"noise 'sum-of-gamma:{text}': {parts.Length} parameters; three were expected, as in sum-of-gamma:5/10/1."

    /// Every noise, in the order of the help. A new noise is a new line here.
    let forms: NoiseForm list =
        [
            plain "gaussian" "the standard normal" Noise.gaussian
            plain "gumbel" "the standard Gumbel, mean 0.5772" Noise.gumbel
            plain "centred-gumbel" "the Gumbel less its mean" Noise.centredGumbel
            plain "logistic" "the standard logistic" Noise.logistic
            plain "laplace" "the standard Laplace; no --formula maximum" Noise.laplace
            plain "cauchy" "the standard Cauchy; no mean, so no perturbed maximum" Noise.cauchy
            withParameters "student-t" "DF" "Student's t of DF > 0 degrees of freedom; no mean for DF <= 1" (fun text ->
                Noise.studentT (NumberSyntax.positive "DF of student-t" text))
            withParameters
                "sum-of-gamma"
                "KAPPA/TERMS/TAU"
                "the sum of gammas of I-MLE, as sum-of-gamma:5/10/1"
                sumOfGamma
            withParameters
                "gaussian-with"
                "FILE"
                "the normal whose covariance is the matrix in FILE, one row a line"
                (NumberRows.loadMatrix >> Noise.gaussianWith)
        ]

    /// <summary>The noise of a text such as <c>gaussian</c> or <c>student-t:5</c>.</summary>
    /// <param name="text">One of the forms.</param>
    /// <returns>The noise.</returns>
    /// <exception cref="T:Perturbed.Experiments.InputException">An unknown name, or parameters that cannot be
    /// read.</exception>
    let parse (text: string) : INoise =
        let name, parameters = NameAndParameters.split text

        match forms |> List.tryFind (fun form -> form.Name = name) with
        | Some form -> Input.naming $"noise '{text}'" (fun () -> form.Parse parameters)
        | None ->
            let known = String.Join(", ", forms |> List.map _.Form)
            let question = Suggestion.question (forms |> List.map _.Name) name
            Input.fail $"noise '{text}' is unknown.{question} One of {known} was expected."
