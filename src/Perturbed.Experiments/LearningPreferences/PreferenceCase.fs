namespace Perturbed.Experiments

open Perturbed.Functional

/// Which decisions were made.
[<RequireQualifiedAccess>]
type Preference =
    /// Each user took 3 of 12 items; in which order is not known.
    | Choices
    /// Each user ranked 6 items.
    | Rankings
    /// A dispatcher assigned 8 drivers to 8 riders.
    | Drivers

/// Decisions by known weights: the utility of an option is ⟨features, weights⟩ plus noise.
[<RequireQualifiedAccess>]
module PreferenceCase =

    /// All cases with their names.
    let all: (string * Preference) list =
        [
            "3 of 12 items", Preference.Choices
            "rankings of 6 items", Preference.Rankings
            "8 drivers to 8 riders", Preference.Drivers
        ]

    let private taken, private items, private ranked, private drivers = 3, 12, 6, 8

    /// <summary>The weights that decided.</summary>
    /// <param name="case">The case.</param>
    /// <returns>A number for each feature.</returns>
    let truth (case: Preference) : float[] =
        match case with
        | Preference.Choices -> [| 1.0; -0.75; 0.5; 0.25; 0.0 |]
        | Preference.Rankings -> [| 1.0; -0.5; 0.25; 0.0 |]
        | Preference.Drivers -> [| -2.0; -1.0; 0.5 |]

    /// <summary>What each feature is.</summary>
    /// <param name="case">The case.</param>
    /// <returns>A name for each.</returns>
    let features (case: Preference) : string list =
        match case with
        | Preference.Choices
        | Preference.Rankings -> truth case |> Seq.mapi (fun i _ -> $"feature {i}") |> Seq.toList
        | Preference.Drivers -> [ "distance to the rider"; "destination from home"; "rating × fare" ]

    /// <summary>The decision as an oracle.</summary>
    /// <param name="case">The case.</param>
    /// <returns>The oracle of the utilities.</returns>
    let oracle (case: Preference) : Oracle =
        match case with
        | Preference.Choices -> Oracle.topK taken items
        | Preference.Rankings -> Oracle.ranking ranked
        | Preference.Drivers -> Oracle.assignment drivers drivers

    /// <summary>The noise of a utility, of scale 1: under Gumbel noise choices and rankings follow the model of Plackett
    /// and Luce.</summary>
    /// <param name="case">The case.</param>
    /// <returns>The noise.</returns>
    let noise (case: Preference) : INoise =
        match case with
        | Preference.Choices
        | Preference.Rankings -> Noise.gumbel
        | Preference.Drivers -> Noise.gaussian

    let private normals (columns: int) (rows: int) (key: Key) : float[,] =
        Noise.gaussian |> Noise.sample columns rows key

    // Normal places of drivers, their homes, riders and destinations; ratings and fares.
    let private pairs (days: int) (key: Key) : float[,] =
        let place number =
            normals (2 * drivers) days (Key.fold number key)

        let driver, home, rider, destination = place 0, place 1, place 2, place 3

        let rating, fare =
            normals drivers days (Key.fold 4 key), normals drivers days (Key.fold 5 key)

        let distance (a: float[,]) i (b: float[,]) j day =
            sqrt (
                (a[day, 2 * i] - b[day, 2 * j]) ** 2.0
                + (a[day, 2 * i + 1] - b[day, 2 * j + 1]) ** 2.0
            )

        Array2D.init days (drivers * drivers * 3) (fun day at ->
            let i, j = at / 3 / drivers, at / 3 % drivers

            match at % 3 with
            | 0 -> distance driver i rider j day
            | 1 -> distance home i destination j day
            | _ -> rating[day, i] * fare[day, j])

    /// <summary>Decisions of some users or days.</summary>
    /// <param name="case">The case.</param>
    /// <param name="rows">How many.</param>
    /// <param name="key">Draws features and noise.</param>
    /// <returns>Features of all options side by side, and decisions.</returns>
    let draw (case: Preference) (rows: int) (key: Key) : Examples =
        let oracle, weights = oracle case, truth case
        let options = oracle.Dimension

        let inputs =
            match case with
            | Preference.Choices
            | Preference.Rankings -> normals (options * weights.Length) rows (Key.fold 0 key)
            | Preference.Drivers -> pairs rows (Key.fold 0 key)

        let luck = noise case |> Noise.sample options rows (Key.fold 1 key)

        let utilities =
            Model.shared options weights.Length
            |> Model.predict weights inputs
            |> Array2D.mapi (fun r i utility -> utility + luck[r, i])

        Examples.create inputs (oracle |> Oracle.solveBatch utilities)

    /// <summary>How much of a decision another one has right.</summary>
    /// <param name="case">The case.</param>
    /// <param name="made">The decision that was made.</param>
    /// <param name="predicted">The predicted one.</param>
    /// <returns>The share of the items or drivers that are the same; of rankings Spearman's correlation.</returns>
    let agreement (case: Preference) (made: float[]) (predicted: float[]) : float =
        match case with
        | Preference.Rankings -> Metrics.spearman made predicted
        | Preference.Choices
        | Preference.Drivers -> Array.sum (Array.map2 (*) made predicted) / Array.sum made
