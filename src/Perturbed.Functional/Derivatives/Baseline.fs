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
        /// One number, or one for each row.
        Denominators: float[]
        /// How many samples of each row the means are over.
        Counts: SampleCounts
        /// Whether it is the samples' own mean, whose part in a group of dependent samples is to be left out.
        LeavesGroupsOut: bool
    }

    member this.Denominator(row: int) : float =
        if this.Denominators.Length = 1 then
            this.Denominators[0]
        else
            this.Denominators[row]

    /// What the sums of a row over so many samples are divided by: a pass that solves again may leave other samples out
    /// where a solver has a time limit.
    member this.DenominatorOf(row: int, counts: SampleCounts) : float =
        let first, again = this.Counts.Of row, counts.Of row

        if first = again then
            this.Denominator row
        else
            this.Denominator row * float again / float first

[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module internal Baseline =

    // A number for each row, or one for all where no sample was left out.
    let private ofRows (counts: SampleCounts) (rows: int) (number: int -> float) : float[] =
        Array.init (if counts.IsAll then 1 else rows) (fun row -> number (counts.Of row))

    // y*(θ) and F(θ) in the rows that have one sample, or one group, which has no others.
    let private withoutOthers
        (s: Settings)
        (batch: ThetaBatch)
        (isAlone: int -> bool)
        (solutions: float[])
        (values: float[])
        : unit =
        for row in 0 .. batch.Rows - 1 do
            if isAlone row then
                let part = batch.Part(row, 1)

                let struct (y, f) =
                    Unperturbed.solve s.Oracle s.Cancellation part.Numbers part.Values 1

                y.CopyTo(solutions, row * y.Length)

                if values.Length > 0 then
                    values[row] <- f[0]

    /// The baseline of an operator; `means` and `values` are those of so many samples.
    let create (s: Settings) (batch: ThetaBatch) (counts: SampleCounts) (means: float[]) (values: float[]) : Baseline =
        let groups = Sampler.groups s

        let fixedAt (solutions: float[]) (values: float[]) : Baseline =
            {
                Solutions = solutions
                Values = values
                Denominators = ofRows counts batch.Rows float
                Counts = counts
                LeavesGroupsOut = false
            }

        let unperturbed () : Baseline =
            let struct (solutions, values) =
                Unperturbed.solve s.Oracle s.Cancellation batch.Numbers batch.Values batch.Rows

            fixedAt solutions values

        // Two groups have more samples than one group has.
        let isAlone (row: int) : bool = counts.Of row <= groups.Size

        match s.VarianceReduction with
        | VarianceReduction.None -> fixedAt (Array.zeroCreate means.Length) (Array.zeroCreate values.Length)
        | VarianceReduction.Baseline -> unperturbed ()
        | VarianceReduction.LeaveOneOut when groups.Count = 1 -> unperturbed ()
        | VarianceReduction.LeaveOneOut ->
            if not counts.IsAll then
                withoutOthers s batch isAlone means values

            {
                Solutions = means
                Values = values
                Denominators =
                    ofRows counts batch.Rows (fun used ->
                        if groups.IsIndependent && used > 1 then
                            float used - 1.0
                        else
                            float used)
                Counts = counts
                LeavesGroupsOut = not groups.IsIndependent
            }
