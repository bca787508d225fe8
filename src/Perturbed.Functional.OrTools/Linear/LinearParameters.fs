namespace Perturbed.Functional

open System
open System.Globalization

/// Options of an oracle in the words of each linear solver.
module internal LinearParameters =

    // GLOP's own tolerance of reduced costs, 1e-6, is of a program that it scaled.
    let private tolerances (solver: string) : string =
        if solver = "GLOP" then
            "dual_feasibility_tolerance: 1e-8 "
        else
            ""

    /// The most that an answer may lose, as a share of the largest gain for each unit of distance.
    let accuracy (solver: string) : float = if solver = "GLOP" then 1e-7 else 1e-6

    let check (solver: string) (options: OrToolsOptions) : unit =
        OptionChecks.check options

        OptionChecks.refuseParameters
            options
            [
                "num_workers", "answers of several workers depend on their timing"
                "num_search_workers", "answers of several workers depend on their timing"
                "max_time_in_seconds", "TimeLimit is for that"
            ]

        if solver <> "GLOP" && solver <> "SCIP" && solver <> "SAT" then
            OptionChecks.refuse solver "WorkLimit" options.WorkLimit.IsSome
            OptionChecks.refuse solver "Parameters" (options.Parameters <> "")

        if solver <> "SCIP" && solver <> "SAT" then
            OptionChecks.refuse
                $"OR-Tools' interface to {solver} for .NET"
                "Start"
                (options.Start = SolveStart.FromUnperturbed)

    let text (solver: string) (options: OrToolsOptions) : string =
        let limit =
            match options.WorkLimit with
            | None -> ""
            | Some work when solver = "SCIP" -> $"limits/nodes = {int64 (min work 1e18)}\n"
            | Some work -> String.Format(CultureInfo.InvariantCulture, "max_deterministic_time: {0:R} ", work)

        tolerances solver + limit + options.Parameters
