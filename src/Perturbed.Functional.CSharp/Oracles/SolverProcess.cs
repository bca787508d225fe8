using System;

namespace Perturbed.Functional.CSharp;

/// <summary>A solver in another process or language: a command whose processes answer lines of JSON, one process a
/// thread that solves.</summary>
/// <remarks>
/// A process is started when a thread first needs one, and kept. It reads a line {"thetas": [[...], ...]} from its
/// standard input and writes a line {"solutions": [[...], ...]} to its standard output, as many as there were θ, until
/// its input ends. In the place of a solution stands {"failed": "infeasible", "reason": "..."} where there is none
/// ("infeasible", "unbounded", "timed out" or "failed"). Its standard error is free; its last lines are in the message
/// where the process ends before its time. A process that ended or was stopped is followed by a new one. Disposing ends
/// all of them, and so does the end of this process, by Ctrl-C too.
/// </remarks>
public sealed class SolverProcess : IDisposable
{
    /// <summary>A solver behind a command, of which no process is started yet.</summary>
    /// <param name="command">The program, found as the system finds it.</param>
    /// <param name="arguments">Its arguments, each as it is.</param>
    /// <exception cref="ArgumentException">An empty command.</exception>
    public SolverProcess(string command, params string[] arguments) =>
        Core = new(Crossing.NotNull(command), Crossing.NotNull(arguments));

    internal Functional.SolverProcess Core { get; }

    /// <summary>The command with its arguments.</summary>
    public string Command => Core.Command;

    /// <summary>Ends the processes: their input is closed, and after a second they are killed.</summary>
    public void Dispose() => ((IDisposable)Core).Dispose();

    /// <summary>The command with its arguments.</summary>
    /// <returns>Such as <c>python3 solver.py</c>.</returns>
    public override string ToString() => Core.ToString();
}
