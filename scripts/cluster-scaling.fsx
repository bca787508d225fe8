// What a call costs on many machines: a simulation of units, messages and silos with constants that
// `Perturbed.Functional.Cluster.Tests measure` prints. docs/scaling.md shows its tables.
//   dotnet fsi scripts/cluster-scaling.fsx
open System
open System.Collections.Generic

/// Seconds; the measured ones of docs/scaling.md.
type Constants =
    {
        /// What a message, there and back, takes of the client, which handles one after the other.
        ClientPerMessage: float
        /// A message there and back without work.
        RoundTrip: float
        /// What a silo spends on a unit beside its solves.
        SiloPerUnit: float
        /// The time that a unit is to take, and takes at least.
        UnitTime: float
        ShortestUnitTime: float
        /// From the loss of a machine to sending its units again.
        Loss: float
    }

let measured =
    {
        ClientPerMessage = 130e-6
        RoundTrip = 1.1e-3
        SiloPerUnit = 130e-6
        UnitTime = 0.1
        ShortestUnitTime = 0.002
        Loss = 3.0
    }

/// The samples of a part of a row, for solvers that are worth a thread in small numbers, at d = 20: 32 parts or more.
let partSamples (samplesOfRow: int) : int64 =
    int64 (min 96 ((samplesOfRow - 1) / 32 + 1))

/// The time of a call: units are whole parts, cut as a client cuts them, a silo of t threads has 2 t of them, and the client sends and
/// receives one message after the other. With `lost`, one machine is lost in the middle, and found after so many seconds.
let time
    (c: Constants)
    (machines: int)
    (threads: int)
    (rows: int)
    (m: int)
    (solve: float)
    (lost: float option)
    : float =
    let total = machines * threads
    let samples = int64 rows * int64 m
    let part = partSamples m
    let free = Queue<int>()

    // Two places a thread: the thread works on one while the other waits.
    for _ in 1..2 do
        for thread in 0 .. total - 1 do
            free.Enqueue thread

    let busyUntil: float[] = Array.zeroCreate total
    // Answers on their way: when they are at the client, of which thread, how many samples.
    let answers = PriorityQueue<struct (int * int64), float>()
    let mutable clock = 0.0
    let mutable left = samples
    let mutable flying = 0L
    let mutable ended = 0.0
    let ideal = float samples * solve / float total
    let deadFrom = ideal / 2.0

    let dead (thread: int) =
        lost.IsSome && machines > 1 && thread < threads

    let send (thread: int) =
        let share = float left / float (2 * total)
        let message = c.ClientPerMessage
        let kept = min (float total * message) (sqrt (float left * solve * message))

        let most, least =
            (max kept c.UnitTime) / solve, (max kept c.ShortestUnitTime) / solve

        let wanted = max 1L (int64 (max (min most share) least) / part) * part |> min left
        left <- left - wanted
        flying <- flying + wanted
        clock <- clock + c.ClientPerMessage / 2.0
        let start = max (clock + c.RoundTrip / 2.0) busyUntil[thread]
        let finish = start + c.SiloPerUnit + float wanted * solve
        busyUntil[thread] <- finish

        if dead thread && finish > deadFrom then
            // Found missing, its samples wait again.
            answers.Enqueue(struct (-1, wanted), max clock deadFrom + lost.Value)
        else
            answers.Enqueue(struct (thread, wanted), finish + c.RoundTrip / 2.0)

    while left > 0L || flying > 0L do
        if left > 0L && free.Count > 0 then
            let thread = free.Dequeue()

            if not (dead thread && clock > deadFrom + (defaultArg lost 0.0)) then
                send thread
        else
            let mutable answer = struct (0, 0L)
            let mutable at = 0.0
            answers.TryDequeue(&answer, &at) |> ignore
            let struct (thread, count) = answer
            clock <- max clock at + c.ClientPerMessage / 2.0
            flying <- flying - count

            if thread < 0 then
                left <- left + count
            else
                free.Enqueue thread

            ended <- clock

    ended

let show (seconds: float) : string =
    if seconds < 1e-3 then $"{seconds * 1e6:F0} µs"
    elif seconds < 1.0 then $"{seconds * 1e3:F1} ms"
    elif seconds < 600.0 then $"{seconds:F2} s"
    elif seconds < 36_000.0 then $"{seconds / 60.0:F1} min"
    else $"{seconds / 3600.0:F1} h"

printfn "| solve | rows | M | one machine | 10 | 100 | 1,000 |"
printfn "|---|---|---|---|---|---|---|"

for solve, rows, m in
    [
        10e-6, 10_000, 10_000
        100e-6, 1000, 10_000
        1e-3, 1000, 1000
        10e-3, 1000, 1000
        100e-3, 100, 1000
        1.0, 100, 1000
        60.0, 100, 1000
    ] do
    let alone = float rows * float m * solve / 16.0

    let on (machines: int) =
        let time = time measured machines 16 rows m solve None
        $"{show time}, {alone / time:F0}×"

    printfn $"| {show solve} | {rows:N0} | {m:N0} | {show alone} | {on 10} | {on 100} | {on 1000} |"

printfn ""
printfn "| solve | rows | M | 100 machines | one of them lost in the middle |"
printfn "|---|---|---|---|---|"

for solve, rows, m in [ 10e-3, 1000, 1000; 1.0, 100, 1000 ] do
    let whole = time measured 100 16 rows m solve None
    let lost = time measured 100 16 rows m solve (Some measured.Loss)
    printfn $"| {show solve} | {rows:N0} | {m:N0} | {show whole} | {show lost} |"
