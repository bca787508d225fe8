module Perturbed.Experiments.Tests.NumberSyntaxTests

open System
open System.IO
open FsCheck
open FsCheck.FSharp
open Perturbed.Experiments
open Perturbed.Experiments.Tests.Helpers
open Xunit

let private read (text: string) : NumberRow[] =
    NumberRows.read "theta.csv" (new StringReader(text))

[<Fact>]
let ``A row of numbers written with full precision is read back with its bits`` () =
    let property (values: NormalFloat[]) (withCommas: bool) =
        let numbers = values |> Array.map _.Get

        let text =
            String.Join((if withCommas then ", " else "  "), numbers |> Array.map string)

        numbers.Length = 0 || NumberSyntax.row "--theta" text = numbers

    Check.One(Config.QuickThrowOnFailure, property)

[<Fact>]
let ``An entry that is no finite number is named by its place in the row`` () =
    for text, words in
        [
            "1,,2", "entry 2 is ''"
            "1,x,2", "entry 2 is 'x'"
            "nan", "entry 1 is 'nan'"
            "1,Infinity", "entry 2 is 'Infinity'"
            "1 2 3,4", "entry 1 is '1 2 3'"
            "1;2", "entry 1 is '1;2'"
        ] do
        Assert.Contains(words, refusal (fun () -> NumberSyntax.row "--theta" text))

    Assert.Contains("no number", refusal (fun () -> NumberSyntax.row "--theta" " "))

[<Fact>]
let ``Counts are whole numbers within bounds, also in scientific notation`` () =
    Assert.Equal(100000, NumberSyntax.count 1 "--samples" "1e5")
    Assert.Equal(Int32.MaxValue, NumberSyntax.count 1 "--samples" "2147483647")

    for text in [ "0"; "-1"; "1.5"; "2147483648"; "1e400"; ""; "ten" ] do
        Assert.Contains($"--samples is '{text}'", refusal (fun () -> NumberSyntax.count 1 "--samples" text))

[<Fact>]
let ``A key is any 64 bits`` () =
    Assert.Equal(UInt64.MaxValue, NumberSyntax.key "--key" "18446744073709551615")

    for text in [ "-1"; "1e5"; "18446744073709551616"; "" ] do
        Assert.Contains($"--key is '{text}'", refusal (fun () -> NumberSyntax.key "--key" text))

[<Fact>]
let ``Rows of a file know their line; blank lines and comments do not count as rows`` () =
    let rows = read "# theta\n1 2\n\n\t3,4\n"
    Assert.Equal<string>([| "theta.csv:2"; "theta.csv:4" |], rows |> Array.map _.Place)
    Assert.Equal<float[]>([| [| 1.0; 2.0 |]; [| 3.0; 4.0 |] |], rows |> Array.map _.Numbers)

[<Fact>]
let ``A bad entry of a file is told with file and line`` () =
    Assert.StartsWith("theta.csv:3: entry 2 is 'x'", refusal (fun () -> read "1,2\n\n3,x\n"))
    Assert.StartsWith("theta.csv:1: the file has no row", refusal (fun () -> read ""))
    Assert.StartsWith("theta.csv:2: the file has no row", refusal (fun () -> read "# only\n# comments\n"))

[<Fact>]
let ``A matrix has rows of one length`` () =
    use good = new TemporaryFile(".csv", "1,2\n3,4\n")
    use bad = new TemporaryFile(".csv", "1,2\n3\n")
    Assert.Equal<float[,]>(array2D [ [ 1.0; 2.0 ]; [ 3.0; 4.0 ] ], NumberRows.loadMatrix good.Path)
    Assert.StartsWith($"{bad.Path}:2: the row has 1 numbers", refusal (fun () -> NumberRows.loadMatrix bad.Path))
