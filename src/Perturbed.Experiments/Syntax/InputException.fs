namespace Perturbed.Experiments

/// What a user wrote cannot be used: the message is one line that names what was written and what was expected.
type InputException(message: string) =
    inherit System.Exception(message)

/// Ways to refuse an input.
[<RequireQualifiedAccess>]
module Input =

    /// <summary>Refuses an input.</summary>
    /// <param name="message">What was written and what was expected, in one line.</param>
    /// <exception cref="T:Perturbed.Experiments.InputException">Always.</exception>
    let fail (message: string) : 'a = raise (InputException message)

    /// <summary>Makes something of an input, and names the input where the library refuses it.</summary>
    /// <param name="what">The input, such as <c>oracle 'tsp:14'</c>.</param>
    /// <param name="make">Makes it.</param>
    /// <returns>What was made.</returns>
    /// <exception cref="T:Perturbed.Experiments.InputException">The library's ArgumentException, as what:
    /// message.</exception>
    let naming (what: string) (make: unit -> 'a) : 'a =
        try
            make ()
        with :? System.ArgumentException as error ->
            // .NET appends the parameter, and for some exceptions a second line.
            let text = error.Message.Split('\n')[0]
            let text = text.Replace($" (Parameter '{error.ParamName}')", "").Trim()
            fail $"{what}: {text}"

    /// <summary>Refuses a place of a file.</summary>
    /// <param name="source">Name of the file, or of the option.</param>
    /// <param name="line">Number of the line, from 1.</param>
    /// <param name="message">What was found and what was expected.</param>
    /// <exception cref="T:Perturbed.Experiments.InputException">Always, as source:line: message.</exception>
    let failAt (source: string) (line: int) (message: string) : 'a = fail $"{source}:{line}: {message}"
