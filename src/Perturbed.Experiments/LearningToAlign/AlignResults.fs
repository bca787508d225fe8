namespace Perturbed.Experiments

open System.Globalization

/// A mean over keys with its standard error, NaN for one key.
type KeyMean = { Value: float; Error: float }

/// What a record of learning to align says of its methods.
[<RequireQualifiedAccess>]
module AlignResults =

    /// A number with so many decimals.
    let number (digits: int) (value: float) : string =
        value.ToString($"F{digits}", CultureInfo.InvariantCulture)

    /// A method of a kind under each key: of each fold the piece that did best on the validation families.
    let chosen (record: RunRecord) (kind: string) (method: string) : (string * PieceRecord[]) list =
        Record.piecesOf $"{kind}/" record
        |> Array.filter (fun piece -> Json.string "method" piece.Settings = method)
        |> Array.groupBy (fun piece -> piece.Name.Split('/')[1])
        |> Array.map (fun (key, pieces) ->
            key,
            pieces
            |> Array.groupBy (fun piece -> piece.Name.Split('/')[2])
            |> Array.map (fun (_, candidates) ->
                candidates |> Array.maxBy (fun p -> Json.number "validation" p.Metrics)))
        |> Array.toList

    /// The methods of a kind, the baseline first.
    let methods (record: RunRecord) (kind: string) : string list =
        Record.piecesOf $"{kind}/" record
        |> Seq.map (fun piece -> Json.string "method" piece.Settings)
        |> Seq.distinct
        |> Seq.toList

    /// The mean of one value a key.
    let meanOf (values: float list) : KeyMean =
        let n = float values.Length
        let mean = List.average values

        {
            Value = mean
            Error =
                if values.Length < 2 then
                    nan
                else
                    sqrt (List.sumBy (fun v -> (v - mean) ** 2.0) values / (n - 1.0) / n)
        }

    let private show (mean: KeyMean) : string =
        if System.Double.IsNaN mean.Value then "-"
        elif System.Double.IsNaN mean.Error then number 3 mean.Value
        else $"{number 3 mean.Value} ± {number 3 mean.Error}"

    /// F1 over the test pairs of all folds, for each key.
    let f1 (group: string) (tolerance: int) (keys: (string * PieceRecord[]) list) : float list =
        keys
        |> List.map (fun (_, pieces) ->
            let parts =
                pieces
                |> Array.choose (fun piece -> Json.tryMember group piece.Metrics)
                |> Array.map (fun part -> Json.number "pairs" part, part)
                |> Array.filter (fun (count, _) -> count > 0.0)

            (parts
             |> Array.sumBy (fun (count, part) -> count * Json.number $"f1 within {tolerance}" part))
            / (parts |> Array.sumBy fst))
        |> List.filter System.Double.IsFinite

    /// All pairs, and those of each class of identity.
    let groups: string list =
        "all" :: (AlignTraining.identities |> List.map (fun (name, _, _) -> name))

    /// A mean with its error, as a cell of a table.
    let cell (values: float list) : string =
        if values.IsEmpty then "-" else show (meanOf values)

    /// How many test pairs of all keys there are.
    let pairsOf (group: string) (keys: (string * PieceRecord[]) list) : float =
        keys
        |> List.sumBy (fun (_, pieces) ->
            pieces
            |> Array.sumBy (fun piece ->
                Json.tryMember group piece.Metrics
                |> Option.map (Json.number "pairs")
                |> Option.defaultValue 0.0))
