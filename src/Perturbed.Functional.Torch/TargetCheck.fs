namespace Perturbed.Functional

open System
open System.Collections.Generic
open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open System.Security.Cryptography
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

    // A row that passed in half precision has not passed in double.
    let private digest (tolerance: float) (row: float[]) : UInt128 =
        let whole = SHA256.HashData(MemoryMarshal.AsBytes(ReadOnlySpan<float> row))

        UInt128(BitConverter.ToUInt64(whole, 0), BitConverter.ToUInt64(whole, 8))
        ^^^ UInt128(0UL, BitConverter.DoubleToUInt64Bits tolerance)

    // The oracle that solves each row.
    let private oracles (op: Smoothed) (rows: int) : Oracle[] =
        let instanceOf =
            match op.Instances with
            | Some instances -> fun row -> instances[row]
            | None -> fun row -> int op.FirstRow + row

        Array.init rows (fun row ->
            if op.Oracle.InstanceCount = 0 then
                op.Oracle
            else
                Oracle.ofInstance (instanceOf row) op.Oracle)

    /// <summary>
    /// Refuses a target outside of conv(Y), where the loss is +∞; under multiplicative noise it need not be.
    /// </summary>
    /// <param name="op">The operator, which knows the instance of each row and has an oracle for it.</param>
    /// <param name="dtype">The type of the tensor that the targets come from.</param>
    /// <param name="isChecked">Whether a row counts.</param>
    /// <param name="targets">[rows × d], finite.</param>
    let require (op: Smoothed) (dtype: torch.ScalarType) (isChecked: int -> bool) (targets: float[,]) : unit =
        // Another dimension of solutions than θ's is an error of the loss, which says so itself.
        if
            op.Perturbation = Perturbation.Additive
            && op.Oracle.SolutionDimension = op.Oracle.Dimension
        then
            let tolerance = toleranceOf dtype
            let rows = Array2D.length1 targets
            let oracles = oracles op rows

            for row in 0 .. rows - 1 do
                if isChecked row then
                    let target, oracle = targets[row, *], oracles[row]
                    let known, key = passed.GetOrCreateValue oracle, digest tolerance target

                    if not (lock known (fun () -> known.Contains key)) then
                        match membership tolerance target oracle with
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
