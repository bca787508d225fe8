namespace Perturbed.Functional

/// What a solve that has no answer throws; the operator adds oracle, row, sample and the kind of failure.
module internal SolveFailures =

    let fail (status: SolveStatus) (reason: string) : 'answer =
        let failure =
            match status with
            | SolveStatus.Infeasible -> SolveFailure.Infeasible
            | SolveStatus.Unbounded -> SolveFailure.Unbounded
            | SolveStatus.TimedOut -> SolveFailure.TimedOut
            | _ -> SolveFailure.Failed

        raise (SolveFailedException(failure, reason))
