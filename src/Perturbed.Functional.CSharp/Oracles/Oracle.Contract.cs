using System;
using System.Threading;

namespace Perturbed.Functional.CSharp;

/// <content>What the oracle promises, put to the test.</content>
public sealed partial class Oracle
{
    /// <summary>Tries an oracle's contract on random directions: that it answers, finitely, deterministically and
    /// purely, row by row, warm or cold, on many threads at once; that its value is ⟨y, θ⟩, and that no answer it gave
    /// elsewhere scores better.</summary>
    /// <param name="directions">How many θ, at least 1; 30 show most faults. Cost: about 110 solves each, and O(d) for
    /// each pair.</param>
    /// <param name="key">The key of the directions; without one, the key of seed 0.</param>
    /// <returns>The broken promises, at most three of a kind, each with a θ that shows it.</returns>
    /// <exception cref="ArgumentException">Fewer than one direction.</exception>
    /// <remarks>It finds breaches, it proves nothing: an oracle that always misses the same solutions
    /// passes.</remarks>
    public OracleReport Check(int directions = 30, Key key = default) => new(OracleModule.check(key, directions, Core));

    /// <summary>Tries an oracle's contract as <c>Check</c> does, until a token stops it: for solvers that take
    /// long.</summary>
    /// <param name="cancellation">The token, looked at before each solve and handed to the solvers.</param>
    /// <param name="directions">How many θ, at least 1; 30 show most faults.</param>
    /// <param name="key">The key of the directions; without one, the key of seed 0.</param>
    /// <returns>The broken promises, at most three of a kind, each with a θ that shows it.</returns>
    /// <exception cref="ArgumentException">Fewer than one direction.</exception>
    /// <exception cref="OperationCanceledException">The token stopped it.</exception>
    public OracleReport Check(CancellationToken cancellation, int directions = 30, Key key = default) =>
        new(OracleModule.checkWith(cancellation, key, directions, Core));

    /// <summary>Tries an oracle's contract on directions of your own: for one whose θ may not be any vector, such as
    /// costs of one sign.</summary>
    /// <param name="thetas">n × d, finite, at least one row; the more they differ, the more they show.</param>
    /// <returns>The broken promises, each with a θ that shows it.</returns>
    /// <exception cref="ArgumentException">No rows, a wrong dimension, NaN or ∞.</exception>
    public OracleReport Check(double[,] thetas) => new(OracleModule.checkOn(thetas, Core));

    /// <summary>Tries an oracle's contract on directions of your own, until a token stops it.</summary>
    /// <param name="thetas">n × d, finite, at least one row.</param>
    /// <param name="cancellation">The token, looked at before each solve and handed to the solvers.</param>
    /// <returns>The broken promises, each with a θ that shows it.</returns>
    /// <exception cref="ArgumentException">No rows, a wrong dimension, NaN or ∞.</exception>
    /// <exception cref="OperationCanceledException">The token stopped it.</exception>
    public OracleReport Check(double[,] thetas, CancellationToken cancellation) =>
        new(OracleModule.checkOnWith(cancellation, thetas, Core));

    /// <summary>Tries an oracle's contract as <c>Check</c> does, and lets the oracle through only if nothing is
    /// found.</summary>
    /// <param name="directions">How many θ, at least 1.</param>
    /// <param name="key">The key of the directions; without one, the key of seed 0.</param>
    /// <returns>The same oracle.</returns>
    /// <exception cref="ArgumentException">Fewer than one direction.</exception>
    /// <exception cref="OracleException">A promise is broken; the message lists what was found.</exception>
    public Oracle CheckOrThrow(int directions = 30, Key key = default) => new(OracleModule.checkOrThrow(key, directions, Core));
}
