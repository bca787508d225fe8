namespace Perturbed.Experiments

open Perturbed.Functional

/// An oracle that the command line knows. Some take the dimension of θ as it comes, others have their own.
type OracleForm =
    {
        /// The word before the colon.
        Name: string
        /// How it is written.
        Form: string
        /// What it is and what θ means, in one line.
        Meaning: string
        /// From the policy on negative costs and the text after the colon ("" where there is none) to the oracle for a θ of a length.
        Parse: NegativeCosts -> string -> (int -> Oracle)
    }

/// Ways to make a form.
[<RequireQualifiedAccess>]
module OracleForm =

    /// <summary>A form whose parameters depend on the policy on negative costs.</summary>
    /// <param name="name">The word before the colon.</param>
    /// <param name="parameters">What stands after it: nothing, or what must, or in square brackets what may.</param>
    /// <param name="meaning">What it is, in one line.</param>
    /// <param name="parse">From policy and parameters to the oracle for a θ of a length.</param>
    /// <returns>The form, which refuses parameters where there are none, and their absence where they must be.</returns>
    let withPolicy
        (name: string)
        (parameters: string)
        (meaning: string)
        (parse: NegativeCosts -> string -> (int -> Oracle))
        : OracleForm =
        {
            Name = name
            Form = if parameters = "" then name else $"{name}:{parameters}"
            Meaning = meaning
            Parse =
                fun policy text ->
                    match parameters, text with
                    | "", "" -> parse policy text
                    | "", _ -> Input.fail $"oracle '{name}:{text}': {name} takes no parameter after a colon."
                    | _, "" when not (parameters.StartsWith '[') ->
                        Input.fail $"oracle '{name}': it is written {name}:{parameters}."
                    | _ -> parse policy text
        }

    /// <summary>A form of any dimension: its oracle takes the length of θ as it comes.</summary>
    /// <param name="name">The word before the colon.</param>
    /// <param name="parameters">What stands after it: nothing, or what must, or in square brackets what may.</param>
    /// <param name="meaning">What it is, in one line.</param>
    /// <param name="parse">From parameters and the length of θ to the oracle.</param>
    /// <returns>The form.</returns>
    let ofAnyDimension
        (name: string)
        (parameters: string)
        (meaning: string)
        (parse: string -> int -> Oracle)
        : OracleForm =
        withPolicy name parameters meaning (fun _ -> parse)

    /// <summary>A form whose parameters give the dimension.</summary>
    /// <param name="name">The word before the colon.</param>
    /// <param name="parameters">What stands after it.</param>
    /// <param name="meaning">What it is, in one line.</param>
    /// <param name="parse">From parameters to the oracle.</param>
    /// <returns>The form.</returns>
    let ofOwnDimension (name: string) (parameters: string) (meaning: string) (parse: string -> Oracle) : OracleForm =
        withPolicy name parameters meaning (fun _ text ->
            let oracle = parse text
            fun _ -> oracle)
