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
        /// Whether the policy on negative costs acts on it.
        HasPolicy: bool
        /// From that policy, if one was written, and the text after the colon ("" where there is none) to the oracle
        /// for a θ of a length.
        Parse: NegativeEdges option -> string -> (int -> Oracle)
    }

/// Ways to make a form.
[<RequireQualifiedAccess>]
module OracleForm =

    /// Words for what happens to a negative cost, θ > 0.
    let policies: (string * NegativeEdges) list =
        [ "reject", NegativeEdges.Reject; "clamp", NegativeEdges.ClampToZero; "allow", NegativeEdges.Allow ]

    let private words (allowed: NegativeEdges list) : string =
        policies
        |> List.filter (fun (_, policy) -> List.contains policy allowed)
        |> List.map fst
        |> String.concat " or "

    /// <summary>The policy of an oracle on which it acts.</summary>
    /// <param name="name">The oracle, for the message.</param>
    /// <param name="allowed">The policies that the oracle has.</param>
    /// <param name="policy">What was written.</param>
    /// <returns>The policy.</returns>
    /// <exception cref="T:Perturbed.Experiments.InputException">None, or one that the oracle has not.</exception>
    let requirePolicy (name: string) (allowed: NegativeEdges list) (policy: NegativeEdges option) : NegativeEdges =
        match policy with
        | Some policy when List.contains policy allowed -> policy
        | Some policy ->
            let word = policies |> List.find (fun (_, p) -> p = policy) |> fst
            Input.fail $"--negative-costs is {word}; for {name} {words allowed} was expected."
        | None ->
            Input.fail
                $"oracle {name} needs --negative-costs {words allowed}: what is done about a negative cost, theta > \
                  0, which noise can make of any."

    let private create
        (hasPolicy: bool)
        (name: string)
        (parameters: string)
        (meaning: string)
        (parse: NegativeEdges option -> string -> (int -> Oracle))
        : OracleForm =
        {
            Name = name
            Form = if parameters = "" then name else $"{name}:{parameters}"
            Meaning = meaning
            HasPolicy = hasPolicy
            Parse =
                fun policy text ->
                    match parameters, text with
                    | "", "" -> parse policy text
                    | "", _ -> Input.fail $"oracle '{name}:{text}': {name} takes no parameter after a colon."
                    | _, "" when not (parameters.StartsWith '[') ->
                        Input.fail $"oracle '{name}': it is written {name}:{parameters}."
                    | _ -> parse policy text
        }

    /// <summary>A form whose oracle depends on the policy on negative costs.</summary>
    /// <param name="name">The word before the colon.</param>
    /// <param name="parameters">What stands after it: nothing, or what must, or in square brackets what may.</param>
    /// <param name="meaning">What it is, in one line.</param>
    /// <param name="parse">From the policy, if one was written, and parameters to the oracle for a θ of a
    /// length.</param>
    /// <returns>The form, which refuses parameters where there are none, and their absence where they must
    /// be.</returns>
    let withPolicy
        (name: string)
        (parameters: string)
        (meaning: string)
        (parse: NegativeEdges option -> string -> (int -> Oracle))
        : OracleForm =
        create true name parameters meaning parse

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
        create false name parameters meaning (fun _ -> parse)

    /// <summary>A form whose parameters give the dimension.</summary>
    /// <param name="name">The word before the colon.</param>
    /// <param name="parameters">What stands after it.</param>
    /// <param name="meaning">What it is, in one line.</param>
    /// <param name="parse">From parameters to the oracle.</param>
    /// <returns>The form.</returns>
    let ofOwnDimension (name: string) (parameters: string) (meaning: string) (parse: string -> Oracle) : OracleForm =
        create false name parameters meaning (fun _ text ->
            let oracle = parse text
            fun _ -> oracle)
