namespace Perturbed.Functional

open System
open Perturbed.Kernels

/// Sums of solutions and values, as the estimates of Definition 3.1 need them.
module internal Passes =

    // The gradient of the maximum with respect to theta is y under additive noise, and y ⊙ factor under multiplicative noise.
    let private gradients (multiplicative: bool) (k: int) (block: Block) : ReadOnlySpan<float> =
        if multiplicative then
            let target = Span(block.Scratch, 0, block.Count * k)
            let y = block.Solutions
            let factor = block.Factors

            for i in 0 .. target.Length - 1 do
                target[i] <- y[i] * factor[i]

            Span.op_Implicit target
        else
            Span.op_Implicit block.Solutions

    /// Σ y (k numbers).
    let solutions (k: int) : Pass =
        { new Pass(k) with
            member _.Add(block, state) =
                Sums.AddRows(Span.op_Implicit block.Solutions, state)
        }

    /// Σ ∂F/∂θ (k numbers).
    let gradient (multiplicative: bool) (k: int) : Pass =
        { new Pass(k) with
            member _.NeedsFactor = multiplicative

            member _.Add(block, state) =
                Sums.AddRows(gradients multiplicative k block, state)
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
                Sums.AddRows(gradients multiplicative k block, state.Slice(head, k))

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

    /// Sums of terms t, and of their squares where asked: both of the same length, one behind the other.
    [<AbstractClass>]
    type TermPass(length: int, withSquares: bool) =
        inherit Pass(if withSquares then 2 * length else length)
        override _.NeedsScore = true
        abstract AddTerms: block: Block * sum: Span<float> * squares: Span<float> -> unit

        override this.Add(block, state) =
            let squares = if withSquares then state.Slice length else Span.Empty
            this.AddTerms(block, state.Slice(0, length), squares)

    let private rowOf (values: float[]) (row: int) (width: int) : ReadOnlySpan<float> =
        ReadOnlySpan(values, row * width, width)

    let private dot (a: ReadOnlySpan<float>) (b: ReadOnlySpan<float>) : float =
        let mutable total = 0.0

        for i in 0 .. a.Length - 1 do
            total <- total + a[i] * b[i]

        total

    /// t = (⟨g, y⟩ − ⟨g, centre⟩) ∇ν(z): the vector-Jacobian product.
    let vectorJacobian (d: int) (k: int) (cotangents: float[]) (centre: float[]) (withSquares: bool) : Pass =
        { new TermPass(d, withSquares) with
            member _.AddTerms(block, sum, squares) =
                let g = rowOf cotangents block.Row k
                let weights = Span(block.Scratch, 0, block.Count)
                block.Products(g, dot g (rowOf centre block.Row k), weights)

                Sums.AddWeightedRows(
                    Span.op_Implicit weights,
                    Span.op_Implicit block.Scores,
                    ReadOnlySpan.Empty,
                    sum,
                    squares
                )
        }

    /// t = (y − centre) ⟨∇ν(z), u⟩: the Jacobian-vector product, u scaled by the caller.
    let jacobianVector (d: int) (k: int) (tangents: float[]) (centre: float[]) (withSquares: bool) : Pass =
        { new TermPass(k, withSquares) with
            member _.AddTerms(block, sum, squares) =
                let weights = Span(block.Scratch, 0, block.Count)
                Sums.Products(Span.op_Implicit block.Scores, rowOf tangents block.Row d, 0.0, weights)

                Sums.AddWeightedRows(
                    Span.op_Implicit weights,
                    Span.op_Implicit block.Solutions,
                    rowOf centre block.Row k,
                    sum,
                    squares
                )
        }

    /// t = (y − centre) ∇ν(z)ᵀ: the Jacobian, k × d.
    let jacobian (d: int) (k: int) (centre: float[]) (withSquares: bool) : Pass =
        { new TermPass(k * d, withSquares) with
            member _.AddTerms(block, sum, squares) =
                Sums.AddOuterProducts(
                    Span.op_Implicit block.Solutions,
                    rowOf centre block.Row k,
                    Span.op_Implicit block.Scores,
                    d,
                    sum,
                    squares
                )
        }

    let private centredValues (block: Block) (centre: float[]) : Span<float> =
        let weights = Span(block.Scratch, 0, block.Count)
        let values = block.Values

        for m in 0 .. weights.Length - 1 do
            weights[m] <- values[m] - centre[block.Row]

        weights

    /// t = (F − centre) ∇ν(z): the maximizer out of values.
    let valueScore (d: int) (centre: float[]) (withSquares: bool) : Pass =
        { new TermPass(d, withSquares) with
            member _.NeedsValues = true

            member _.AddTerms(block, sum, squares) =
                let weights = centredValues block centre

                Sums.AddWeightedRows(
                    Span.op_Implicit weights,
                    Span.op_Implicit block.Scores,
                    ReadOnlySpan.Empty,
                    sum,
                    squares
                )
        }

    /// t = (F − centre) (∇ν ⟨∇ν, c⊙v⟩ − ∇²ν (c⊙v)): the Hessian-vector product out of values; `vectors` holds c⊙v.
    let valueHessianVector (noise: INoise) (d: int) (vectors: float[]) (centre: float[]) (withSquares: bool) : Pass =
        { new TermPass(d, withSquares) with
            member _.NeedsValues = true
            member _.NeedsNoise = true

            member _.AddTerms(block, sum, squares) =
                let n = block.Count
                let weights = centredValues block centre
                let v = rowOf vectors block.Row d
                let rows = Span(block.Scratch, n, n * d)
                noise.Curvature(Span.op_Implicit block.Noise, v, rows)
                let scores = block.Scores

                for m in 0 .. n - 1 do
                    let score = scores.Slice(m * d, d)
                    let product = dot (Span.op_Implicit score) v

                    for i in 0 .. d - 1 do
                        rows[m * d + i] <- score[i] * product - rows[m * d + i]

                Sums.AddWeightedRows(Span.op_Implicit weights, Span.op_Implicit rows, ReadOnlySpan.Empty, sum, squares)
        }

    /// t = (F − centre) (∇ν ∇νᵀ − ∇²ν): the Jacobian out of values, d × d.
    let valueJacobian (noise: INoise) (d: int) (centre: float[]) (withSquares: bool) : Pass =
        // Independent coordinates have a diagonal curvature: one product with ones gives it.
        let isDiagonal = noise.Dimension = 0

        let probes =
            if isDiagonal then
                [| Array.create d 1.0 |]
            else
                Array.init d (fun j -> Array.init d (fun i -> if i = j then 1.0 else 0.0))

        { new TermPass(d * d, withSquares) with
            member _.NeedsValues = true
            member _.NeedsNoise = true

            member _.AddTerms(block, sum, squares) =
                let n = block.Count
                let weights = centredValues block centre
                let curvature = Span(block.Scratch, n, n * d)
                let scores = block.Scores

                for j in 0 .. d - 1 do
                    if j < probes.Length then
                        noise.Curvature(Span.op_Implicit block.Noise, ReadOnlySpan probes[j], curvature)

                    for m in 0 .. n - 1 do
                        let score = scores.Slice(m * d, d)

                        for i in 0 .. d - 1 do
                            let second =
                                if not isDiagonal then curvature[m * d + i]
                                elif i = j then curvature[m * d + i]
                                else 0.0

                            let term = weights[m] * (score[i] * score[j] - second)
                            sum[i * d + j] <- sum[i * d + j] + term

                            if not squares.IsEmpty then
                                squares[i * d + j] <- squares[i * d + j] + term * term
        }
