namespace Perturbed.Experiments

open Perturbed.Functional.Charts

/// The report of the estimation experiment.
[<RequireQualifiedAccess>]
module EstimationReport =

    /// All repetitions of a model and an n, put together.
    type private Cell =
        {
            N: int
            Repetitions: int
            WithoutFit: int
            /// The share of intervals that hold the truth, for each coordinate.
            Coverage: float[]
            /// √E‖θ̂ − θ₀‖².
            Error: float
            /// The same, as the fits' own covariances have it.
            Predicted: float
        }

    let private cellOf (record: RunRecord) (case: string) (n: int) : Cell option =
        match record |> Record.piecesOf (EstimationPlan.cell case n) with
        | [||] -> None
        | pieces ->
            let total (name: string) =
                pieces |> Array.sumBy (fun piece -> Json.number name piece.Metrics)

            let totals (name: string) =
                pieces
                |> Array.map (fun piece -> Json.items name piece.Metrics |> Array.map Json.toNumber)
                |> Array.reduce (Array.map2 (+))

            let count = total "repetitions"

            Some
                {
                    N = n
                    Repetitions = int count
                    WithoutFit = int (total "withoutFit")
                    Coverage = totals "covered" |> Array.map (fun hits -> hits / count)
                    Error = sqrt (Array.sum (totals "squaredErrors") / count)
                    Predicted = sqrt (Array.sum (totals "variances") / count)
                }

    let private cases (record: RunRecord) : (string * Cell[]) list =
        Json.items "cases" record.Settings
        |> Seq.map (fun case ->
            let name = Json.string "name" case

            name,
            Json.items "sizes" case
            |> Array.choose (fun n -> cellOf record name (int (Json.toNumber n))))
        |> Seq.filter (fun (_, cells) -> cells.Length > 0)
        |> Seq.toList

    let private table (record: RunRecord) : ReportPart =
        let row (case: string) (cell: Cell) =
            let coverage = Array.average cell.Coverage

            [
                case
                string cell.N
                string cell.Repetitions
                string cell.WithoutFit
                Summary.decimals 3 coverage
                $"{Summary.decimals 3 (Array.min cell.Coverage)} to {Summary.decimals 3 (Array.max cell.Coverage)}"
                Summary.decimals 4 cell.Error
                Summary.decimals 4 cell.Predicted
                Summary.decimals 3 (cell.Error * sqrt (float cell.N))
            ]

        ReportPart.Table(
            "Estimation of θ from n solutions; the error is √E‖θ̂ − θ₀‖², the predicted one is from the fits' own covariances",
            [
                "model"
                "n"
                "repetitions"
                "without a fit"
                "coverage"
                "by coordinate"
                "error"
                "predicted"
                "error · √n"
            ],
            [
                for name, cells in cases record do
                    for cell in cells do
                        row name cell
            ]
        )

    let private coverage (record: RunRecord) : ReportPart =
        let level = Json.number "level" record.Settings

        let curve (name: string, cells: Cell[]) =
            cells
            |> Array.map (fun cell ->
                let share = Array.average cell.Coverage
                float cell.N, share, sqrt (share * (1.0 - share) / float cell.Repetitions))
            |> Curve.withDeviation name

        let found = cases record

        let sizes =
            found
            |> List.collect (snd >> Array.toList)
            |> List.map (fun cell -> float cell.N)

        let nominal =
            { Curve.through "nominal" [| List.min sizes, level; List.max sizes, level |] with
                IsDashed = true
            }

        ReportPart.Picture(
            "estimation-coverage.svg",
            "Coverage of the confidence intervals, averaged over coordinates; bands are one standard error \
              of a single coordinate's share.",
            LineChart.svg
                {
                    Title = "Coverage of 95% confidence intervals"
                    X = Axis.logarithmic "n, number of solutions"
                    Y = Axis.linear "share of intervals that hold θ₀" |> Axis.between 0.90 1.0
                    Curves = (found |> List.map curve) @ [ nominal ]
                }
        )

    let private errors (record: RunRecord) : ReportPart =
        let curves (name: string, cells: Cell[]) =
            let last = Array.last cells

            [
                Curve.through name (cells |> Array.map (fun cell -> float cell.N, cell.Error))
                { Curve.through
                      "Proposition 4.1"
                      (cells
                       |> Array.map (fun cell -> float cell.N, last.Predicted * sqrt (float last.N / float cell.N))) with
                    IsDashed = true
                }
            ]

        ReportPart.Picture(
            "estimation-error.svg",
            "The error of θ̂ against n; dashed the limit of Proposition 4.1, from the covariance that the fits of \
              the largest n predict, drawn back along 1/√n.",
            LineChart.svg
                {
                    Title = "Error of the estimate"
                    X = Axis.logarithmic "n, number of solutions"
                    Y = Axis.logarithmic "√E‖θ̂ − θ₀‖²"
                    Curves = cases record |> List.collect curves
                }
        )

    let private choices (record: RunRecord) : string =
        let number (name: string) =
            Terminal.number (Json.number name record.Settings)

        $"""n solutions are drawn from p_θ₀ (ε = {number "epsilon"}), θ̂_n solves y*_ε(θ̂_n) = Ȳ_n, and each """
        + $"""coordinate gets a confidence interval of level {number "level"} from the covariance of """
        + $"""Proposition 4.1 at θ̂_n; this is repeated {number "repetitions"} times with fresh solutions. The """
        + "first two models are fitted through their closed forms, the third through ten samples of its own "
        + "for each solution, whose error its covariance includes. The standard error of one coordinate's "
        + "coverage over 1,000 repetitions is 0.007."

    /// <summary>Coverage and the √n curve.</summary>
    /// <param name="record">The record, complete or not.</param>
    /// <returns>The report.</returns>
    let create (record: RunRecord) : ReportPart list =
        [ ReportPart.Paragraph(choices record); table record; coverage record; errors record ]
