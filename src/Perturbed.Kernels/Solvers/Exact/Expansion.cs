using System;

namespace Perturbed.Kernels;

/// <summary>
/// A sum of products without rounding error, kept as an expansion: numbers that add up to it, none overlapping, the
/// larger ones later (Shewchuk 1997).
/// </summary>
/// <remarks>
/// A product is exact as its rounded value and what that lost, so long as it neither overflows nor comes near the
/// least normal number.
/// </remarks>
internal sealed class Expansion
{
    // Below it a product may have lost bits that no double can hold.
    private const double LeastProduct = 1e-280;

    private double[] terms = new double[8];
    private int count;

    /// <summary>Whether every product so far was exact and every sum finite.</summary>
    public bool IsExact { get; private set; } = true;

    /// <summary>The sign of the sum.</summary>
    public int Sign => count == 0 ? 0 : Math.Sign(terms[count - 1]);

    /// <summary>Makes the sum 0.</summary>
    public void Clear() => (count, IsExact) = (0, true);

    /// <summary>Adds a·b.</summary>
    public void AddProduct(double a, double b)
    {
        if (a == 0.0 || b == 0.0) return;
        var product = a * b;
        IsExact &= double.IsFinite(product) && Math.Abs(product) >= LeastProduct;
        if (!IsExact) return;
        Add(Math.FusedMultiplyAdd(a, b, -product));
        Add(product);
    }

    private void Add(double x)
    {
        if (x == 0.0) return;
        var kept = 0;
        for (var i = 0; i < count; i++)
        {
            var sum = x + terms[i];
            var part = sum - x;
            var lost = (x - (sum - part)) + (terms[i] - part);
            if (lost != 0.0) terms[kept++] = lost;
            x = sum;
        }

        IsExact &= double.IsFinite(x);
        if (kept == terms.Length) Array.Resize(ref terms, 2 * kept);
        if (x != 0.0) terms[kept++] = x;
        count = kept;
    }
}
