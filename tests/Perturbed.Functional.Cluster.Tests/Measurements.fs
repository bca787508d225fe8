/// What a cluster costs: times that belong to an idle machine.
module Perturbed.Functional.Cluster.Tests.Measurements

open System
open System.Diagnostics
open System.Globalization
open Perturbed.Functional
open Perturbed.Functional.Cluster

let private microseconds (action: unit -> unit) : float =
    let started = Stopwatch.GetTimestamp()
    action ()
    (Stopwatch.GetElapsedTime started).TotalMicroseconds

let private median (values: float[]) : float = (Array.sort values)[values.Length / 2]

let private seconds (repetitions: int) (action: unit -> unit) : float =
    action ()
    Array.init repetitions (fun _ -> microseconds action) |> median |> (*) 1e-6

// A call of one part beside a bare grain call with the same payload.
let private floor (client: PerturbedClient) (dimension: int) : unit =
    let op = perturb (Oracle.argmax dimension) Noise.gaussian 0.5 8
    let remote = op |> Smoothed.onCluster client
    let theta = Array.init dimension (fun i -> float (i % 7))
    let silo = client.Silos().Result[0]
    let mutable payload: byte[] = [||]

    let capture =
        { new Remote.RemoteExecutor() with
            member _.Compute pass =
                let range: Remote.UnitRange =
                    {
                        Row = 0
                        Rows = 1
                        Part = 0
                        Parts = pass.Parts
                    }

                payload <- pass.Write(range, false)
                raise (OperationCanceledException())
        }

    try
        op |> Remote.Remote.by capture |> Smoothed.maximizer theta |> ignore
    with :? OperationCanceledException ->
        ()

    let local () =
        op |> Smoothed.maximizer theta |> ignore

    let call () =
        remote |> Smoothed.maximizer theta |> ignore

    let bare () =
        client.Echo(silo, payload).Result |> ignore

    for _ in 1..2000 do
        call ()
        bare ()
        local ()

    let times =
        Array.init 3000 (fun _ -> microseconds call, microseconds bare, microseconds local)

    let calls, bares, locals = Array.unzip3 times

    printfn
        $"d = {dimension}: payload {payload.Length} bytes; call of one part {median calls:F0} µs, bare grain call {median bares:F0} µs, difference {median calls - median bares:F0} µs; in this process {median locals:F1} µs"

// One thread of this process beside two silos of one thread each.
let private curve (client: PerturbedClient) : unit =
    for milliseconds in [ 0.001; 0.003; 0.01; 0.03; 0.1; 0.3; 1.0; 10.0 ] do
        let samples = int (Math.Clamp(800.0 / milliseconds, 64.0, 4096.0))

        let op =
            perturb (TestOracles.registry.Oracle("slow", 20.0, milliseconds)) Noise.gaussian 0.5 samples
            |> Smoothed.withThreads 1

        let remote = op |> Smoothed.onCluster client
        let theta = Array.init 20 float
        let local = seconds 5 (fun () -> op |> Smoothed.maximizer theta |> ignore)
        let cluster = seconds 5 (fun () -> remote |> Smoothed.maximizer theta |> ignore)

        printfn
            $"solve {milliseconds * 1000.0:F0} µs, M = {samples}: one thread {local * 1000.0:F1} ms, two silos {cluster * 1000.0:F1} ms, ratio {local / cluster:F2}"

// What a message costs the client, with many on the way.
let private messages (first: Processes.SiloProcess) : unit =
    use client =
        PerturbedClient
            .Connect(
                Clustering.Localhost(int first.Place),
                TestOracles.registry,
                ClientOptions(
                    Timeout = TimeSpan.FromSeconds 60.0,
                    UnitTime = TimeSpan.FromTicks 1L,
                    ShortestUnitTime = TimeSpan.FromTicks 1L,
                    MessageTime = TimeSpan.FromTicks 1L
                ),
                first.GatewayPort
            )
            .Result

    for dimension in [ 20; 1000; 10_000 ] do
        let op = perturb (Oracle.argmax dimension) Noise.gumbel 0.5 100
        let remote = op |> Smoothed.onCluster client
        let rows = 2000
        let thetas = Array2D.init rows dimension (fun i j -> float ((i + j) % 7))
        let own = Process.GetCurrentProcess()
        remote |> Batch.maximizer thetas |> ignore
        let before = own.TotalProcessorTime
        let time = seconds 1 (fun () -> remote |> Batch.maximizer thetas |> ignore)
        own.Refresh()
        let used = (own.TotalProcessorTime - before).TotalSeconds / 2.0

        printfn
            $"d = {dimension}: {rows} units of one row: {time * 1e6 / float rows:F0} µs a message, {used * 1e6 / float rows:F0} µs of the client's processors"

let run () : int =
    CultureInfo.CurrentCulture <- CultureInfo.InvariantCulture
    use first = new Processes.SiloProcess("localhost", "", 1)

    use client =
        PerturbedClient
            .Connect(Clustering.Localhost(int first.Place), TestOracles.registry, Silos.quick, first.GatewayPort)
            .Result

    for dimension in [ 20; 1000; 10_000 ] do
        floor client dimension

    messages first
    use second = new Processes.SiloProcess("localhost", first.Place, 1)
    curve client
    (second :> IDisposable).Dispose()
    0
