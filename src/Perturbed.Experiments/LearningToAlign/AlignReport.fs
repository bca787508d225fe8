namespace Perturbed.Experiments

open System.Globalization
open Perturbed.Functional.Charts

/// Tables and pictures of learning to align.
[<RequireQualifiedAccess>]
module AlignReport =

    let private byIdentity (record: RunRecord) (kind: string) : ReportPart =
        ReportPart.Table(
            $"{kind} alignment of held-out families: F1 of aligned pairs by identity, exact and within 1 and 4 \
              letters; mean over keys ± its standard error",
            [
                "identity"
                "pairs"
                "method"
                for tolerance in AlignTraining.tolerances do
                    if tolerance = 0 then "exact" else $"within {tolerance}"
            ],
            [
                for group in AlignResults.groups do
                    for method in AlignResults.methods record kind do
                        let keys = AlignResults.chosen record kind method

                        [
                            group
                            AlignResults.number 0 (AlignResults.pairsOf group keys)
                            method
                            for tolerance in AlignTraining.tolerances do
                                AlignResults.cell (AlignResults.f1 group tolerance keys)
                        ]
            ]
        )

    let private families: string list =
        ProteinFamilies.groups |> Seq.concat |> Seq.toList

    let private byFamily (record: RunRecord) (kind: string) : ReportPart =
        let names = AlignResults.methods record kind

        // Of the same pairs: the difference has a smaller error than the two means.
        let difference (family: string) (method: string) =
            List.map2
                (fun one other -> one - other)
                (AlignResults.f1 family 0 (AlignResults.chosen record kind method))
                (AlignResults.f1 family 0 (AlignResults.chosen record kind names.Head))

        ReportPart.Table(
            $"{kind} alignment: exact F1 on each family when it is held out, and its gain over the first method on \
              the same pairs",
            [
                "family"
                yield! names
                for name in names.Tail do
                    $"gain, {name}"
            ],
            [
                for family in "all" :: families do
                    [
                        family
                        for name in names do
                            AlignResults.cell (AlignResults.f1 family 0 (AlignResults.chosen record kind name))
                        for name in names.Tail do
                            AlignResults.cell (difference family name)
                    ]
            ]
        )

    let private homology (record: RunRecord) : ReportPart =
        let auroc (name: string) (keys: (string * PieceRecord[]) list) =
            keys
            |> List.map (fun (_, pieces) -> pieces |> Array.averageBy (fun piece -> Json.number name piece.Metrics))
            |> AlignResults.cell

        ReportPart.Table(
            "Related pairs told from others by the local alignment's score: area under the ROC curve, mean over \
              folds and keys",
            [ "method"; "against shuffled sequences"; "against another family" ],
            [
                for method in AlignResults.methods record "local" do
                    let keys = AlignResults.chosen record "local" method
                    [ method; auroc "aurocShuffled" keys; auroc "aurocUnrelated" keys ]
            ]
        )

    let private choices (record: RunRecord) (kind: string) : ReportPart =
        let counted (values: string seq) =
            values
            |> Seq.countBy id
            |> Seq.sortBy fst
            |> Seq.map (fun (value, count) -> $"{value} ({count})")
            |> String.concat ", "

        let pieces (method: string) =
            AlignResults.chosen record kind method |> Seq.collect snd

        let names = AlignResults.methods record kind

        let gaps =
            pieces names.Head
            |> Seq.map (fun p -> $"""{Json.number "gapOpening" p.Metrics}/{Json.number "gapExtension" p.Metrics}""")
            |> counted

        let scales =
            names.Tail
            |> List.map (fun name ->
                let of' =
                    pieces name
                    |> Seq.map (fun p -> $"""ε = {Json.number "epsilon" p.Settings}""")
                    |> counted

                $"{name} {of'}")
            |> String.concat "; "

        ReportPart.Paragraph
            $"Chosen for {kind} alignments, in how many of the trainings (folds × keys): gaps of BLOSUM62 \
              (opening/extension) {gaps}; {scales}."

    let private identityChart (record: RunRecord) (kind: string) : ReportPart =
        let title = $"F1 of {kind} alignments of held-out families, by identity"

        let chart: BarChart =
            {
                Title = title
                Groups = AlignResults.groups
                Y = Axis.linear "exact F1"
                Series =
                    [
                        for method in AlignResults.methods record kind do
                            let means: KeyMean list =
                                AlignResults.groups
                                |> List.map (fun group ->
                                    match AlignResults.f1 group 0 (AlignResults.chosen record kind method) with
                                    | [] -> { Value = nan; Error = nan }
                                    | values -> AlignResults.meanOf values)

                            {
                                Name = method
                                Values = means |> Seq.map _.Value |> Seq.toArray
                                Deviations = means |> Seq.map _.Error |> Seq.toArray
                            }
                    ]
            }

        ReportPart.Picture(
            $"learning-to-align-{kind}.svg",
            $"{title}; bars are one standard error over keys",
            BarChart.svg chart
        )

    let private example (record: RunRecord) : ReportPart list =
        let examples =
            [
                for method in AlignResults.methods record "local" do
                    match AlignResults.chosen record "local" method with
                    | (_, pieces) :: _ when pieces.Length > 0 -> method, Json.get "example" pieces[0].Metrics
                    | _ -> ()
            ]

        match examples with
        | [] -> []
        | (_, first) :: _ ->
            let points (name: string) (json: Json) =
                Json.items name json
                |> Array.map (fun pair ->
                    match pair with
                    | Json.Array numbers ->
                        let numbers = Seq.toArray numbers
                        Json.toNumber numbers[0], Json.toNumber numbers[1]
                    | _ -> nan, nan)

            let family = Json.string "family" first
            let title = $"The first test pair of {family}: aligned letters"

            let chart: LineChart =
                {
                    Title = title
                    X = Axis.linear "letter of the first sequence"
                    Y = Axis.linear "letter of the second sequence"
                    Curves =
                        [
                            { Curve.through "true alignment" (points "truth" first) with
                                IsDashed = true
                            }
                            for name, json in examples do
                                Curve.through name (points "found" json)
                        ]
                }

            [
                ReportPart.Picture(
                    "learning-to-align-example.svg",
                    $"{title}, by the true alignment and by each method",
                    LineChart.svg chart
                )
            ]

    let private settings (record: RunRecord) : ReportPart =
        let number name =
            (Json.number name record.Settings).ToString CultureInfo.InvariantCulture

        let batchSize = number "batchSize"
        let epochs = number "epochs"
        let hidden = number "hidden"
        let keys = number "keys"
        let learningRate = number "learningRate"
        let samples = number "samples"
        let testPairs = number "testPairs"
        let trainPairs = number "trainPairs"
        let unrelatedPairs = number "unrelatedPairs"
        let validationPairs = number "validationPairs"

        let sentences =
            [
                $"Seed alignments of eight Pfam families in four groups of two; each group is tested on settings \
                  chosen on the next one and weights learned on the two others. {keys} keys draw pairs, starts and \
                  noise."
                $"A pair is a piece of two sequences of a family with at most {SequencePair.Core} letters of each \
                  and at least {SequencePair.FewestMatches} aligned ones; for local alignments up to \
                  {SequencePair.Flank} random letters stand before and after. {trainPairs} pairs a family in \
                  training, {validationPairs} in validation, {testPairs} in test."
                $"θ of a cell is BLOSUM62 with the baseline's gap costs plus the output of a network, affine or \
                  with {hidden} hidden units, on {CellFeatures.count} numbers: BLOSUM62 along the diagonal, and \
                  seven classes of the letters at most two places away."
                $"Training: the Fenchel-Young loss under Gaussian noise, M = {samples}, {epochs} epochs of Adam \
                  from a rate of {learningRate} to 0, batches of {batchSize}; in local alignments {unrelatedPairs} \
                  pairs of different families whose target is the empty alignment."
                "Gap costs of the baseline are tuned on the pairs of training and validation; ε of a network, 0.5 \
                  or 1 half bit, is the one with the better F1 on the validation families. Nothing was \
                  chosen on test families."
            ]

        ReportPart.Paragraph(String.concat " " sentences)

    /// <summary>The report of a record, complete or not.</summary>
    /// <param name="record">The record.</param>
    /// <returns>The settings, and tables and pictures for each kind of alignment.</returns>
    let create (record: RunRecord) : ReportPart list =
        let kinds =
            AlignSettings.kinds
            |> List.map fst
            |> List.filter (fun kind -> not (AlignResults.methods record kind).IsEmpty)

        [
            settings record

            for kind in kinds do
                byIdentity record kind
                identityChart record kind
                byFamily record kind
                choices record kind

            if List.contains "local" kinds then
                homology record
                yield! example record
        ]
