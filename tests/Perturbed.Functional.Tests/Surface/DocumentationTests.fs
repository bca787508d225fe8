/// Every public member is documented: a summary, each parameter, and what comes back.
module Perturbed.Functional.Tests.DocumentationTests

open System.Collections.Generic
open System.IO
open System.Reflection
open System.Xml.Linq
open Expecto
open Perturbed.Functional
open Microsoft.FSharp.Reflection
open Xunit

// Member id without its signature (T:…, M:…, P:…, F:…) to its elements; overloads and generic arities share an entry.
let private documentation (assembly: Assembly) : Dictionary<string, XElement list> =
    let path = Path.ChangeExtension(assembly.Location, ".xml")
    Assert.True(File.Exists path, $"{path} is missing")

    XDocument.Load(path).Descendants(XName.Get "member")
    |> Seq.map (fun m ->
        let id = m.Attribute(XName.Get "name")
        let bare = id.Value.Split('(')
        let bare = bare[0].Split("``")
        bare[0], m)
    |> Seq.groupBy fst
    |> Seq.map (fun (id, members) -> KeyValuePair(id, members |> Seq.map snd |> List.ofSeq))
    |> Dictionary

let private text (element: XElement) (name: string) : string =
    match element.Element(XName.Get name) with
    | null -> ""
    | found -> found.Value.Trim()

let private typeId (t: System.Type) = (string t.FullName).Replace('+', '.')

let private declared =
    BindingFlags.Public
    ||| BindingFlags.Instance
    ||| BindingFlags.Static
    ||| BindingFlags.DeclaredOnly

// What a compiler adds to records, unions and structs is nobody's to document.
let private isOwn (m: MethodInfo) : bool =
    not m.IsSpecialName
    && m.GetBaseDefinition().DeclaringType = m.DeclaringType
    && isNull (m.GetCustomAttribute<System.Runtime.CompilerServices.CompilerGeneratedAttribute>())
    && not (m.Name.Contains '<')
    && not (List.contains m.Name [ "Equals"; "CompareTo"; "GetHashCode"; "ToString"; "Deconstruct" ])
    && not (m.Name.StartsWith "get_")

// F# unions and delegates show nested and generated types; their cases are documented as members of the union.
let private isOwnType (t: System.Type) : bool =
    isNull (t.GetCustomAttribute<System.Runtime.CompilerServices.CompilerGeneratedAttribute>())
    && not (t.IsNested && FSharpType.IsUnion t.DeclaringType)

let private gaps (assembly: Assembly) : string list =
    let entries = documentation assembly

    let entry (id: string) =
        match entries.TryGetValue id with
        | true, found -> found
        | _ -> []

    let missingSummary (id: string) =
        let found = entry id

        // A summary of F# without tags is plain text inside the member.
        found.IsEmpty
        || found
           |> List.exists (fun e -> text e "summary" = "" && isNull (e.Element(XName.Get "inheritdoc")))

    [
        for t in assembly.GetExportedTypes() do
            if isOwnType t then
                if missingSummary ("T:" + typeId t) then
                    $"type {typeId t}"

                if not (typeof<System.Delegate>.IsAssignableFrom t) then
                    for m in t.GetMethods declared do
                        if isOwn m then
                            let id = $"M:{typeId t}.{m.Name}"

                            if missingSummary id then
                                $"method {id}"
                            else
                                for e in entry id do
                                    if isNull (e.Element(XName.Get "inheritdoc")) && t.IsSealed && t.IsAbstract then
                                        let named =
                                            e.Elements(XName.Get "param")
                                            |> Seq.filter (fun p -> p.Value.Trim() <> "")
                                            |> Seq.map (fun p -> p.Attribute(XName.Get "name").Value)
                                            |> Set.ofSeq

                                        if named.Count < m.GetParameters().Length then
                                            $"parameters of {id}"

                                        if m.ReturnType <> typeof<System.Void> && text e "returns" = "" then
                                            $"result of {id}"

                    for p in t.GetProperties declared do
                        if not (FSharpType.IsUnion t) && missingSummary $"P:{typeId t}.{p.Name}" then
                            $"property {typeId t}.{p.Name}"
    ]

[<Tests>]
let tests =
    testList "Surface.Documentation" [
        testCase "Every public type, function, parameter, result and property of the core is documented" (fun () ->
            let found = gaps typeof<Smoothed>.Assembly
            Assert.True(found.IsEmpty, String.concat "\n" found))

        testCase "Every public type, function, parameter, result and property of learning is documented" (fun () ->
            let found = gaps typeof<Loss>.Assembly
            Assert.True(found.IsEmpty, String.concat "\n" found))

        testCase "Every public type, method, parameter, result and property of the kernels is documented" (fun () ->
            let found = gaps typeof<Key>.Assembly
            Assert.True(found.IsEmpty, String.concat "\n" found))

        testCase "The check of documentation sees a member without any" (fun () ->
            // This test assembly has no documentation file: the check must say so, not pass.
            Assert.ThrowsAny<System.Exception>(fun () -> gaps (Assembly.GetExecutingAssembly()) |> ignore)
            |> ignore)
    ]
