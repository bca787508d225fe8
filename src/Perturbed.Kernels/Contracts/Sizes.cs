using System;
using System.Globalization;

namespace Perturbed.Kernels;

/// <summary>
/// Products of sizes that a user gave: checked, and named in the error where they are too large for an array or for
/// the memory.
/// </summary>
public static class Sizes
{
    /// <summary>Below so many bytes an allocation is tried without asking how much memory there is.</summary>
    private const long Small = 1L << 28;

    /// <summary>The number of entries of an array whose shape is given.</summary>
    /// <param name="parameter">The parameter that an error names.</param>
    /// <param name="what">What the array is, to start a sentence, such as <c>The Jacobian</c>.</param>
    /// <param name="first">A size of at least 0.</param>
    /// <param name="second">Another, of at least 0.</param>
    /// <param name="third">Another, of at least 0.</param>
    /// <returns>Their product, at most the length of the longest array.</returns>
    /// <exception cref="ArgumentException">The product is larger.</exception>
    public static int Product(string parameter, string what, long first, long second = 1, long third = 1)
    {
        var product = (Int128)first * second * third;
        return product <= Array.MaxLength
            ? (int)product
            : throw new ArgumentException(
                Invariant($"{what} would have {Text(first, second, third)} entries; an array holds at most {Array.MaxLength}."),
                parameter);
    }

    /// <summary>A new array of zeros whose shape is given.</summary>
    /// <typeparam name="T">The type of an entry.</typeparam>
    /// <param name="parameter">The parameter that an error names.</param>
    /// <param name="what">What the array is, to start a sentence.</param>
    /// <param name="first">A size of at least 0.</param>
    /// <param name="second">Another, of at least 0.</param>
    /// <param name="third">Another, of at least 0.</param>
    /// <returns>An array of as many entries as their product.</returns>
    /// <exception cref="ArgumentException">
    /// The array would be longer than any, or take more memory than there is.
    /// </exception>
    public static T[] Zeros<T>(string parameter, string what, long first, long second = 1, long third = 1)
        where T : unmanaged
    {
        var length = Product(parameter, what, first, second, third);
        Require<T>(parameter, what, first, second, third);
        try
        {
            return new T[length];
        }
        catch (OutOfMemoryException error)
        {
            throw new ArgumentException(
                Invariant($"{what} of {Text(first, second, third)} entries takes {Gibibytes<T>(length)} GiB, more memory than is free."),
                parameter, error);
        }
    }

    /// <summary>
    /// An error where an array of the given shape is longer than any, or takes more memory than the process may have.
    /// </summary>
    /// <typeparam name="T">The type of an entry.</typeparam>
    /// <param name="parameter">The parameter that an error names.</param>
    /// <param name="what">What the array is, to start a sentence.</param>
    /// <param name="first">A size of at least 0.</param>
    /// <param name="second">Another, of at least 0.</param>
    /// <param name="third">Another, of at least 0.</param>
    /// <exception cref="ArgumentException">It is too large.</exception>
    public static unsafe void Require<T>(string parameter, string what, long first, long second = 1, long third = 1)
        where T : unmanaged
    {
        var length = Product(parameter, what, first, second, third);
        if (length * (long)sizeof(T) < Small) return;
        var available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (length * (long)sizeof(T) <= available) return;
        var limit = Invariant($"the process may have {available / (double)(1 << 30):F1} GiB");
        throw new ArgumentException(
            Invariant($"{what} of {Text(first, second, third)} entries takes {Gibibytes<T>(length)} GiB; {limit}."), parameter);
    }

    private static unsafe string Gibibytes<T>(int length)
        where T : unmanaged => (length * (double)sizeof(T) / (1 << 30)).ToString("F1", CultureInfo.InvariantCulture);

    private static string Text(long first, long second, long third)
    {
        var text = second == 1 && third == 1 ? $"{first}" : third == 1 ? $"{first} × {second}" : $"{first} × {second} × {third}";
        return second == 1 && third == 1 ? text : $"{text} = {(Int128)first * second * third}";
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
