/// Every public member of the oracles of OR-Tools is documented.
module Perturbed.Functional.OrTools.Tests.DocumentationTests

open System
open System.IO
open System.Reflection
open System.Xml.Linq
open Microsoft.FSharp.Reflection
open Perturbed.Functional
open Expecto
open Xunit

let private entries: Lazy<Map<string, XElement>> =
    lazy
        (XDocument
            .Load(string (Path.ChangeExtension(typeof<OrToolsOptions>.Assembly.Location, ".xml")))
            .Descendants(XName.Get "member")
         |> Seq.choose (fun entry ->
             match entry.Attribute(XName.Get "name") with
             | null -> None
             | name -> Some(name.Value.Split('(')[0], entry))
         |> Map.ofSeq)

let private says (id: string) (tag: string) (name: string) : bool =
    match entries.Value.TryFind id with
    | None -> false
    | Some entry ->
        entry.Elements(XName.Get tag)
        |> Seq.exists (fun e ->
            e.Value.Trim() <> ""
            && (name = ""
                || match e.Attribute(XName.Get "name") with
                   | null -> false
                   | found -> found.Value = name))

let private declared =
    BindingFlags.Public
    ||| BindingFlags.Instance
    ||| BindingFlags.Static
    ||| BindingFlags.DeclaredOnly

let private isModule (t: Type) : bool =
    FSharpType.IsUnion t |> not && t.IsAbstract && t.IsSealed

[<Tests>]
let tests =
    testList "OrTools.Documentation" [
        testCase "Every public type, function, parameter, result, field and case is documented" (fun () ->
            let types =
                typeof<OrToolsOptions>.Assembly.GetExportedTypes()
                |> Array.filter (fun t -> not t.IsNested)

            let gaps =
                [
                    for t in types do
                        if not (says $"T:{t.FullName}" "summary" "") then
                            $"type {t.FullName}"

                        if isModule t then
                            for m in t.GetMethods declared do
                                let id = $"M:{t.FullName}.{m.Name}"

                                if not (says id "summary" "") then
                                    $"function {id}"

                                for p in m.GetParameters() do
                                    if not (says id "param" (string p.Name)) then
                                        $"parameter {p.Name} of {id}"

                                if m.ReturnType <> typeof<Void> && not (says id "returns" "") then
                                    $"result of {id}"
                        elif FSharpType.IsUnion t then
                            for case in FSharpType.GetUnionCases t do
                                if
                                    not (
                                        says $"T:{t.FullName}.{case.Name}" "summary" ""
                                        || says $"P:{t.FullName}.{case.Name}" "summary" ""
                                    )
                                then
                                    $"case {t.FullName}.{case.Name}"
                        else
                            for p in t.GetProperties declared do
                                if not (says $"P:{t.FullName}.{p.Name}" "summary" "") then
                                    $"property {t.FullName}.{p.Name}"
                ]

            Assert.True(types.Length > 5)
            Assert.True(gaps.IsEmpty, String.concat "\n" gaps))
    ]
