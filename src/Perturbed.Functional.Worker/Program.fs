module Perturbed.Functional.Worker.Program

open System
open Argu
open Microsoft.AspNetCore.Builder
open Microsoft.AspNetCore.Hosting
open Microsoft.Extensions.Hosting
open Microsoft.Extensions.Logging
open Orleans.Hosting
open Perturbed.Functional.Cluster

let private configure (settings: WorkerSettings) (silo: ISiloBuilder) : unit =
    silo
        .UsePerturbedClustering(settings.Clustering, settings.SiloPort, settings.GatewayPort, settings.Address)
        .AddPerturbed(OracleRegistry.BuiltIn, settings.Options)
    |> ignore

    match settings.Tls with
    | ValueSome struct (certificate, authority) -> silo.UsePerturbedTls(certificate, authority) |> ignore
    | ValueNone -> ()

let private run (settings: WorkerSettings) : unit =
    let builder = WebApplication.CreateSlimBuilder()
    builder.Logging.SetMinimumLevel(LogLevel.Warning) |> ignore

    let url =
        match settings.HealthPort with
        | ValueSome port -> $"http://0.0.0.0:{port}"
        // Kestrel listens somewhere: where nobody asks.
        | ValueNone -> "http://127.0.0.1:0"

    builder.WebHost.UseUrls url |> ignore
    builder.UseOrleans(configure settings) |> ignore
    let app = builder.Build()
    app.MapHealthChecks "/health" |> ignore
    app.Start()

    printfn
        $"A silo at port {settings.SiloPort}, for clients at port {settings.GatewayPort}, \
          computes {settings.Options.Threads} units at once."

    app.WaitForShutdown()

[<EntryPoint>]
let main arguments =
    let parser =
        ArgumentParser.Create<WorkerArguments>(programName = "perturbed-worker")

    try
        parser.ParseCommandLine arguments |> WorkerSettings.ofArguments |> run
        0
    with
    | :? ArguParseException as error ->
        if error.ErrorCode = ErrorCode.HelpText then
            printfn $"{error.Message}"
            0
        else
            eprintfn $"{error.Message}"
            2
    | error ->
        eprintfn $"{error.Message}"
        1
