namespace Perturbed.Experiments

open System
open System.IO

/// A number of the paper: the mean Spearman correlation and its standard deviation.
type PaperCell =
    {
        /// Which table: 1 or 2.
        Table: int
        /// The data set.
        Set: string
        /// The mean.
        Mean: float
        /// The standard deviation.
        StandardDeviation: float
    }

/// The paper's tables, from a CSV with the columns table, dataset, LOSS and LOSS_sd for each loss.
[<RequireQualifiedAccess>]
module PaperTables =

    /// <summary>The column of a loss.</summary>
    /// <param name="loss">The loss.</param>
    /// <returns>The name in the header.</returns>
    let columnOf (loss: RankingLoss) : string =
        match loss with
        | RankingLoss.FenchelYoung
        | RankingLoss.ExactFenchelYoung -> "fenchel_young"
        | RankingLoss.SmoothedSquared -> "perturbed_squared"
        | RankingLoss.Squared -> "squared"
        | RankingLoss.BlackBox -> "blackbox"

    let private column (path: string) (header: string[]) (name: string) : int =
        match Array.IndexOf(header, name) with
        | -1 -> Input.failAt path 1 $"the header has no column '{name}'; it has {String.Join(',', header)}."
        | at -> at

    /// <summary>Reads the cells of one loss.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="path">The file.</param>
    /// <returns>One cell a row.</returns>
    /// <exception cref="T:Perturbed.Experiments.InputException">A column is missing or a field cannot be read:
    /// path:line.</exception>
    let load (loss: RankingLoss) (path: string) : PaperCell[] =
        let lines =
            use reader = new StreamReader(InputFile.openRead path)
            reader.ReadToEnd().ReplaceLineEndings("\n").TrimEnd('\n').Split '\n'

        if lines = [| "" |] then
            Input.failAt path 1 "the file is empty; a header with table, dataset and losses was expected."

        let header = lines[0].Split(',', StringSplitOptions.TrimEntries)
        let table, set = column path header "table", column path header "dataset"
        let mean = column path header (columnOf loss)
        let deviation = column path header $"{columnOf loss}_sd"

        lines
        |> Array.indexed
        |> Array.skip 1
        |> Array.filter (fun (_, line) -> not (String.IsNullOrWhiteSpace line))
        |> Array.map (fun (index, line) ->
            let fields = line.Split(',', StringSplitOptions.TrimEntries)

            if fields.Length <> header.Length then
                Input.failAt path (index + 1) $"the row has {fields.Length} fields; the header has {header.Length}."

            let name (c: int) =
                $"{path}:{index + 1}: column '{header[c]}'"

            {
                Table = NumberSyntax.count 1 (name table) fields[table]
                Set = fields[set]
                Mean = NumberSyntax.number (name mean) fields[mean]
                StandardDeviation = NumberSyntax.number (name deviation) fields[deviation]
            })

    /// <summary>The cells of one data set, by table.</summary>
    /// <param name="set">The data set.</param>
    /// <param name="cells">All cells.</param>
    /// <returns>None where the paper has no such set.</returns>
    let ofSet (set: string) (cells: PaperCell[]) : PaperCell[] =
        cells |> Array.filter (fun cell -> cell.Set = set) |> Array.sortBy _.Table
