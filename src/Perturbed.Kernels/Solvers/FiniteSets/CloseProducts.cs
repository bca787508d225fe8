using System;
using System.Numerics;

namespace Perturbed.Kernels;

/// <summary>
/// Which of some points has the largest product with a θ, where rounding of the sums could decide: compared exactly,
/// the first of equal ones.
/// </summary>
internal sealed class CloseProducts
{
    private readonly double[] points;
    private readonly int dimension;
    private readonly double[] largest;
    private readonly double roundingOfAll;
    private readonly Expansion difference = new();

    /// <summary>For points row-major.</summary>
    public CloseProducts(double[] points, int dimension)
    {
        (this.points, this.dimension) = (points, dimension);
        largest = new double[dimension];
        for (var at = 0; at < points.Length; at++) largest[at % dimension] = Math.Max(largest[at % dimension], Math.Abs(points[at]));
        roundingOfAll = UnitOfSums * dimension * Lanes.LargestMagnitude(largest);
    }

    /// <summary>
    /// More than the difference of two sums is off by, for a θ of which no entry is larger than a size.
    /// </summary>
    public double Rounding(double size) => roundingOfAll * size;

    /// <summary>
    /// Whether rounding may have put the largest sum before the second largest; <paramref name="size"/> is the largest
    /// size in θ.
    /// </summary>
    public bool MayBeTied(ReadOnlySpan<double> theta, double size, double most, double second) =>
        most - second <= Rounding(size) && most - second <= Slack(theta);

    /// <summary>The first row of largest product, and its sum; <paramref name="most"/> is the largest sum.</summary>
    public int First(ReadOnlySpan<double> theta, double most, out double value)
    {
        var least = most - Slack(theta);
        var best = -1;
        value = most;
        for (var n = 0; n < points.Length / dimension; n++)
        {
            var sum = Sum(theta, n);
            if (sum < least || (best >= 0 && !IsMore(theta, n, best))) continue;
            (best, value) = (n, sum);
        }

        return best;
    }

    // Two sums of d terms are each off by d roundings of at most Σ max|y_j|·|θ_j|.
    private double UnitOfSums => 2.5 * (dimension + 2) * 1.2e-16;

    private double Slack(ReadOnlySpan<double> theta)
    {
        var size = 0.0;
        for (var j = 0; j < dimension; j++) size += largest[j] * Math.Abs(theta[j]);
        return UnitOfSums * size;
    }

    private double Sum(ReadOnlySpan<double> theta, int row)
    {
        var sum = 0.0;
        for (var j = 0; j < dimension; j++) sum += theta[j] * points[row * dimension + j];
        return sum;
    }

    private bool IsMore(ReadOnlySpan<double> theta, int row, int other)
    {
        difference.Clear();
        for (var j = 0; j < dimension; j++)
        {
            var (a, b) = (points[row * dimension + j], points[other * dimension + j]);
            if (a == b) continue;
            difference.AddProduct(a, theta[j]);
            difference.AddProduct(-b, theta[j]);
        }

        return difference.IsExact ? difference.Sign > 0 : (WholeProduct(theta, row) - WholeProduct(theta, other)).Sign > 0;
    }

    // For the few products that overflow, or that lose bits below the least double: in multiples of 2^−2148.
    private BigInteger WholeProduct(ReadOnlySpan<double> theta, int row)
    {
        var sum = BigInteger.Zero;
        for (var j = 0; j < dimension; j++) sum += Whole(points[row * dimension + j]) * Whole(theta[j]);
        return sum;
    }

    private static BigInteger Whole(double x)
    {
        var bits = BitConverter.DoubleToInt64Bits(Math.Abs(x));
        var exponent = Math.Max(1, (int)(bits >> 52));
        var significand = bits - ((long)(exponent - 1) << 52);
        return (BigInteger)(x < 0.0 ? -significand : significand) << (exponent - 1);
    }
}
