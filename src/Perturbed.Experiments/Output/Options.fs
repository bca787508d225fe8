namespace Perturbed.Experiments

open Argu
open Microsoft.FSharp.Reflection

/// The options that were given. Argu finds them by quotations, in which the compiler keeps the path of their source.
[<RequireQualifiedAccess>]
module Options =

    /// <summary>The values of an option, in the order in which they were given.</summary>
    /// <param name="option">The case of the option, which has one field.</param>
    /// <param name="results">The parsed options.</param>
    /// <returns>None to all.</returns>
    let find (option: 'value -> 'options) (results: ParseResults<'options>) : 'value list =
        let tag = FSharpValue.PreComputeUnionTagReader typeof<'options>
        let wanted = tag (box (option Unchecked.defaultof<'value>))

        let value (given: 'options) =
            let _, fields = FSharpValue.GetUnionFields(given, typeof<'options>)
            unbox<'value> fields[0]

        results.GetAllResults()
        |> List.filter (fun given -> tag (box given) = wanted)
        |> List.map value

    /// <summary>The value of an option that is given once at most.</summary>
    /// <param name="option">The case of the option, which has one field.</param>
    /// <param name="results">The parsed options.</param>
    /// <returns>None where it is not given.</returns>
    let tryFind (option: 'value -> 'options) (results: ParseResults<'options>) : 'value option =
        find option results |> List.tryLast

    /// <summary>Whether an option without a value is given.</summary>
    /// <param name="option">The case of the option.</param>
    /// <param name="results">The parsed options.</param>
    /// <returns>True where it is.</returns>
    let contains (option: 'options) (results: ParseResults<'options>) : bool =
        results.GetAllResults() |> List.contains option
