namespace Perturbed.Functional


/// The source of a pass, chosen once.
[<Sealed>]
type internal SampleSources private (context: PassContext, create: SampleMemory -> SampleSource, isFused: bool) =

    static member Choose(s: Settings, batch: ThetaBatch, cache: SolutionCache voption, needs: Needs) : SampleSources =
        SampleSources.Choose(s, batch, cache, needs, null)

    static member Choose
        (s: Settings, batch: ThetaBatch, cache: SolutionCache voption, needs: Needs, log: FailureLog | null)
        : SampleSources =
        let context =
            {
                Settings = s
                Batch = batch
                Sampler = Sampler.create s
                Check = NumberCheck.ofNoise s.Noise
                Needs = needs
                Cache = cache
                Log = log
                Residuals = null
            }

        match cache with
        | ValueSome filled when filled.Serves(context.Wants Needs.Values) ->
            let context =
                { context with
                    Residuals =
                        if context.Wants Needs.Scores then
                            filled.TakeResiduals()
                        else
                            null
                }

            SampleSources(context, (fun memory -> ReplaySource(context, memory, filled)), false)
        | _ ->
            // A fused sampler leaves out the noise.
            match (if context.ReadsNoise then null else FusedSamplers.between s) with
            | null -> SampleSources(context, (fun memory -> ReferenceSource(context, memory)), false)
            | fused -> SampleSources(context, (fun memory -> FusedSource(context, memory, fused)), true)

    /// Whether a few rows may share a call of the solver.
    member _.MayShareRows: bool =
        not isFused && not context.Settings.Oracle.Implementation.DependsOnInstance

    /// A source for one thread, for blocks of so many samples.
    member _.Create(capacity: int) : SampleSource =
        let oracle = context.Settings.Oracle
        create (SampleMemory(oracle.Dimension, oracle.SolutionDimension, capacity, oracle.Encoding, oracle.Ones))

    /// Gives back what was borrowed, after the last block.
    member _.End() : unit =
        match context.Residuals with
        | null -> ()
        | taken -> taken.Return()
