namespace Perturbed.Functional

open System

/// Sums over the samples whose solve succeeded, where the operator leaves failed ones out.
module internal Successes =

    // Behind the state proper: the samples that are summed, the failed ones of each kind, and 1 + the first of them.
    let private kinds = 4
    let private first = 1 + kinds
    let private tailLength = 2 + kinds

    // Counts a block's failures; whether there are any.
    let private count (block: inref<SampleBlock>) (tail: Span<float>) : bool =
        let mutable any = false

        for m in 0 .. block.Failures.Length - 1 do
            let code = int block.Failures[m]

            if code > 0 then
                any <- true
                tail[code] <- tail[code] + 1.0

                if tail[first] = 0.0 then
                    tail[first] <- float (block.First + m + 1)

        any

    let private add
        (inner: Accumulation)
        (block: inref<SampleBlock>)
        (start: int)
        (stop: int)
        (state: Span<float>)
        (tail: Span<float>)
        : unit =
        if start < stop then
            let part = block.Slice(start, stop)
            inner.Add(&part, state)
            tail[0] <- tail[0] + float (stop - start)

    let private hasFailure (block: inref<SampleBlock>) (start: int) (stop: int) : bool =
        block.Failures.Slice(start - block.First, stop - start).IndexOfAnyExcept(0uy)
        >= 0

    let private failed (tail: ReadOnlySpan<float>) : float = tail[1] + tail[2] + tail[3] + tail[4]

    /// <summary>An accumulation that gives another one the successful samples, without those that depend on a failed
    /// one.</summary>
    let accumulation (s: Settings) (inner: Accumulation) : Accumulation =
        let head = inner.StateLength
        let groups = Sampler.groups s
        // A group of more than a block is a part, whose sums are dropped at its end.
        let isCut = groups.Size > (Partition.create s).BlockSamples

        { new Accumulation(head + tailLength, inner.Needs) with
            member _.Add(block, state) =
                let own = state.Slice(0, head)
                let tail = state.Slice head
                let last = block.First + block.Count

                if not (count &block tail) then
                    inner.Add(&block, own)
                    tail[0] <- tail[0] + float block.Count
                else
                    let mutable start = block.First
                    let mutable at = block.First

                    while at < last do
                        let stop = min last ((at / groups.Size + 1) * groups.Size)

                        if hasFailure &block at stop then
                            add inner &block start at own tail
                            start <- stop

                        at <- stop

                    add inner &block start last own tail

            member _.EndPart state =
                let tail = state.Slice head

                if isCut && failed (Span.op_Implicit tail) > 0.0 then
                    state.Slice(0, head).Clear()
                    tail[0] <- 0.0

            member _.Merge(state, other) =
                let tail = state.Slice head
                let others = other.Slice head
                inner.Merge(state.Slice(0, head), other.Slice(0, head))

                for i in 0..kinds do
                    tail[i] <- tail[i] + others[i]

                if tail[first] = 0.0 then
                    tail[first] <- others[first]
        }

    let private describe (tail: ReadOnlySpan<float>) : string =
        let names = [| "failed"; "infeasible"; "unbounded"; "timed out" |]
        let mutable parts = []

        for kind in kinds .. -1 .. 1 do
            if tail[kind] > 0.0 then
                parts <- $"{tail[kind]} {names[kind - 1]}" :: parts

        String.concat ", " parts

    let private refuse (s: Settings) (batch: ThetaBatch) (log: FailureLog) row used (tail: ReadOnlySpan<float>) share =
        let leftOut = s.Samples - used

        let withThem =
            if float leftOut > failed tail then
                $"; with those that depend on them {leftOut} are left out"
            else
                ""

        let verdict =
            if used = 0 then
                "no sample is left"
            else
                $"a share of {float leftOut / float s.Samples}, and the policy allows {share}"

        let inner = log.Of row

        let reason =
            match inner with
            | null -> ""
            | failure -> $": {FailedSolve.describe failure}"

        raise (
            OracleException(
                s.Oracle.Name,
                batch.Numbers.First + int64 row,
                batch.Numbers.Instance row,
                $"{failed tail} of {s.Samples} samples have no solution ({describe tail}){withThem}: {verdict}. The \
                  first is sample {int tail[first] - 1}{reason}",
                inner
            )
        )

    /// The accumulation of an operator's samples: of the successful ones where it leaves failed ones out.
    let within (s: Settings) (inner: Accumulation) : Accumulation =
        if s.LeavesOut then accumulation s inner else inner

    let private require (pass: Pass) (log: FailureLog) (states: float[]) : SampleCounts =
        let s, batch, length = pass.Settings, pass.Batch, pass.StateLength
        let groups = Sampler.groups s

        let share =
            match s.Failures with
            | FailurePolicy.LeaveOut share -> share
            | FailurePolicy.Error -> 0.0

        let used =
            Array.init batch.Rows (fun row ->
                let tail = ReadOnlySpan(states, row * length + length - tailLength, tailLength)

                // A single group of all samples may be cut into several parts.
                let used =
                    if groups.Count = 1 && not groups.IsIndependent && failed tail > 0.0 then
                        0
                    else
                        int tail[0]

                // A share that is a count over M rounds.
                if used = 0 || float (s.Samples - used) > share * float s.Samples * (1.0 + 1e-12) then
                    refuse s batch log row used tail share

                used)

        SampleCounts.OfRows(s.Samples, used)

    /// How many samples of each row are summed, out of the states of all rows; an error where they are too few.
    let counts (pass: Pass) (states: float[]) : SampleCounts =
        match pass.Failures with
        | null -> SampleCounts.All pass.Settings.Samples
        | log -> require pass log states
