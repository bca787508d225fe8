/// Programs in MPS and LP files.
module Perturbed.Functional.OrTools.Tests.FileTests

open System
open System.IO
open Perturbed.Functional
open Perturbed.Functional.OrTools.Tests.Models
open Expecto
open Xunit

let private withFile (name: string) (text: string) (test: string -> unit) : unit =
    let folder = Directory.CreateTempSubdirectory()

    try
        let path = Path.Combine(folder.FullName, name)
        File.WriteAllText(path, text)
        test path
    finally
        folder.Delete true

let private lp =
    "max: 3x + 2y + z; c1: x + y + z <= 4; c2: x + 3y <= 6; x >= 0; y >= 0; z >= 0; x <= 3; z <= 1;"

[<Tests>]
let tests =
    testList "Files" [
        testCase "An LP file is its program" (fun () ->
            withFile "program.lp" lp (fun path ->
                let oracle = OrToolsOracle.ofLpFile OrToolsOptions.Default "GLOP" [] path
                Assert.Equal(3, oracle.Dimension)
                Assert.Equal<float[]>([| 3.0; 1.0; 0.0 |], oracle |> Oracle.solve [| 3.0; 2.0; 1.0 |])
                check 20 oracle))

        testCase "Names say which variables are y, in which order; the others keep their coefficients" (fun () ->
            withFile "program.lp" lp (fun path ->
                let oracle = OrToolsOracle.ofLpFile OrToolsOptions.Default "GLOP" [ "z"; "x" ] path
                // y keeps its 2: with z and x worth 1, y takes what it can.
                let answer = oracle |> Oracle.solve [| 0.1; 1.0 |]
                Assert.Equal<float[]>([| 0.0; 3.0 |], answer)
                check 20 oracle))

        testCase "An MPS file that a solver wrote is its program, integer variables included" (fun () ->
            let solver, _ =
                program "SCIP" true (array2D [ [ 3.0; 4.0; 5.0 ] ]) [| 8.0 |] (Array.zeroCreate 3) (Array.create 3 1.0)

            for i in 0..2 do
                solver.Objective().SetCoefficient(solver.Variable i, 1.0)

            for isFixed in [ true; false ] do
                withFile "program.mps" (solver.ExportModelAsMpsFormat(isFixed, false)) (fun path ->
                    let oracle = OrToolsOracle.ofMpsFile OrToolsOptions.Default "SAT" [] path
                    Assert.Equal<float[]>([| 1.0; 0.0; 1.0 |], oracle |> Oracle.solve [| 1.0; 1.9; 2.0 |])))

        testCase "A model builder's program is read with all its digits, and enforced rows are refused" (fun () ->
            let model = Google.OrTools.ModelBuilder.Model()
            let x, y = model.NewNumVar(0.0, 1.0, ""), model.NewIntVar(0.0, 2.5, "")
            let bound = 0.12345678901234567
            model.AddLinearConstraint(x, -infinity, bound) |> ignore

            let oracle =
                OrToolsOracle.ofModelBuilder OrToolsOptions.Default "SCIP" [ x; y ] model

            let answer = oracle |> Oracle.solve [| 1.0; 1.0 |]
            Assert.Equal(bound, answer[0], 14)
            Assert.Equal(2.0, answer[1])

            model.AddEnforcedLinearConstraint(x, 0.0, 0.0, model.NewBoolVar "", true)
            |> ignore

            let make () =
                OrToolsOracle.ofModelBuilder OrToolsOptions.Default "SCIP" [ x; y ] model
                |> ignore

            Assert.Contains(
                "1 rows that a variable enforces",
                Assert.Throws<ArgumentException>(fun () -> make ()).Message
            ))

        testCase "What is wrong with a file is an error with its name and what was expected" (fun () ->
            let mps = OrToolsOracle.ofMpsFile OrToolsOptions.Default "GLOP" []
            let lpOf = OrToolsOracle.ofLpFile OrToolsOptions.Default "GLOP" []

            Assert.Contains(
                "no file 'none.mps'",
                Assert.Throws<FileNotFoundException>(fun () -> mps "none.mps" |> ignore).Message
            )

            withFile "broken.mps" "this is no program" (fun path ->
                let message =
                    Assert.Throws<InvalidDataException>(fun () -> mps path |> ignore).Message

                Assert.Contains("broken.mps", message)
                Assert.Contains("ROWS, COLUMNS", message))

            withFile "broken.lp" "maximise everything" (fun path ->
                let message =
                    Assert.Throws<InvalidDataException>(fun () -> lpOf path |> ignore).Message

                Assert.Contains("broken.lp", message)
                Assert.Contains("max: 3x + 2y", message))

            withFile "empty.mps" "" (fun path ->
                Assert.Throws<InvalidDataException>(fun () -> mps path |> ignore) |> ignore)

            withFile "program.lp" lp (fun path ->
                let named = OrToolsOracle.ofLpFile OrToolsOptions.Default "GLOP" [ "x"; "w" ]

                Assert.Contains(
                    "names[1] is 'w'",
                    Assert.Throws<ArgumentException>(fun () -> named path |> ignore).Message
                )

                let simplex = OrToolsOracle.ofLpFile OrToolsOptions.Default "SIMPLEX" []

                Assert.Contains(
                    "solver is 'SIMPLEX'",
                    Assert.Throws<ArgumentException>(fun () -> simplex path |> ignore).Message
                )))
    ]
