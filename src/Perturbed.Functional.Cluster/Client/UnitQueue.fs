namespace Perturbed.Functional.Cluster

open System
open System.Collections.Generic
open System.Numerics
open Perturbed.Functional.Remote

/// The work of a pass that no silo has: what was never cut into units, and units that came back. Not safe for several
/// threads.
[<Sealed>]
type internal UnitQueue(pass: RemotePass) =
    let returned = SortedDictionary<int64, UnitRange>()
    let mutable row = 0
    let mutable part = 0
    let mutable remaining = float pass.Rows * float pass.SamplesOfRow
    // Work from here on is no longer wanted.
    let mutable stop = Int64.MaxValue

    let cut (samples: float) (mostRows: int) : UnitRange =
        if part = 0 && samples >= float pass.SamplesOfRow then
            let rows =
                int (min (samples / float pass.SamplesOfRow) (float (min mostRows (pass.Rows - row))))

            {
                Row = row
                Rows = max 1 rows
                Part = 0
                Parts = pass.Parts
            }
        else
            // The largest node of the tree that starts here and is not above what is wanted.
            let wanted = max 1.0 (samples / float pass.PartSamples)
            let size = 1 <<< BitOperations.Log2(uint32 (min wanted (float pass.Parts)))

            let aligned =
                if part = 0 then
                    size
                else
                    min size (1 <<< BitOperations.TrailingZeroCount part)

            {
                Row = row
                Rows = 1
                Part = part
                Parts = min aligned (pass.Parts - part)
            }

    /// The place of a unit among all, in the order of rows and parts.
    member _.Position(range: UnitRange) : int64 =
        int64 range.Row * int64 pass.Parts + int64 range.Part

    /// The samples that wait.
    member _.Remaining: float = remaining

    /// About so many samples of the work that comes first.
    member this.Take(samples: float, mostRows: int) : UnitRange voption =
        let range =
            if returned.Count > 0 then
                let first = Seq.head returned
                returned.Remove first.Key |> ignore
                ValueSome first.Value
            elif row < pass.Rows && int64 row * int64 pass.Parts + int64 part < stop then
                let range = cut samples mostRows

                if range.Part + range.Parts < pass.Parts then
                    part <- range.Part + range.Parts
                else
                    row <- row + range.Rows
                    part <- 0

                ValueSome range
            else
                ValueNone

        match range with
        | ValueSome range -> remaining <- remaining - float (pass.SamplesOf range)
        | ValueNone -> ()

        range

    /// Gives a unit back.
    member this.Return(range: UnitRange) : unit =
        let position = this.Position range

        if position < stop then
            returned.Add(position, range)
            remaining <- remaining + float (pass.SamplesOf range)

    /// Forgets the work from a position on.
    member _.Stop(position: int64) : unit =
        stop <- min stop position

        for key in returned.Keys |> Seq.filter (fun key -> key >= stop) |> Array.ofSeq do
            returned.Remove key |> ignore

    /// Whether nothing that is wanted waits.
    member _.IsEmpty: bool =
        returned.Count = 0
        && (row >= pass.Rows || int64 row * int64 pass.Parts + int64 part >= stop)
