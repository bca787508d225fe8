module Perturbed.Experiments.Tests.NumberSyntaxTests

open System
open System.IO
open Expecto
open FsCheck
open FsCheck.FSharp
open Perturbed.Experiments
open Perturbed.Experiments.Tests.Helpers
open Perturbed.Functional
open Perturbed.Suite
open Xunit

let private read (text: string) : NumberRow[] =
    NumberRows.read "theta.csv" (new StringReader(text))

[<Tests>]
let tests =
    testList "NumberSyntax" [
        property 100 "A row of numbers written with full precision is read back with its bits" (fun () ->
            let property (values: NormalFloat[]) (withCommas: bool) =
                let numbers = values |> Array.map _.Get

                let text =
                    String.Join((if withCommas then ", " else "  "), numbers |> Array.map string)

                numbers.Length = 0 || NumberSyntax.row "--theta" text = numbers

            property)

        testCase "An entry that is no finite number is named by its place in the row" (fun () ->
            for text, words in
                [
                    "1,,2", "entry 1 is ''"
                    "1,x,2", "entry 1 is 'x'"
                    "nan", "entry 0 is 'nan'"
                    "1,Infinity", "entry 1 is 'Infinity'"
                    "1 2 3,4", "entry 0 is '1 2 3'"
                    "1;2", "entry 0 is '1;2'"
                    "1,2\000", "entry 1 is '2\000'"
                ] do
                Assert.Contains(words, refusal (fun () -> NumberSyntax.row "--theta" text))

            Assert.Contains("no number", refusal (fun () -> NumberSyntax.row "--theta" " ")))

        testCase "Counts are whole numbers within bounds, also in scientific notation" (fun () ->
            Assert.Equal(100000, NumberSyntax.count 1 "--samples" "1e5")
            Assert.Equal(Int32.MaxValue, NumberSyntax.count 1 "--samples" "2147483647")

            for text in [ "0"; "-1"; "1.5"; "2147483648"; "1e400"; ""; "ten" ] do
                Assert.Contains($"--samples is '{text}'", refusal (fun () -> NumberSyntax.count 1 "--samples" text)))

        testCase "A number that must not be negative is finite, and 0 is one" (fun () ->
            Assert.Equal(0.0, NumberSyntax.notNegative "--checkpoint-seconds" "0")
            Assert.Equal(1e300, NumberSyntax.notNegative "--checkpoint-seconds" "1e300")

            for text in [ "-1"; "-1e-300" ] do
                Assert.Equal(
                    $"--checkpoint-seconds is {text}; a number of at least 0 was expected.",
                    refusal (fun () -> NumberSyntax.notNegative "--checkpoint-seconds" text)
                )

            for text in [ "nan"; "inf"; "1e999"; ""; "1\000" ] do
                Assert.Contains("a finite number", refusal (fun () -> NumberSyntax.notNegative "--x" text)))

        testCase "Rows of an .npy file are read exactly, whatever its name; its place counts rows from 0" (fun () ->
            use directory = new TemporaryDirectory()
            let path = directory.File "theta"
            let rows = [| 0.1; -2.5; 1e-300; 3.0; 4.0; 5.0 |]
            Npy.save path (Npy.create [| 2; 3 |] (NpyData.Float64 rows))
            let read = NumberRows.load path
            Assert.Equal<string>([| $"{path}: row 0"; $"{path}: row 1" |], read |> Array.map _.Place)
            Assert.Equal<float[]>(rows, read |> Array.collect _.Numbers)
            Npy.save path (Npy.create [| 3 |] (NpyData.Int64 [| 1L; 2L; 3L |]))
            Assert.Equal<float[]>([| 1.0; 2.0; 3.0 |], (Array.exactlyOne (NumberRows.load path)).Numbers)

            for shape in [ [||]; [| 1; 1; 1 |] ] do
                Npy.save path (Npy.create shape (NpyData.Float64 [| 1.0 |]))
                Assert.Contains($"{path}: the array has {shape.Length} axes", refusal (fun () -> NumberRows.load path))

            for shape in [ [| 0 |]; [| 2; 0 |] ] do
                Npy.save path (Npy.create shape (NpyData.Float64 [||]))
                Assert.Contains("at least one row of numbers", refusal (fun () -> NumberRows.load path))

            Npy.save path (Npy.create [| 1 |] (NpyData.Float64 [| nan |]))

            let error =
                Assert.Throws<InvalidDataException>(fun () -> NumberRows.load path |> ignore)

            Assert.StartsWith($"{path}: offset 128: number 0 of 1 is NaN", error.Message))

        testCase "A directory, an empty path and a file that is not there are told apart" (fun () ->
            use directory = new TemporaryDirectory()
            Assert.Contains("it is a directory", refusal (fun () -> NumberRows.load directory.Path))
            Assert.Contains("a file's path is empty", refusal (fun () -> NumberRows.load ""))
            Assert.Contains("there is no such file", refusal (fun () -> NumberRows.load (directory.File "x"))))

        testCase "What would steer a terminal is shown by its code" (fun () ->
            Assert.Equal("a\\x1b[31mb\\x0ac\\x9bd\\u202ee", Printable.line "a\u001b[31mb\nc\u009bd\u202ee")
            Assert.Equal("θ ± 😀\n\\x07", Printable.lines "θ ± 😀\n\a"))

        testCase "A key is any 64 bits" (fun () ->
            Assert.Equal(UInt64.MaxValue, NumberSyntax.key "--key" "18446744073709551615")

            for text in [ "-1"; "1e5"; "18446744073709551616"; "" ] do
                Assert.Contains($"--key is '{text}'", refusal (fun () -> NumberSyntax.key "--key" text)))

        testCase "Rows of a file know their line; blank lines and comments do not count as rows" (fun () ->
            let rows = read "# theta\n1 2\n\n\t3,4\n"
            Assert.Equal<string>([| "theta.csv:2"; "theta.csv:4" |], rows |> Array.map _.Place)
            Assert.Equal<float[]>([| [| 1.0; 2.0 |]; [| 3.0; 4.0 |] |], rows |> Array.map _.Numbers))

        testCase "A bad entry of a file is told with file and line" (fun () ->
            Assert.StartsWith("theta.csv:3: entry 1 is 'x'", refusal (fun () -> read "1,2\n\n3,x\n"))
            Assert.StartsWith("theta.csv:1: the file has no row", refusal (fun () -> read ""))
            Assert.StartsWith("theta.csv:2: the file has no row", refusal (fun () -> read "# only\n# comments\n")))

        testCase "A matrix has rows of one length" (fun () ->
            use good = new TemporaryFile(".csv", "1,2\n3,4\n")
            use bad = new TemporaryFile(".csv", "1,2\n3\n")
            Assert.Equal<float[,]>(array2D [ [ 1.0; 2.0 ]; [ 3.0; 4.0 ] ], NumberRows.loadMatrix good.Path)

            Assert.StartsWith(
                $"{bad.Path}:2: the row has 1 numbers",
                refusal (fun () -> NumberRows.loadMatrix bad.Path)
            ))
    ]
