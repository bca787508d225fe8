/// A chart of each kind, of numbers that stand here.
module Perturbed.Functional.Charts.Tests.Gallery

open Perturbed.Functional
open Perturbed.Functional.Charts

let frequencies: SolutionFrequency[] =
    [|
        for y, count in [ [| 3.0; 1.0; 2.0 |], 60L; [| 2.0; 1.0; 3.0 |], 30L; [| 3.0; 2.0; 1.0 |], 10L ] do
            let p = float count / 100.0

            {
                Solution = y
                Count = count
                Probability = p
                StandardError = sqrt (p * (1.0 - p) / 100.0)
            }
    |]

let history: EpochRecord[] =
    Array.init 5 (fun i ->
        {
            Epoch = i
            Loss = 2.0 / float (i + 1)
            GradientNorm = 1.0
            LearningRate = 0.1
            Seconds = 0.5
            RowsWhereSamplesAgree = None
        })

let estimate: Estimate =
    {
        Maximum = 3.25
        MaximumStandardError = 0.02
        Maximizer = [| 0.5; -0.25; 1.0 |]
        MaximizerStandardErrors = [| 0.1; 0.05; nan |]
        Remark = None
        SamplesAgree = false
        LeftOut = 0
    }

let matrix: float[,] = array2D [ [ 0.5; -0.25; 0.0 ]; [ -0.1; 1.0; -1e-7 ] ]

let lines: LineChart =
    {
        Title = "Lines with a band, bars of errors and what is expected, under a title that is long"
        X = Axis.logarithmic "M, number of samples"
        Y = Axis.linear "y & <units>"
        Curves =
            [
                Curve.withDeviation "band" [| 1.0, 2.0, 0.5; 10.0, 1.0, 0.2; 100.0, nan, 0.1; 1000.0, 1.5, 0.1 |]
                Curve.withErrorBars "bars" [| 1.0, 1.0, 0.5; 10.0, 2.0, nan; 100.0, 2.5, 0.1 |]
                { Curve.through "expected of it" [| 1.0, 0.0; 1000.0, 3.0 |] with
                    IsDashed = true
                }
            ]
    }

let bars: BarChart =
    {
        Title = "Bars"
        Groups = [ "a"; "a name that has to be tilted"; "c" ]
        Y = Axis.linear "share of something, in percent"
        Series =
            [
                {
                    Name = "first"
                    Values = [| 1.0; -2.0; nan |]
                    Deviations = [| 0.1; 0.2; nan |]
                }
                {
                    Name = "a second series with a long name"
                    Values = [| 3.0; 2.0; 1.0 |]
                    Deviations = [||]
                }
            ]
    }

let heatMap: HeatMap =
    { HeatMap.create "A matrix" "value of a cell" matrix with
        RowTitle = "row"
        ColumnTitle = "column"
        Columns = [| "one"; "a long name"; "three" |]
        Errors = array2D [ [ 0.1; 0.1; 0.1 ]; [ 0.1; nan; 0.1 ] ]
        Colours = Colours.Diverging
        Framed = [| 0, 0; 1, 2 |]
        Notes = [| "GA-T"; " | ."; "-ACA" |]
    }

let maps: MapPanel list =
    GridChart.paths 2 3 [| 1.0; 2.0; 3.0; 4.0; 5.0; 6.0 |] [| 1.0; 1.0; 0.0; 0.0; 0.0; 1.0 |] [|
        1.0
        0.7
        0.1
        0.3
        0.2
        1.0
    |]

let graph: GraphChart =
    { GraphChart.ofDigraph (GraphChart.circle 4) (Digraph(4, [| 0; 1; 2; 0 |], [| 1; 2; 3; 3 |])) [|
          1.0
          1.0
          1.0
          0.0
      |] [| 0.8; 0.75; 0.8; 0.2 |] with
        Names = [| "A"; "B"; "C"; "D" |]
    }

let forest: GraphChart =
    { GraphChart.ofGraph [| 0.0, 0.0; 1.0, 0.2; 5.0, 1.0; 5.5, 0.4 |] (Graph.Complete 4) [|
          1.0
          0.0
          0.0
          0.0
          0.0
          1.0
      |] [| 0.9; 0.1; 0.05; 0.0; 0.0; 0.95 |] with
        Groups = [| 0; 0; 1; 1 |]
        Names = [| "first point"; "second point"; "third point"; "the last one" |]
    }

let paths: PolytopePath list =
    [
        {
            Name = "a path"
            Points = [| [| 1.1; 2.0; 2.9 |]; [| 1.5; 2.0; 2.5 |]; [| 2.0; 2.0; 2.0 |] |]
            Labels = [| "ε = 0.1"; "ε = 1"; "ε = 10" |]
        }
    ]

let charts: (string * Chart) list =
    [
        "lines", LineChart.chart lines
        "bars", BarChart.chart bars
        "heat map", HeatMap.chart heatMap
        "maps", MapChart.chart "Shortest path on a grid" maps
        "graph", GraphChart.chart graph
        "forest", GraphChart.chart forest
        "polytope", PolytopeChart.chart (PolytopeChart.permutahedron "Permutahedron" paths)
        "assignment", HeatMap.chart (MatrixChart.assignment 2 2 [| 1.0; 0.0; 0.0; 1.0 |] [| 0.7; 0.3; 0.3; 0.7 |])
        "rankings", HeatMap.chart (MatrixChart.rankings frequencies)
        "distribution", Chart.ofDistribution frequencies
        "estimate", Chart.ofEstimate estimate
        "jacobian", Chart.ofJacobian matrix
        "history", Chart.ofHistory history
    ]
