namespace Perturbed.Functional

open System
open System.Text.RegularExpressions

/// What the Python dictionary in the header of an .npy file says.
type internal NpyDictionary =
    {
        /// The element type as it is written.
        Type: string
        IsFortran: bool
        Shape: int[]
    }

/// A reader of that dictionary: exactly the entries descr, fortran_order and shape, in any order, as NumPy demands
/// them.
module internal NpyDictionary =

    // One token at a time from a place of the text; \G keeps a match at the place.
    let private token (pattern: string) : Regex =
        Regex(@"\G\s*(?:" + pattern + ")", RegexOptions.CultureInvariant)

    let private text = token "'([^'\\\\]*)'|\"([^\"\\\\]*)\""

    let private truth = token @"(True|False)\b"

    // Python 2 wrote long integers with an L, and NumPy's scalars are written by their type.
    let private extent =
        token @"(?:np|numpy)\.u?int(?:p|c|8|16|32|64)?\((\d+)\)|(\d+)[lL]?"

    let private sign (c: char) : Regex = token (Regex.Escape(string c))

    let private opening, closing, colon, comma, start, finish =
        sign '(', sign ')', sign ':', sign ',', sign '{', sign '}'

    /// <summary>Reads the dictionary.</summary>
    /// <param name="source">Name of the file in messages.</param>
    /// <param name="offset">Where in the file the text begins.</param>
    /// <param name="dictionary">The text of the header.</param>
    /// <returns>The three entries.</returns>
    let parse (source: string) (offset: int64) (dictionary: string) : NpyDictionary =
        let mutable at = 0

        let refuse (place: int) (expected: string) : 'a =
            let blanks = dictionary[place..].Length - dictionary[place..].TrimStart().Length
            let start = dictionary.Trim()
            let start = if start.Length > 80 then start[..79] + "…" else start

            NpyFile.fail
                source
                (offset + int64 (place + blanks))
                $"the header is {start}; {expected} was expected here."

        // The first group that took part in a match at the place, which moves behind it.
        let tryTake (pattern: Regex) : string option =
            let found = pattern.Match(dictionary, at)

            if found.Success then
                at <- at + found.Length

                found.Groups
                |> Seq.skip 1
                |> Seq.tryFind _.Success
                |> Option.map _.Value
                |> Option.orElse (Some "")
            else
                None

        let take (what: string) (pattern: Regex) : string =
            match tryTake pattern with
            | Some value -> value
            | None -> refuse at what

        let shape () : int[] =
            let extents = ResizeArray<int>()
            take "a tuple such as (3, 4)" opening |> ignore
            let mutable isOpen = (tryTake closing).IsNone
            let mutable hasComma = false

            while isOpen do
                let before = at
                let digits = take $"a whole number of 0 .. {Int32.MaxValue}" extent

                match Int32.TryParse digits with
                | true, value -> extents.Add value
                | _ -> refuse before $"a whole number of 0 .. {Int32.MaxValue}"

                let followed = (tryTake comma).IsSome
                hasComma <- hasComma || followed
                isOpen <- (tryTake closing).IsNone

                if isOpen && not followed then
                    take "a comma or the end of the tuple" comma |> ignore

            // (3) is the number 3 to Python.
            if extents.Count = 1 && not hasComma then
                refuse (at - 1) "a comma, as in (3,),"

            extents.ToArray()

        let mutable elementType, isFortran, extents = None, None, None
        take "a dictionary in braces" start |> ignore
        let mutable isOpen = (tryTake finish).IsNone

        while isOpen do
            let before = at

            match take "the name of an entry" text with
            | "descr" when elementType.IsNone ->
                take "a colon" colon |> ignore
                elementType <- Some(take "an element type such as '<f8'" text)
            | "fortran_order" when isFortran.IsNone ->
                take "a colon" colon |> ignore
                isFortran <- Some(take "True or False" truth = "True")
            | "shape" when extents.IsNone ->
                take "a colon" colon |> ignore
                extents <- Some(shape ())
            | _ -> refuse before "the entries descr, fortran_order and shape, each once,"

            let followed = (tryTake comma).IsSome
            isOpen <- (tryTake finish).IsNone

            if isOpen && not followed then
                take "a comma or the end of the dictionary" comma |> ignore

        if dictionary[at..].Trim() <> "" then
            take "the end of the header" (token @"\z") |> ignore

        match elementType, isFortran, extents with
        | Some elementType, Some isFortran, Some extents ->
            {
                Type = elementType
                IsFortran = isFortran
                Shape = extents
            }
        | None, _, _ -> refuse at "an entry 'descr'"
        | _, None, _ -> refuse at "an entry 'fortran_order'"
        | _ -> refuse at "an entry 'shape'"
