namespace Perturbed.Experiments

open System
open System.IO
open System.Security.Cryptography
open Perturbed.Functional

/// Aligned sequences of one family, a character a column.
type ProteinFamily = { Name: string; Rows: string[] }

/// The families of the experiment: seed alignments of Pfam, a file each.
[<RequireQualifiedAccess>]
module ProteinFamilies =

    /// Where the files are unless an option says so.
    let directory: string = Path.Combine("data", "alignments")

    /// The groups of families, one large and one small or long each. A fold tests on one group, chooses settings on
    /// the next, and trains on the two others.
    let groups: string[][] =
        [|
            [| "fn3"; "Caudal_act" |]
            [| "RRM_1"; "LuxC" |]
            [| "Pkinase"; "globins4" |]
            [| "SMC_N"; "Patched" |]
        |]

    let private path (directory: string) (family: string) : string =
        Path.Combine(directory, family + ".sto")

    /// <summary>The first 16 digits of the SHA-256 of all files: a run goes on only with the same data.</summary>
    /// <param name="directory">Where the files are.</param>
    /// <returns>A text.</returns>
    /// <exception cref="T:Perturbed.Experiments.InputException">A file is not there.</exception>
    let digest (directory: string) : string =
        use hash = IncrementalHash.CreateHash HashAlgorithmName.SHA256

        for family in Seq.concat groups do
            let path = path directory family

            if not (File.Exists path) then
                Input.fail
                    $"{path}: there is no such file; the seed alignments of Pfam in Stockholm format were expected there. \
                      --data DIRECTORY says where they are."

            hash.AppendData(File.ReadAllBytes path)

        Convert.ToHexStringLower(hash.GetHashAndReset())[..15]

    /// <summary>Reads a family.</summary>
    /// <param name="directory">Where the files are.</param>
    /// <param name="name">Its name, that of the file.</param>
    /// <returns>The family.</returns>
    /// <exception cref="T:System.IO.InvalidDataException">The file is wrong: path:line, what was found and
    /// expected.</exception>
    let load (directory: string) (name: string) : ProteinFamily =
        let alignments = Stockholm.load (path directory name)

        {
            Name = name
            Rows = alignments[0].Sequences |> Array.map _.Row
        }
