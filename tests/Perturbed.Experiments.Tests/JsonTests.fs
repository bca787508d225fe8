module Perturbed.Experiments.Tests.JsonTests

open System
open System.Text.Json
open Expecto
open FsCheck
open FsCheck.FSharp
open Perturbed.Experiments
open Perturbed.Experiments.Tests.Helpers
open Perturbed.Suite
open Xunit

[<Tests>]
let tests =
    testList "Json" [
        testCase "A finite number is read back with its bits, and any other is null" (fun () ->
            let property (value: float) =
                let read = parse (Json.text (Json.Array [ Json.Number value ]))

                if Double.IsFinite value then
                    BitConverter.DoubleToInt64Bits(read[0].GetDouble()) = BitConverter.DoubleToInt64Bits value
                else
                    read[0].ValueKind = JsonValueKind.Null

            check 100 property

            for value in [ nan; infinity; -infinity; -0.0; Double.Epsilon; Double.MaxValue ] do
                Assert.True(property value, string value))

        testCase "Values are written in their order, in one line" (fun () ->
            let json =
                Json.Object [
                    "z", Json.Null
                    "a", Json.matrix (array2D [ [ 1.0; nan ]; [ 0.5; -2.0 ] ])
                    "text", Json.Text "1 \"×\" \n"
                    "key", Json.Bits UInt64.MaxValue
                    "yes", Json.Bool true
                    "none", Json.optional Json.Number None
                ]

            Assert.Equal(
                """{"z":null,"a":[[1,null],[0.5,-2]],"text":"1 \"×\" \n","key":18446744073709551615,"yes":true,"none":null}""",
                Json.text json
            ))
    ]
