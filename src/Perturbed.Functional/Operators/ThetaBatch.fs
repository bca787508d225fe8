namespace Perturbed.Functional

open System

/// A batch of θ that has been validated against an operator; what takes one checks nothing again.
[<NoEquality; NoComparison>]
type internal ThetaBatch =
    {
        /// Rows × Width, row-major.
        Values: float[]
        Rows: int
        /// d.
        Width: int
        /// The numbers of the rows.
        Numbers: RowNumbers
    }

    member this.Row(row: int) : ReadOnlySpan<float> =
        ReadOnlySpan(this.Values, row * this.Width, this.Width)

    /// Some of the rows, with their own numbers.
    member this.Part(first: int, count: int) : ThetaBatch =
        if count = this.Rows then
            this
        else
            { this with
                Values = Array.sub this.Values (first * this.Width) (count * this.Width)
                Rows = count
                Numbers = this.Numbers.Part(first, count)
            }

[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module internal ThetaBatch =

    /// A batch of one row.
    let ofRow (s: Settings) (theta: float[]) : ThetaBatch =
        Check.notNull "theta" theta
        Check.length "theta" theta.Length s.Oracle.Dimension $"the dimension of oracle '{s.Oracle.Name}'"
        s.Rows.Check(s.Oracle, "theta", 1)
        Check.theta "theta" -1L (ReadOnlySpan theta)

        {
            Values = theta
            Rows = 1
            Width = theta.Length
            Numbers = s.Rows
        }

    /// Rows that stand flat, each of the oracle's dimension.
    let ofFlat (s: Settings) (name: string) (values: float[]) (rows: int) : ThetaBatch =
        let d = s.Oracle.Dimension
        s.Rows.Check(s.Oracle, name, rows)

        for row in 0 .. rows - 1 do
            Check.theta name (int64 row) (ReadOnlySpan(values, row * d, d))

        {
            Values = values
            Rows = rows
            Width = d
            Numbers = s.Rows
        }

    /// Rows in memory of the caller, copied.
    let ofSpan (s: Settings) (name: string) (values: ReadOnlySpan<float>) : ThetaBatch =
        let d = s.Oracle.Dimension

        if values.Length % d <> 0 then
            invalidArg
                name
                $"{name} has {values.Length} numbers; rows of the dimension of oracle '{s.Oracle.Name}', {d}, were expected."

        let rows = values.Length / d

        if s.Rows.First + int64 rows > int64 UInt32.MaxValue then
            invalidArg name $"Rows {s.Rows.First} to {s.Rows.First + int64 rows} exceed the 2^32 rows of a stream."

        let copy: float[] = CallMemory.rent s.Memory values.Length
        values.CopyTo(Span copy)
        ofFlat s name copy rows

    let ofMatrix (s: Settings) (thetas: float[,]) : ThetaBatch =
        Check.notNull "thetas" thetas
        let rows = Array2D.length1 thetas
        let first = s.Rows.First

        if rows > 0 && Array2D.length2 thetas <> s.Oracle.Dimension then
            invalidArg
                "thetas"
                $"thetas has rows of length {Array2D.length2 thetas}; the dimension of oracle '{s.Oracle.Name}' is {s.Oracle.Dimension}."

        if first + int64 rows > int64 UInt32.MaxValue then
            invalidArg "thetas" $"Rows {first} to {first + int64 rows} exceed the 2^32 rows of a stream."

        ofFlat s "thetas" (Rows.flatten thetas) rows

    /// A second argument of a batch, of the given width.
    let companion (name: string) (values: float[,]) (rows: int) (width: int) : float[] =
        Check.notNull name values

        if Array2D.length1 values <> rows then
            invalidArg name $"{name} has {Array2D.length1 values} rows; thetas has {rows}."

        if rows > 0 && Array2D.length2 values <> width then
            invalidArg name $"{name} has rows of length {Array2D.length2 values}; {width} was expected."

        Check.finiteMatrix name values
        Rows.flatten values

    /// A second argument of one row.
    let vector (name: string) (values: float[]) (width: int) : unit =
        Check.notNull name values
        Check.length name values.Length width "the expected length"
        Check.finiteVector name values
