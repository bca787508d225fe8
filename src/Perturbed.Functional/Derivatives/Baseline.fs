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
