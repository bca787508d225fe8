namespace Perturbed.Experiments

open System.Globalization

/// Settings that a method may take, and how to score them on validation data.
type Candidate =
    {
        /// The method whose settings they are, such as a loss.
        Method: string
        /// The settings by name.
        Settings: (string * float) list
        /// The cost, in units of the choice's own, for the progress bar.
        Cost: float
        /// Trains under the settings and scores on validation data: higher is better.
        Score: PieceContext -> float
    }

/// <summary>The choice of an experiment's settings: every candidate is trained and scored on validation data, and the
/// best one of each method is taken.</summary>
/// <remarks>
/// Validation data share no row with the data of a report. A choice is an experiment of its own, so that its record
/// can be kept with the record of the run that was made with its settings.
/// </remarks>
[<RequireQualifiedAccess>]
module Choice =

    let private number (value: float) : string =
        value.ToString("G4", CultureInfo.InvariantCulture)

    let private text (settings: (string * float) list) : string =
        settings
        |> List.map (fun (name, value) -> $"{name} {number value}")
        |> String.concat ", "

    /// <summary>The pieces of a choice, one for each candidate.</summary>
    /// <param name="candidates">The candidates, in the order in which ties are broken.</param>
    /// <returns>Pieces whose only metric is the score.</returns>
    let pieces (candidates: Candidate list) : Piece[] =
        [|
            for candidate in candidates do
                {
                    Name = $"{candidate.Method}/{text candidate.Settings}"
                    Settings =
                        Json.Object
                            [
                                "method", Json.Text candidate.Method
                                "candidate",
                                Json.Object [ for name, value in candidate.Settings -> name, Json.Number value ]
                            ]
                    Weight = candidate.Cost
                    Run = fun context -> PieceResult.ofMetrics [ "score", Json.Number(candidate.Score context) ]
                }
        |]

    let private score (piece: PieceRecord) : float = Json.number "score" piece.Metrics

    let private methodOf (piece: PieceRecord) : string = Json.string "method" piece.Settings

    let private settingsOf (piece: PieceRecord) : (string * float) list =
        match Json.get "candidate" piece.Settings with
        | Json.Object members -> [ for name, value in members -> name, Json.toNumber value ]
        | _ -> []

    let private bestPiece (pieces: PieceRecord[]) : PieceRecord =
        pieces |> Array.sortBy _.Index |> Array.maxBy score

    /// <summary>The settings with the highest score of a method; of equal scores the first in the plan.</summary>
    /// <param name="name">The method.</param>
    /// <param name="record">The record of the choice.</param>
    /// <returns>Settings by name.</returns>
    /// <exception cref="T:Perturbed.Experiments.InputException">The record has no candidate of the method.</exception>
    let best (name: string) (record: RunRecord) : (string * float) list =
        match record.Pieces |> Array.filter (fun piece -> methodOf piece = name) with
        | [||] -> Input.fail $"The record of {record.Experiment} has no candidate of '{name}'."
        | pieces -> settingsOf (bestPiece pieces)

    /// <summary>The report of a choice: the rule, and the candidates of each method with their scores.</summary>
    /// <param name="rule">What the candidates are trained on, and what the score is.</param>
    /// <param name="record">The record, complete or not.</param>
    /// <returns>A paragraph and a table.</returns>
    let report (rule: string) (record: RunRecord) : ReportPart list =
        let rows =
            [
                for name, pieces in record.Pieces |> Array.sortBy _.Index |> Array.groupBy methodOf do
                    let chosen = bestPiece pieces

                    for piece in pieces do
                        [
                            name
                            text (settingsOf piece)
                            (score piece).ToString("F4", CultureInfo.InvariantCulture)
                            (if piece.Index = chosen.Index then "taken" else "")
                        ]
            ]

        [
            ReportPart.Paragraph rule
            ReportPart.Table("Candidates and their validation scores", [ "method"; "settings"; "score"; "" ], rows)
        ]
