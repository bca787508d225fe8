namespace Perturbed.Experiments

/// Whether a record is one of the run that is to go on from it.
[<RequireQualifiedAccess>]
module SameRun =

    // The member in which two settings differ, for a message that helps.
    let private difference (before: Json) (now: Json) : string =
        match before, now with
        | Json.Object old, Json.Object _ ->
            old
            |> Seq.tryPick (fun (name, value) ->
                let present =
                    Json.tryMember name now |> Option.map Json.text |> Option.defaultValue "absent"

                if Json.text value = present then
                    None
                else
                    Some $"{name} was {Json.text value} and is {present}")
            |> Option.defaultValue "a setting was added"
        | _ -> "the settings differ"

    /// <summary>Refuses a record whose experiment, version, key, settings or number of pieces are not those of a
    /// run.</summary>
    /// <param name="path">The record's path, for the message.</param>
    /// <param name="before">The record.</param>
    /// <param name="now">The run, without pieces.</param>
    /// <exception cref="T:Perturbed.Experiments.InputException">They differ: the message says in what.</exception>
    let check (path: string) (before: RunRecord) (now: RunRecord) : unit =
        let refuse (what: string) : unit =
            Input.fail
                $"{path} holds another run: {what}. Choose another --output, or --restart to throw that run away."

        if before.Experiment <> now.Experiment then
            refuse $"experiment was {before.Experiment} and is {now.Experiment}"

        if before.IsQuick <> now.IsQuick then
            refuse $"--quick was {before.IsQuick} and is {now.IsQuick}"

        if before.Key <> now.Key then
            refuse $"--key was {before.Key} and is {now.Key}"

        if Json.text before.Settings <> Json.text now.Settings then
            refuse (difference before.Settings now.Settings)

        if before.PieceCount <> now.PieceCount then
            refuse $"it has {before.PieceCount} pieces and now has {now.PieceCount}"

    /// <summary>Refuses a record with a piece that the plan does not have under its number.</summary>
    /// <param name="path">The record's path, for the message.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="record">The record.</param>
    /// <exception cref="T:Perturbed.Experiments.InputException">There is such a piece.</exception>
    let checkPieces (path: string) (plan: Plan) (record: RunRecord) : unit =
        for piece in record.Pieces do
            if
                piece.Index < 0
                || piece.Index >= plan.Pieces.Length
                || plan.Pieces[piece.Index].Name <> piece.Name
            then
                Input.fail
                    $"{path} holds another run: piece {piece.Index} is '{piece.Name}' there. Choose another \
                      --output, or --restart to throw that run away."
