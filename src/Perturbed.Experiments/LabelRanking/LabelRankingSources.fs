namespace Perturbed.Experiments

open System
open System.IO
open System.Security.Cryptography
open Perturbed.Functional

/// A data set of the label-ranking experiment.
type LabelRankingSet =
    {
        /// Its name, as in the paper's tables.
        Name: string
        /// The first 16 digits of the SHA-256 of its file, or of its numbers where it is generated: a run goes on only
        /// with the same data.
        Digest: string
        /// Its rows.
        Examples: Examples
    }

/// Where the label-ranking experiment finds its sets and the paper's numbers.
[<RequireQualifiedAccess>]
module LabelRankingSources =

    let private paperFile = "paper-tables.csv"

    let private digest (bytes: byte[]) : string =
        Convert.ToHexStringLower(SHA256.HashData bytes)[..15]

    // Rows, features and labels of the public sets, in ordinal order of their names.
    let private sizes: (string * int * int * int) list =
        [
            "authorship", 841, 70, 4
            "bodyfat", 252, 7, 7
            "calhousing", 20640, 4, 4
            "cold", 2465, 24, 4
            "cpu-small", 8192, 6, 5
            "diau", 2465, 24, 7
            "dtt", 2465, 24, 4
            "elevators", 16599, 9, 9
            "fried", 40768, 9, 5
            "glass", 214, 9, 6
            "heat", 2465, 24, 6
            "housing", 506, 6, 6
            "iris", 150, 4, 3
            "pendigits", 10992, 16, 10
            "segment", 2310, 18, 7
            "spo", 2465, 24, 11
            "stock", 950, 5, 5
            "vehicle", 846, 18, 4
            "vowel", 528, 10, 11
            "wine", 178, 13, 3
            "wisconsin", 194, 16, 16
        ]

    /// The name of a generated set begins so, that its numbers are never taken for those of the public set.
    [<Literal>]
    let generatedPrefix = "generated-"

    /// <summary>Sets of the sizes of the public ones: noisy linear scores of normal features, of the noise that
    /// `ranking` generates with.</summary>
    /// <param name="isWanted">Which of the public names are to be generated.</param>
    /// <param name="key">The key; each set draws from a child of it.</param>
    /// <returns>The sets, named generated-NAME.</returns>
    let generate (isWanted: string -> bool) (key: Key) : LabelRankingSet[] =
        let key = key |> Key.fold 2

        sizes
        |> List.indexed
        |> List.filter (fun (_, (name, _, _, _)) -> isWanted name)
        |> List.map (fun (index, (name, rows, features, labels)) ->
            let data =
                ArtificialRanking.generate
                    {
                        Rows = rows
                        Features = features
                        Labels = labels
                        Noise = NumberSyntax.notNegative "sigma" RankingDefaults.sigma
                    }
                    (Key.fold index key)

            let numbers =
                [ data.Examples.Inputs; data.Examples.Targets ]
                |> List.map (Seq.cast<float> >> Seq.map BitConverter.GetBytes >> Array.concat)

            {
                Name = generatedPrefix + name
                Digest = digest (Array.concat numbers)
                Examples = data.Examples
            })
        |> List.toArray

    /// <summary>The sets of a directory, in ordinal order of their names.</summary>
    /// <param name="path">The directory.</param>
    /// <returns>At least one set.</returns>
    /// <exception cref="T:Perturbed.Experiments.InputException">There is no such directory, or no CSV file in
    /// it.</exception>
    /// <exception cref="T:System.IO.InvalidDataException">A file is wrong: path:line and what was
    /// expected.</exception>
    let load (path: string) : LabelRankingSet[] =
        if not (Directory.Exists path) then
            Input.fail
                $"{path}: there is no such directory; the label-ranking sets were expected there as CSV files, --data says where they are."

        RankingSources.files [ path ]
        |> List.filter (fun file -> Path.GetFileName file <> paperFile)
        |> List.map (fun file ->
            let set = RankingSources.load file

            {
                Name = set.Name
                Digest = digest (File.ReadAllBytes file)
                Examples = set.Data.Examples
            })
        |> List.toArray

    /// <summary>The paper's numbers, in the directory of the sets or the one above it.</summary>
    /// <param name="path">The directory of the sets.</param>
    /// <returns>The file's path; none where it is not there.</returns>
    let paperTables (path: string) : string option =
        [ path; Path.Combine(path, "..") ]
        |> List.map (fun directory -> Path.Combine(directory, paperFile))
        |> List.tryFind File.Exists
