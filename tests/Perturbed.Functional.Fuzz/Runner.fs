namespace Perturbed.Functional.Fuzz

open System
open System.Collections.Concurrent
open System.Diagnostics
open System.Threading
open System.Threading.Tasks

/// What is asked of a run.
type Settings =
    {
        Families: Family[]
        /// How many θ are solved, over all families.
        Instances: int64
        Seed: uint64
        /// The problem that is run alone, if one is.
        Only: int64 option
        Threads: int
    }

/// What a run found of one family.
type Summary =
    {
        Family: string
        Instances: int64
        Failures: int64
        /// Within the rounding of all terms, though not of those in which the answer and the optimum differ.
        Coarse: int64
        Seconds: float
        /// Texts with what repeats them, by problem number.
        Examples: (int64 * string) list
    }

[<RequireQualifiedAccess>]
module Runner =

    // How long one problem may take before it counts as one that does not end.
    let private patience = TimeSpan.FromSeconds 60.0

    let private mostExamples = 50

    let private mostPerturbed = 8L

    // FNV-1a: a number for each name, the same in every run.
    let private ofName (name: string) : uint64 =
        name
        |> Seq.fold (fun hash c -> (hash ^^^ uint64 c) * 1099511628211UL) 14695981039346656037UL

    let private problem (seed: uint64) (family: Family) (number: int64) : Solves.Report * int =
        let draw = Draw.At(seed, [ ofName family.Name; uint64 number ])

        match family.Draw draw with
        | Refused -> { Coarse = 0; Complaints = [] }, 1
        | Misjudged(form, expected) ->
            {
                Coarse = 0
                Complaints =
                    [
                        {
                            Row = -1
                            Text = $"{form}\n    expected {expected}"
                        }
                    ]
            },
            1
        | Made made -> Solves.run draw (number % mostPerturbed = 0L) made, Solves.Rows

    let private family
        (settings: Settings)
        (running: ConcurrentDictionary<string, Stopwatch>)
        (family: Family)
        : Summary =
        let share =
            max 1L (settings.Instances / int64 settings.Families.Length / int64 Solves.Rows)

        let numbers =
            match settings.Only with
            | Some number -> number, number + 1L
            | None -> 0L, share

        let clock = Stopwatch.StartNew()
        let examples = ConcurrentBag<int64 * string>()
        let instances, failures, coarse = [| 0L |], [| 0L |], [| 0L |]

        Parallel.For(
            fst numbers,
            snd numbers,
            ParallelOptions(MaxDegreeOfParallelism = settings.Threads),
            fun number ->
                let place = $"--oracle {family.Name} --seed {settings.Seed} --problem {number}"
                running[place] <- Stopwatch.StartNew()

                let report, count =
                    try
                        problem settings.Seed family number
                    with e ->
                        {
                            Coarse = 0
                            Complaints = [ { Row = -1; Text = $"it threw {e}" } ]
                        },
                        1

                Interlocked.Add(&instances[0], int64 count) |> ignore
                Interlocked.Add(&coarse[0], int64 report.Coarse) |> ignore
                Interlocked.Add(&failures[0], int64 report.Complaints.Length) |> ignore

                for complaint in report.Complaints do
                    if examples.Count < mostExamples then
                        examples.Add((number, $"{place} (row {complaint.Row})\n    {complaint.Text}"))

                running.TryRemove place |> ignore
        )
        |> ignore

        {
            Family = family.Name
            Instances = instances[0]
            Failures = failures[0]
            Coarse = coarse[0]
            Seconds = clock.Elapsed.TotalSeconds
            Examples = examples |> Seq.sortBy fst |> List.ofSeq
        }

    /// Runs families one after the other, each on all threads; a problem that does not end is a failure that ends the run.
    let run (settings: Settings) (progress: Summary -> unit) : Summary list =
        let running = ConcurrentDictionary<string, Stopwatch>()
        let mutable found: Summary list = []

        let work =
            Task.Factory.StartNew(
                (fun () ->
                    for f in settings.Families do
                        let summary = family settings running f
                        progress summary
                        found <- summary :: found),
                TaskCreationOptions.LongRunning
            )

        let mutable stuck = None

        while stuck.IsNone && not (work.Wait 200) do
            stuck <-
                running
                |> Seq.tryFind (fun item -> item.Value.Elapsed > patience)
                |> Option.map _.Key

        match stuck with
        | None -> List.rev found
        | Some place ->
            let summary =
                {
                    Family = "unfinished"
                    Instances = 1L
                    Failures = 1L
                    Coarse = 0L
                    Seconds = patience.TotalSeconds
                    Examples = [ 0L, $"{place}: no answer in {patience.TotalSeconds} s" ]
                }

            progress summary
            List.rev (summary :: found)
