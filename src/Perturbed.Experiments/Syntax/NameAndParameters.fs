namespace Perturbed.Experiments

/// Texts of the form NAME or NAME:PARAMETERS.
[<RequireQualifiedAccess>]
module NameAndParameters =

    /// <summary>The parts before and after the first of a sign.</summary>
    /// <param name="sign">Such as '/'.</param>
    /// <param name="text">Such as <c>3x4/2.5</c>.</param>
    /// <returns>Both, trimmed; the second is "" where the sign is not there.</returns>
    let splitAt (sign: char) (text: string) : string * string =
        match text.IndexOf sign with
        | -1 -> text.Trim(), ""
        | at -> text[.. at - 1].Trim(), text[at + 1 ..].Trim()

    /// <summary>The parts before and after the first colon.</summary>
    /// <param name="text">Such as <c>top-k:3</c>.</param>
    /// <returns>Name and parameters, trimmed; parameters are "" where there is no colon.</returns>
    let split (text: string) : string * string = splitAt ':' text

    /// <summary>The two sides of a size such as <c>12x12</c>.</summary>
    /// <param name="name">What the sides are of, for the message.</param>
    /// <param name="text">Two whole numbers with an x between.</param>
    /// <returns>Rows and columns, each at least 1.</returns>
    /// <exception cref="T:Perturbed.Experiments.InputException">Not two whole numbers.</exception>
    let sides (name: string) (text: string) : int * int =
        match text.Split 'x' with
        | [| rows; columns |] ->
            NumberSyntax.count 1 $"the number of rows of {name}" rows,
            NumberSyntax.count 1 $"the number of columns of {name}" columns
        | _ -> Input.fail $"{name}:{text}: the size is '{text}'; ROWSxCOLUMNS such as 12x12 was expected."
