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
        : base($"Oracle '{oracle}', row {row}{(instance == row ? "" : $" (instance {instance})")}: {reason}", inner)
    {
        Oracle = oracle;
        Row = row;
        Instance = instance;
        Reason = reason;
    }

    /// <summary>The oracle's name.</summary>
    public string Oracle { get; }

    /// <summary>The batch row it was solving.</summary>
    public long Row { get; }

    /// <summary>
    /// The instance that the row is: the number of its row in the data; the row itself where no instances were given.
    /// </summary>
    public long Instance { get; }

    /// <summary>What was wrong.</summary>
    public string Reason { get; }
}
