namespace Perturbed.Functional

open System
open System.Buffers
open Perturbed.Kernels

/// The memory of one thread for a block of samples.
[<Sealed>]
type internal SampleMemory(dimension: int, solutionDimension: int, capacity: int, encoding: SolutionEncoding, ones: int)
    =
    let rent (extra: int64) (width: int64) =
        Sizes.Product("theta", "A block of samples", int64 capacity + extra, width)
        |> max 1
        |> ArrayPool<float>.Shared.Rent

    let mutable ownCodes: byte[] = [||]
    let mutable productCodes: byte[] = [||]

    let enlarge (codes: byref<byte[]>) (count: int) : byte[] =
        let bytes = int (Encodings.Bytes(encoding, int64 count, solutionDimension, ones))

        if codes.Length < bytes then
            codes <- GC.AllocateUninitializedArray bytes

        codes

    /// d.
    member _.Dimension: int = dimension
    /// k.
    member _.SolutionDimension: int = solutionDimension
    /// How the oracle's solutions are encoded, and how many ones they have where the encoding is one-hot indices.
    member _.Encoding: SolutionEncoding = encoding
    member _.Ones: int = ones
    /// Noise, n × d.
    member val Noise: float[] = rent 0L (int64 dimension)
    /// Perturbed theta, n × d.
    member val Perturbed: float[] = rent 0L (int64 dimension)
    /// Multiplicative factors, n × d.
    member val Factors: float[] = rent 0L (int64 dimension)
    /// Scores ∇ν(z), n × d.
    member val Scores: float[] = rent 0L (int64 dimension)
    /// Solutions, n × k.
    member val Solutions: float[] = rent 0L (int64 solutionDimension)
    /// Optimal values, n.
    member val Values: float[] = rent 0L 1L
    /// Free for an accumulator: n × (d + k) + 2 (d + k) + 16 numbers.
    member val Scratch: float[] = rent 3L (int64 dimension + int64 solutionDimension + 6L)

    /// What each sample failed by, n: 0 where it did not, 1 + the kind where it did; empty where no sample may fail.
    member val Failures: byte[] = [||] with get, set

    /// The first sample of the block of a row whose solutions have been decoded, so that several accumulators decode
    /// it once.
    member val DecodedRow = -1 with get, set
    member val DecodedFirst = -1 with get, set

    /// Memory for the encoding of a block without a cache.
    member _.OwnCodes(count: int) : byte[] = enlarge &ownCodes count

    /// Memory for an encoding that serves one product alone.
    member _.ProductCodes(count: int) : byte[] = enlarge &productCodes count

    member this.Free() : unit =
        for buffer in
            [|
                this.Noise
                this.Perturbed
                this.Factors
                this.Scores
                this.Solutions
                this.Values
                this.Scratch
            |] do
            ArrayPool<float>.Shared.Return buffer

/// How the solutions of a block are written.
[<Struct; RequireQualifiedAccess; NoEquality; NoComparison>]
type internal Solutions =
    /// As numbers, n × k from an offset in an array.
    | Dense of numbers: float[] * start: int
    /// As bits, 16-bit integers or one-hot indices, by the oracle's encoding, from an offset in an array.
    | Encoded of codes: byte[] * place: int

/// Where the scores ∇ν(z) of a block come from.
[<Struct; RequireQualifiedAccess; NoEquality; NoComparison>]
type internal Scores =
    /// They are in the block's memory, where they were asked for.
    | Drawn
    /// They are computed from residuals that an earlier pass cached.
    | Cached of residuals: ScoreResiduals

/// <summary>An immutable view of n samples of one row, valid until its source gives the next one.</summary>
[<Struct; NoEquality; NoComparison>]
type internal SampleBlock =
    {
        Memory: SampleMemory
        /// The batch row, counted from the first of this call.
        Row: int
        /// The number of the first sample.
        First: int
        /// n.
        Count: int
        /// Where the samples start in the block's memory.
        Offset: int
        Solutions: Solutions
        Scores: Scores
        /// Where the optimal values are, n from an offset in an array.
        ValueArray: float[]
        ValueStart: int
        /// Where the failures are, n from an offset in an array that is empty where no sample may fail.
        FailureArray: byte[]
        FailureStart: int
    }

    member private this.Part(numbers: float[]) : Span<float> =
        let d = this.Memory.Dimension
        Span(numbers, this.Offset * d, this.Count * d)

    member this.Noise: Span<float> = this.Part this.Memory.Noise
    member this.Perturbed: Span<float> = this.Part this.Memory.Perturbed
    member this.Factors: Span<float> = this.Part this.Memory.Factors
    member this.Values: Span<float> = Span(this.ValueArray, this.ValueStart, this.Count)
    member this.Scratch: float[] = this.Memory.Scratch

    /// 0 for each sample that has a solution, 1 + the kind of its failure for the others; empty where all have.
    member this.Failures: ReadOnlySpan<byte> =
        if this.FailureArray.Length = 0 then
            ReadOnlySpan.Empty
        else
            ReadOnlySpan(this.FailureArray, this.FailureStart, this.Count)

    // Where encoded solutions start in the block's memory as numbers, decoded once a block.
    member private this.Decode(codes: byte[], place: int) : int =
        let memory = this.Memory
        let k = memory.SolutionDimension
        let start = this.Offset * k

        if memory.DecodedRow <> this.Row || memory.DecodedFirst <> this.First then
            Encodings.Decode(
                memory.Encoding,
                k,
                memory.Ones,
                ReadOnlySpan(codes, place, codes.Length - place),
                Span(memory.Solutions, start, this.Count * k)
            )

            memory.DecodedRow <- this.Row
            memory.DecodedFirst <- this.First

        start

    /// The solutions, n × k.
    member this.SolutionRows: Span<float> =
        let length = this.Count * this.Memory.SolutionDimension

        match this.Solutions with
        | Solutions.Dense(numbers, start) -> Span(numbers, start, length)
        | Solutions.Encoded(codes, place) -> Span(this.Memory.Solutions, this.Decode(codes, place), length)

    /// Some of the samples, from sample number `start` to before `stop`, their solutions as numbers.
    member this.Slice(start: int, stop: int) : SampleBlock =
        let skip = start - this.First

        let struct (numbers, from) =
            match this.Solutions with
            | Solutions.Dense(numbers, from) -> struct (numbers, from)
            | Solutions.Encoded(codes, place) -> struct (this.Memory.Solutions, this.Decode(codes, place))

        // A copy: a member of a struct cannot return a changed `this`.
        let block = this

        { block with
            First = start
            Count = stop - start
            Offset = block.Offset + skip
            ValueStart = block.ValueStart + skip
            FailureStart = block.FailureStart + skip
            Solutions = Solutions.Dense(numbers, from + skip * block.Memory.SolutionDimension)
        }

    /// sum += Σ y.
    member this.AddSolutions(sum: Span<float>) : unit =
        match this.Solutions with
        | Solutions.Encoded(codes, place) when this.Memory.Encoding = SolutionEncoding.Indices ->
            Encodings.AddIndices(ReadOnlySpan(codes, place, codes.Length - place), this.Count * this.Memory.Ones, sum)
        | _ -> Sums.AddRows(Span.op_Implicit this.SolutionRows, sum)

    /// products[m] = ⟨g, y_m⟩ − offset. Of solutions that are ones among zeros only the ones are added, however they
    /// are written: the bits are the same.
    member this.Products(g: ReadOnlySpan<float>, offset: float, products: Span<float>) : unit =
        let memory = this.Memory

        let hasOnes =
            memory.Encoding = SolutionEncoding.Bits
            || memory.Encoding = SolutionEncoding.Indices

        match this.Solutions with
        | Solutions.Encoded(codes, place) when hasOnes ->
            let codes = ReadOnlySpan(codes, place, codes.Length - place)
            Encodings.Products(memory.Encoding, memory.Ones, codes, g, offset, products)
        | _ ->
            let solutions: ReadOnlySpan<float> = Span.op_Implicit this.SolutionRows
            let codes = if hasOnes then memory.ProductCodes this.Count else [||]

            if
                hasOnes
                && Encodings.TryEncode(memory.Encoding, memory.SolutionDimension, memory.Ones, solutions, Span codes)
            then
                Encodings.Products(memory.Encoding, memory.Ones, ReadOnlySpan codes, g, offset, products)
            else
                Sums.Products(solutions, g, offset, products)

    /// The scores ∇ν(z), n × d.
    member this.ScoreRows: Span<float> =
        let scores = this.Part this.Memory.Scores

        match this.Scores with
        | Scores.Drawn -> ()
        | Scores.Cached residuals -> residuals.Scores(this.Row, this.First, scores)

        scores

    /// sum += Σ weights[m] ∇ν(z_m), and squares += the squares of those terms where not empty.
    member this.AddWeightedScores(weights: ReadOnlySpan<float>, sum: Span<float>, squares: Span<float>) : unit =
        match this.Scores with
        | Scores.Cached residuals when squares.IsEmpty ->
            residuals.AddWeightedScores(this.Row, this.First, weights, sum)
        | _ -> Sums.AddWeightedRows(weights, Span.op_Implicit this.ScoreRows, ReadOnlySpan.Empty, sum, squares)
