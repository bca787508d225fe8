namespace Perturbed.Functional

open System
open Perturbed.Kernels

/// Sums of solutions and values, as the estimates of Definition 3.1 need them.
module internal Passes =

    // The gradient of the maximum with respect to theta is y under additive noise, and y ⊙ factor under multiplicative noise.
    let private addGradients (multiplicative: bool) (k: int) (block: Block) (sum: Span<float>) : unit =
        if multiplicative then
            let target = Span(block.Scratch, 0, block.Count * k)
            let y = block.Solutions
            let factor = block.Factors

            for i in 0 .. target.Length - 1 do
                target[i] <- y[i] * factor[i]

            Sums.AddRows(Span.op_Implicit target, sum)
        else
            block.AddSolutions sum

    /// Σ y (k numbers).
    let solutions (k: int) : Pass =
        { new Pass(k) with
            member _.Add(block, state) = block.AddSolutions state
        }

    /// Σ ∂F/∂θ (k numbers).
    let gradient (multiplicative: bool) (k: int) : Pass =
        { new Pass(k) with
            member _.NeedsFactor = multiplicative

            member _.Add(block, state) =
                addGradients multiplicative k block state
        }

    /// Moments of F (3 numbers), then Σ ∂F/∂θ (k numbers).
    let valueAndGradient (multiplicative: bool) (k: int) : Pass =
        let head = Moments.Length 1

        { new Pass(head + k) with
            member _.NeedsValues = true
            member _.NeedsFactor = multiplicative

            member _.Add(block, state) =
                let scratch = Span(block.Scratch, block.Count * k, head)
                Moments.AddRows(Span.op_Implicit block.Values, state.Slice(0, head), scratch)
                addGradients multiplicative k block (state.Slice(head, k))

            member _.Merge(state, other) =
                Moments.Merge(state.Slice(0, head), Span.op_Implicit (other.Slice(0, head)))

                for i in head .. state.Length - 1 do
                    state[i] <- state[i] + other[i]
        }

    /// Σ (y − centre) yᵀ (k × k): with the mean as the centre, the scatter of the solutions.
    let scatter (k: int) (centre: float[]) : Pass =
        { new Pass(k * k) with
            member _.Add(block, state) =
                let y: ReadOnlySpan<float> = Span.op_Implicit block.Solutions
                let centre = ReadOnlySpan(centre, block.Row * k, k)
                Sums.AddOuterProducts(y, centre, y, k, state, Span.Empty)
        }

    /// Moments of y (1 + 2k numbers).
    let solutionMoments (k: int) : Pass =
        { new Pass(Moments.Length k) with
            member _.Add(block, state) =
                Moments.AddRows(Span.op_Implicit block.Solutions, state, Span block.Scratch)

            member _.Merge(state, other) =
                Moments.Merge(state, Span.op_Implicit other)
        }

    /// Moments of F (3 numbers), then moments of y (1 + 2k numbers).
    let moments (k: int) : Pass =
        let head = Moments.Length 1

        { new Pass(head + Moments.Length k) with
            member _.NeedsValues = true

            member _.Add(block, state) =
                let scratch = Span block.Scratch
                Moments.AddRows(Span.op_Implicit block.Values, state.Slice(0, head), scratch)
                Moments.AddRows(Span.op_Implicit block.Solutions, state.Slice head, scratch)

            member _.Merge(state, other) =
                Moments.Merge(state.Slice(0, head), Span.op_Implicit (other.Slice(0, head)))
                Moments.Merge(state.Slice head, Span.op_Implicit (other.Slice head))
        }

    /// Moments of F alone.
    let values: Pass =
        { new Pass(Moments.Length 1) with
            member _.NeedsValues = true

            member _.Add(block, state) =
                Moments.AddRows(Span.op_Implicit block.Values, state, Span(block.Scratch, 0, 8))

            member _.Merge(state, other) =
                Moments.Merge(state, Span.op_Implicit other)
        }

    /// Writes every solution where it belongs: rows × samples × k.
    let copySolutions (samples: int) (k: int) (target: float[]) : Pass =
        { new Pass(0) with
            member _.Add(block, _) =
                block.Solutions.CopyTo(Span(target, (block.Row * samples + block.First) * k, block.Count * k))
        }
