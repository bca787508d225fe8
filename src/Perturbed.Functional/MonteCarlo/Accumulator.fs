namespace Perturbed.Functional

open System
open System.Numerics.Tensors
open Perturbed.Kernels

/// What an accumulator reads of a block in addition to solutions.
[<Flags>]
type internal Needs =
    | Nothing = 0
    | Values = 1
    | Scores = 2
    | Noise = 4
    | Factors = 8

/// The states of an accumulator for all rows, rows × length.
[<Struct; NoEquality; NoComparison>]
type internal RowStates =
    {
        Numbers: float[]
        Rows: int
        Length: int
        /// Where the accumulator's own numbers start in a row's state, and how many they are.
        Start: int
        Width: int
        Memory: CallMemory | null
        /// How many samples the sums of each row are over.
        Counts: SampleCounts
    }

    member this.Row(row: int) : ReadOnlySpan<float> =
        ReadOnlySpan(this.Numbers, row * this.Length + this.Start, this.Width)

    /// All numbers side by side, rows × width.
    member this.Flat: float[] =
        if this.Width = this.Length then
            this.Numbers
        else
            let flat: float[] = CallMemory.rent this.Memory (this.Rows * this.Width)

            for row in 0 .. this.Rows - 1 do
                Array.Copy(this.Numbers, row * this.Length + this.Start, flat, row * this.Width, this.Width)

            flat

    /// The states of a part of the accumulator.
    member this.Part(start: int, width: int) : RowStates =
        let states = this

        { states with
            Start = states.Start + start
            Width = width
        }

/// What is summed over the samples of a row. A state is an array of numbers that starts at zero, so it can be sent
/// to another machine, and states merge.
[<AbstractClass>]
type internal Accumulation(stateLength: int, needs: Needs) =
    member _.StateLength: int = stateLength
    member _.Needs: Needs = needs
    /// Adds a block to a state.
    abstract Add: block: inref<SampleBlock> * state: Span<float> -> unit
    /// Called after the last block of a part.
    abstract EndPart: state: Span<float> -> unit
    default _.EndPart _ = ()
    /// Adds the state of later samples to a state.
    abstract Merge: state: Span<float> * other: Span<float> -> unit

    default _.Merge(state, other) =
        TensorPrimitives.Add<float>(Span.op_Implicit state, Span.op_Implicit other, state)

[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module internal Accumulation =

    /// Two accumulations over the same samples.
    let pair (a: Accumulation) (b: Accumulation) : Accumulation =
        let head = a.StateLength

        { new Accumulation(head + b.StateLength, a.Needs ||| b.Needs) with
            member _.Add(block, state) =
                a.Add(&block, state.Slice(0, head))
                b.Add(&block, state.Slice head)

            member _.Merge(state, other) =
                a.Merge(state.Slice(0, head), other.Slice(0, head))
                b.Merge(state.Slice head, other.Slice head)
        }

/// A statistic, the accumulation that it makes, and what the states of all rows mean.
[<NoEquality; NoComparison>]
type internal Accumulator<'result> =
    {
        Statistic: Statistic
        Accumulation: Accumulation
        Result: RowStates -> 'result
    }

[<RequireQualifiedAccess>]
module internal Accumulator =

    /// Another result from the same sums.
    let map (read: 'a -> 'b) (inner: Accumulator<'a>) : Accumulator<'b> =
        {
            Statistic = inner.Statistic
            Accumulation = inner.Accumulation
            Result = inner.Result >> read
        }

    /// Two accumulators over the same samples.
    let pair (a: Accumulator<'a>) (b: Accumulator<'b>) : Accumulator<struct ('a * 'b)> =
        let head, tail = a.Accumulation.StateLength, b.Accumulation.StateLength

        {
            Statistic = Statistic.Pair(a.Statistic, b.Statistic)
            Accumulation = Accumulation.pair a.Accumulation b.Accumulation
            Result = fun states -> struct (a.Result(states.Part(0, head)), b.Result(states.Part(head, tail)))
        }

    /// The result with how many samples of each row it is made of.
    let counted (inner: Accumulator<'a>) : Accumulator<struct ('a * SampleCounts)> =
        {
            Statistic = inner.Statistic
            Accumulation = inner.Accumulation
            Result = fun states -> struct (inner.Result states, states.Counts)
        }
