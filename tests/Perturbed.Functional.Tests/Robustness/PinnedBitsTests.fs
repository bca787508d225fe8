module Perturbed.Functional.Tests.PinnedBitsTests

open System
open System.IO
open System.Runtime.InteropServices
open Expecto
open Xunit

let private file = Path.Combine(__SOURCE_DIRECTORY__, "pinned-bits.txt")

// Skipped where the elementary functions of another platform round otherwise.
let private onLinux (name: string) (law: unit -> unit) : Test =
    testCase name (fun () ->
        if
            not (
                OperatingSystem.IsLinux()
                && RuntimeInformation.ProcessArchitecture = Architecture.X64
            )
        then
            skiptest "The bits are pinned on Linux, x64."

        law ())

[<Tests>]
let tests =
    testList "Robustness.PinnedBits" [
        onLinux "A thousand calls have the bits that are pinned" (fun () ->
            let actual = PinnedBits.all ()

            if Environment.GetEnvironmentVariable "UPDATE_BITS" = "1" then
                File.WriteAllLines(file, actual)

            let expected = File.ReadAllLines file
            Assert.Equal(expected.Length, actual.Length)

            let differing =
                Array.zip expected actual
                |> Array.filter (fun (before, now) -> before <> now)
                |> Array.map (fun (before, now) -> $"{before}\nnow {now}")

            Assert.True(
                (differing.Length = 0),
                $"{differing.Length} of {actual.Length} calls have other bits (UPDATE_BITS=1 writes them where that is meant):\n"
                + String.Join("\n", Array.truncate 20 differing)
            ))

        onLinux "The pinned calls are answered, but for those that their settings refuse" (fun () ->
            let lines = File.ReadAllLines file
            let refused = lines |> Array.filter _.EndsWith("Exception")
            Assert.True((lines.Length >= 1000), $"{lines.Length} calls")
            Assert.True((4 * refused.Length < lines.Length), $"{refused.Length} of {lines.Length} calls are refused"))
    ]
