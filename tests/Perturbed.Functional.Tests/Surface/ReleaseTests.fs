/// Version, changelog and the surfaces of releases agree.
module Perturbed.Functional.Tests.ReleaseTests

open System
open System.IO
open System.Text.RegularExpressions
open Expecto
open Xunit

let private repository = Path.Combine(__SOURCE_DIRECTORY__, "..", "..", "..")

let private read (path: string) : string[] =
    File.ReadAllLines(Path.Combine(repository, path))

let private version: System.Version =
    let properties = read "Directory.Build.props" |> String.concat "\n"
    System.Version.Parse(Regex.Match(properties, "<Version>(.*)</Version>").Groups[1].Value)

// scripts/release-surface.sh writes these files, in this order, into one.
let private current () : Releases.Surface =
    read "scripts/release-surface.sh"
    |> Array.filter _.StartsWith("tests/")
    |> Seq.collect read
    |> Releases.surface

let private releases: Map<System.Version, Releases.Surface> =
    let folder = Path.Combine(__SOURCE_DIRECTORY__, "released")

    if Directory.Exists folder then
        Directory.GetFiles folder
        |> Array.map (fun file ->
            System.Version.Parse(string (Path.GetFileNameWithoutExtension file)),
            Releases.surface (File.ReadAllLines file))
        |> Map.ofArray
    else
        Map.empty

let private first = System.Version(0, 1, 0)

let private unreleased =
    [ "## Unreleased"; ""; "- Changed: `solve` is `answer`."; "" ]

let private old =
    Releases.surface [
        "P.Oracle"
        "  new(Int32 d)"
        "  solve(Double[] theta): Double[]"
        "P.Noise"
        "  sample(): Double"
    ]

let private found (version: System.Version) (changelog: string list) (current: string list) =
    Releases.faults version changelog (Map [ first, old ]) (Releases.surface current)

[<Tests>]
let tests =
    testList "Surface.Releases" [
        testCase "The version, the changelog and the surfaces of all releases agree" (fun () ->
            Assert.Empty(Releases.faults version (read "CHANGELOG.md") releases (current ())))

        testCase "Every package has its surface in what a release keeps" (fun () ->
            for name in [ "Smoothed"; "Training"; "Key"; "Chart"; "TensorOperator" ] do
                Assert.Contains(current (), fun entry -> entry.EndsWith("." + name))

            Assert.Contains("Perturbed.Functional.CSharp.Smoothed", current ()))

        testCase "Nothing is wrong before the first release, but for a missing section" (fun () ->
            Assert.Empty(Releases.faults first unreleased Map.empty old)
            Assert.Single(Releases.faults first [] Map.empty old) |> ignore)

        testCase "A released version keeps its surface" (fun () ->
            let changelog = [ "## 0.1.0 (2026-01-01)"; "- First." ]
            Assert.Empty(Releases.faults first changelog (Map [ first, old ]) old)

            Assert.Contains(
                "is released: a change needs",
                Assert.Single(found first changelog [ "P.Noise"; "  sample(): Double" ])
            ))

        testCase "What is gone is named in the changelog, under a version that may take it away" (fun () ->
            let changelog = unreleased @ [ "## 0.1.0 (2026-01-01)" ]

            let renamed =
                [
                    "P.Oracle"
                    "  answer(Double[] theta): Double[]"
                    "  new(Int32 d)"
                    "P.Noise"
                    "  sample(): Double"
                ]

            Assert.Empty(found (System.Version(0, 2, 0)) changelog renamed)
            Assert.Empty(found (System.Version(1, 0, 0)) changelog renamed)
            Assert.Contains("too small", Assert.Single(found (System.Version(0, 1, 1)) changelog renamed))
            let without = [ "P.Oracle"; "  new(Int32 d)"; "  solve(Double[] theta): Double[]" ]
            Assert.Contains("does not name 'Noise'", Assert.Single(found (System.Version(0, 2, 0)) changelog without)))

        testCase "Versions of the changelog have surfaces, and none is older than a release" (fun () ->
            let changelog = unreleased @ [ "## 0.1.0 (2026-01-01)"; "## 0.0.9" ]

            Assert.Contains(
                "there are surfaces of",
                Assert.Single(
                    found (System.Version(0, 2, 0)) changelog [
                        yield!
                            [
                                "P.Oracle"
                                "  new(Int32 d)"
                                "  solve(Double[] theta): Double[]"
                                "P.Noise"
                                "  sample(): Double"
                            ]
                    ]
                )
            )

            Assert.Contains(
                "0.1.0 is released",
                found (System.Version(0, 0, 5)) (unreleased @ [ "## 0.1.0" ]) []
                |> String.concat "\n"
            ))
    ]
