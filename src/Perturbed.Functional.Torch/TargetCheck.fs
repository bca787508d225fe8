namespace Perturbed.Functional

open System
open System.Collections.Generic
open System.Numerics
open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open TorchSharp

/// Targets of Fenchel-Young losses: the oracle of its instance checks each row once, because epochs repeat the same
/// rows.
module internal TargetCheck =

    // Digests of 16 bytes; beyond this many an oracle's digests are dropped, and its rows checked again.
    let private mostRows = 1 <<< 18

    let private passed = ConditionalWeakTable<Oracle, HashSet<UInt128>>()

    // The relative error of means of solutions in a type of tensors; 0 where they have the precision of the core's.
    let private toleranceOf (dtype: torch.ScalarType) : float =
        match dtype with
        | torch.ScalarType.Float16
        | torch.ScalarType.BFloat16 -> 2.0 ** -6.0
        | torch.ScalarType.Float32 -> 1e-5
        | _ -> 0.0

    let private membership (tolerance: float) (target: float[]) (oracle: Oracle) : Membership =
        if tolerance = 0.0 then
            Oracle.membership target oracle
        else
            Oracle.membershipWithin tolerance target oracle

    // Two sums of the row's bits, each word multiplied and turned by itself: rows that differ by chance differ in them. A
    // row that passed in half precision has not passed in double.
    let private digest (tolerance: float) (row: ReadOnlySpan<float>) : UInt128 =
        let words = MemoryMarshal.Cast<float, uint64> row
        let mutable a = BitConverter.DoubleToUInt64Bits tolerance ^^^ 0x9E3779B97F4A7C15UL
        let mutable b = uint64 row.Length ^^^ 0xD1B54A32D192ED03UL

        for i in 0 .. words.Length - 1 do
            a <- BitOperations.RotateLeft((a ^^^ words[i]) * 0x87C37B91114253D5UL, 31) + b
            b <- BitOperations.RotateLeft((b ^^^ words[i]) * 0x4CF5AD432745937FUL, 33) + a

        UInt128(a * 0xBF58476D1CE4E5B9UL, b * 0x94D049BB133111EBUL)

    // The oracle that solves a row.
    let private oracleOf (op: Smoothed) : int -> Oracle =
        if op.Oracle.InstanceCount = 0 then
            fun _ -> op.Oracle
        else
            match op.Instances with
            | Some instances -> fun row -> Oracle.ofInstance instances[row] op.Oracle
            | None -> fun row -> Oracle.ofInstance (int op.FirstRow + row) op.Oracle

    /// <summary>
    /// Refuses a target outside of conv(Y), where the loss is +∞; under multiplicative noise it need not be.
    /// </summary>
    /// <param name="op">The operator, which knows the instance of each row and has an oracle for it.</param>
    /// <param name="dtype">The type of the tensor that the targets come from.</param>
    /// <param name="isChecked">Whether a row counts.</param>
    /// <param name="targets">Rows × d, finite.</param>
    let require
        (op: Smoothed)
        (dtype: torch.ScalarType)
        (isChecked: int -> bool)
        (targets: ReadOnlySpan<float>)
        : unit =
        // Another dimension of solutions than θ's is an error of the loss, which says so itself.
        if
            op.Perturbation = Perturbation.Additive
            && op.Oracle.SolutionDimension = op.Oracle.Dimension
        then
            let tolerance = toleranceOf dtype
            let d = op.Oracle.Dimension
            let rows = targets.Length / d
            let oracleOf = oracleOf op

            for row in 0 .. rows - 1 do
                if isChecked row then
                    let target = targets.Slice(row * d, d)
                    let oracle = oracleOf row
                    let known, key = passed.GetOrCreateValue oracle, digest tolerance target

                    if not (lock known (fun () -> known.Contains key)) then
                        match membership tolerance (target.ToArray()) oracle with
                        | Membership.Outside reason ->
                            let place = if rows = 1 then "target" else $"target, row {row},"

                            invalidArg
                                "target"
                                $"{place} is outside the hull of the solutions of oracle '{oracle.Name}': {reason}."
                        | _ ->
                            lock known (fun () ->
                                if known.Count >= mostRows then
                                    known.Clear()

                                known.Add key |> ignore)
