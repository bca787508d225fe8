namespace Perturbed.Functional

/// <summary>Has the units of a pass computed, and merges their states in the order of the partition's tree.</summary>
/// <remarks>Units that are computed elsewhere take settings and statistic with them, which are plain data but for oracle
/// and noise. They have no cache: a pass that finds it empty draws and solves again, for the same bits.</remarks>
[<AbstractClass>]
type internal Executor() =
    /// The states of all rows, rows × length; `statistic` is the pass's accumulation as data.
    abstract States: pass: Pass * statistic: Statistic -> float[]

[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module internal Executor =

    /// The threads of this process.
    let threads: Executor =
        { new Executor() with
            member _.States(pass, _) = ThreadPass(pass).States()
        }

/// Sums over the samples of an operator, by an executor.
[<Sealed>]
type internal Engine(s: Settings, executor: Executor) =
    member _.Settings: Settings = s

    /// The result of an accumulator over the samples of a batch; fills a cache, or reads one that is filled.
    member _.Run(batch: ThetaBatch, cache: SolutionCache voption, accumulator: Accumulator<'result>) : 'result =
        let accumulation = Successes.within s accumulator.Accumulation
        let pass = Pass.create s batch cache accumulation

        let statistic =
            if s.LeavesOut then
                Statistic.OfSuccesses accumulator.Statistic
            else
                accumulator.Statistic

        let numbers = executor.States(pass, statistic)

        accumulator.Result
            {
                Numbers = numbers
                Rows = batch.Rows
                Length = pass.StateLength
                Start = 0
                Width = accumulator.Accumulation.StateLength
                Memory = s.Memory
                Counts = Successes.counts pass numbers
            }

[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module internal Engine =

    /// The states of an accumulation that writes into memory of its own, and so is summed in this process.
    let record (s: Settings) (batch: ThetaBatch) (accumulation: Accumulation) : RowStates =
        let pass = Pass.create s batch ValueNone (Successes.within s accumulation)
        let numbers = ThreadPass(pass).States()

        {
            Numbers = numbers
            Rows = batch.Rows
            Length = pass.StateLength
            Start = 0
            Width = accumulation.StateLength
            Memory = s.Memory
            Counts = Successes.counts pass numbers
        }
