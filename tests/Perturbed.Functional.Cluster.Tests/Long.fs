/// What takes minutes: silos as processes over 200 operators, and 50 kills at random moments.
module Perturbed.Functional.Cluster.Tests.Long

open System
open System.Diagnostics
open Perturbed.Functional
open Perturbed.Functional.Cluster

let private connect (first: Processes.SiloProcess) : PerturbedClient =
    PerturbedClient
        .Connect(Clustering.Localhost(int first.Place), TestOracles.registry, Silos.quick, first.GatewayPort)
        .Result

let private bits (silos: int) (operators: int) : int =
    use first = new Processes.SiloProcess("localhost", "", 1)

    let others =
        Array.init (silos - 1) (fun _ -> new Processes.SiloProcess("localhost", first.Place, 1))

    try
        use client = connect first
        let different = BitsTests.different client [ 1000 .. 999 + operators ]

        for difference in different do
            printfn $"FAILED  {difference}"

        printfn $"{silos} silos as processes: {operators} operators, {different.Length} answers with other bits"
        different.Length
    finally
        for other in others do
            (other :> IDisposable).Dispose()

let private median (values: float list) : float = (List.sort values)[values.Length / 2]

// With Redis any silo is killed, also the client's gateways; without it any but the first.
let private kills (rounds: int) : int =
    let random = Random(1)

    use redis =
        if RedisTests.isThere.Value then
            new RedisTests.RedisServer()
        else
            null

    let add (first: Processes.SiloProcess option) =
        match first with
        | _ when not (isNull redis) -> new Processes.SiloProcess("redis", redis.Connection, 2)
        | None -> new Processes.SiloProcess("localhost", "", 2)
        | Some first -> new Processes.SiloProcess("localhost", first.Place, 2)

    use first = add None
    let silos = ResizeArray [ add (Some first); add (Some first) ]

    use client =
        if isNull redis then
            connect first
        else
            PerturbedClient.Connect(Clustering.Redis redis.Connection, TestOracles.registry, Silos.quick).Result

    let op, theta = LossTests.longCall 3000 4.0
    let expected = op |> Smoothed.withThreads 64 |> Smoothed.maximizer theta
    let remote = op |> Smoothed.onCluster client

    let undisturbed =
        [
            for _ in 1..6 do
                let since = Stopwatch.StartNew()
                remote |> Smoothed.maximizer theta |> ignore
                since.Elapsed.TotalSeconds
        ]
        |> List.tail
        |> median

    let killed (round: int) : float option =
        let victim = random.Next silos.Count
        let moment = TimeSpan.FromSeconds(random.NextDouble() * undisturbed)

        let extra =
            try
                let time = LossTests.timeWithKill client (op, theta) expected moment silos[victim]

                Some(time.TotalSeconds - undisturbed)
            with error ->
                printfn $"FAILED  round {round}: {error.Message}"
                None

        (silos[victim] :> IDisposable).Dispose()
        silos[victim] <- add (Some first)
        extra

    let times = [ 1..rounds ] |> List.choose killed
    let faults = rounds - times.Length

    for silo in silos do
        (silo :> IDisposable).Dispose()

    let found = if isNull redis then "localhost clustering" else "Redis"

    if not times.IsEmpty then
        printfn
            $"{rounds} kills of a silo of three ({found}) in a call of {undisturbed:F2} s: {faults} wrong; extra time median {median times:F2} s, largest {List.max times:F2} s"

    faults

let run () : int =
    let faults = bits 2 200 + bits 3 60 + bits 4 60 + kills 50
    printfn $"{faults} failed"
    min faults 1
