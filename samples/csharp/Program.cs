using System;
using System.IO;
using System.Threading;

namespace Samples;

/// <summary>Runs the sample that the first argument names, or all of them; Ctrl-C cancels.</summary>
public static class Program
{
    public static void Main(string[] arguments)
    {
        using var source = new CancellationTokenSource();
        Console.CancelKeyPress += (_, key) => (key.Cancel, _) = (true, source.CancelAsync());
        var token = source.Token;

        void Run(string name, Action sample)
        {
            if (arguments.Length > 0 && Array.IndexOf(arguments, name) < 0)
                return;
            Console.WriteLine($"# {name}");
            sample();
        }

        Run("tutorial", Tutorial.Run);
        Run("ranking", () => RankingFromFeatures.Run(Path.GetTempPath(), token));
        Run("top-k", () => TopKRecommendation.Run(token));
        Run("preferences", () => Preferences.Run(token));
        Run("assignment", () => LearnedAssignment.Run(token));
        Run("own-solver", () => OwnSolver.Run(token));
    }
}
