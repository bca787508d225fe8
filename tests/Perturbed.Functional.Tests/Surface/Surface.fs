/// The public surface stands in a committed file, so that a change of API is a visible difference.
module Perturbed.Functional.Tests.Surface

open System
open System.IO
open System.Reflection
open System.Runtime.CompilerServices
open Xunit

let private declared =
    BindingFlags.Public
    ||| BindingFlags.Instance
    ||| BindingFlags.Static
    ||| BindingFlags.DeclaredOnly

let rec private name (t: Type) : string =
    if t.IsArray then
        let commas = String(',', t.GetArrayRank() - 1)
        $"{name (t.GetElementType())}[{commas}]"
    elif t.IsByRef then
        $"{name (t.GetElementType())}&"
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

let private membersOf (assembly: Assembly) : string list =
    [
        for t in assembly.GetExportedTypes() |> Array.sortBy (fun t -> string t.FullName) do
            if isNull (t.GetCustomAttribute<CompilerGeneratedAttribute>()) then
                $"{t.Namespace}.{name t}"

                let members =
                    [
                        for c in t.GetConstructors declared do
                            $"  new({signature c})"
                        for p in t.GetProperties declared do
                            $"  {p.Name}: {name p.PropertyType}"
                        for f in t.GetFields declared do
                            $"  {f.Name}: {name f.FieldType}"
                        for m in t.GetMethods declared do
                            if
                                not (m.Name.StartsWith "get_")
                                && isNull (m.GetCustomAttribute<CompilerGeneratedAttribute>())
                            then
                                $"  {m.Name}({signature m}): {name m.ReturnType}"
                    ]

                yield! members |> List.sort
    ]

/// Compares the surface of an assembly with a file; run with UPDATE_SURFACE=1 to write the file anew after a change of API that is meant.
let check (path: string) (assembly: Assembly) : unit =
    let actual = membersOf assembly

    if Environment.GetEnvironmentVariable "UPDATE_SURFACE" = "1" then
        File.WriteAllLines(path, actual)

    let expected = File.ReadAllLines path |> List.ofArray
    let added = actual |> List.except expected |> String.concat "\n"
    let removed = expected |> List.except actual |> String.concat "\n"

    Assert.True((expected = actual), $"{Path.GetFileName path} differs.\nNew:\n{added}\nGone:\n{removed}")
