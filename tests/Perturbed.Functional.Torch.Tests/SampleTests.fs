/// The sample in C#.
module Perturbed.Functional.Torch.Tests.SampleTests

open System
open System.IO
open Expecto
open Xunit

[<Tests>]
let tests =
    testList "Sample" [
        testCase "The loop in C# trains, saves, loads and prints what it learned" (fun () ->
            use output = new StringWriter()
            let code = Sample.Program.Run(output)
            let text = output.ToString()
            Assert.True((code = 0), text)
            Assert.Contains("ranks right", text))
    ]
