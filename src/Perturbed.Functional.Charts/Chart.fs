namespace Perturbed.Functional.Charts

open System
open System.IO
open System.Text
open System.Xml.Linq
open Perturbed.Functional

/// <summary>Charts of the results of the library, a line each, and what is done with a chart.</summary>
/// <remarks>Whiskers are ± one standard error. Other charts are made by <c>chart</c> of <c>LineChart</c>,
/// <c>BarChart</c>, <c>HeatMap</c>, <c>MapChart</c>, <c>GraphChart</c> and <c>PolytopeChart</c>. Examples with their
/// pictures: docs/charts.md.</remarks>
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Chart =

    // Beyond this bars are too narrow for names.
    let private mostSolutions = 16

    let private bars (title: string) (axis: string) (groups: string seq) (values: float[]) (errors: float[]) : Chart =
        BarChart.chart
            {
                Title = title
                Groups = List.ofSeq groups
                Y = Axis.linear axis
                Series =
                    [
                        {
                            Name = ""
                            Values = values
                            Deviations = errors
                        }
                    ]
            }

    /// <summary>The probabilities of solutions, from <c>Smoothed.distribution</c>: at most the first 16.</summary>
    /// <remarks>A solution is its numbers, or, of more than 6 zeros and ones, the places of the ones.</remarks>
    /// <param name="distribution">One solution or more.</param>
    /// <returns>Bars of p_θ(y) with standard errors.</returns>
    /// <exception cref="T:System.ArgumentException">There is no solution.</exception>
    let ofDistribution (distribution: SolutionFrequency[]) : Chart =
        Check.notNull (nameof distribution) distribution

        if distribution.Length = 0 then
            invalidArg (nameof distribution) "distribution has no solution; one or more were expected."

        let shown = distribution |> Array.truncate mostSolutions

        let title =
            if shown.Length < distribution.Length then
                $"The {shown.Length} most frequent of {distribution.Length} solutions"
            else
                "Distribution of solutions"

        bars
            title
            "probability"
            (shown |> Seq.map (fun f -> Labels.solution f.Solution))
            (shown |> Array.map _.Probability)
            (shown |> Array.map _.StandardError)

    /// <summary>Numbers with errors, by coordinate, such as the result of <c>Smoothed.jacobianVector</c>.</summary>
    /// <param name="title">The title.</param>
    /// <param name="axis">What the numbers are, with their unit.</param>
    /// <param name="vector">1 to 60 finite numbers with standard errors; NaN for none.</param>
    /// <returns>Bars with whiskers.</returns>
    /// <exception cref="T:System.ArgumentException">No number or too many, one that is infinite, or another number of
    /// errors.</exception>
    let ofUncertain (title: string) (axis: string) (vector: Uncertain<float[]>) : Chart =
        bars title axis (Seq.init vector.Value.Length string) vector.Value vector.StandardErrors

    /// <summary>The perturbed maximizer y*_ε(θ) with standard errors, from <c>Smoothed.estimate</c>; the title tells
    /// F_ε(θ).</summary>
    /// <param name="estimate">An estimate of 1 to 60 coordinates.</param>
    /// <returns>Bars with whiskers.</returns>
    /// <exception cref="T:System.ArgumentException">Too many coordinates.</exception>
    let ofEstimate (estimate: Estimate) : Chart =
        let maximum =
            if Double.IsFinite estimate.Maximum then
                $"; F_ε(θ) = {Labels.withError estimate.Maximum estimate.MaximumStandardError}"
            else
                ""

        ofUncertain
            $"Perturbed maximizer{maximum}"
            "y*_ε(θ)"
            {
                Value = estimate.Maximizer
                StandardErrors = estimate.MaximizerStandardErrors
                LeftOut = estimate.LeftOut
            }

    let private jacobian (values: float[,]) (errors: float[,]) : Chart =
        HeatMap.chart
            { HeatMap.create "Jacobian" "∂y*_ε(θ)_i / ∂θ_j" values with
                RowTitle = "i"
                ColumnTitle = "j"
                Errors = errors
                Colours = Colours.Diverging
            }

    /// <summary>A Jacobian ∂y*_ε/∂θ, from <c>Smoothed.jacobian</c>: blue below 0, red above.</summary>
    /// <param name="values">1 to 128 rows and columns, finite.</param>
    /// <returns>A heat map.</returns>
    /// <exception cref="T:System.ArgumentException">No entry, too many, or one that is not finite.</exception>
    let ofJacobian (values: float[,]) : Chart =
        jacobian values (Array2D.zeroCreate 0 0)

    /// <summary>A Jacobian with standard errors, from <c>Smoothed.jacobianBy</c>: they are told where a pointer
    /// rests.</summary>
    /// <param name="estimate">1 to 128 rows and columns, finite.</param>
    /// <returns>A heat map.</returns>
    /// <exception cref="T:System.ArgumentException">No entry, too many, or one that is not finite.</exception>
    let ofUncertainJacobian (estimate: Uncertain<float[,]>) : Chart =
        jacobian estimate.Value estimate.StandardErrors

    /// <summary>The mean loss over the epochs of several trainings.</summary>
    /// <param name="histories">A name and the records of each; one record or more has a finite loss.</param>
    /// <returns>Lines.</returns>
    /// <exception cref="T:System.ArgumentException">There is nothing to draw.</exception>
    let ofHistories (histories: (string * EpochRecord[]) list) : Chart =
        LineChart.chart
            {
                Title = "Training"
                X = Axis.linear "epoch"
                Y = Axis.linear "mean loss"
                Curves =
                    [
                        for name, history in histories ->
                            Curve.through name (history |> Array.map (fun epoch -> float epoch.Epoch, epoch.Loss))
                    ]
            }

    /// <summary>The mean loss over the epochs of a training, from <c>Trained.History</c>.</summary>
    /// <param name="history">The records; one or more has a finite loss.</param>
    /// <returns>A line.</returns>
    /// <exception cref="T:System.ArgumentException">There is nothing to draw.</exception>
    let ofHistory (history: EpochRecord[]) : Chart =
        Check.notNull (nameof history) history
        ofHistories [ "", history ]

    // y*(θ) and then y*_ε(θ) for each ε.
    let private smoothing (epsilons: float[]) (theta: float[]) (smoothed: Smoothed) : PolytopePath list =
        Check.notNull (nameof epsilons) epsilons

        if smoothed.Oracle.SolutionDimension <> 3 then
            invalidArg
                (nameof smoothed)
                $"smoothed has solutions of {smoothed.Oracle.SolutionDimension} coordinates; 3 were expected."

        [
            {
                Name = "y*_ε(θ)"
                Points =
                    epsilons
                    |> Array.map (fun epsilon -> smoothed |> Smoothed.withEpsilon epsilon |> Smoothed.maximizer theta)
                Labels = epsilons |> Array.map (fun epsilon -> $"ε = {Labels.number epsilon}")
            }
            {
                Name = "y*(θ)"
                Points = [| smoothed.Oracle |> Oracle.solve theta |]
                Labels = [||]
            }
        ]

    /// <summary>The simplex with y*(θ) and y*_ε(θ) for several ε, of <c>Oracle.argmax</c> of
    /// dimension 3.</summary>
    /// <param name="epsilons">The ε, positive.</param>
    /// <param name="theta">θ, of length 3.</param>
    /// <param name="smoothed">The operator; its own ε does not count.</param>
    /// <returns>A polytope with a path from the vertex to the middle.</returns>
    /// <exception cref="T:System.ArgumentException">Solutions that are not of the simplex, or what
    /// <c>Smoothed.maximizer</c> refuses.</exception>
    let ofSimplex (epsilons: float[]) (theta: float[]) (smoothed: Smoothed) : Chart =
        PolytopeChart.chart (PolytopeChart.simplex "Simplex" (smoothing epsilons theta smoothed))

    /// <summary>The permutahedron of 1, 2, 3 with y*(θ) and y*_ε(θ) for several ε, of
    /// <c>Oracle.ranking</c> of dimension 3.</summary>
    /// <param name="epsilons">The ε, positive.</param>
    /// <param name="theta">θ, of length 3.</param>
    /// <param name="smoothed">The operator; its own ε does not count.</param>
    /// <returns>A polytope with a path from the vertex to the middle.</returns>
    /// <exception cref="T:System.ArgumentException">Solutions that are not of the permutahedron, or what
    /// <c>Smoothed.maximizer</c> refuses.</exception>
    let ofPermutahedron (epsilons: float[]) (theta: float[]) (smoothed: Smoothed) : Chart =
        PolytopeChart.chart (PolytopeChart.permutahedron "Permutahedron" (smoothing epsilons theta smoothed))

    /// <summary>The chart of another width; its height follows.</summary>
    /// <param name="width">240 to 4000.</param>
    /// <param name="chart">The chart.</param>
    /// <returns>A chart.</returns>
    /// <exception cref="T:System.ArgumentException">A width out of that range.</exception>
    let withWidth (width: float) (chart: Chart) : Chart =
        Rendering.checkWidth (nameof width) width
        Chart(chart.Title, chart.Description, width, chart.Draw)

    /// <summary>The chart with another description for screen readers.</summary>
    /// <param name="description">What it shows, in words.</param>
    /// <param name="chart">The chart.</param>
    /// <returns>A chart.</returns>
    let withDescription (description: string) (chart: Chart) : Chart =
        Check.notNull (nameof description) description
        Chart(chart.Title, description, chart.Width, chart.Draw)

    /// <summary>The chart as SVG that stands alone: light, or dark where the reader prefers that.</summary>
    /// <param name="chart">The chart.</param>
    /// <returns>The text of a file: the same for the same numbers.</returns>
    let svg (chart: Chart) : string =
        Svg.document (Rendering.element true chart)

    /// <summary>The chart as a fragment of HTML, for notebooks.</summary>
    /// <remarks>In a notebook: <c>Chart.html chart |> HTML</c>.</remarks>
    /// <param name="chart">The chart.</param>
    /// <returns>A figure element.</returns>
    let html (chart: Chart) : string =
        $"<figure style=\"margin:0\">\n{svg chart}</figure>\n"

    /// <summary>Saves the chart as SVG, or as a page of HTML that is complete in itself.</summary>
    /// <param name="path">A file whose name ends with .svg or .html; an older one is replaced.</param>
    /// <param name="chart">The chart.</param>
    /// <exception cref="T:System.ArgumentException">Another ending.</exception>
    /// <exception cref="T:System.IO.IOException">The file cannot be written.</exception>
    let save (path: string) (chart: Chart) : unit =
        Check.notNull (nameof path) path

        let text =
            if path.EndsWith(".svg", StringComparison.OrdinalIgnoreCase) then
                svg chart
            elif path.EndsWith(".html", StringComparison.OrdinalIgnoreCase) then
                Page.html chart.Title [ PagePart.Charts [ chart ] ]
            else
                invalidArg (nameof path) $"path is '{path}'; a name that ends with .svg or .html was expected."

        File.WriteAllText(path, text, UTF8Encoding false)
