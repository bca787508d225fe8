using Perturbed.Functional.CSharp;

namespace Perturbed.Kernels;

/// <summary>The check that an optimal value is a number: sums of large entries may overflow.</summary>
internal static class FiniteValue
{
    /// <summary>The value of a row's solution, or an error where it is not finite.</summary>
    public static double Require(double value, string oracle, long batchRow) =>
        double.IsFinite(value) ? value : throw Overflow(oracle, batchRow);

    /// <summary>The error of a row whose sums exceed the largest double.</summary>
    public static OracleException Overflow(string oracle, long batchRow) =>
        new(oracle, batchRow, "a sum of entries of theta exceeds the largest finite number; expected smaller entries.");
}
