namespace Perturbed.Functional

/// How many samples of each row the sums are over: all M, or fewer where failed ones were left out.
[<Struct; NoEquality; NoComparison>]
type internal SampleCounts private (all: int, used: int[] | null) =

    /// All M samples of every row.
    static member All(samples: int) : SampleCounts = SampleCounts(samples, null)

    /// As many as given, a number a row.
    static member OfRows(samples: int, used: int[]) : SampleCounts =
        SampleCounts(samples, (if Array.forall ((=) samples) used then null else used))

    /// Whether no sample of any row was left out.
    member _.IsAll: bool = isNull used

    member _.Of(row: int) : int =
        match used with
        | null -> all
        | used -> used[row]

    /// How many samples of a row were left out.
    member this.LeftOut(row: int) : int = all - this.Of row

    /// How many samples of all rows were left out.
    member _.AllLeftOut: int =
        match used with
        | null -> 0
        | used -> used.Length * all - Array.sum used

    /// The counts as data, a number for each of the rows; empty where no sample was left out.
    member _.Data(rows: int) : float[] =
        match used with
        | null -> [||]
        | used -> Array.init rows (fun row -> float used[row])
