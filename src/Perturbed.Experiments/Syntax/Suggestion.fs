namespace Perturbed.Experiments

open System

/// The known name nearest to an unknown one.
[<RequireQualifiedAccess>]
module Suggestion =

    // Other words of the field for names of the command line.
    let private aliases: Map<string, string> =
        Map
            [
                "normal", "gaussian"
                "gauss", "gaussian"
                "student", "student-t"
                "t", "student-t"
                "doubleexponential", "laplace"
                "softmax", "argmax"
                "onehot", "argmax"
                "simplex", "argmax"
                "max", "argmax"
                "kbest", "top-k"
                "sort", "ranking"
                "sorting", "ranking"
                "permutation", "ranking"
                "permutahedron", "ranking"
                "matching", "assignment"
                "hungarian", "assignment"
                "mst", "spanning-tree"
                "tree", "spanning-tree"
                "dijkstra", "shortest-path"
                "bellmanford", "shortest-path"
                "path", "shortest-path"
                "maxflow", "flow"
                "maximumflow", "flow"
                "mincut", "minimum-cut"
                "ot", "transport"
                "optimaltransport", "transport"
                "lp", "linear-program"
                "salesman", "tsp"
                "tour", "tsp"
                "needlemanwunsch", "alignment"
                "smithwaterman", "local-alignment"
                "psd", "spectraplex"
                "evaluate", "eval"
                "train", "ranking"
                "seed", "--key"
                "sigma", "--epsilon"
                "temperature", "--epsilon"
                "iid", "independent"
                "lhs", "latin-hypercube"
                "loo", "leave-one-out"
            ]

    let private bare (word: string) : string =
        word.ToLowerInvariant() |> String.filter Char.IsLetterOrDigit

    // Insertions, deletions, substitutions and transpositions of adjacent letters (optimal string alignment).
    let private distance (a: string) (b: string) : int =
        let d = Array2D.zeroCreate<int> (a.Length + 1) (b.Length + 1)

        for i in 0 .. a.Length do
            for j in 0 .. b.Length do
                d[i, j] <-
                    if i = 0 || j = 0 then
                        i + j
                    else
                        let change = d[i - 1, j - 1] + (if a[i - 1] = b[j - 1] then 0 else 1)
                        let least = min change (1 + min d[i - 1, j] d[i, j - 1])

                        if i > 1 && j > 1 && a[i - 1] = b[j - 2] && a[i - 2] = b[j - 1] then
                            min least (d[i - 2, j - 2] + 1)
                        else
                            least

        d[a.Length, b.Length]

    /// <summary>The known word nearest to an unknown one, by aliases and by edit distance without regard to case and
    /// signs.</summary>
    /// <param name="known">The words there are.</param>
    /// <param name="word">What was written.</param>
    /// <returns>None where nothing is near: more than a third of the letters would have to change.</returns>
    let nearest (known: string seq) (word: string) : string option =
        let written = bare (if word.Length > 64 then word[..63] else word)
        let known = Seq.toList known

        match aliases.TryFind written with
        | Some alias when List.contains alias known -> Some alias
        | _ when written = "" || known.IsEmpty -> None
        | _ ->
            let best = known |> List.minBy (fun name -> distance written (bare name))

            if
                distance written (bare best)
                <= max 1 (max written.Length (bare best).Length / 3)
            then
                Some best
            else
                None

    /// <summary>The question to add to a message about an unknown word.</summary>
    /// <param name="known">The words there are.</param>
    /// <param name="word">What was written.</param>
    /// <returns>" Did you mean NAME?", or nothing.</returns>
    let question (known: string seq) (word: string) : string =
        match nearest known word with
        | Some name -> $" Did you mean {name}?"
        | None -> ""
