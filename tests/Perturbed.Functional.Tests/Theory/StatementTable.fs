/// docs/theory.md maps every statement to its tests by name; this holds the map to the tests that exist.
module Perturbed.Functional.Tests.Theory.StatementTable

open System
open System.IO
open System.Reflection
open System.Text.RegularExpressions
open Xunit

/// The rows that the table must have: the paper's propositions, and what else is worth holding.
let private statements =
    [
        "def"
        "2.1"
        "2.2a"
        "2.2b"
        "2.2c"
        "2.2d"
        "2.3"
        "3.1"
        "4.1"
        "4.2"
        "gradient"
        "adjoint"
        "box"
        "pairs"
        "shift"
        "smoothing"
        "designs"
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

/// The names of all facts of the theory in this assembly.
let private facts: Lazy<Set<string>> =
    lazy
        (set
            [
                for declaring in Assembly.GetExecutingAssembly().GetTypes() do
                    let inTheory =
                        declaring.FullName.StartsWith("Perturbed.Functional.Tests.Theory.", StringComparison.Ordinal)

                    if inTheory && declaring.Name <> "StatementTable" then
                        for method in declaring.GetMethods(BindingFlags.Static ||| BindingFlags.Public) do
                            if not (isNull (method.GetCustomAttribute<FactAttribute>())) then
                                method.Name
            ])

[<Fact>]
let ``Every statement of the theory has a row with at least one test`` () =
    Assert.Equal<string list>(statements, table.Value |> List.map fst)
    Assert.All(table.Value, (fun (number, tests) -> Assert.True(not tests.IsEmpty, $"Statement {number} has no test.")))

[<Fact>]
let ``Every test that docs/theory.md names exists`` () =
    for number, tests in table.Value do
        for name in tests do
            Assert.True(facts.Value.Contains name, $"Statement {number} names a test that does not exist: {name}")

[<Fact>]
let ``Every test of the theory is named in docs/theory.md, once`` () =
    let named = table.Value |> List.collect snd
    Assert.Equal<string list>([], named |> List.countBy id |> List.filter (fun (_, n) -> n > 1) |> List.map fst)
    Assert.Equal<Set<string>>(Set.empty, facts.Value - set named)
