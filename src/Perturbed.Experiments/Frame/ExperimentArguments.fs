namespace Perturbed.Experiments

open Argu

/// The options of every experiment.
type ExperimentArguments =
    | [<Unique>] Quick
    | [<Unique; EqualsAssignmentOrSpaced>] Output of DIR: string
    | [<Unique; EqualsAssignmentOrSpaced>] Data of PATH: string
    | [<Unique; EqualsAssignmentOrSpaced>] Key of NUMBER: string
    | [<Unique; EqualsAssignmentOrSpaced>] Threads of N: string
    | [<EqualsAssignmentOrSpaced>] Only of TEXT: string
    | [<Unique>] Estimate
    | [<Unique>] Restart
    | [<Unique; EqualsAssignmentOrSpaced>] Checkpoint_Seconds of NUMBER: string

    interface IArgParserTemplate with
        member this.Usage: string =
            match this with
            | Quick -> "the minute-scale version of the experiment."
            | Output _ ->
                "where record, checkpoints and pictures go. Default results/EXPERIMENT, with -quick after it for --quick."
            | Data _ -> "where the experiment's data are. Default: see below."
            | Key _ -> "the key of everything random: the same key gives the same bits. Default 0."
            | Threads _ -> "pieces that run side by side; it never changes a bit. Default: all processors."
            | Only _ ->
                "only the pieces whose names hold the text; may be given several times. The rest can follow later."
            | Estimate -> "says what the run would cost, and ends."
            | Restart ->
                "throws away what the output directory holds of an earlier run; without it, the run goes on from there."
            | Checkpoint_Seconds _ ->
                "the most seconds of work that a crash can cost: between two checkpoints of a long piece, and \
                  between two writings of the record. Default 10."
