/// The public surface stands in a committed file, so that a change of API is a visible difference.
module Perturbed.Functional.Torch.Tests.SurfaceTests

open System
open System.IO
open System.Reflection
open Perturbed.Functional
open Xunit

let private declared =
    BindingFlags.Public
    ||| BindingFlags.Instance
    ||| BindingFlags.Static
    ||| BindingFlags.DeclaredOnly

let rec private name (t: Type) : string =
    if t.IsArray then
        $"{name (t.GetElementType())}[]"
    elif t.IsGenericType then
        let arguments = t.GetGenericArguments() |> Array.map name |> String.concat ", "
        $"{t.Name.Split('`')[0]}<{arguments}>"
    elif t.IsNested && not t.IsGenericParameter then
        $"{name t.DeclaringType}.{t.Name}"
    else
        t.Name

let private signature (m: MethodBase) : string =
    m.GetParameters()
    |> Array.map (fun p -> $"{name p.ParameterType} {p.Name}")
    |> String.concat ", "

let private surface (assembly: Assembly) : string list =
    [
        for t in assembly.GetExportedTypes() |> Array.sortBy (fun t -> string t.FullName) do
            $"{t.Namespace}.{name t}"

            let members =
                [
                    for c in t.GetConstructors declared do
                        $"  new({signature c})"
                    for p in t.GetProperties declared do
                        let isSet = p.CanWrite && p.GetSetMethod(false) <> null
                        let set = if isSet then ", settable" else ""
                        $"  {p.Name}: {name p.PropertyType}{set}"
                    for m in t.GetMethods declared do
                        if not m.IsSpecialName then
                            $"  {m.Name}({signature m}): {name m.ReturnType}"
                ]

            yield! members |> List.sort
    ]

[<Fact>]
let ``The public surface is the committed one, whatever the version of TorchSharp`` () =
    // Run with UPDATE_SURFACE=1 to write the file anew after a change of API that is meant.
    let path = Path.Combine(__SOURCE_DIRECTORY__, "surface.txt")
    let actual = surface typeof<TensorOperator>.Assembly

    if Environment.GetEnvironmentVariable "UPDATE_SURFACE" = "1" then
        File.WriteAllLines(path, actual)

    let expected = File.ReadAllLines path |> List.ofArray
    let added = actual |> List.except expected |> String.concat "\n"
    let removed = expected |> List.except actual |> String.concat "\n"
    Assert.True((expected = actual), $"surface.txt differs.\nNew:\n{added}\nGone:\n{removed}")
