/// docs/theory.md maps every statement to its tests by name; this holds the map to the tests that exist.
module Perturbed.Functional.Tests.Theory.StatementTable

open System
open System.IO
open System.Reflection
open System.Text.RegularExpressions
open Expecto
open Xunit

/// The rows that the table must have, with what each is about: the paper's propositions, and what else is worth holding.
let private statements =
    [
        "def", "Definitions"
        "2.1", "Gumbel noise on the simplex"
        "2.2a", "F_eps is convex, Lipschitz and smooth"
        "2.2b", "Omega is strongly convex and Legendre"
        "2.2c", "The maximizer is in the interior"
        "2.2d", "eps is a scale of theta"
        "2.3", "eps to 0 and to infinity"
        "3.1", "Derivatives by the score of the noise"
        "4.1", "The Fenchel-Young loss"
        "4.2", "Doubly stochastic gradients"
        "partial", "Partial Fenchel-Young losses"
        "gradient", "The gradient on shared noise"
        "adjoint", "One Jacobian from all sides"
        "box", "Distribution functions on the box"
        "pairs", "Comparisons under Gaussian noise"
        "shift", "Shifts of theta"
        "smoothing", "Smoothing of any function"
        "designs", "Sampling designs"
    ]

let private document: Lazy<string[]> =
    lazy
        (let rec find (folder: DirectoryInfo) =
            let path = Path.Combine(folder.FullName, "docs", "theory.md")

            if File.Exists path then
                path
            elif isNull folder.Parent then
                raise (FileNotFoundException "docs/theory.md is above no folder of the tests.")
            else
                find folder.Parent

         DirectoryInfo AppContext.BaseDirectory |> find |> File.ReadAllLines)

/// Each row of the table of statements: its number and the names of its tests.
let private table: Lazy<(string * string list) list> =
    lazy
        (document.Value
         |> Array.skipWhile (fun line -> line <> "## Statements and tests")
         |> Array.filter (fun line -> line.StartsWith "| ")
         |> Array.skip 1
         |> Array.map (fun line ->
             let cells = line.Trim('|', ' ').Split " | "

             cells[0],
             [
                 for name in Regex.Matches(cells[cells.Length - 1], "`([^`]+)`") do
                     name.Groups[1].Value
             ])
         |> List.ofArray)

/// All tests of the theory in this assembly, by name.
let private theory: Map<string, Test> =
    Map [
        for declaring in Assembly.GetExecutingAssembly().GetTypes() do
            match declaring.GetProperty "tests" with
            | null -> ()
            | property when property.PropertyType = typeof<Test list> ->
                for test in property.GetValue null :?> Test list do
                    match test with
                    | TestLabel(name, _, _) -> name, test
                    | _ -> invalidOp $"{declaring.FullName} has a test without a name."
            | _ -> ()
    ]

let private named: Set<string> = table.Value |> List.collect snd |> Set.ofList

/// The theory in the order of the table. What the table does not name still runs, and fails a test.
[<Tests>]
let tests =
    testList "Theory" [
        for number, title in statements do
            testList $"{number} {title}" [
                for row, names in table.Value do
                    if row = number then
                        for name in names do
                            yield! theory |> Map.tryFind name |> Option.toList
            ]

        testList "Without a statement" [
            for KeyValue(name, test) in theory do
                if not (named.Contains name) then
                    test
        ]

        testList "The table of statements" [
            testCase "Every statement of the theory has a row with at least one test" (fun () ->
                Assert.Equal<string list>(List.map fst statements, table.Value |> List.map fst)

                Assert.All(
                    table.Value,
                    (fun (number, tests) -> Assert.True(not tests.IsEmpty, $"Statement {number} has no test."))
                ))

            testCase "Every test that docs/theory.md names exists" (fun () ->
                for number, tests in table.Value do
                    for name in tests do
                        Assert.True(
                            theory.ContainsKey name,
                            $"Statement {number} names a test that does not exist: {name}"
                        ))

            testCase "Every test of the theory is named in docs/theory.md, once" (fun () ->
                let twice =
                    table.Value
                    |> List.collect snd
                    |> List.countBy id
                    |> List.filter (fun (_, n) -> n > 1)

                Assert.Equal<string list>([], twice |> List.map fst)
                Assert.Equal<Set<string>>(Set.empty, set theory.Keys - named))
        ]
    ]
