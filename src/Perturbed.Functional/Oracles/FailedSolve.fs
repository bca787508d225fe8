namespace Perturbed.Functional

/// Failed solves in messages.
module internal FailedSolve =

    let describe (failed: SolveFailedException) : string =
        let what =
            match failed.Failure with
            | SolveFailure.Infeasible -> "the problem is infeasible"
            | SolveFailure.Unbounded -> "the problem is unbounded"
            | SolveFailure.TimedOut -> "the solve timed out"
            | _ -> "the solve failed"

        $"{what}: {failed.Message}"
