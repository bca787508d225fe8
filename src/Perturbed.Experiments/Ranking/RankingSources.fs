namespace Perturbed.Experiments

open System
open System.IO
open Perturbed.Functional

/// Where `ranking` gets its data sets.
[<RequireQualifiedAccess>]
module RankingSources =

    /// <summary>The CSV files of paths: a file stands for itself, a directory for its *.csv in ordinal
    /// order.</summary>
    /// <param name="paths">Files and directories.</param>
    /// <returns>Files, at least one for each path.</returns>
    /// <exception cref="T:Perturbed.Experiments.InputException">A path that is not there, or a directory without CSV
    /// files.</exception>
    let files (paths: string list) : string list =
        paths
        |> List.collect (fun path ->
            if Directory.Exists path then
                match Directory.GetFiles(path, "*.csv") |> List.ofArray with
                | [] -> Input.fail $"{path}: the directory has no file *.csv; at least one was expected."
                | found -> found |> List.sortWith (fun a b -> String.CompareOrdinal(a, b))
            elif File.Exists path then
                [ path ]
            elif path = "" then
                Input.fail "a path is empty; a file or directory was expected."
            else
                Input.fail $"{path}: there is no such file or directory.")

    /// <summary>Reads a label-ranking file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The set under the file's name without its extension.</returns>
    /// <exception cref="T:System.IO.InvalidDataException">What is wrong in it, as path:line: message.</exception>
    let load (path: string) : NamedSet =
        let name: string = path |> Path.GetFileNameWithoutExtension |> string

        {
            Name = name
            Data = LabelRanking.load path
        }

    /// <summary>The generated set: noisy linear scores of normal features.</summary>
    /// <param name="setting">Its sizes and σ.</param>
    /// <param name="key">The key; the data draw from a child of it.</param>
    /// <returns>The set.</returns>
    let generated (setting: ArtificialRanking) (key: Key) : NamedSet =
        {
            Name = "generated"
            Data = ArtificialRanking.generate setting (Key.fold 2 key)
        }
