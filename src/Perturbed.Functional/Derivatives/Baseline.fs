namespace Perturbed.Functional

open System
open Perturbed.Kernels

/// What is subtracted in a score-function derivative (`VarianceReduction`), and how the sums are divided: for
/// leave-one-out, Σ (y_m − ȳ) s_mᵀ / (M − 1).
[<NoEquality; NoComparison>]
type internal Baseline =
    {
        /// Subtracted from solutions, rows × k.
        Solutions: float[]
        /// Subtracted from values, a number a row.
        Values: float[]
        Denominator: float
        /// Whether it is the samples' own mean, whose part in a group of dependent samples is to be left out.
        LeavesGroupsOut: bool
    }

[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module internal Baseline =

    /// The baseline of an operator; `means` and `values` are those of the samples.
    let create (s: Settings) (batch: ThetaBatch) (means: float[]) (values: float[]) : Baseline =
        let samples = float s.Samples
        let groups = Sampler.groups s

        let fixedAt (solutions: float[]) (values: float[]) : Baseline =
            {
                Solutions = solutions
                Values = values
                Denominator = samples
                LeavesGroupsOut = false
            }

        let unperturbed () : Baseline =
            let struct (solutions, values) =
                Unperturbed.solve s.Oracle s.Cancellation batch.Numbers batch.Values batch.Rows

            fixedAt solutions values

        match s.VarianceReduction with
        | VarianceReduction.None -> fixedAt (Array.zeroCreate means.Length) (Array.zeroCreate values.Length)
        | VarianceReduction.Baseline -> unperturbed ()
        // One sample, or one group, has no others.
        | VarianceReduction.LeaveOneOut when groups.Count = 1 -> unperturbed ()
        | VarianceReduction.LeaveOneOut ->
            {
                Solutions = means
                Values = values
                Denominator = if groups.IsIndependent then samples - 1.0 else samples
                LeavesGroupsOut = not groups.IsIndependent
            }

    /// <summary>Adds what leaves a group of n samples out of its own baseline: (Σ_g left) ⊗ (Σ_g right)/(M −
    /// n).</summary>
    /// <remarks>Left is centred at the mean over all samples, and the mean outside of the group differs from it by
    /// −Σ_g left/(M − n).</remarks>
    let leaveGroupOut
        (groups: SampleGroups)
        (group: int)
        (left: Span<float>)
        (right: Span<float>)
        (sum: Span<float>)
        : unit =
        let others = float (groups.Samples - groups.SizeOf group)

        for i in 0 .. left.Length - 1 do
            let weight = left[i] / others
            let row = sum.Slice(i * right.Length, right.Length)

            for j in 0 .. right.Length - 1 do
                row[j] <- row[j] + weight * right[j]
