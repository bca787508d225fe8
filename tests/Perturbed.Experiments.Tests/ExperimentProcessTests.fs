/// Experiments as a user meets them: killed and resumed, interrupted, refused.
module Perturbed.Experiments.Tests.ExperimentProcessTests

open System
open System.IO
open Expecto
open Perturbed.Experiments
open Perturbed.Experiments.Tests.Helpers
open Perturbed.Suite
open Xunit

let private quick (directory: string) (more: string list) : string list =
    [
        "artificial-ranking"
        "--quick"
        "--only"
        "sigma 1/"
        "--checkpoint-seconds"
        "0"
        "--output"
        directory
    ]
    @ more

// Everything of a record that is a function of settings and key: all but times.
let private bits (directory: string) : string[] =
    File.ReadAllLines(Path.Combine(directory, Record.fileName))
    |> Array.skip 1
    |> Array.map (fun line ->
        let piece = parse line
        let part (name: string) = piece.GetProperty(name).GetRawText()
        String.Join(' ', part "index", part "name", part "settings", part "metrics", part "epochs"))

let private pieces (directory: string) : int =
    let path = Path.Combine(directory, Record.fileName)

    if File.Exists path then
        (Array.length (File.ReadAllLines path)) - 1
    else
        0

let private states (directory: string) : string[] =
    let checkpoints = Path.Combine(directory, "checkpoints")

    if Directory.Exists checkpoints then
        Directory.GetFiles(checkpoints, "*.state")
    else
        [||]

[<Tests>]
let tests =
    testList "ExperimentProcess" [
        sequencedCase
            "A run that is killed in the middle, and killed again, ends with the bytes of an uninterrupted one"
            (fun () ->
                use whole = new TemporaryDirectory()
                let uninterrupted = run (quick whole.Path [ "--threads"; "2" ])
                Assert.Equal(0, uninterrupted.ExitCode)
                Assert.Contains("8 pieces", uninterrupted.Error)
                Assert.Equal(8, pieces whole.Path)

                // Twice in the middle: once a training has a state, and once another piece is done. Whether a kill comes in time is for the machine to say.
                let isKilledTwice (path: string) : bool =
                    let first = quick path [ "--threads"; "1" ]
                    let wasKilled = killWhen (fun () -> (states path).Length > 0) first
                    let before = pieces path
                    let second = quick path [ "--threads"; "2" ]
                    wasKilled && killWhen (fun () -> pieces path > before) second && pieces path < 8

                let rec attempt (tries: int) : unit =
                    use killed = new TemporaryDirectory()

                    if isKilledTwice killed.Path then
                        let resumed = run (quick killed.Path [])
                        Assert.Equal(0, resumed.ExitCode)
                        Assert.Equal<string[]>(bits whole.Path, bits killed.Path)
                        Assert.Empty(states killed.Path)

                        let starts =
                            (parse (File.ReadAllLines(killed.File Record.fileName)[0])).GetProperty("starts")

                        Assert.Equal(3, starts.GetArrayLength())
                    elif tries > 1 then
                        attempt (tries - 1)
                    else
                        Assert.Fail "the program ended before it was killed, five times"

                attempt 5)

        sequencedCase
            "Ctrl-C ends an experiment with exit code 130, keeps what is done, and the same command completes it"
            (fun () ->
                use directory = new TemporaryDirectory()

                let arguments =
                    [ "artificial-ranking"; "--quick"; "--checkpoint-seconds"; "0"; "--output"; directory.Path ]

                let finished = arguments |> interruptWhen (fun () -> pieces directory.Path > 0)
                Assert.Equal(130, finished.ExitCode)
                Assert.Contains("goes on from there", finished.Error)
                Assert.InRange(pieces directory.Path, 1, 47)
                use whole = new TemporaryDirectory()

                let only directory =
                    [ "artificial-ranking"; "--quick"; "--only"; "sigma 0.01/"; "--output"; directory ]

                Assert.Equal(0, (run (only directory.Path)).ExitCode)
                Assert.Equal(0, (run (only whole.Path)).ExitCode)
                Assert.Equal<string[]>(bits whole.Path, (bits directory.Path)[..7]))

        testCase "An experiment's refusals are one line, and touch nothing" (fun () ->
            use directory = new TemporaryDirectory()
            let path = directory.Path
            let estimation = [ "estimation"; "--quick"; "--only"; "argmax"; "--output"; path ]
            Assert.Equal(0, (run (estimation @ [ "--only"; "n 100/block 0" ])).ExitCode)
            let before = File.ReadAllText(directory.File Record.fileName)

            for arguments, words in
                [
                    estimation @ [ "--key"; "1" ], [ "holds another run"; "--key was 0 and is 1"; "--restart" ]
                    [ "artificial-ranking"; "--quick"; "--output"; path ], [ "experiment was estimation" ]
                    [ "estimation"; "--output"; path ], [ "--quick was True and is False" ]
                    [ "estimation"; "--only"; "nothing"; "--output"; path ], [ "--only is 'nothing'"; "argmax" ]
                    [ "estimation"; "--data"; "x" ], [ "--data is given" ]
                    [ "label-ranking"; "--data"; "/no/such" ], [ "/no/such: there is no such directory"; "--data" ]
                    [ "estimation"; "--threads"; "0" ], [ "--threads is '0'" ]
                    [ "results"; "--records"; "/no/such" ], [ "/no/such: there is no such directory" ]
                ] do
                run arguments |> assertRefused 2 words

            Assert.Equal(before, File.ReadAllText(directory.File Record.fileName))
            File.WriteAllText(directory.File Record.fileName, before + "{\"kind\"")

            run estimation
            |> assertRefused 1 [ $"{Record.fileName}:"; "no JSON"; "left as it is" ]

            run [ "estimation"; "--quick"; "--output"; "/dev/null/x" ]
            |> assertRefused 1 [ "/dev/null/x: " ])

        testCase
            "Results keeps the sections that have no record and says so, replaces those that have one, and makes the same from the records it keeps"
            (fun () ->
                use directory = new TemporaryDirectory()
                let docs = directory.File "docs"
                Directory.CreateDirectory docs |> ignore

                let kept =
                    "<!-- experiment elsewhere: begin -->\n## Kept\n<!-- experiment elsewhere: end -->"

                File.WriteAllText(Path.Combine(docs, "results.md"), "old\n\n" + kept + "\n")

                let made =
                    run [
                        yield! [ "estimation"; "--quick"; "--only"; "n 100/block 0" ]
                        yield! [ "--output"; directory.File "records/estimation" ]
                    ]

                Assert.Equal(0, made.ExitCode)

                let results =
                    [ "results"; "--quick"; "--records"; directory.File "records"; "--docs"; docs ]

                Assert.Equal(0, (run results).ExitCode)
                let first = File.ReadAllText(Path.Combine(docs, "results.md"))
                Assert.Contains("## Kept\n\n*The record of this run is not kept", first)
                Assert.Contains("Proposition 4.1", first)
                Assert.Contains("incomplete", first)
                Assert.True(File.Exists(Path.Combine(docs, "results", "estimation-error.svg")))
                let none = directory.File "none"
                Directory.CreateDirectory none |> ignore

                for records in [ directory.File "records"; none ] do
                    Assert.Equal(0, (run [ "results"; "--quick"; "--records"; records; "--docs"; docs ]).ExitCode)
                    Assert.Equal(first, File.ReadAllText(Path.Combine(docs, "results.md"))))
    ]
