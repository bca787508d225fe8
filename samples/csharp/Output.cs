using System;
using System.Globalization;
using System.Linq;

namespace Samples;

/// <summary>Lines of a name and a text or numbers.</summary>
internal static class Output
{
    public static void Line(string what, string text) => Console.WriteLine($"{what}: {text}");

    public static void Line(string what, params double[] numbers) =>
        Line(what, string.Join(' ', numbers.Select(x => x.ToString("0.000", CultureInfo.InvariantCulture))));
}
