namespace Perturbed.Functional.Remote

open System
open System.IO
open Perturbed.Functional

/// What is summed, as bytes.
[<RequireQualifiedAccess>]
module internal StatisticForm =

    let private writeTerm (target: PlainWriter) (term: ScoreTerm) : unit =
        let one (tag: byte) (numbers: float[]) =
            target.Byte tag
            target.Floats(ReadOnlySpan numbers)

        let two (tag: byte) (numbers: float[]) (centre: float[]) =
            one tag numbers
            target.Floats(ReadOnlySpan centre)

        match term with
        | ScoreTerm.VectorJacobian(cotangents, centre) -> two 0uy cotangents centre
        | ScoreTerm.JacobianVector(tangents, centre) -> two 1uy tangents centre
        | ScoreTerm.Jacobian centre -> one 2uy centre
        | ScoreTerm.ValueScore centre -> one 3uy centre
        | ScoreTerm.ValueHessianVector(vectors, centre) -> two 4uy vectors centre
        | ScoreTerm.ValueJacobian centre -> one 5uy centre

    let rec write (target: PlainWriter) (statistic: Statistic) : unit =
        match statistic with
        | Statistic.Solutions -> target.Byte 0uy
        | Statistic.Gradients -> target.Byte 1uy
        | Statistic.ValueMoments -> target.Byte 2uy
        | Statistic.SolutionMoments -> target.Byte 3uy
        | Statistic.ValueMomentsOfGroups -> target.Byte 4uy
        | Statistic.SolutionMomentsOfGroups -> target.Byte 5uy
        | Statistic.Agreement -> target.Byte 6uy
        | Statistic.Scatter centre ->
            target.Byte 7uy
            target.Floats(ReadOnlySpan centre)
        | Statistic.ScoreSums(term, leavesGroupsOut, withErrors, used) ->
            target.Byte 8uy
            target.Flag leavesGroupsOut
            target.Flag withErrors
            writeTerm target term
            target.Floats(ReadOnlySpan used)
        | Statistic.Pair(a, b) ->
            target.Byte 9uy
            write target a
            write target b
        | Statistic.OfSuccesses inner ->
            target.Byte 10uy
            write target inner

    // Pairs of pairs, as deep as any operator asks for.
    let private deepest = 8

    /// The statistic of some rows, each of its arrays of the width that the operator's dimensions give it.
    let read (source: PlainReader) (rows: int) (d: int) (k: int) : Statistic =
        let numbers (what: string) (width: int) : float[] =
            let values = source.Floats what

            if int64 values.Length <> int64 rows * int64 width then
                raise (
                    InvalidDataException
                        $"The {what} of a unit has {values.Length} numbers; {rows} rows of {width} were expected."
                )

            if values |> Array.exists (Double.IsFinite >> not) then
                raise (InvalidDataException $"The {what} of a unit has a number that is not finite.")

            values

        let term () : ScoreTerm =
            match source.Byte "term" with
            | 0uy ->
                let cotangents = numbers "cotangents" k
                ScoreTerm.VectorJacobian(cotangents, numbers "centre" k)
            | 1uy ->
                let tangents = numbers "tangents" d
                ScoreTerm.JacobianVector(tangents, numbers "centre" k)
            | 2uy -> ScoreTerm.Jacobian(numbers "centre" k)
            | 3uy -> ScoreTerm.ValueScore(numbers "centre" 1)
            | 4uy ->
                let vectors = numbers "vectors" d
                ScoreTerm.ValueHessianVector(vectors, numbers "centre" 1)
            | 5uy -> ScoreTerm.ValueJacobian(numbers "centre" 1)
            | other -> raise (InvalidDataException $"A unit sums the term {other}, which is none.")

        let rec statistic (depth: int) : Statistic =
            match source.Byte "statistic" with
            | 0uy -> Statistic.Solutions
            | 1uy -> Statistic.Gradients
            | 2uy -> Statistic.ValueMoments
            | 3uy -> Statistic.SolutionMoments
            | 4uy -> Statistic.ValueMomentsOfGroups
            | 5uy -> Statistic.SolutionMomentsOfGroups
            | 6uy -> Statistic.Agreement
            | 7uy when rows = 1 -> Statistic.Scatter(numbers "centre" k)
            | 8uy ->
                let leavesGroupsOut = source.Flag "groups"
                let withErrors = source.Flag "errors"
                let term = term ()
                let used = source.Floats "counts"

                if used.Length <> 0 && used.Length <> rows then
                    raise (InvalidDataException $"A unit of {rows} rows has the counts of {used.Length}.")

                Statistic.ScoreSums(term, leavesGroupsOut, withErrors, used)
            | 9uy when depth < deepest ->
                let first = statistic (depth + 1)
                Statistic.Pair(first, statistic (depth + 1))
            | 10uy when depth = 0 -> Statistic.OfSuccesses(statistic (depth + 1))
            | other -> raise (InvalidDataException $"A unit sums the statistic {other}, which is none here.")

        statistic 0
