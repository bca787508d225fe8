namespace Perturbed.Functional

open System
open System.Buffers
open System.Numerics.Tensors
open Perturbed.Kernels

/// A block of samples of one row, as a pass sees it.
[<Sealed>]
type internal Block(dimension: int, solutionDimension: int, capacity: int) =
    let rent (width: int) =
        Sizes.Product("theta", "A block of samples", int64 capacity, int64 width)
        |> max 1
        |> ArrayPool<float>.Shared.Rent

    let own = rent solutionDimension
    let ownValues = rent 1

    // Codes of a block without a tape, made where sums are faster over them.
    let mutable ownCodes: byte[] = [||]
    // The block stands for solutions in codes, on a tape or its own, which are read at the first use.
    let mutable isCoded = false
    // The codes are those of the whole block: it has not been narrowed to some of its samples.
    let mutable areCodesWhole = false

    /// The batch row, counted from the first of this call.
    member val Row = 0 with get, set
    /// The number of the first sample.
    member val First = 0 with get, set
    /// The number n of samples.
    member val Count = 0 with get, set
    /// Where they start among the samples that the arrays hold.
    member val Offset = 0 with get, set
    /// Noise, n × d.
    member val Z: float[] = rent dimension
    /// Perturbed theta, n × d.
    member val Eta: float[] = rent dimension
    /// Multiplicative factors, n × d.
    member val Factor: float[] = rent dimension
    /// Scores ∇ν(z), n × d.
    member val Score: float[] = rent dimension

    /// Free for a pass: n × (d + k) + 2 (d + k) + 16 numbers.
    member val Scratch: float[] =
        ArrayPool<float>
            .Shared.Rent(
                Sizes.Product(
                    "theta",
                    "The scratch memory of a block of samples",
                    int64 capacity + 3L,
                    int64 dimension + int64 solutionDimension + 6L
                )
            )

    /// Where the solutions are, n × k from SolutionOffset.
    member val SolutionArray: float[] = own with get, set
    member val SolutionOffset = 0 with get, set
    /// Where the optimal values are, n from ValueOffset.
    member val ValueArray: float[] = ownValues with get, set
    member val ValueOffset = 0 with get, set

    member this.UseOwn() =
        this.Source <- null
        isCoded <- false
        areCodesWhole <- false
        this.SolutionArray <- own
        this.SolutionOffset <- 0
        this.ValueArray <- ownValues
        this.ValueOffset <- 0

    /// The seeds of scores; null where there are none.
    member val Seeds: Seeds | null = null with get, set

    member private this.SeedsOfRow: Seeds | null =
        match this.Seeds with
        | null -> null
        | seeds -> if seeds.Has this.Row then seeds else null

    /// Whether the scores of the block's row stand in seeds.
    member this.HasSeeds: bool = not (isNull this.SeedsOfRow)

    /// The shorter way to the solutions; null where there is none.
    member val Shortcut: ShortcutSolver | null = null with get, set

    /// Whether it holds for the row.
    member val TakesShortcut = false with get, set

    /// How solutions are written down.
    member val Code = SolutionCode.Numbers with get, set
    /// How many ones a solution has, where their places are the code.
    member val Ones = 0 with get, set
    /// The tape with the codes of the solutions that the block stands for; null while they are in the block itself.
    member val Source: Tape | null = null with get, set

    member private this.SolutionSpan: Span<float> =
        Span(this.SolutionArray, this.SolutionOffset + this.Offset * solutionDimension, this.Count * solutionDimension)

    /// Tells the block that its solutions are those of its row and first sample on a tape.
    member this.ReadFrom(tape: Tape) =
        this.Source <- tape
        isCoded <- true
        areCodesWhole <- true

    /// Where the codes of the block's solutions are to be written: on a tape or in its own memory, from where they are read at the first use.
    member this.CodesToWrite(tape: Tape | null) : Span<byte> =
        this.Source <- tape
        isCoded <- true
        areCodesWhole <- true
        this.CodeSpan

    /// Whether the codes of the block's solutions are written already.
    member _.IsWritten: bool = areCodesWhole

    member private this.CodeSpan: Span<byte> =
        match this.Source with
        | null ->
            let bytes =
                int (Codes.Bytes(this.Code, int64 this.Count, solutionDimension, this.Ones))

            if ownCodes.Length < bytes then
                ownCodes <- GC.AllocateUninitializedArray bytes

            Span ownCodes
        | tape -> tape.Codes(this.Row, this.First)

    /// The solutions, n × k; read back from codes at the first use.
    member this.Solutions: Span<float> =
        if isCoded then
            isCoded <- false
            Codes.Decode(this.Code, solutionDimension, this.Ones, Span.op_Implicit this.CodeSpan, this.SolutionSpan)

        this.SolutionSpan

    /// Reads all solutions back from codes, so that the block may be narrowed to some of its samples.
    member this.ReadBack() : unit =
        let _ = this.Solutions
        areCodesWhole <- false

    /// sum += Σ y.
    member this.AddSolutions(sum: Span<float>) : unit =
        if areCodesWhole && this.Code = SolutionCode.Places then
            Codes.AddPlaces(Span.op_Implicit this.CodeSpan, this.Count * this.Ones, sum)
        else
            Sums.AddRows(Span.op_Implicit this.Solutions, sum)

    /// products[m] = ⟨g, y_m⟩ − offset. Of solutions that are few ones among zeros only the ones are added, with a tape or without: the bits are the same.
    member this.Products(g: ReadOnlySpan<float>, offset: float, products: Span<float>) : unit =
        let hasOnes = this.Code = SolutionCode.Bits || this.Code = SolutionCode.Places

        let isWritten =
            hasOnes
            && (areCodesWhole
                || (this.Source <- null

                    Codes.TryEncode(
                        this.Code,
                        solutionDimension,
                        this.Ones,
                        Span.op_Implicit this.SolutionSpan,
                        this.CodeSpan
                    )))

        if isWritten then
            Codes.Products(this.Code, this.Ones, Span.op_Implicit this.CodeSpan, g, offset, products)
        else
            Sums.Products(Span.op_Implicit this.Solutions, g, offset, products)

    member this.Values: Span<float> =
        Span(this.ValueArray, this.ValueOffset + this.Offset, this.Count)

    member private this.Part(values: float[]) : Span<float> =
        Span(values, this.Offset * dimension, this.Count * dimension)

    member this.Noise: Span<float> = this.Part this.Z
    member this.Perturbed: Span<float> = this.Part this.Eta
    member this.Factors: Span<float> = this.Part this.Factor

    /// The scores ∇ν(z), n × d; made of their seeds, where they stand in those.
    member this.Scores: Span<float> =
        let scores = this.Part this.Score

        match this.SeedsOfRow with
        | null -> ()
        | seeds -> seeds.Scores(this.Row, this.First, scores)

        scores

    /// sum += Σ weights[m] ∇ν(z_m), and squares += the squares of those terms where not empty.
    member this.AddWeightedScores(weights: ReadOnlySpan<float>, sum: Span<float>, squares: Span<float>) : unit =
        match (if squares.IsEmpty then this.SeedsOfRow else null) with
        | null -> Sums.AddWeightedRows(weights, Span.op_Implicit this.Scores, ReadOnlySpan.Empty, sum, squares)
        | seeds -> seeds.AddWeightedScores(this.Row, this.First, weights, sum)

    member this.Free() =
        for buffer in [| own; ownValues; this.Z; this.Eta; this.Factor; this.Score; this.Scratch |] do
            ArrayPool<float>.Shared.Return buffer

/// What is summed over the samples of a row. A state is a stretch of numbers that starts at zero.
[<AbstractClass>]
type internal Pass(stateLength: int) =
    member _.StateLength: int = stateLength
    abstract NeedsValues: bool
    default _.NeedsValues = false
    abstract NeedsScore: bool
    default _.NeedsScore = false
    /// Whether it reads the noise itself.
    abstract NeedsNoise: bool
    default _.NeedsNoise = false
    abstract NeedsFactor: bool
    default _.NeedsFactor = false
    /// Adds a block to a state.
    abstract Add: block: Block * state: Span<float> -> unit
    /// Adds another state to a state.
    abstract Merge: state: Span<float> * other: Span<float> -> unit

    default _.Merge(state, other) =
        TensorPrimitives.Add<float>(Span.op_Implicit state, Span.op_Implicit other, state)
