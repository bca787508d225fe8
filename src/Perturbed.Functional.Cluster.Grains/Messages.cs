using System;
using Orleans;

namespace Perturbed.Functional.Cluster.Grains;

/// <summary>Why a silo gave no answer to a unit.</summary>
public static class UnitStatus
{
    /// <summary>It gave one.</summary>
    public const int Done = 0;

    /// <summary>Its queue is full: ask again later, or another silo.</summary>
    public const int Busy = 1;

    /// <summary>It does not know the oracle: join again.</summary>
    public const int UnknownOracle = 2;

    /// <summary>The oracle failed.</summary>
    public const int OracleFailed = 3;

    /// <summary>The unit is beyond a limit of the silo, or is none.</summary>
    public const int Refused = 4;

    /// <summary>The call was cancelled.</summary>
    public const int Cancelled = 5;

    /// <summary>Something else failed.</summary>
    public const int Failed = 6;
}

/// <summary>An oracle that a silo is to make and probe.</summary>
[GenerateSerializer, Immutable, Alias("perturbed.join")]
public sealed class JoinRequest
{
    /// <summary>The version of the messages.</summary>
    [Id(0)] public int Version { get; set; }

    /// <summary>The name by which silos register the oracle.</summary>
    [Id(1)] public string Name { get; set; } = "";

    /// <summary>What the factory gets as text.</summary>
    [Id(2)] public string Text { get; set; } = "";

    /// <summary>What the factory gets as numbers, 8 bytes each.</summary>
    [Id(3)] public byte[] Numbers { get; set; } = Array.Empty<byte>();
}

/// <summary>What a silo's probe gave.</summary>
[GenerateSerializer, Immutable, Alias("perturbed.joined")]
public sealed class JoinReply
{
    /// <summary>The version of the messages.</summary>
    [Id(0)] public int Version { get; set; }

    /// <summary>Why the silo cannot take part; empty where it can.</summary>
    [Id(1)] public string Error { get; set; } = "";

    /// <summary>The version of the library.</summary>
    [Id(2)] public string Library { get; set; } = "";

    /// <summary>The digest of samples of every noise.</summary>
    [Id(3)] public string Noise { get; set; } = "";

    /// <summary>The digest of sums over samples of an operator.</summary>
    [Id(4)] public string Sums { get; set; } = "";

    /// <summary>The digest of solutions of the oracle.</summary>
    [Id(5)] public string Oracle { get; set; } = "";

    /// <summary>The time of a solve.</summary>
    [Id(6)] public double SolveSeconds { get; set; }

    /// <summary>How many units the silo computes at once.</summary>
    [Id(7)] public int Threads { get; set; }
}

/// <summary>A unit of work.</summary>
[GenerateSerializer, Immutable, Alias("perturbed.unit")]
public sealed class UnitRequest
{
    /// <summary>The version of the messages.</summary>
    [Id(0)] public int Version { get; set; }

    /// <summary>The call that it is part of.</summary>
    [Id(1)] public string Call { get; set; } = "";

    /// <summary>Its number in the call.</summary>
    [Id(2)] public long Unit { get; set; }

    /// <summary>The digest of the oracle's name and parameters, which the silo got by joining.</summary>
    [Id(3)] public string Oracle { get; set; } = "";

    /// <summary>Noise, scale, design, key, rows of θ, parts, and what is summed.</summary>
    [Id(4)] public byte[] Work { get; set; } = Array.Empty<byte>();
}

/// <summary>The answer to a unit.</summary>
[GenerateSerializer, Immutable, Alias("perturbed.answer")]
public sealed class UnitReply
{
    /// <summary>The version of the messages.</summary>
    [Id(0)] public int Version { get; set; }

    /// <summary>A <see cref="UnitStatus"/>.</summary>
    [Id(1)] public int Status { get; set; }

    /// <summary>The sums.</summary>
    [Id(2)] public byte[] States { get; set; } = Array.Empty<byte>();

    /// <summary>The solutions, encoded, where they were asked for.</summary>
    [Id(3)] public byte[] Solutions { get; set; } = Array.Empty<byte>();

    /// <summary>The time of the computation.</summary>
    [Id(4)] public double Seconds { get; set; }

    /// <summary>What was wrong.</summary>
    [Id(5)] public string Error { get; set; } = "";

    /// <summary>The oracle that failed.</summary>
    [Id(6)] public string ErrorOracle { get; set; } = "";

    /// <summary>The row at which it failed.</summary>
    [Id(7)] public long ErrorRow { get; set; }

    /// <summary>The instance that the row is.</summary>
    [Id(8)] public long ErrorInstance { get; set; }

    /// <summary>The sample at which it failed; −1 where it is not known.</summary>
    [Id(9)] public long ErrorSample { get; set; } = -1;

    /// <summary>The kind of a failed solve, a SolveFailure; −1 where the error was of another kind.</summary>
    [Id(10)] public int ErrorFailure { get; set; } = -1;
}

/// <summary>The units of a call on a silo.</summary>
[GenerateSerializer, Immutable, Alias("perturbed.report")]
public sealed class CallReport
{
    /// <summary>The version of the messages.</summary>
    [Id(0)] public int Version { get; set; }

    /// <summary>The units that wait or are computed.</summary>
    [Id(1)] public long[] Units { get; set; } = Array.Empty<long>();

    /// <summary>The samples that are done of each.</summary>
    [Id(2)] public long[] Samples { get; set; } = Array.Empty<long>();
}
