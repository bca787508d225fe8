/// The members for C#.
module Perturbed.Functional.OrTools.Tests.FacadeTests

open System
open System.IO
open System.Reflection
open Google.OrTools.ConstraintSolver
open Google.OrTools.Graph
open Perturbed.Functional
open Perturbed.Functional.OrTools.Tests.Models
open Expecto
open Xunit

type private Facade = Perturbed.Functional.CSharp.OrToolsOracle

[<Tests>]
let tests =
    testList "C#" [
        testCase "Each function of the module has a member that answers the same" (fun () ->
            let model, taken = knapsack [| 3; 4; 5 |] 9
            let theta = [| 1.0; 2.0; 2.5 |]

            Assert.Equal<float[]>(
                OrToolsOracle.ofCpModel taken model |> Oracle.solve theta,
                Facade.OfCpModel(model, taken).Solve theta
            )

            let solver, y =
                program
                    "GLOP"
                    false
                    (array2D [ [ 3.0; 4.0; 5.0 ] ])
                    [| 9.0 |]
                    (Array.zeroCreate 3)
                    (Array.create 3 1.0)

            Assert.Equal<float[]>(
                OrToolsOracle.ofLinearSolver y solver |> Oracle.solve theta,
                Facade.OfLinearSolver(solver, y).Solve theta
            )

            let flow = new MinCostFlow()
            flow.AddArcWithCapacityAndUnitCost(0, 1, 1L, 0L) |> ignore
            flow.SetNodeSupply(0, 1L)
            flow.SetNodeSupply(1, -1L)
            Assert.Equal<float[]>([| 1.0 |], Facade.OfMinCostFlow(flow).Solve [| 1.0 |])
            Assert.Equal<float[]>([| 1.0; 1.0; 1.0 |], Facade.Tsp(3).Solve theta)
            Assert.Equal<float[]>([| 1.0; 1.0 |], Facade.AsymmetricTsp(2).Solve [| 1.0; 2.0 |])

            let build () =
                let manager = new RoutingIndexManager(2, 1, 0)
                struct (manager, new RoutingModel(manager))

            Assert.Equal<float[]>([| 1.0; 1.0 |], Facade.OfRouting(build).Solve [| -1.0; -2.0 |]))

        testCase "Options have the defaults of F#, and what is said" (fun () ->
            Assert.Equal(
                { OrToolsOptions.Default with
                    OnSolve = None
                }
                    .ObjectiveBits,
                Facade.Options().ObjectiveBits
            )

            Assert.Equal(None, Facade.Options().TimeLimit)

            let said =
                Facade.Options(timeLimit = 2.0, keepFeasible = true, startFromUnperturbed = true)

            Assert.Equal(Some 2.0, said.TimeLimit)
            Assert.True said.KeepFeasible
            Assert.Equal(SolveStart.FromUnperturbed, said.Start)
            let mutable solves = 0
            let model, taken = knapsack [| 3; 4; 5 |] 9

            let options =
                Facade.Options(onSolve = Action<SolveReport>(fun _ -> solves <- solves + 1))

            Facade.OfCpModel(model, taken, options).Solve [| 1.0; 2.0; 3.0 |] |> ignore
            Assert.Equal(1, solves))

        testCase "Null arguments are errors with their names" (fun () ->
            let nameOf (action: unit -> obj) =
                Assert.Throws<ArgumentNullException>(fun () -> action () |> ignore).ParamName

            let model, _ = knapsack [| 3; 4; 5 |] 9
            Assert.Equal("model", nameOf (fun () -> Facade.OfCpModel(null, [])))
            Assert.Equal("variables", nameOf (fun () -> Facade.OfCpModel(model, null)))
            Assert.Equal("solver", nameOf (fun () -> Facade.OfLinearSolver(null, [])))
            Assert.Equal("flow", nameOf (fun () -> Facade.OfMinCostFlow null))
            Assert.Equal("build", nameOf (fun () -> Facade.OfRouting null))
            Assert.Equal("path", nameOf (fun () -> Facade.OfLpFile(null, "GLOP"))))

        testCase "No signature shows a type of FSharp.Core" (fun () ->
            for m in
                typeof<Facade>.GetMethods(BindingFlags.Public ||| BindingFlags.Static ||| BindingFlags.DeclaredOnly) do
                for t in m.ReturnType :: [ for p in m.GetParameters() -> p.ParameterType ] do
                    Assert.False((string t.FullName).Contains "Microsoft.FSharp", $"{m.Name}: {t}"))
    ]
