namespace Perturbed.Functional.Cluster

open System

module private Limits =

    let positive (name: string) (value: int64) : unit =
        if value < 1L then
            invalidArg "options" $"{name} is {value}; it must be at least 1."

    let positiveTime (name: string) (value: TimeSpan) : unit =
        if value <= TimeSpan.Zero then
            invalidArg "options" $"{name} is {value}; it must be positive."

/// <summary>What a silo takes on. A unit beyond a limit is answered by an error that names the limit.</summary>
[<Sealed; AllowNullLiteral(false)>]
type SiloOptions() =
    /// How many units are computed at once: by default, one a processor.
    member val Threads: int = Environment.ProcessorCount with get, set

    /// How many more may wait, 256 by default; beyond them a client is told to come again.
    member val QueueLength: int = 256 with get, set

    /// The largest dimension of θ and of solutions, a million by default.
    member val MaxDimension: int = 1_000_000 with get, set

    /// The most samples of a unit, 100 million by default.
    member val MaxSamples: int64 = 100_000_000L with get, set

    /// The most bytes that a unit may take, with what it sends back; 256 MiB by default.
    member val MaxBytes: int64 = 1L <<< 28 with get, set

    /// How many oracles are kept made, 64 by default.
    member val MaxOracles: int = 64 with get, set

    /// How long a call goes on whose client no longer asks for it; a minute by default.
    member val Lease: TimeSpan = TimeSpan.FromMinutes 1.0 with get, set

    member internal this.Check() : unit =
        Limits.positive (nameof this.Threads) (int64 this.Threads)
        Limits.positive (nameof this.QueueLength) (int64 this.QueueLength)
        Limits.positive (nameof this.MaxDimension) (int64 this.MaxDimension)
        Limits.positive (nameof this.MaxSamples) this.MaxSamples
        Limits.positive (nameof this.MaxBytes) this.MaxBytes
        Limits.positive (nameof this.MaxOracles) (int64 this.MaxOracles)
        Limits.positiveTime (nameof this.Lease) this.Lease

/// <summary>How a client sends its work. None of it changes a bit of an answer.</summary>
[<Sealed; AllowNullLiteral(false)>]
type ClientOptions() =
    /// The time that a unit is to take on a silo, by the measured time of a solve; 100 ms by default.
    member val UnitTime: TimeSpan = TimeSpan.FromMilliseconds 100.0 with get, set

    /// The time that a unit takes at least where the work left is shared out; 2 ms by default.
    member val ShortestUnitTime: TimeSpan = TimeSpan.FromMilliseconds 2.0 with get, set

    /// What a message takes of the client, which sends one after the other; 100 µs by default. With many silos units
    /// are longer, so that it keeps all of them busy.
    member val MessageTime: TimeSpan = TimeSpan.FromMicroseconds 100.0 with get, set

    /// How often silos are asked how far they are; every second by default.
    member val Heartbeat: TimeSpan = TimeSpan.FromSeconds 1.0 with get, set

    /// How long a silo may leave that unanswered before its work is sent again; 3 s by default.
    member val Patience: TimeSpan = TimeSpan.FromSeconds 3.0 with get, set

    /// How long a call waits while no silo takes part; 30 s by default.
    member val Timeout: TimeSpan = TimeSpan.FromSeconds 30.0 with get, set

    /// What the network carries, 100 MB/s by default: solutions are sent back for a pullback where solving them takes
    /// longer.
    member val BytesPerSecond: float = 1e8 with get, set

    /// The most bytes of θ and sums in a message, 4 MiB by default.
    member val MessageBytes: int64 = 1L <<< 22 with get, set

    member internal this.Check() : unit =
        Limits.positiveTime (nameof this.UnitTime) this.UnitTime
        Limits.positiveTime (nameof this.ShortestUnitTime) this.ShortestUnitTime
        Limits.positiveTime (nameof this.MessageTime) this.MessageTime
        Limits.positiveTime (nameof this.Heartbeat) this.Heartbeat
        Limits.positiveTime (nameof this.Patience) this.Patience
        Limits.positiveTime (nameof this.Timeout) this.Timeout
        Limits.positive (nameof this.MessageBytes) this.MessageBytes

        if not (this.BytesPerSecond > 0.0) then
            invalidArg "options" $"BytesPerSecond is {this.BytesPerSecond}; it must be positive."
