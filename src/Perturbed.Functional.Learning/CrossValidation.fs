namespace Perturbed.Functional

open System
open System.Runtime.ExceptionServices
open System.Threading
open System.Threading.Tasks

/// One fold: which rows to train on and which to test on.
type Fold =
    {
        /// Number of the fold, from 0.
        Index: int
        /// A key of the fold's own.
        Key: Key
        /// Rows of the training part, ascending.
        Train: int[]
        /// Rows of the test part, ascending.
        Test: int[]
    }

/// The score of one fold.
type FoldScore =
    {
        /// Number of the fold, from 0.
        Fold: int
        /// What the evaluation gave.
        Score: float
    }

/// How to cross-validate.
type CrossValidationConfig =
    {
        /// Number of folds k, at least 2.
        Folds: int
        /// The key of the shuffle and, folded, of each fold.
        Key: Key
        /// Folds that run at the same time, at least 1; the results do not depend on it.
        MaxParallel: int
        /// Called after each fold, on the thread that ran it.
        Progress: IProgress<FoldScore> option
        /// Read before and after each fold: a fold in which it was cancelled is left out, because its training may
        /// be incomplete.
        Cancellation: CancellationToken
    }

/// The result of a cross-validation.
type CrossValidated =
    {
        /// The folds that were evaluated, by number.
        Scores: FoldScore[]
        /// Their mean; NaN where there is none.
        Mean: float
        /// Their standard deviation with n − 1 in the denominator; NaN below two folds.
        StandardDeviation: float
        /// Completed, or Cancelled with the folds that were done.
        Ending: Ending
    }

/// k-fold cross-validation.
[<RequireQualifiedAccess>]
module CrossValidation =

    /// <summary>A configuration that runs as many folds at a time as there are processors, without progress or
    /// cancellation.</summary>
    /// <param name="folds">Number of folds k, at least 2.</param>
    /// <param name="key">The key of the shuffle.</param>
    /// <returns>The configuration; its numbers are checked when it is used.</returns>
    let config (folds: int) (key: Key) : CrossValidationConfig =
        {
            Folds = folds
            Key = key
            MaxParallel = Environment.ProcessorCount
            Progress = None
            Cancellation = CancellationToken.None
        }

    /// <summary>The folds of 0 .. rows − 1: shuffled by the key, their test parts disjoint, of sizes that differ by at
    /// most one.</summary>
    /// <param name="folds">Number of folds k, from 2 to the number of rows.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="key">The same key gives the same folds.</param>
    /// <returns>k folds whose test parts together hold each row once.</returns>
    /// <exception cref="T:System.ArgumentException">k is below 2 or above the number of rows.</exception>
    let folds (folds: int) (rows: int) (key: Key) : Fold[] =
        if folds < 2 then
            invalidArg (nameof folds) $"folds is {folds}; it must be at least 2."

        if rows < folds then
            invalidArg (nameof rows) $"rows is {rows}; {folds} folds need at least as many rows."

        let order = Permutation.create rows (Key.fold 0 key)

        let bound f =
            int (int64 rows * int64 f / int64 folds)

        Array.init folds (fun f ->
            let first, next = bound f, bound (f + 1)

            {
                Index = f
                Key = key |> Key.fold 1 |> Key.fold f
                Train = Array.append order[.. first - 1] order[next..] |> Array.sort
                Test = order[first .. next - 1] |> Array.sort
            })

    let private summarise (ending: Ending) (scores: FoldScore[]) : CrossValidated =
        let values = scores |> Array.map _.Score
        let mean = if values.Length = 0 then nan else Array.average values

        {
            Scores = scores
            Mean = mean
            StandardDeviation =
                if values.Length < 2 then
                    nan
                else
                    sqrt (
                        (values |> Array.sumBy (fun v -> (v - mean) * (v - mean)))
                        / float (values.Length - 1)
                    )
            Ending = ending
        }

    /// <summary>Evaluates each fold; folds run in parallel and the result does not depend on how many do.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="rows">Number of rows, at least the number of folds.</param>
    /// <param name="evaluate">Trains on the fold's training rows and scores the test rows; safe to call from several
    /// threads, random only by the fold's key. Its training takes the same token, to stop inside a fold.</param>
    /// <returns>Scores, mean and deviation. A cancelled run returns the folds that were done before.</returns>
    /// <exception cref="T:System.ArgumentException">A number of the configuration is out of range; or whatever
    /// <paramref name="evaluate"/> throws, for the fold of the lowest number.</exception>
    /// <example><code>
    /// // The score of a fold, here the share of its test rows in all rows.
    /// let score (fold: Fold) = float fold.Test.Length / 10.0
    /// let result = CrossValidation.run (CrossValidation.config 5 (Key.create 1UL)) 10 score
    /// result.Mean // 0.2
    /// </code></example>
    let run (config: CrossValidationConfig) (rows: int) (evaluate: Fold -> float) : CrossValidated =
        Check.positiveInt "config.MaxParallel" config.MaxParallel
        let parts = folds config.Folds rows config.Key
        let scores: FoldScore option[] = Array.create parts.Length None
        let errors: exn option[] = Array.create parts.Length None

        let one (f: int) (loop: ParallelLoopState) =
            if not config.Cancellation.IsCancellationRequested then
                try
                    let score = { Fold = f; Score = evaluate parts[f] }

                    // The score of an incomplete training is not the fold's.
                    if not config.Cancellation.IsCancellationRequested then
                        scores[f] <- Some score
                        config.Progress |> Option.iter (fun progress -> progress.Report score)
                with
                | :? OperationCanceledException when config.Cancellation.IsCancellationRequested -> ()
                | error ->
                    errors[f] <- Some error
                    // Lower folds still run, so that the error reported does not depend on timing.
                    loop.Break()

        Parallel.For(0, parts.Length, ParallelOptions(MaxDegreeOfParallelism = config.MaxParallel), one)
        |> ignore

        match Array.tryPick id errors with
        | Some error -> ExceptionDispatchInfo.Capture(error).Throw()
        | None -> ()

        let scores = Array.choose id scores
        let all = scores.Length = parts.Length
        summarise (if all then Ending.Completed else Ending.Cancelled) scores

    /// <summary>Evaluates each candidate on the same folds and picks the best mean, as for a learning rate from a
    /// grid.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="goal">Which score is the better one.</param>
    /// <param name="candidates">At least one; ties keep the earlier one.</param>
    /// <param name="rows">Number of rows, at least the number of folds.</param>
    /// <param name="evaluate">As for <c>run</c>, for a candidate. A candidate with a NaN mean is never picked.</param>
    /// <returns>The best candidate and every candidate's result; none where all means are NaN or the run was
    /// cancelled.</returns>
    /// <exception cref="T:System.ArgumentException">There is no candidate; or as for <c>run</c>.</exception>
    let select
        (config: CrossValidationConfig)
        (goal: Goal)
        (candidates: 'candidate[])
        (rows: int)
        (evaluate: 'candidate -> Fold -> float)
        : 'candidate option * ('candidate * CrossValidated)[] =
        Check.notNull (nameof candidates) candidates

        if candidates.Length = 0 then
            invalidArg (nameof candidates) "candidates has length 0; it must have at least one entry."

        let table = candidates |> Array.map (fun c -> c, run config rows (evaluate c))

        let merit (_, result: CrossValidated) =
            match goal with
            | Goal.Maximise -> result.Mean
            | Goal.Minimise -> -result.Mean

        let complete = table |> Array.forall (fun (_, r) -> r.Ending = Ending.Completed)
        let usable = table |> Array.filter (fun entry -> not (Double.IsNaN(merit entry)))

        let best =
            if complete && usable.Length > 0 then
                Some(fst (Array.maxBy merit usable))
            else
                None

        best, table
