namespace Perturbed.Functional

open Perturbed.Kernels

/// The numbers of a batch's rows: row r is row First + r of the stream of noise, and of the data it is the given
/// instance, or the instance of the number it has in the stream. The solver knows instances alone.
[<Struct; NoEquality; NoComparison>]
type internal RowNumbers private (first: int64, given: int[] | null) =

    /// Rows of the stream from 0, each its own instance.
    static member FromZero: RowNumbers = RowNumbers(0L, null)

    /// Rows of the stream from a first one, of the given instances.
    static member Of(first: int64, instances: int[], oracle: Oracle) : RowNumbers =
        Check.notNull (nameof instances) instances

        instances
        |> Array.iteri (fun row instance ->
            if instance < 0 then
                invalidArg (nameof instances) $"instances[{row}] is {instance}; instances are numbered from 0."

            let count = oracle.Instances.Length

            if count > 0 && instance >= count then
                invalidArg
                    (nameof instances)
                    $"instances[{row}] is {instance}; '{oracle.Name}' has {count} oracles, those of the instances 0 to {count - 1}.")

        RowNumbers(first, Array.copy instances)

    /// The number of the first row in the stream.
    member _.First: int64 = first

    /// The instances of the rows; null where none were given.
    member _.Given: int[] | null = given

    /// The same instances from another row of the stream on.
    member _.From(row: int64) : RowNumbers = RowNumbers(row, given)

    /// The numbers of some of the rows.
    member _.Part(start: int, count: int) : RowNumbers =
        let part: int[] | null =
            match given with
            | null -> null
            | instances -> Array.sub instances start count

        RowNumbers(first + int64 start, part)

    /// The instance of a row.
    member _.Instance(row: int) : int64 =
        match given with
        | null -> first + int64 row
        | instances -> int64 instances[row]

    /// A row in messages.
    member this.Describe(row: int) : string =
        match given with
        | null -> $"row {first + int64 row}"
        | _ -> $"row {first + int64 row} (instance {this.Instance row})"

    /// <summary>The error of a solver, which knows the instance at most, with row and sample (−1 for none) at which it
    /// occurred; null where it has them, or is no error of a solve.</summary>
    member this.Locate(error: exn, oracle: string, row: int, sample: int64) : OracleException | null =
        let number, instance, isGiven =
            first + int64 row, this.Instance row, not (isNull given)

        match error with
        | :? SolveFailedException as failed ->
            OracleException(oracle, number, instance, sample, FailedSolve.describe failed, failed)
        | :? OracleException as known when sample >= 0L || isGiven ->
            OracleException(known.Oracle, number, instance, sample, known.Reason, known.InnerException)
        | _ -> null

    /// As many instances as rows, and an oracle for each.
    member _.Check(oracle: Oracle, name: string, rows: int) : unit =
        match given with
        | null ->
            let count = oracle.Instances.Length

            if count > 0 && first + int64 rows > int64 count then
                let row = max first (int64 count)

                invalidArg
                    name
                    $"The batch has a row {row}, but '{oracle.Name}' has {count} oracles, one for each row from 0. \
                      `Smoothed.withInstances` tells which instance a row is."
        | instances ->
            if instances.Length <> rows then
                invalidArg
                    "instances"
                    $"instances has length {instances.Length}; the batch has {rows} rows, and each is an instance."
