namespace Perturbed.Functional

open System
open Perturbed.Kernels

/// <summary>The terms t_m = left_m ⊗ right_m of a score-function derivative; left is centred, right is built of
/// scores.</summary>
/// <remarks>A term has LeftLength · RightLength numbers, left by left.</remarks>
[<AbstractClass>]
type internal ScoreTerms(leftLength: int, rightLength: int) =
    let length =
        Sizes.Product("smoothed", "The derivative", int64 leftLength, int64 rightLength)

    member _.LeftLength: int = leftLength
    member _.RightLength: int = rightLength
    member _.Length: int = length
    /// What the terms read in addition to solutions and scores.
    abstract Needs: Needs
    default _.Needs = Needs.Nothing
    /// Whether right is odd in z under symmetric noise, so that it sums to 0 over mirrored samples.
    abstract IsOdd: bool
    default _.IsOdd = true
    /// Adds Σ t_m over a block, and Σ t_m² where `squares` is not empty.
    abstract Add: block: inref<SampleBlock> * sum: Span<float> * squares: Span<float> -> unit
    /// Adds Σ left_m and Σ right_m over a block.
    abstract AddSides: block: inref<SampleBlock> * left: Span<float> * right: Span<float> -> unit

/// The derivatives of Proposition 3.1 as terms. `centre` is subtracted from solutions (rows × k) or values (rows).
module internal ScoreTerms =

    let private rowOf (values: float[]) (row: int) (width: int) : ReadOnlySpan<float> =
        ReadOnlySpan(values, row * width, width)

    let private addScores (block: inref<SampleBlock>) (sum: Span<float>) : unit =
        Sums.AddRows(Span.op_Implicit block.ScoreRows, sum)

    let private addCentredSolutions
        (block: inref<SampleBlock>)
        (centre: ReadOnlySpan<float>)
        (sum: Span<float>)
        : unit =
        block.AddSolutions sum

        for i in 0 .. sum.Length - 1 do
            sum[i] <- sum[i] - float block.Count * centre[i]

    let private addSum (weights: Span<float>) (sum: Span<float>) : unit =
        sum[0] <- sum[0] + Sums.Of(Span.op_Implicit weights)

    // ⟨g, y⟩ − ⟨g, centre⟩ of each sample.
    let private centredProducts
        (k: int)
        (cotangents: float[])
        (centre: float[])
        (block: inref<SampleBlock>)
        : Span<float> =
        let g = rowOf cotangents block.Row k
        let weights = Span(block.Scratch, 0, block.Count)
        block.Products(g, Sums.Product(g, rowOf centre block.Row k), weights)
        weights

    /// t = (⟨g, y⟩ − ⟨g, centre⟩) ∇ν(z): the vector-Jacobian product.
    let vectorJacobian (d: int) (k: int) (cotangents: float[]) (centre: float[]) : ScoreTerms =
        { new ScoreTerms(1, d) with
            member _.Add(block, sum, squares) =
                let weights = centredProducts k cotangents centre &block
                block.AddWeightedScores(Span.op_Implicit weights, sum, squares)

            member _.AddSides(block, left, right) =
                addSum (centredProducts k cotangents centre &block) left
                addScores &block right
        }

    // ⟨∇ν(z), u⟩ of each sample.
    let private slopes (d: int) (tangents: float[]) (block: inref<SampleBlock>) : Span<float> =
        let weights = Span(block.Scratch, 0, block.Count)
        Sums.Products(Span.op_Implicit block.ScoreRows, rowOf tangents block.Row d, 0.0, weights)
        weights

    /// t = (y − centre) ⟨∇ν(z), u⟩: the Jacobian-vector product, u scaled by the caller.
    let jacobianVector (d: int) (k: int) (tangents: float[]) (centre: float[]) : ScoreTerms =
        { new ScoreTerms(k, 1) with
            member _.Add(block, sum, squares) =
                let weights = slopes d tangents &block

                Sums.AddWeightedRows(
                    Span.op_Implicit weights,
                    Span.op_Implicit block.SolutionRows,
                    rowOf centre block.Row k,
                    sum,
                    squares
                )

            member _.AddSides(block, left, right) =
                addCentredSolutions &block (rowOf centre block.Row k) left
                addSum (slopes d tangents &block) right
        }

    /// t = (y − centre) ∇ν(z)ᵀ: the Jacobian, k × d.
    let jacobian (d: int) (k: int) (centre: float[]) : ScoreTerms =
        { new ScoreTerms(k, d) with
            member _.Add(block, sum, squares) =
                Sums.AddOuterProducts(
                    Span.op_Implicit block.SolutionRows,
                    rowOf centre block.Row k,
                    Span.op_Implicit block.ScoreRows,
                    d,
                    sum,
                    squares
                )

            member _.AddSides(block, left, right) =
                addCentredSolutions &block (rowOf centre block.Row k) left
                addScores &block right
        }

    let private centredValues (block: inref<SampleBlock>) (centre: float[]) : Span<float> =
        let weights = Span(block.Scratch, 0, block.Count)
        let values = block.Values

        for m in 0 .. weights.Length - 1 do
            weights[m] <- values[m] - centre[block.Row]

        weights

    /// t = (F − centre) ∇ν(z): the maximizer out of values.
    let valueScore (d: int) (centre: float[]) : ScoreTerms =
        { new ScoreTerms(1, d) with
            member _.Needs = Needs.Values

            member _.Add(block, sum, squares) =
                let weights = centredValues &block centre
                block.AddWeightedScores(Span.op_Implicit weights, sum, squares)

            member _.AddSides(block, left, right) =
                addSum (centredValues &block centre) left
                addScores &block right
        }

    // ∇ν ⟨∇ν, v⟩ − ∇²ν v of each sample.
    let private curved (noise: INoise) (d: int) (vectors: float[]) (block: inref<SampleBlock>) : Span<float> =
        let n = block.Count
        let v = rowOf vectors block.Row d
        let rows = Span(block.Scratch, n, n * d)
        noise.Curvature(Span.op_Implicit block.Noise, v, rows)
        let scores = block.ScoreRows

        for m in 0 .. n - 1 do
            let score = scores.Slice(m * d, d)
            let product = Sums.Product(Span.op_Implicit score, v)

            for i in 0 .. d - 1 do
                rows[m * d + i] <- score[i] * product - rows[m * d + i]

        rows

    /// t = (F − centre) (∇ν ⟨∇ν, c⊙v⟩ − ∇²ν (c⊙v)): the Hessian-vector product out of values; `vectors` holds c⊙v.
    let valueHessianVector (noise: INoise) (d: int) (vectors: float[]) (centre: float[]) : ScoreTerms =
        { new ScoreTerms(1, d) with
            member _.Needs = Needs.Values ||| Needs.Noise
            member _.IsOdd = false

            member _.Add(block, sum, squares) =
                let rows = curved noise d vectors &block
                let weights = centredValues &block centre
                Sums.AddWeightedRows(Span.op_Implicit weights, Span.op_Implicit rows, ReadOnlySpan.Empty, sum, squares)

            member _.AddSides(block, left, right) =
                addSum (centredValues &block centre) left
                Sums.AddRows(Span.op_Implicit (curved noise d vectors &block), right)
        }

    // Adds weight · (∇ν ∇νᵀ − ∇²ν) of each sample; a probe for each column of the curvature, or one of ones where it
    // is diagonal.
    let private addCurvatures
        (noise: INoise)
        (d: int)
        (probes: float[][])
        (block: inref<SampleBlock>)
        (weights: Span<float>)
        (sum: Span<float>)
        (squares: Span<float>)
        : unit =
        let isDiagonal = noise.Dimension = 0
        let n = block.Count
        let curvature = Span(block.Scratch, n, n * d)
        let scores = block.ScoreRows

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

    /// t = (F − centre) (∇ν ∇νᵀ − ∇²ν): the Jacobian out of values, d × d.
    let valueJacobian (noise: INoise) (d: int) (centre: float[]) : ScoreTerms =
        // Independent coordinates have a diagonal curvature: one product with ones gives it.
        let probes =
            if noise.Dimension = 0 then
                [| Array.create d 1.0 |]
            else
                Array.init d (fun j -> Array.init d (fun i -> if i = j then 1.0 else 0.0))

        { new ScoreTerms(1, d * d) with
            member _.Needs = Needs.Values ||| Needs.Noise
            member _.IsOdd = false

            member _.Add(block, sum, squares) =
                addCurvatures noise d probes &block (centredValues &block centre) sum squares

            member _.AddSides(block, left, right) =
                let weights = centredValues &block centre
                addSum weights left
                weights.Fill 1.0
                addCurvatures noise d probes &block weights right Span.Empty
        }
