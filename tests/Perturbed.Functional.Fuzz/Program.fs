module Perturbed.Functional.Fuzz.Program

open System

let private usage =
    """Solves hostile instances with every oracle and compares them with exact arithmetic.

  --instances N    how many theta, over all oracles (100000)
  --oracle NAME    only this kind of oracle; may be repeated
  --seed S         another set of instances (1)
  --problem P      only problem number P of each oracle
  --threads T      how many problems at a time (all processors)
  --show N         how many failures of an oracle are printed (5)

Instances are spread over 1e+-15, with ties, zeros, cancelling pairs and neighbouring doubles. Each theta is solved
cold and judged, then warm, after others and beside others for the same bits; of every eighth problem a perturbed
operator is compared on 1 and 8 threads. "coarse" counts answers that are within the rounding of all terms of the
answer and the optimum, though not of those in which the two differ, and exact ties that rounded sums decide. Exit code 1 where an answer is wrong."""

let private table (summary: Summary) : unit =
    printfn
        $"{summary.Family, -20} {summary.Instances, 10} {summary.Failures, 10} {summary.Coarse, 10} {summary.Seconds, 9:F1}"

let private run (settings: Settings) (shown: int) : int =
    let header = ("oracle", "instances", "failures", "coarse", "seconds")
    let a, b, c, d, e = header
    printfn $"{a, -20} {b, 10} {c, 10} {d, 10} {e, 9}"
    let found = Runner.run settings table

    table
        {
            Family = "all"
            Instances = found |> List.sumBy _.Instances
            Failures = found |> List.sumBy _.Failures
            Coarse = found |> List.sumBy _.Coarse
            Seconds = found |> List.sumBy _.Seconds
            Examples = []
        }

    for summary in found do
        for _, text in List.truncate shown summary.Examples do
            printfn $"\n{text}"

    if found |> List.exists (fun s -> s.Failures > 0L) then
        1
    else
        0

let private known = Families.all |> Array.map _.Name

[<EntryPoint>]
let main (arguments: string[]) : int =
    let mutable settings =
        {
            Families = Families.all
            Instances = 100000L
            Seed = 1UL
            Only = None
            Threads = Environment.ProcessorCount
        }

    let mutable chosen: string list = []
    let mutable shown = 5

    let rec read (rest: string list) : string option =
        match rest with
        | [] -> None
        | ("--help" | "-h") :: _ -> Some usage
        | [ option ] -> Some $"{option} needs a value, or is not known.\n\n{usage}"
        | option :: value :: rest ->
            match option, Int64.TryParse value with
            | "--oracle", _ when Array.contains value known ->
                chosen <- value :: chosen
                read rest
            | "--oracle", _ ->
                let names = String.Join(", ", known)
                Some $"There is no oracle '{value}'; expected one of {names}."
            | "--instances", (true, n) when n > 0L ->
                settings <- { settings with Instances = n }
                read rest
            | "--seed", (true, n) when n >= 0L ->
                settings <- { settings with Seed = uint64 n }
                read rest
            | "--problem", (true, n) when n >= 0L ->
                settings <- { settings with Only = Some n }
                read rest
            | "--threads", (true, n) when n > 0L && n <= 1024L ->
                settings <- { settings with Threads = int n }
                read rest
            | "--show", (true, n) when n >= 0L && n <= 1000000L ->
                shown <- int n
                read rest
            | _ -> Some $"'{option} {value}' is not known.\n\n{usage}"

    match read (List.ofArray arguments) with
    | Some message ->
        printfn $"{message}"
        if message = usage then 0 else 2
    | None ->
        if not chosen.IsEmpty then
            settings <-
                { settings with
                    Families = Families.all |> Array.filter (fun f -> List.contains f.Name chosen)
                }

        run settings shown
