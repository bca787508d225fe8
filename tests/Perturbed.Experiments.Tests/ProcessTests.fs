/// The built program as a user meets it: output, one-line errors, exit codes, signals.
module Perturbed.Experiments.Tests.ProcessTests

open System
open System.Diagnostics
open System.IO
open Expecto
open Perturbed.Experiments.Tests.Helpers
open Perturbed.Functional
open Perturbed.Suite
open Xunit

let private small =
    [ "--rows"; "60"; "--features"; "3"; "--labels"; "4"; "--max-steps"; "40" ]

let private rankingFile (rows: int) : TemporaryFile =
    let setting =
        {
            Rows = rows
            Features = 2
            Labels = 3
            Noise = 0.1
        }

    let data = ArtificialRanking.generate setting (Key.create 5UL)

    let line r =
        let labels =
            data.Labels
            |> Array.indexed
            |> Array.sortByDescending (fun (l, _) -> data.Examples.Targets[r, l])
            |> Array.map snd

        let inputs = data.Examples.Inputs
        String.Join(',', inputs[r, 0], inputs[r, 1], String.Join('>', labels))

    new TemporaryFile(".csv", "A1,A2,ranking\n" + String.Join('\n', Seq.init rows line) + "\n")

// The exit code and standard error of a command line in a shell, $P the program.
let private shell (command: string) : int * string =
    let program = Path.Combine(AppContext.BaseDirectory, "Perturbed.Experiments.dll")

    let info =
        ProcessStartInfo("/bin/bash", [ "-c"; $"P=\"dotnet {program}\"; {command}" ], RedirectStandardError = true)

    match Process.Start info with
    | null -> invalidOp "no process was started"
    | started ->
        use shell = started
        let error = shell.StandardError.ReadToEnd()
        shell.WaitForExit()
        shell.ExitCode, error

[<Tests>]
let tests =
    testList "Process" [
        testCase "Help that is asked for explains and succeeds" (fun () ->
            for arguments, words in
                [
                    [ "--help" ], [ "ranking"; "eval"; "Exit codes" ]
                    [ "help" ], [ "USAGE" ]
                    [ "eval"; "--help" ],
                    [
                        "USAGE: perturbed eval "
                        "--theta-file"
                        "top-k:K"
                        "spanning-tree:GRAPH"
                        "sum-of-gamma:KAPPA/TERMS/TAU"
                        "null"
                        "EXAMPLES"
                    ]
                    [ "ranking"; "--help" ], [ "--learning-rate"; "--compare"; "a>c>b"; "EXAMPLES" ]
                ] do
                let finished = run arguments
                Assert.Equal(0, finished.ExitCode)
                Assert.Equal("", finished.Error)

                for word in words do
                    Assert.Contains(word, finished.Output))

        testCase "The version is that of the package, and the commit behind it where one is known" (fun () ->
            let finished = run [ "--version" ]
            Assert.Equal(0, finished.ExitCode)
            Assert.Matches(@"^\d+\.\d+\.\d+(-[\w.]+)?(\+[0-9a-f]+)?\n$", finished.Output))

        testCase "No command and an unknown command are refused with the list of commands" (fun () ->
            for arguments in [ []; [ "evaluate" ] ] do
                let finished = run arguments
                Assert.Equal(2, finished.ExitCode)
                Assert.Equal("", finished.Output)
                Assert.Contains("COMMANDS", finished.Error)

            Assert.StartsWith("perturbed: 'evaluate' is no command. Did you mean eval?", (run [ "evaluate" ]).Error))

        testCase "A stack trace comes only where it is asked for" (fun () ->
            let arguments = [ "eval"; "--oracle"; "argmax"; "--theta"; "x" ]
            run arguments |> assertRefused 2 [ "perturbed: --theta 'x': entry 0 is 'x'" ]
            Assert.Contains("   at Perturbed.Experiments.", (run ("--debug" :: arguments)).Error))

        testCase "Ranking prints a table of its sets, and the paper's numbers beside them" (fun () ->
            use data = rankingFile 40
            let name = string (Path.GetFileNameWithoutExtension data.Path)

            use paper =
                new TemporaryFile(".csv", $"table,dataset,fenchel_young,fenchel_young_sd\n1,{name},0.77,0.05\n")

            let finished =
                run [ "ranking"; data.Path; "--max-steps"; "30"; "--compare"; paper.Path ]

            Assert.Equal(0, finished.ExitCode)
            Assert.DoesNotContain("\u001b", finished.Output)
            Assert.StartsWith("10 folds in ", finished.Error)

            for word in [ "Spearman"; "Kendall"; "exact"; "paper, Table 1"; name; "0.77 ± 0.05"; "fenchel-young loss" ] do
                Assert.Contains(word, finished.Output))

        testCase "The JSON of ranking is the same for any number of threads" (fun () ->
            let json threads =
                let finished = run ([ "ranking"; "--json"; "--threads"; threads ] @ small)
                Assert.Equal(0, finished.ExitCode)
                Assert.Equal("", finished.Error)
                finished.Output

            let one = json "1"
            Assert.Equal(one, json "4")
            let read = parse one
            Assert.True(read.GetProperty("isComplete").GetBoolean())
            let set = read.GetProperty("sets")[0]
            Assert.Equal("generated", set.GetProperty("name").GetString())
            Assert.Equal(10, set.GetProperty("folds").GetArrayLength())

            let scores =
                [|
                    for fold in set.GetProperty("folds").EnumerateArray() -> fold.GetProperty("spearman").GetDouble()
                |]

            let mean = Array.average scores

            Assert.Equal(mean, set.GetProperty("spearman").GetProperty("mean").GetDouble(), 12))

        testCase "Ranking data and options that cannot be used are refused in one line" (fun () ->
            for text, words in
                [
                    "", ":1: the file is empty"
                    "A,ranking\n", ":1: the file ends after its header"
                    "A,ranking\n1,a>b\nx,b>a\n", ":3: column 'A' is 'x'"
                    "A,ranking\n1,a>b\n2,a>c\n", ":3: the ranking has the label 'c'; 1 of the 2 rows rank a, b"
                    "A,ranking\n1,a>b\n2\n", ":3: the row has 1 fields; the header has 2"
                ] do
                use file = new TemporaryFile(".csv", text)
                run [ "ranking"; file.Path ] |> assertRefused 2 [ file.Path + words ]

            use few = new TemporaryFile(".csv", "A,ranking\n1,a>b\n2,b>a\n")

            for arguments, words in
                [
                    [ few.Path ], "the set has 2 rows; 10 folds need at least as many"
                    [ few.Path; "--rows"; "5" ], "--rows describes the generated set"
                    [ "/no/such.csv" ], "/no/such.csv: there is no such file"
                    [ "--bogus" ], "unrecognized argument: '--bogus'"
                    [ "--loss"; "hinge" ], "--loss is 'hinge'"
                    [ "--learning-rate"; "0.1,-1" ], "-1 was given"
                    [ "--epsilon"; "0" ], "0 was given"
                    [ "--noise"; "cauchy" ], "has no mean"
                    [ "--folds"; "1" ], "--folds is '1'"
                    [ "--sigma"; "-1" ], "--sigma is -1; a number of at least 0 was expected."
                    [ "--noize"; "gaussian" ], "Did you mean --noise?"
                    [ "--loss"; "squared"; "--optimizer"; "sgd"; "--learning-rate"; "1e9" ],
                    "A lower learning rate may help"
                ] do
                run ("ranking" :: arguments) |> assertRefused 2 [ words ])

        testCase "Ctrl-C ends ranking with the folds done so far and exit code 130" (fun () ->
            let finished =
                interrupt [
                    yield! [ "ranking"; "--json"; "--epochs"; "1e8"; "--max-steps"; "1e9" ]
                    yield! [ "--rows"; "100" ]
                ]

            Assert.Equal(130, finished.ExitCode)
            Assert.Contains("interrupted", finished.Error)
            let read = parse finished.Output
            Assert.False(read.GetProperty("isComplete").GetBoolean())
            Assert.Equal(0, read.GetProperty("sets").GetArrayLength()))

        sequencedCase "Ctrl-C ends eval with exit code 130" (fun () ->
            interrupt [ "eval"; "--oracle"; "ranking"; "--theta"; String.Join(',', seq { 1..50 }); "--samples"; "2e9" ]
            |> assertRefused 130 [ "perturbed: interrupted" ])

        testCase "A full disk is an error in one line" (fun () ->
            if File.Exists "/dev/full" then
                let program = Path.Combine(AppContext.BaseDirectory, "Perturbed.Experiments.dll")

                for options in [ ""; "--json" ] do
                    let command =
                        $"dotnet '{program}' eval --oracle argmax --theta 1,2 {options} > /dev/full"

                    let info =
                        ProcessStartInfo("/bin/sh", [ "-c"; command ], RedirectStandardError = true)

                    match Process.Start info with
                    | null -> invalidOp "no process was started"
                    | started ->
                        use shell = started
                        let error = shell.StandardError.ReadToEnd()
                        shell.WaitForExit()
                        Assert.Equal(1, shell.ExitCode)
                        Assert.StartsWith("perturbed: standard output: ", error)
                        Assert.Equal(1, error.TrimEnd('\n').Split('\n').Length))

        testCase "A stream that is closed or full ends nothing that does not need it" (fun () ->
            if not (OperatingSystem.IsWindows()) then
                let eval = "$P eval --oracle argmax --theta 1,2 --samples 10"

                for command, code, message in
                    [
                        $"{eval} 2>&- >/dev/null", 0, ""
                        "$P eval --oracle bogus --theta 1 2>&-", 2, ""
                        "$P 2>&-", 2, ""
                        "$P ranking --rows 20 --max-steps 2 2>&- >/dev/null", 0, ""
                        $"{eval} >&-", 1, "perturbed: standard output: it is closed or cannot be written.\n"
                        $"{eval} <&- >/dev/null", 0, ""
                        // More than a pipe holds, so that the program writes after its reader has gone: .NET stops writing then, without an error.
                        "seq -s, 3000 | $P eval --oracle argmax --theta-file - --samples 10 --no-jacobian 2>/dev/null | true; exit ${PIPESTATUS[1]}",
                        0,
                        ""
                    ] do
                    Assert.Equal((command, code, message), (command, shell command |> fst, shell command |> snd)))

        testCase "Escape bytes of a file do not reach the terminal" (fun () ->
            use file = new TemporaryFile(".csv", "A,ranking\n1,a>b\n\u001b[31mx,b>a\n")

            run [ "ranking"; file.Path ]
            |> assertRefused 2 [ file.Path + ":3: character 0 is the control character U+001B" ]

            use theta = new TemporaryFile(".csv", "1,\u001b]0;title\a\n")

            run [ "eval"; "--oracle=argmax"; "--theta-file"; theta.Path ]
            |> assertRefused 2 [ "entry 1 is '\\x1b]0;title\\x07'" ])
    ]
