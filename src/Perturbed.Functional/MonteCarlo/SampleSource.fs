namespace Perturbed.Functional


/// <summary>Where one thread's blocks of samples come from.</summary>
/// <remarks>The reference source reads like Definition 3.1: draw, perturb, solve. The others give the same bits in
/// less time.</remarks>
[<AbstractClass>]
type internal SampleSource(memory: SampleMemory) =
    member _.Memory: SampleMemory = memory
    /// Announces a row before its samples.
    abstract Start: row: int -> unit
    /// Samples of the row that was announced.
    abstract Next: row: int * first: int * count: int -> SampleBlock
    /// All samples of a few rows side by side, in one call of the solver; then `RowOf` gives the block of each.
    abstract Fill: firstRow: int * rows: int -> unit
    abstract RowOf: firstRow: int * row: int -> SampleBlock
    /// After an error: what comes next has a solver that never threw.
    abstract DropSolver: unit -> unit
    default _.DropSolver() = ()
    /// Gives memory and solver back.
    abstract Free: unit -> unit
    default _.Free() = memory.Free()
