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
        /// The first 16 digits of its file's SHA-256: a run goes on only with the same data.
        Digest: string
        /// Its rows.
        Examples: Examples
    }

/// Where the label-ranking experiment finds its sets and the paper's numbers.
[<RequireQualifiedAccess>]
module LabelRankingSources =

    /// The directory of the sets where the user names none, from the root of the repository.
    let directory = Path.Combine("..", "shared", "data", "label-ranking")

    let private paperFile = "paper-tables.csv"

    let private digest (path: string) : string =
        Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes path))[..15]

    /// <summary>The sets of a directory, in ordinal order of their names.</summary>
    /// <param name="path">The directory.</param>
    /// <returns>At least one set.</returns>
    /// <exception cref="T:Perturbed.Experiments.InputException">There is no such directory, or no CSV file in it.</exception>
    /// <exception cref="T:System.IO.InvalidDataException">A file is wrong: path:line and what was expected.</exception>
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
                Digest = digest file
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
