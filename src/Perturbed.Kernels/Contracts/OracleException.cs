using System;

namespace Perturbed.Functional.CSharp;

/// <summary>An oracle failed: it threw, or answered with a wrong length or a value that is not finite.</summary>
public sealed class OracleException : Exception
{
    /// <summary>An error of one oracle on one row.</summary>
    /// <param name="oracle">The oracle's name.</param>
    /// <param name="row">The batch row it was solving.</param>
    /// <param name="reason">What was wrong.</param>
    /// <param name="inner">What the oracle threw, if it threw.</param>
    public OracleException(string oracle, long row, string reason, Exception? inner = null)
        : this(oracle, row, row, reason, inner)
    {
    }

    /// <summary>An error of one oracle on a row that is a given instance of the data.</summary>
    /// <param name="oracle">The oracle's name.</param>
    /// <param name="row">The batch row it was solving.</param>
    /// <param name="instance">The instance that the row is.</param>
    /// <param name="reason">What was wrong.</param>
    /// <param name="inner">What the oracle threw, if it threw.</param>
    public OracleException(string oracle, long row, long instance, string reason, Exception? inner)
        : this(oracle, row, instance, -1, reason, inner)
    {
    }

    /// <summary>An error of one oracle on one sample of a row that is a given instance of the data.</summary>
    /// <param name="oracle">The oracle's name.</param>
    /// <param name="row">The batch row it was solving.</param>
    /// <param name="instance">The instance that the row is.</param>
    /// <param name="sample">The sample of the row; −1 where it is not known, or θ itself was solved.</param>
    /// <param name="reason">What was wrong.</param>
    /// <param name="inner">What the oracle threw, if it threw.</param>
    public OracleException(string oracle, long row, long instance, long sample, string reason, Exception? inner)
        : base($"Oracle '{oracle}', row {row}{(instance == row ? "" : $" (instance {instance})")}"
            + $"{(sample < 0 ? "" : $", sample {sample}")}: {reason}", inner)
    {
        Oracle = oracle;
        Row = row;
        Instance = instance;
        Sample = sample;
        Reason = reason;
    }

    /// <summary>An error of one oracle that is not of one row, such as a broken promise.</summary>
    /// <param name="oracle">The oracle's name.</param>
    /// <param name="reason">What was wrong, in words that follow the name.</param>
    public OracleException(string oracle, string reason)
        : base($"Oracle '{oracle}' {reason}")
    {
        Oracle = oracle;
        Row = -1;
        Instance = -1;
        Sample = -1;
        Reason = reason;
    }

    /// <summary>The oracle's name.</summary>
    public string Oracle { get; }

    /// <summary>The batch row it was solving; −1 where the error is not of one row.</summary>
    public long Row { get; }

    /// <summary>
    /// The instance that the row is: the number of its row in the data; the row itself where no instances were given.
    /// −1 where the error is not of one row.
    /// </summary>
    public long Instance { get; }

    /// <summary>The sample of the row, from 0; −1 where it is not known, or θ itself was solved.</summary>
    public long Sample { get; }

    /// <summary>What was wrong.</summary>
    public string Reason { get; }
}
