namespace Perturbed.Functional

open System
open Perturbed.Kernels

/// Sums of solutions and values, as the estimates of Definition 3.1 need them.
module internal Accumulators =

    /// Σ y (rows × k).
    let solutions (k: int) : Accumulator<float[]> =
        { new Accumulator<float[]>(k, Needs.Nothing) with
            member _.Add(block, state) = block.AddSolutions state
            member _.Result states = states.Flat
        }

    // Under multiplicative noise the gradient of the maximum is y ⊙ factor.
    let private scaledSolutions (k: int) : Accumulator<float[]> =
        { new Accumulator<float[]>(k, Needs.Factors) with
            member _.Add(block, state) =
                let terms = Span(block.Scratch, 0, block.Count * k)
                let y = block.Solutions
                let factors = block.Factors

                for i in 0 .. terms.Length - 1 do
                    terms[i] <- y[i] * factors[i]

                Sums.AddRows(Span.op_Implicit terms, state)

            member _.Result states = states.Flat
        }

    /// Σ ∂F/∂θ (rows × k).
    let gradients (perturbation: Perturbation) (k: int) : Accumulator<float[]> =
        match perturbation with
        | Perturbation.Additive -> solutions k
        | Perturbation.Multiplicative -> scaledSolutions k

    // Means and standard errors of rows × width numbers, as of independent samples, out of moments.
    let private readMoments (width: int) (states: RowStates) : Uncertain<float[]> =
        let means: float[] = Array.zeroCreate (states.Rows * width)
        let errors: float[] = Array.zeroCreate means.Length

        for row in 0 .. states.Rows - 1 do
            states.Row(row).Slice(1, width).CopyTo(Span(means, row * width, width))
            Moments.StandardErrors(states.Row row, Span(errors, row * width, width))

        {
            Value = means
            StandardErrors = errors
        }

    /// Means of F and their errors (rows).
    let valueMoments: Accumulator<Uncertain<float[]>> =
        { new Accumulator<Uncertain<float[]>>(Moments.Length 1, Needs.Values) with
            member _.Add(block, state) =
                Moments.AddRows(Span.op_Implicit block.Values, state, Span(block.Scratch, 0, 8))

            member _.Merge(state, other) =
                Moments.Merge(state, Span.op_Implicit other)

            member _.Result states = readMoments 1 states
        }

    /// Means of y and their errors (rows × k).
    let solutionMoments (k: int) : Accumulator<Uncertain<float[]>> =
        { new Accumulator<Uncertain<float[]>>(Moments.Length k, Needs.Nothing) with
            member _.Add(block, state) =
                Moments.AddRows(Span.op_Implicit block.Solutions, state, Span block.Scratch)

            member _.Merge(state, other) =
                Moments.Merge(state, Span.op_Implicit other)

            member _.Result states = readMoments k states
        }

    /// Σ (y − centre) yᵀ of one row (k × k): with the mean as the centre, the scatter of the solutions.
    let scatter (k: int) (centre: float[]) : Accumulator<float[]> =
        { new Accumulator<float[]>(k * k, Needs.Nothing) with
            member _.Add(block, state) =
                let y: ReadOnlySpan<float> = Span.op_Implicit block.Solutions
                Sums.AddOuterProducts(y, ReadOnlySpan(centre, block.Row * k, k), y, k, state, Span.Empty)

            member _.Result states = states.Flat
        }

    /// Every solution where it belongs, rows × samples × k: its memory is its own, so it serves one process.
    let copies (samples: int) (k: int) (rows: int) : Accumulator<float[]> =
        let target: float[] = Array.zeroCreate (rows * samples * k)

        { new Accumulator<float[]>(0, Needs.Nothing) with
            member _.Add(block, _) =
                block.Solutions.CopyTo(Span(target, (block.Row * samples + block.First) * k, block.Count * k))

            member _.Result _ = target
        }

    /// The distinct solutions of all samples with their counts, in the memory of one process.
    let distinct (k: int) : Accumulator<struct (float[] * int64)[]> =
        let counts = DistinctRows k

        { new Accumulator<struct (float[] * int64)[]>(0, Needs.Nothing) with
            member _.Add(block, _) =
                counts.Add(Span.op_Implicit block.Solutions)

            member _.Result _ = counts.ToArray()
        }
