namespace Perturbed.Functional

open System
open Perturbed.Kernels

/// Sums of solutions, as the estimates of Definition 3.1 need them.
module internal SumAccumulations =

    /// Σ y (k).
    let solutions (k: int) : Accumulation =
        { new Accumulation(k, Needs.Nothing) with
            member _.Add(block, state) = block.AddSolutions state
        }

    // Under multiplicative noise the gradient of the maximum is y ⊙ factor.
    let private scaledSolutions (k: int) : Accumulation =
        { new Accumulation(k, Needs.Factors) with
            member _.Add(block, state) =
                let terms = Span(block.Scratch, 0, block.Count * k)
                let y = block.SolutionRows
                let factors = block.Factors

                for i in 0 .. terms.Length - 1 do
                    terms[i] <- y[i] * factors[i]

                Sums.AddRows(Span.op_Implicit terms, state)
        }

    /// Σ ∂F/∂θ (k).
    let gradients (perturbation: Perturbation) (k: int) : Accumulation =
        match perturbation with
        | Perturbation.Additive -> solutions k
        | Perturbation.Multiplicative -> scaledSolutions k

    /// Σ (y − centre) yᵀ of one row (k × k).
    let scatter (k: int) (centre: float[]) : Accumulation =
        { new Accumulation(k * k, Needs.Nothing) with
            member _.Add(block, state) =
                let y: ReadOnlySpan<float> = Span.op_Implicit block.SolutionRows
                Sums.AddOuterProducts(y, ReadOnlySpan(centre, block.Row * k, k), y, k, state, Span.Empty)
        }
