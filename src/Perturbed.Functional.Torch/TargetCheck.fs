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

    // The rounding error of means of solutions in a type of tensors.
    let private allowanceOf (dtype: torch.ScalarType) : Allowance =
        match dtype with
        | torch.ScalarType.Float16
        | torch.ScalarType.BFloat16 -> Allowance.ofHalves
        | torch.ScalarType.Float32 -> Allowance.ofSingles
        | _ -> Allowance.ofDoubles

    // A row that passed in half precision has not passed in double.
    let private digest (allowance: Allowance) (row: float[]) : UInt128 =
        let whole = SHA256.HashData(MemoryMarshal.AsBytes(ReadOnlySpan<float> row))

        UInt128(BitConverter.ToUInt64(whole, 0), BitConverter.ToUInt64(whole, 8))
        ^^^ UInt128(0UL, BitConverter.DoubleToUInt64Bits allowance.Relative)

    /// <summary>
    /// Refuses a target outside of conv(Y), where the loss is +∞; under multiplicative noise it need not be.
    /// </summary>
    /// <param name="op">The operator, which knows the instance of each row.</param>
    /// <param name="dtype">The type of the tensor that the targets come from.</param>
    /// <param name="isChecked">Whether a row counts.</param>
    /// <param name="targets">[rows × d], finite.</param>
    let require (op: Smoothed) (dtype: torch.ScalarType) (isChecked: int -> bool) (targets: float[,]) : unit =
        // Another dimension of solutions than θ's is an error of the loss, which says so itself.
        if
            op.Perturbation = Perturbation.Additive
            && op.Oracle.SolutionDimension = op.Oracle.Dimension
        then
            let allowance = allowanceOf dtype

            let seen =
                Array.init (Array2D.length1 targets) (fun row ->
                    struct (passed.GetOrCreateValue(op.Settings.OracleOf row), digest allowance targets[row, *]))

            let isNew (row: int) =
                let struct (rows, key) = seen[row]
                isChecked row && not (lock rows (fun () -> rows.Contains key))

            let fresh = Array.init seen.Length isNew

            FenchelYoung.checkTargets allowance "target" (fun row -> fresh[row]) targets op

            for row in 0 .. seen.Length - 1 do
                if fresh[row] then
                    let struct (rows, key) = seen[row]

                    lock rows (fun () ->
                        if rows.Count >= mostRows then
                            rows.Clear()

                        rows.Add key |> ignore)
