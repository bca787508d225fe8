/// The examples of the documentation compile, run and have the values that they show.
module Perturbed.Functional.Tests.ExampleTests

open System
open System.Diagnostics
open System.Globalization
open System.IO
open System.Reflection
open System.Text.RegularExpressions
open System.Xml.Linq
open Expecto
open Perturbed.Functional
open Xunit

// An example by the id of its member. It is a list of statements; a comment at the end of an expression is its value,
// as `%A` prints it, in as many digits as are shown.
type private Example =
    {
        Member: string
        Statements: string list list
    }

let private isExpression (statement: string list) : bool =
    not (Regex.IsMatch(statement.Head, @"^(let|open|type|//)\b|^//"))

// The value that a statement shows.
let private shown (statement: string list) : string option =
    let line = List.last statement
    let at = line.LastIndexOf(" // ", StringComparison.Ordinal)

    if isExpression statement && at >= 0 then
        Some(line[at + 4 ..])
    else
        None

// A line that is indented or begins with an operator or a bracket goes on with the statement before it.
let private statements (code: string) : string list list =
    let lines =
        code.Split '\n'
        |> Array.map (fun line -> line.TrimEnd())
        |> Array.filter (fun line -> line <> "")

    let indent =
        lines |> Seq.map (fun line -> line.Length - line.TrimStart().Length) |> Seq.min

    (lines |> Array.map (fun line -> line[indent..]), [])
    ||> Array.foldBack (fun line found ->
        match found with
        | (next: string list) :: rest when Regex.IsMatch(next.Head, @"^( |\||\)|\])") -> (line :: next) :: rest
        | _ -> [ line ] :: found)

let private examples (assembly: Assembly) : Example list =
    let path = Path.ChangeExtension(assembly.Location, ".xml")

    [
        for m in XDocument.Load(path).Descendants(XName.Get "member") do
            for code in m.Descendants(XName.Get "example").Descendants(XName.Get "code") do
                {
                    Member = m.Attribute(XName.Get "name").Value
                    Statements = statements code.Value
                }
    ]

let private all: Lazy<Example list> =
    lazy (examples typeof<Smoothed>.Assembly @ examples typeof<Loss>.Assembly)

// A module for each example; every value that is shown is printed between marks.
let private script (examples: Example list) : string =
    let folder = Path.GetDirectoryName typeof<Smoothed>.Assembly.Location

    [
        $"#I @\"{folder}\""
        for name in
            [
                "System.Numerics.Tensors"
                "MathNet.Numerics"
                "Perturbed.Kernels"
                "Perturbed.Functional"
                "Perturbed.Functional.Learning"
            ] do
            $"#r \"{name}.dll\""
        "open Perturbed.Functional"
        for number, example in List.indexed examples do
            $"module Example{number} ="

            for index, statement in List.indexed example.Statements do
                if isExpression statement then
                    $"    let value{index} ="
                    yield! statement |> List.map (fun line -> "        " + line)
                    $"    do printfn \"@{number}.{index}@%%A@\" value{index}"
                else
                    yield! statement |> List.map (fun line -> "    " + line)
    ]
    |> String.concat "\n"

// Standard output and error of `dotnet fsi` on a script, and its exit code.
let private run (text: string) : struct (string * string * int) =
    let path = Path.Combine(Path.GetTempPath(), $"examples-{Guid.NewGuid():N}.fsx")
    File.WriteAllText(path, text)

    try
        let start =
            ProcessStartInfo("dotnet", [ "fsi"; "--nologo"; path ], RedirectStandardOutput = true)

        start.RedirectStandardError <- true
        use fsi = Process.Start start |> Option.ofObj |> Option.get
        let error = fsi.StandardError.ReadToEndAsync()
        let output = fsi.StandardOutput.ReadToEnd()
        fsi.WaitForExit()
        struct (output, error.Result, fsi.ExitCode)
    finally
        File.Delete path

let private number = Regex @"(?<![\w.])-?\d+(\.\d+)?(e[+-]?\d+)?"

// Half a unit of the last digit that is shown.
let private halfUnit (text: string) : float =
    match text.IndexOf '.' with
    | -1 -> 0.0
    | point -> 0.5 * Math.Pow(10.0, float (point + 1 - text.Length))

// Whether a value as it is printed is the one that is shown: the same text, and numbers equal to the digits shown.
let private agree (shown: string) (printed: string) : bool =
    let text (value: string) =
        Regex.Replace(number.Replace(value, "#"), @"\s+", " ").Trim()

    let numbers (value: string) =
        [ for found in number.Matches value -> found.Value ]

    let parse (value: string) =
        Double.Parse(value, CultureInfo.InvariantCulture)

    text shown = text printed
    && List.forall2
        (fun (short: string) (long: string) -> abs (parse short - parse long) <= halfUnit short + 1e-9)
        (numbers shown)
        (numbers printed)

[<Tests>]
let tests =
    testList "Surface.Example" [
        testCase "Every example of the documentation runs and has the values that it shows" (fun () ->
            let struct (output, error, exit) = run (script all.Value)
            Assert.True((exit = 0), error)

            let printed =
                Regex.Matches(output, @"@(\d+)\.(\d+)@(.*?)@", RegexOptions.Singleline)
                |> Seq.map (fun found -> (int found.Groups[1].Value, int found.Groups[2].Value), found.Groups[3].Value)
                |> Map.ofSeq

            let wrong =
                [
                    for number, example in List.indexed all.Value do
                        for index, statement in List.indexed example.Statements do
                            match shown statement with
                            | Some value when not (agree value printed[number, index]) ->
                                $"{example.Member}: {value} is shown, {printed[number, index]} was printed."
                            | _ -> ()
                ]

            Assert.True(wrong.IsEmpty, String.concat "\n" wrong))

        testCase "The members that are used most have examples that show a value" (fun () ->
            let found =
                [
                    for example in all.Value do
                        if example.Statements |> List.exists (shown >> Option.isSome) then
                            let path = Regex.Replace(example.Member, @"\(.*|``.*", "").Split '.'
                            path[path.Length - 2].Replace("Module", "") + "." + Array.last path
                ]
                |> Set.ofList

            let expected =
                [
                    "Perturb.perturb"
                    for name in
                        [ "argmax"; "topK"; "ranking"; "finiteSet"; "ofFunction"; "solve"; "membership"; "check" ] do
                        $"Oracle.{name}"
                    for name in
                        [ "gridPath"; "shortestPath"; "assignment"; "transport"; "spanningTree"; "linearProgram" ] do
                        $"Oracle.{name}"
                    for name in [ "gaussian"; "gumbel" ] do
                        $"Noise.{name}"
                    for name in
                        [ "maximizer"; "maximum"; "estimate"; "jacobian"; "vectorJacobian"; "pullback"; "withKey" ] do
                        $"Smoothed.{name}"
                    for name in [ "withSamples"; "exact"; "distribution" ] do
                        $"Smoothed.{name}"
                    "Batch.maximizer"
                    "Batch.pullback"
                    "FenchelYoung.valueAndGradient"
                    "FenchelYoung.gradient"
                    "Regularizer.solveAt"
                    "Estimation.fit"
                    "SmoothedFunction.create"
                    "Adaptive.maximizer"
                    "Model.affine"
                    "Loss.fenchelYoung"
                    "Training.run"
                ]
                |> Set.ofList

            Assert.Empty(expected - found))

        testCase
            "The check of examples sees a wrong digit, a wrong text, a missing number and code that does not compile"
            (fun () ->
                Assert.True(agree "[|0.721; 0.279|]" "[|0.7213; 0.2787|]")
                Assert.False(agree "[|0.721; 0.279|]" "[|0.7219; 0.2787|]")
                Assert.False(agree "true" "false")
                Assert.False(agree "[|0.721|]" "[|0.721; 0.279|]")

                let struct (_, error, exit) =
                    run (
                        script [
                            {
                                Member = ""
                                Statements = statements "let x = 1\nx.Missing // 1"
                            }
                        ]
                    )

                Assert.NotEqual(0, exit)
                Assert.Contains("Missing", error))
    ]
