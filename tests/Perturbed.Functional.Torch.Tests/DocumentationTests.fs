/// Every public member is documented.
module Perturbed.Functional.Torch.Tests.DocumentationTests

open System.IO
open System.Reflection
open System.Xml.Linq
open Perturbed.Functional
open Xunit

[<Fact>]
let ``Every public type, constructor, method and property says what it is`` () =
    let assembly = typeof<TensorOperator>.Assembly

    let members =
        XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml")).Descendants(XName.Get "member")

    let documented =
        members
        |> Seq.filter (fun m ->
            let summary = m.Element(XName.Get "summary")
            not (isNull summary) && summary.Value.Trim() <> "")
        |> Seq.map (fun m -> m.Attribute(XName.Get "name").Value.Split('(')[0])
        |> Set.ofSeq

    let flags =
        BindingFlags.Public
        ||| BindingFlags.Instance
        ||| BindingFlags.Static
        ||| BindingFlags.DeclaredOnly

    let gaps =
        [
            for t in assembly.GetExportedTypes() do
                if not (documented.Contains $"T:{t.FullName}") then
                    t.FullName

                for m in t.GetMethods flags do
                    if
                        not m.IsSpecialName
                        && m.Name <> "ToString"
                        && not (documented.Contains $"M:{t.FullName}.{m.Name}")
                    then
                        $"{t.FullName}.{m.Name}"

                for p in t.GetProperties flags do
                    if not (documented.Contains $"P:{t.FullName}.{p.Name}") then
                        $"{t.FullName}.{p.Name}"
        ]

    Assert.True(gaps.IsEmpty, String.concat "\n" gaps)
    Assert.True(documented.Count > 30)
