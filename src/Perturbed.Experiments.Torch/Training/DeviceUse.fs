namespace Perturbed.Experiments.Torch

open System
open System.Globalization
open System.Threading
open TorchSharp
open Perturbed.Experiments

/// The device, used by one piece at a time: networks take all of it, and initial weights come from a generator that
/// all share.
[<RequireQualifiedAccess>]
module DeviceUse =

    let private gate = new SemaphoreSlim 1

    /// <summary>The device of a name.</summary>
    /// <param name="name">cpu, cuda, or cuda with a number.</param>
    /// <returns>The device.</returns>
    /// <exception cref="T:Perturbed.Experiments.InputException">Another name, or no such device here.</exception>
    let find (name: string) : torch.Device =
        let cuda =
            if name = "cuda" then
                ValueSome 0
            elif name.StartsWith "cuda:" then
                match Int32.TryParse(name.Substring 5, NumberStyles.None, CultureInfo.InvariantCulture) with
                | true, number -> ValueSome number
                | _ -> ValueNone
            else
                ValueNone

        if name <> "cpu" && cuda.IsNone then
            Input.fail $"--device is {name}; cpu, cuda or cuda:N was expected."

        match cuda with
        | ValueSome _ when not (torch.cuda.is_available ()) ->
            Input.fail
                $"--device is {name}; libtorch finds no CUDA here. Build with -p:LibTorch=libtorch-cuda-12.8-linux-x64 where there is one."
        | ValueSome number when number >= torch.cuda.device_count () ->
            Input.fail $"--device is {name}; there are {torch.cuda.device_count ()} CUDA devices, numbered from 0."
        | _ -> torch.device name

    /// <summary>Runs one piece's work when no other is at the device.</summary>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <param name="work">The work.</param>
    /// <returns>What the work gives.</returns>
    /// <exception cref="T:System.OperationCanceledException">Cancelled while it waited.</exception>
    let alone (cancellation: CancellationToken) (work: unit -> 'T) : 'T =
        gate.Wait cancellation

        try
            work ()
        finally
            gate.Release() |> ignore
