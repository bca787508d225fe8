namespace Perturbed.Functional

open System
open System.Numerics.Tensors
open Perturbed.Kernels

/// Noise, perturbed θ and scores of samples, into the memory of a thread.
[<Sealed>]
type internal NoiseDraws(context: PassContext, memory: SampleMemory) =
    let s = context.Settings
    let d = s.Oracle.Dimension

    let requireFinite (row: int) (first: int) (parameter: string) (what: string) (numbers: Span<float>) : unit =
        if not (TensorPrimitives.IsFiniteAll<float>(Span.op_Implicit numbers)) then
            let mutable at = 0

            while Double.IsFinite numbers[at] do
                at <- at + 1

            invalidArg
                parameter
                $"Noise '{s.Noise.Name}', row {context.Batch.Numbers.First + int64 row}, sample {first + at / d}: \
                  {what} is {numbers[at]} at coordinate {at % d}; every number must be finite."

    let part (numbers: float[]) (offset: int) (count: int) : Span<float> = Span(numbers, offset * d, count * d)

    /// z: samples first, first + 1, … of a row, from an offset in the memory on.
    member _.Noise(row: int, first: int, count: int, offset: int) : unit =
        let z = part memory.Noise offset count
        context.Sampler.Fill(context.StreamRow row, first, z)

        if context.Check = NumberCheck.All then
            requireFinite row first "noise" "its sample" z

    /// ∇ν(z), drawn without the samples or made of them.
    member _.Scores(row: int, first: int, count: int, offset: int) : unit =
        let scores = part memory.Scores offset count

        if context.DrawsScores then
            s.Noise.SampleScores(s.Key, context.StreamRow row, int64 first, d, scores)
        else
            s.Noise.Score(Span.op_Implicit (part memory.Noise offset count), d, scores)

        if context.Check = NumberCheck.All then
            requireFinite row first "noise" "its score" scores

    /// θ + εZ, or θ ⊙ exp(εZ − ε²/2) with its factor.
    member _.Perturb(row: int, first: int, count: int, offset: int) : unit =
        let theta = context.Batch.Row row
        let noise = Span.op_Implicit (part memory.Noise offset count)
        let perturbed = part memory.Perturbed offset count

        match s.Perturbation with
        | Perturbation.Additive ->
            Perturbations.Additive(theta, s.Epsilons, noise, perturbed)

            if context.Check <> NumberCheck.Nothing then
                requireFinite row first "theta" "the perturbed θ" perturbed
        | Perturbation.Multiplicative ->
            let factors = part memory.Factors offset count

            if not (Perturbations.Multiplicative(theta, s.Epsilons, noise, factors, perturbed)) then
                // A zero in θ times an infinite factor is NaN, so the perturbed entries alone tell where.
                let mutable at = 0

                while Double.IsFinite perturbed[at] do
                    at <- at + 1

                invalidArg
                    "theta"
                    $"theta, {context.Batch.Numbers.Describe row}, sample {first + at / d}: θ·exp(εZ − ε²/2), the \
                      multiplicative perturbation, overflows at coordinate {at % d}; a smaller epsilon is needed."
