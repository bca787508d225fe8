/// What cannot be drawn is refused by name.
module Perturbed.Functional.Charts.Tests.ErrorTests

open System
open Perturbed.Functional
open Perturbed.Functional.Charts
open Expecto
open Xunit

let private cases: (string * (unit -> Chart)) list =
    [
        "no curve with a finite point", (fun () -> LineChart.chart { Gallery.lines with Curves = [] })
        "no curve with a finite point",
        (fun () ->
            LineChart.chart
                { Gallery.lines with
                    Curves = [ Curve.through "c" [| 0.0, nan; infinity, 1.0 |] ]
                })
        "curve 'c' has 1 points and a band of 2",
        (fun () ->
            LineChart.chart
                { Gallery.lines with
                    Curves =
                        [
                            { Curve.through "c" [| 0.0, 1.0 |] with
                                Band = [| 0.0, 1.0; 0.0, 1.0 |]
                            }
                        ]
                })
        "'Bars' has 0 groups; 1 to 60 were expected",
        (fun () ->
            BarChart.chart
                { Gallery.bars with
                    Groups = []
                    Series = []
                })
        "series 'first' has 3 values and 3 deviations; there are 2 groups",
        (fun () ->
            BarChart.chart
                { Gallery.bars with
                    Groups = [ "a"; "b" ]
                })
        "chart.Y is logarithmic",
        (fun () ->
            BarChart.chart
                { Gallery.bars with
                    Y = Axis.logarithmic "y"
                })
        "has the value Infinity for '1'",
        (fun () ->
            Chart.ofUncertain
                "t"
                "y"
                {
                    Value = [| 1.0; infinity |]
                    StandardErrors = [| 0.1; 0.1 |]
                    LeftOut = 0
                })
        "Values[1, 0] is NaN", (fun () -> Chart.ofJacobian (array2D [ [ 1.0 ]; [ nan ] ]))
        "'Jacobian' has 0 × 0 values", (fun () -> Chart.ofJacobian (Array2D.zeroCreate 0 0))
        "'Jacobian' has 129 × 1 values; 1 to 128", (fun () -> Chart.ofJacobian (Array2D.zeroCreate 129 1))
        "'A matrix' has 2 names of columns; there are 3",
        (fun () ->
            HeatMap.chart
                { Gallery.heatMap with
                    Columns = [| "a"; "b" |]
                })
        "'A matrix' has 1 × 1 errors and 2 × 3 values",
        (fun () ->
            HeatMap.chart
                { Gallery.heatMap with
                    Errors = array2D [ [ 1.0 ] ]
                })
        "frames cell (2, 0)",
        (fun () ->
            HeatMap.chart
                { Gallery.heatMap with
                    Framed = [| 2, 0 |]
                })
        "distribution has no solution", (fun () -> Chart.ofDistribution [||])
        "distribution has no solution", (fun () -> HeatMap.chart (MatrixChart.rankings [||]))
        "probabilities has length 3; rows·columns for a matrix of 2 × 2 is 4",
        (fun () -> HeatMap.chart (MatrixChart.assignment 2 2 (Array.zeroCreate 4) (Array.zeroCreate 3)))
        "solution is no path from cell (0, 0) to cell (1, 1)",
        (fun () ->
            MapChart.chart "t" (GridChart.paths 2 2 (Array.zeroCreate 4) [| 1.0; 1.0; 0.0; 0.0 |] (Array.zeroCreate 4)))
        "panels has no map", (fun () -> MapChart.chart "t" [])
        "weights has length 2; the number of edges is 3",
        (fun () ->
            GraphChart.chart (
                GraphChart.ofGraph (GraphChart.circle 3) (Graph.Complete 3) (Array.zeroCreate 3) (Array.zeroCreate 2)
            ))
        "edge 0 of 'Edges' weighs -1",
        (fun () ->
            GraphChart.chart
                { Gallery.graph with
                    Edges =
                        [|
                            {
                                From = 0
                                To = 1
                                Weight = -1.0
                                IsFramed = false
                            }
                        |]
                })
        "edge 0 of 'Edges' joins 0 and 1; its nodes are 0 to 0",
        (fun () ->
            GraphChart.chart
                { Gallery.graph with
                    Positions = [| 0.0, 0.0 |]
                    Names = [||]
                })
        "node 1 of 'Edges' is at (NaN, 0)",
        (fun () ->
            GraphChart.chart
                { Gallery.graph with
                    Positions = [| 0.0, 0.0; nan, 0.0; 1.0, 0.0; 2.0, 0.0 |]
                })
        "'Edges' has 1 names; it has 4 nodes", (fun () -> GraphChart.chart { Gallery.graph with Names = [| "A" |] })
        "has no node", (fun () -> GraphChart.chart { Gallery.graph with Positions = [||] })
        "point 0 of 'p' sums to 6; the vertices of 'Simplex' sum to 1",
        (fun () ->
            PolytopeChart.chart (
                PolytopeChart.simplex "Simplex" [
                    {
                        Name = "p"
                        Points = [| [| 1.0; 2.0; 3.0 |] |]
                        Labels = [||]
                    }
                ]
            ))
        "the objective of 'Simplex' has no direction in the plane",
        (fun () ->
            PolytopeChart.chart
                { PolytopeChart.simplex "Simplex" [] with
                    Objective = [| 1.0; 1.0; 1.0 |]
                })
        "smoothed has solutions of 4 coordinates; 3 were expected",
        (fun () ->
            perturb (Oracle.argmax 4) Noise.gumbel 1.0 10
            |> Chart.ofSimplex [| 1.0 |] [| 0.0; 1.0; 2.0; 3.0 |])
        "width is 100; 240 to 4000", (fun () -> Chart.ofHistory Gallery.history |> Chart.withWidth 100.0)
        "no curve with a finite point", (fun () -> Chart.ofHistory [||])
    ]

[<Tests>]
let tests =
    testList "Charts.Error" [
        testCase "What cannot be drawn is refused, and the error names what was wrong" (fun () ->
            let wrong =
                [
                    for expected, draw in cases do
                        try
                            draw () |> ignore
                            $"accepted: {expected}"
                        with
                        | :? ArgumentException as error when error.Message.Contains expected -> ()
                        | error -> $"{expected}: {error.GetType().Name}: {error.Message}"
                ]

            Assert.True(wrong.IsEmpty, String.concat "\n" wrong))
    ]
