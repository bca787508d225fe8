using System;
using System.Linq;
using System.Threading;
using Perturbed.Functional.CSharp;

namespace Samples;

/// <summary>A solver of one's own: bookings of one room, of which the most valuable that do not overlap are taken.</summary>
internal static class OwnSolver
{
    // From hour to hour, ordered by their ends.
    private static readonly (int Start, int End)[] Bookings = [(0, 3), (1, 4), (3, 5), (0, 6), (5, 7), (4, 8), (7, 9), (6, 10)];

    // The best set of bookings by dynamic programming; a booking of negative value is never taken.
    private static double[] Schedule(double[] values)
    {
        var n = Bookings.Length;
        var best = new double[n + 1];
        int Before(int i) => Bookings.Count(other => other.End <= Bookings[i].Start);

        for (var i = 0; i < n; i++)
            best[i + 1] = Math.Max(best[i], values[i] + best[Before(i)]);

        var taken = new double[n];
        for (var i = n; i > 0;)
        {
            if (best[i] > best[i - 1])
                (taken[i - 1], i) = (1, Before(i - 1));
            else
                i--;
        }
        return taken;
    }

    public static void Run(CancellationToken cancellation)
    {
        // Is it an oracle? The check tries its promises on random and badly scaled values and says which it breaks.
        var room = Oracle.OfFunction(Bookings.Length, Schedule).WithName("bookings");
        Output.Line("check passed", room.Check(cancellation).Passed.ToString());

        double[] values = [3, 2, 2, 6, 3, 4, 2, 3];
        Output.Line("bookings taken", room.Solve(values));

        // Smoothed, each booking has a probability; standard errors say how well 1,000 samples know it.
        var smoothed = room.Perturb(Noise.Gaussian, epsilon: 1.0, samples: 1000).WithCancellation(cancellation);
        var estimate = smoothed.Estimate(values);
        Output.Line("probabilities", estimate.Maximizer);
        Output.Line("standard errors", estimate.MaximizerStandardErrors);

        // How do expected hours in use move with the values? One pullback of the hours of each booking.
        double[] hours = [.. Bookings.Select(booking => (double)(booking.End - booking.Start))];
        var (_, pullback) = smoothed.Pullback(values);
        Output.Line("gradient of hours in use", pullback(hours));

        // Values that would explain 40 past schedules, by the Fenchel-Young loss: its gradient is prediction minus target.
        var random = new Random(5);
        double[] Noisy() => [.. values.Select(v => v + random.NextDouble() - 0.5)];
        var past = Enumerable.Range(0, 40).Select(_ => Schedule(Noisy())).ToArray();
        double[] mean = [.. values.Select((_, i) => past.Average(y => y[i]))];
        var theta = new double[values.Length];
        for (var step = 0; step < 300; step++)
        {
            var gradient = smoothed.WithKey(Key.Create((ulong)step)).WithSamples(50).FenchelYoungGradient(theta, mean);
            theta = [.. theta.Zip(gradient, (t, g) => t - 0.3 * g)];
        }
        Output.Line("past bookings, mean", mean);
        Output.Line("explained by θ, mean", smoothed.Maximizer(theta));
    }
}
