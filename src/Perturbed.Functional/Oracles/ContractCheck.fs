namespace Perturbed.Functional

open System
open System.Threading
open Perturbed.Kernels

/// The checks behind Oracle.check.
module internal ContractCheck =

    let private threads = 8
    let private rounds = 12
    let private mostOfARule = 3

    // Bits, but for the sign of a zero and for which NaN it is.
    let private differs (a: ReadOnlySpan<float>) (b: ReadOnlySpan<float>) : int =
        let mutable at = -1

        for i in a.Length - 1 .. -1 .. 0 do
            if a[i] <> b[i] && not (Double.IsNaN a[i] && Double.IsNaN b[i]) then
                at <- i

        at

    [<Sealed>]
    type private Run(oracle: IOracle, thetas: float[], n: int, cancellation: CancellationToken) =
        let d, k = oracle.Dimension, oracle.SolutionDimension
        let violations = Collections.Generic.List<OracleViolation>()
        let solutions: float[] = Array.create (n * k) nan
        let values: float[] = Array.create n nan
        // Rows whose first solve succeeded; the other checks leave the rest out.
        let isUsable: bool[] = Array.create n true

        let theta (row: int) : float[] = Array.sub thetas (row * d) d

        let report (rule: OracleRule) (row: int) (message: string) : unit =
            lock violations (fun () ->
                let known = violations |> Seq.filter (fun v -> v.Rule = rule)

                if
                    Seq.length known < mostOfARule
                    && not (known |> Seq.exists (fun v -> v.Theta = theta row))
                then
                    violations.Add
                        {
                            Rule = rule
                            Theta = theta row
                            Message = message
                        })

        // Answers of the given rows in one call, on a copy of their θ; None if it threw.
        let solve (solver: ISolver) (announced: int) (rows: int[]) (wantsValues: bool) (rule: OracleRule) =
            let input = rows |> Array.collect theta
            let before = Array.copy input
            let y: float[] = Array.create (rows.Length * k) nan
            let v: float[] = Array.create (if wantsValues then rows.Length else 0) nan

            try
                cancellation.ThrowIfCancellationRequested()
                solver.Cancellation <- cancellation
                solver.Begin(0L, ReadOnlySpan(thetas, announced * d, d))
                solver.Solve(ReadOnlySpan input, Span y, Span v)

                if differs (ReadOnlySpan input) (ReadOnlySpan before) >= 0 then
                    let i = differs (ReadOnlySpan input) (ReadOnlySpan before)
                    report OracleRule.Pure rows[i / d] $"a solve changed entry {i % d} of its θ to {input[i]}."

                Some struct (y, v)
            with
            // Thrown on by the caller's thread at the end of the stage.
            | :? OperationCanceledException when cancellation.IsCancellationRequested -> None
            | e ->
                report rule rows[0] $"a solve threw {e.GetType().Name}: {e.Message}"
                None

        // Compares answers to those of the first solve.
        let compare (rule: OracleRule) (what: string) (rows: int[]) (struct (y: float[], v: float[])) : unit =
            for i in 0 .. rows.Length - 1 do
                let row = rows[i]
                let at = differs (ReadOnlySpan(solutions, row * k, k)) (ReadOnlySpan(y, i * k, k))

                if at >= 0 then
                    report rule row $"entry {at} was {solutions[row * k + at]} at first and is {y[i * k + at]} {what}."
                elif
                    v.Length > 0
                    && differs (ReadOnlySpan(values, row, 1)) (ReadOnlySpan(v, i, 1)) >= 0
                then
                    report rule row $"the value was {values[row]} at first and is {v[i]} {what}."

        let again rule what solver announced rows wantsValues =
            solve solver announced rows wantsValues rule
            |> Option.iter (compare rule what rows)

        let usable () : int[] =
            [| 0 .. n - 1 |] |> Array.filter (fun row -> isUsable[row])

        member _.First() : unit =
            let solver = oracle.CreateSolver()

            for row in 0 .. n - 1 do
                match solve solver row [| row |] true OracleRule.Answers with
                | None -> isUsable[row] <- false
                | Some(struct (y, v)) ->
                    y.CopyTo(solutions, row * k)
                    values[row] <- v[0]

                    match y |> Array.tryFindIndex (Double.IsFinite >> not) with
                    | Some i ->
                        isUsable[row] <- false

                        report
                            OracleRule.Finite
                            row
                            $"entry {i} is {y[i]} or was left unwritten; every entry must be finite."
                    | None ->
                        if k = d && not (Double.IsFinite v[0]) then
                            isUsable[row] <- false

                            report
                                OracleRule.Finite
                                row
                                $"the value is {v[0]} or was left unwritten; it must be finite."

        member _.Repeat() : unit =
            let solver = oracle.CreateSolver()

            for row in usable () do
                again OracleRule.Deterministic "from another solver" solver row [| row |] true
                again OracleRule.Deterministic "when asked again" solver row [| row |] true
                again OracleRule.Deterministic "when no value is asked for" solver row [| row |] false

            for row in usable () |> Array.rev do
                again OracleRule.Deterministic "after other θ" solver row [| row |] true

        member _.Batches() : unit =
            let solver = oracle.CreateSolver()

            for size in [ 2; 3; 7; 8; 9; n ] do
                for rows in usable () |> Array.chunkBySize size do
                    again OracleRule.RowsIndependent $"among {rows.Length} rows" solver rows[0] rows true

        member _.WarmStarts() : unit =
            let solver = oracle.CreateSolver()
            let rows = usable ()

            for i in 0 .. rows.Length - 1 do
                let announced = rows[(i * 7 + 1) % rows.Length]
                again OracleRule.WarmStart "after Begin at another θ" solver announced [| rows[i] |] true

        member _.Threads() : unit =
            let rows = usable ()

            if rows.Length > 0 then
                use start = new Barrier(threads)

                let work (offset: int) =
                    let solver = oracle.CreateSolver()
                    start.SignalAndWait()

                    for _ in 1..rounds do
                        for i in 0 .. rows.Length - 1 do
                            let row = rows[(i + offset) % rows.Length]
                            again OracleRule.ThreadSafe $"beside {threads - 1} other threads" solver row [| row |] true

                let workers = Array.init threads (fun i -> Thread(fun () -> work (i * 3)))
                workers |> Array.iter _.Start()
                workers |> Array.iter _.Join()

        // A solver may add its terms with rounding, or stop iterating when 1e-9 of them is left; what two answers
        // share decides nothing.
        member _.Values() : unit =
            let nothing: float[] = Array.zeroCreate d

            if k = d then
                let rows = usable ()

                for row in rows do
                    let here = ReadOnlySpan(thetas, row * d, d)

                    let struct (own, size, _) =
                        CompensatedSum.difference (ReadOnlySpan(solutions, row * d, d)) (ReadOnlySpan nothing) here

                    if not oracle.HasOffset && abs (values[row] - own) > 1e-9 * size then
                        report OracleRule.Value row $"the value is {values[row]}; ⟨y, θ⟩ is {own}."

                    for other in rows do
                        let mutable distance = 0.0

                        for i in 0 .. d - 1 do
                            distance <- distance + abs (solutions[other * d + i] - solutions[row * d + i])

                        // With an offset that only the solver knows, its values are compared: F(θ) ≥ F(θ') + ⟨y', θ −
                        // θ'⟩.
                        let struct (gain, tolerance) =
                            if oracle.HasOffset then
                                let there = ReadOnlySpan(thetas, other * d, d)

                                let struct (moved, movedSize, _) =
                                    CompensatedSum.difference
                                        (ReadOnlySpan(solutions, other * d, d))
                                        (ReadOnlySpan nothing)
                                        here

                                let struct (stayed, stayedSize, _) =
                                    CompensatedSum.difference
                                        (ReadOnlySpan(solutions, other * d, d))
                                        (ReadOnlySpan nothing)
                                        there

                                let sizes = movedSize + stayedSize + size + abs values[row] + abs values[other]
                                struct (values[other] - values[row] + (moved - stayed), 1e-9 * sizes)
                            else
                                let struct (gain, differing, all) =
                                    CompensatedSum.difference
                                        (ReadOnlySpan(solutions, other * d, d))
                                        (ReadOnlySpan(solutions, row * d, d))
                                        here

                                struct (gain, 1e-9 * differing + Math.ScaleB(float (d + 2) * all, -52))

                        if gain > tolerance + oracle.Shortfall(here, distance) then
                            let y = String.Join(", ", Array.sub solutions (other * k) k)

                            report
                                OracleRule.Optimal
                                row
                                $"the value is {values[row]}; the answer [{y}] to another θ scores {gain} more here."

        member _.Members() : unit =
            let isMember =
                usable ()
                |> Array.map (fun row -> row, oracle.IsSolution(ReadOnlySpan(solutions, row * k, k)))

            if isMember |> Array.exists snd then
                for row, isKnown in isMember do
                    if not isKnown then
                        report OracleRule.Membership row "IsSolution denies this answer, and knows others."

        member _.Violations: OracleViolation list = List.ofSeq violations

    let run (cancellation: CancellationToken) (oracle: IOracle) (thetas: float[]) (n: int) : OracleReport =
        let run = Run(oracle, thetas, n, cancellation)

        for stage in [ run.First; run.Repeat; run.Batches; run.WarmStarts; run.Threads; run.Values; run.Members ] do
            stage ()
            cancellation.ThrowIfCancellationRequested()

        {
            Oracle = oracle.Name
            Directions = n
            Violations = run.Violations
        }
