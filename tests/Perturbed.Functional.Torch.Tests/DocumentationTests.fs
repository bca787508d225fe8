/// Every public member is documented: a summary, each parameter, and what comes back.
module Perturbed.Functional.Torch.Tests.DocumentationTests

open System
open System.IO
open System.Reflection
open System.Xml.Linq
open Expecto
open Perturbed.Functional
open Xunit

let private declared =
    BindingFlags.Public
    ||| BindingFlags.Instance
    ||| BindingFlags.Static
    ||| BindingFlags.DeclaredOnly

let private says (element: XElement) : bool =
    not (isNull element) && element.Value.Trim() <> ""

// Of the elements of a member, those of its overloads too, whether one has a summary, a result, and which parameters.
let private gapsOf (entries: XElement list) (id: string) (parameters: ParameterInfo[]) (returns: bool) : string list =
    // One entry tells the whole of a member; overloads have one each.
    let isWhole (entry: XElement) =
        let named =
            entry.Elements(XName.Get "param")
            |> Seq.filter says
            |> Seq.map (fun p -> p.Attribute(XName.Get "name").Value)
            |> Set.ofSeq

        says (entry.Element(XName.Get "summary"))
        && (not returns || says (entry.Element(XName.Get "returns")))
        && parameters |> Array.forall (fun p -> named.Contains p.Name)

    if entries |> List.exists isWhole then [] else [ id ]

let private gaps (assembly: Assembly) : string list =
    let entries =
        XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml")).Descendants(XName.Get "member")
        |> Seq.groupBy (fun m -> m.Attribute(XName.Get "name").Value.Split('(')[0])
        |> Seq.map (fun (id, members) -> id, List.ofSeq members)
        |> Map.ofSeq

    let entry (id: string) =
        entries |> Map.tryFind id |> Option.defaultValue []

    [
        for t in assembly.GetExportedTypes() do
            yield! gapsOf (entry $"T:{t.FullName}") $"type {t.FullName}" [||] false

            for c in t.GetConstructors declared do
                let list = c.GetParameters() |> Array.map _.ParameterType.Name |> String.concat ", "
                // The parameters of a primary constructor stand with the type.
                let told = entry $"M:{t.FullName}.#ctor" @ entry $"T:{t.FullName}"
                yield! gapsOf told $"constructor {t.FullName}({list})" (c.GetParameters()) false

            for m in t.GetMethods declared do
                if not m.IsSpecialName && m.Name <> "ToString" then
                    let id = $"M:{t.FullName}.{m.Name}"
                    yield! gapsOf (entry id) id (m.GetParameters()) (m.ReturnType <> typeof<Void>)

            for p in t.GetProperties declared do
                let id = $"P:{t.FullName}.{p.Name}"
                yield! gapsOf (entry id) id [||] false
    ]

[<Tests>]
let tests =
    testList "Documentation" [
        testCase "Every public type, constructor, method, parameter, result and property is documented" (fun () ->
            let found = gaps typeof<TensorOperator>.Assembly
            Assert.True(found.IsEmpty, String.concat "\n" found))

        testCase "The check of documentation sees a member without any" (fun () ->
            // An assembly of records of experiments, whose generated members nobody documents.
            Assert.NotEmpty(gaps typeof<Perturbed.Experiments.Torch.TorchOptions>.Assembly))
    ]
