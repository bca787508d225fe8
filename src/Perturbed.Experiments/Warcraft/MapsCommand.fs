namespace Perturbed.Experiments

open System.IO
open System.Threading
open Argu
open Perturbed.Functional

/// The options of the command that writes maps.
type MapsArguments =
    | [<Unique; EqualsAssignmentOrSpaced>] Output of DIR: string
    | [<Unique; EqualsAssignmentOrSpaced>] Train of N: string
    | [<Unique; EqualsAssignmentOrSpaced>] Test of N: string
    | [<Unique; EqualsAssignmentOrSpaced>] Key of NUMBER: string

    interface IArgParserTemplate with
        member this.Usage: string =
            match this with
            | Output _ -> "where the files go; made if it is not there. Default results/warcraft-maps."
            | Train _ -> "training maps. Default 10000."
            | Test _ -> "test maps. Default 1000."
            | Key _ -> "the key: the same key gives the same maps. Default 0."

/// The command that writes generated maps in the files of the public Warcraft set.
[<RequireQualifiedAccess>]
module MapsCommand =

    let private run (cancellation: CancellationToken) (results: ParseResults<MapsArguments>) : int =
        let count (text: string option) (usual: string) (name: string) =
            defaultArg text usual
            |> NumberSyntax.countWithin 1 (System.Array.MaxLength / MapSet.MapBytes) name

        let train = count (results |> Options.tryFind MapsArguments.Train) "10000" "--train"
        let test = count (results |> Options.tryFind MapsArguments.Test) "1000" "--test"

        let key =
            defaultArg (results |> Options.tryFind MapsArguments.Key) "0"
            |> NumberSyntax.key "--key"
            |> Key.create
            |> Key.fold 0

        let directory =
            results
            |> Options.tryFind MapsArguments.Output
            |> Option.defaultValue (Path.Combine("results", "warcraft-maps"))

        Directory.CreateDirectory directory |> ignore

        for index, (split, number) in List.indexed [ "train", train; "test", test ] do
            cancellation.ThrowIfCancellationRequested()

            TerrainGenerator.create number (Key.fold index key)
            |> MapFiles.save directory split

            Terminal.note $"{directory}: {number} maps in {split}_*.npy"

        ExitCode.success

    /// The command.
    let command: Command =
        Command.create
            "warcraft-maps"
            "writes generated terrain maps as .npy files."
            $"""FILES: for train and test, SPLIT_maps.npy (bytes, maps × 96 × 96 × 3), SPLIT_shortest_paths.npy (bytes, maps × 12 × 12) and
    SPLIT_vertex_weights.npy (doubles, maps × 12 × 12), as in the public Warcraft set. A map takes 28 kB.

EXAMPLES:

    {Command.invocation} warcraft-maps --output maps --train 100 --test 20
    {Command.invocation} warcraft --quick --data maps"""
            run
